"""ast-grep: rules of the repository's own, matched on syntax trees.

Needs: the extra `hunkwise[ast-grep]` (ast-grep, MIT; PyYAML, MIT); it runs in process.
Call: none. It reads the rule files, of ast-grep's own form, that the setting `rules` names: files or folders of the
repository, as YAML or JSON. Without the setting it does nothing.
Foreign changes: the rules are those of the base revision; comments that silence ast-grep are never obeyed.
Cannot see: files above 1 MiB; what needs types or more than one file. It takes no notice of `utils` in other files, and
of `files` and `ignores` of a rule.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hunkwise.core.errors import UsageError
from hunkwise.core.model import (
    Category,
    Edit,
    FileDiff,
    FileOutcome,
    Finding,
    Fix,
    Location,
    RepoPath,
    Severity,
    Side,
    State,
    Trust,
)
from hunkwise.core.ports import AnalyzerInputs, Example, Workspace
from hunkwise.core.targets import applicable, check_settings, one_line, unreadable

LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "bash": ("bash", "shell", "sh"),
    "c": ("c",),
    "cpp": ("c++",),
    "csharp": ("c#",),
    "css": ("css",),
    "go": ("go",),
    "html": ("html",),
    "java": ("java",),
    "javascript": ("javascript", "jsx"),
    "json": ("json",),
    "kotlin": ("kotlin",),
    "php": ("php",),
    "python": ("python", "pyi"),
    "ruby": ("ruby",),
    "rust": ("rust",),
    "scala": ("scala",),
    "swift": ("swift",),
    "tsx": ("tsx",),
    "typescript": ("ts",),
    "yaml": ("yaml",),
}
"""ast-grep's languages, in lower case, and our tags for them."""
SUFFIXES = (".yml", ".yaml", ".json")
MATCHERS = ("rule", "constraints", "utils", "transform")
LEVELS = {
    "error": Severity.HIGH,
    "warning": Severity.MEDIUM,
    "info": Severity.LOW,
    "hint": Severity.INFO,
}
SILENT = ("off", False)
"""`off` is False to YAML 1.1."""
LARGEST = 2**20
TOO_LARGE = (State.SKIPPED, "larger than 1 MiB")
MISSING = "`pip install 'hunkwise[ast-grep]'` brings it"
VARIABLE = re.compile(r"\$([A-Z_][A-Z0-9_]*)")


class AstGrep:
    """Matches rules of the repository's own; its setting `rules` is a list of rule files and folders."""

    name = "ast-grep"

    def inspect(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return what the rules match in the files of their languages."""
        check_settings(self.name, inputs, ("rules",))
        named = inputs.settings.get("rules", [])
        if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
            raise UsageError(f"tools.ast-grep.options.rules must be a list of files and folders, not {named!r}")
        targets = applicable(files, {tag for tags in LANGUAGES.values() for tag in tags}) if named else ()
        if not targets:
            return ()
        try:
            import ast_grep_py  # noqa: F401
            import yaml  # noqa: F401
        except ImportError:
            return tuple(_left_out(path, State.MISSING, MISSING) for path in targets)
        rules = tuple(_rules(named, inputs))
        languages = {file.path: file.language for file in files}
        trouble = unreadable(targets, inputs.workspace)
        found = []
        for path in targets:
            mine = [rule for rule in rules if languages[path] in LANGUAGES[rule["language"]]]
            if not mine:
                continue
            if path not in trouble and len(inputs.workspace.read(path)) > LARGEST:
                trouble[path] = TOO_LARGE
            if path in trouble:
                found.append(_left_out(path, *trouble[path]))
                continue
            text = inputs.workspace.read(path).decode("utf-8")
            findings = tuple(sorted(_matches(path, text, mine), key=_place))
            found.append(FileOutcome(tool=self.name, path=path, state=State.REVIEWED, findings=findings))
        return tuple(found)


def _left_out(path: RepoPath, state: State, reason: str) -> FileOutcome:
    return FileOutcome(tool=AstGrep.name, path=path, state=state, reason=reason)


def _rules(named: Sequence[str], inputs: AnalyzerInputs) -> Iterator[dict[str, Any]]:
    side = Side.BASE if inputs.trust is Trust.FOREIGN else Side.HEAD
    paths = inputs.workspace.paths(side)
    for name in named:
        folder = name.removeprefix("./").rstrip("/")
        files = [path for path in paths if path == folder]
        files += [path for path in paths if path.startswith(f"{folder}/") and path.endswith(SUFFIXES)]
        if not files:
            raise UsageError(f"tools.ast-grep.options.rules: no rule file {name!r} in the {side} of the change")
        for path in files:
            yield from _read(path, side, inputs.workspace)


def _read(path: RepoPath, side: Side, workspace: Workspace) -> Iterator[dict[str, Any]]:
    import yaml

    try:
        text = workspace.read(path, side).decode("utf-8")
        documents = [json.loads(text)] if path.endswith(".json") else list(yaml.safe_load_all(text))
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise UsageError(f"{path}: not a rule file of ast-grep: {one_line(str(error))[:200]}") from error
    for rule in documents:
        if rule is None:
            continue
        if not isinstance(rule, dict) or not isinstance(rule.get("id"), str) or not isinstance(rule.get("rule"), dict):
            raise UsageError(f"{path}: a rule of ast-grep needs an `id`, a `language` and a `rule`")
        language = str(rule.get("language", "")).lower()
        if language not in LANGUAGES:
            raise UsageError(f"{path}: the language {language!r} is unknown; there are {', '.join(LANGUAGES)}")
        if rule.get("severity") not in SILENT:
            yield {**rule, "language": language}


def _matches(path: RepoPath, text: str, rules: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    from ast_grep_py import SgRoot

    roots: dict[str, Any] = {}
    for rule in rules:
        language = rule["language"]
        if language not in roots:
            roots[language] = SgRoot(text, language).root()
        try:
            nodes = roots[language].find_all({key: rule[key] for key in MATCHERS if key in rule})
        except Exception as error:
            # ast-grep raises nothing narrower for a rule that it cannot read
            why = one_line(str(error).partition("Stack backtrace")[0])[:300]
            raise UsageError(f"ast-grep cannot use the rule {rule['id']!r}: {why}") from error
        for node in nodes:
            yield _finding(path, rule, node)


def _finding(path: RepoPath, rule: Mapping[str, Any], node: Any) -> Finding:
    start, end = node.range().start, node.range().end
    message = one_line(_filled(str(rule.get("message") or rule["id"]), node) or str(rule["id"]))
    template = rule.get("fix")
    text = _filled(template, node) if isinstance(template, str) else None
    edit = Edit(start.line + 1, start.column + 1, end.line + 1, end.column + 1, text or "")
    url = rule.get("url")
    return Finding(
        tool=AstGrep.name,
        rule=rule["id"],
        message=message,
        location=Location(
            path=path,
            start=start.line + 1,
            end=end.line + 1,
            column=start.column + 1,
            end_column=end.column + 1,
        ),
        severity=LEVELS.get(str(rule.get("severity", "hint")), Severity.INFO),
        category=Category.BUG,
        url=url if isinstance(url, str) else "",
        fix=Fix(edits=(edit,)) if text is not None else None,
    )


def _filled(template: str, node: Any) -> str | None:
    """Return the template with its variables filled in, or None where one of them stands for several nodes."""
    if "$$" in template:
        return None
    matches = {name: node.get_match(name) for name in VARIABLE.findall(template)}
    if None in matches.values():
        return None
    return VARIABLE.sub(lambda match: str(matches[match[1]].text()), template)


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.location.start or 0, finding.location.column or 0, finding.rule


NO_EVAL = """\
id: no-eval
language: python
severity: warning
message: Do not evaluate $WHAT
rule: {pattern: eval($WHAT)}
fix: ast.literal_eval($WHAT)
"""
NO_SLEEP = '{"id": "no-sleep", "language": "Python", "severity": "info", "rule": {"pattern": "time.sleep($T)"}}'

EXAMPLES = (
    Example(
        name="what the rules of the repository match",
        path="app/read.py",
        source="import time\n\n\ndef read(text):\n    time.sleep(1)\n    return eval(text)\n",
        files={"rules/eval.yml": NO_EVAL, "rules/sleep.json": NO_SLEEP},
        settings={"rules": ["rules"]},
        rules=("no-sleep", "no-eval"),
    ),
    Example(
        name="a rule is about syntax, not text",
        path="app/read.py",
        source='def read(text):\n    return "eval(text)"  # eval(text)\n',
        files={"rules/eval.yml": NO_EVAL},
        settings={"rules": ["rules/eval.yml"]},
    ),
    Example(
        name="a rule that is off",
        path="app/read.py",
        source="def read(text):\n    return eval(text)\n",
        files={"rules/eval.yml": NO_EVAL.replace("warning", "off"), "rules/sleep.json": NO_SLEEP},
        settings={"rules": ["rules"]},
    ),
)
