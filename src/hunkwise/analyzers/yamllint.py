"""yamllint: YAML that does not parse, or says a thing twice.

Needs: `yamllint` (GPL-3.0, run as a program), in its own Python environment.
Call: `yamllint -f parsable -d OURS -- ./FILE…`; our rules are about keys and anchors, never about looks.
Own changes: a `.yamllint` of the repository is honoured, in place of our rules.
Cannot see: templates that are not YAML before they are filled in (Helm, Jinja): they are skipped; what comes after the
first syntax error of a file. A foreign `# yamllint disable` is obeyed, for it has no switch against that.
"""

import re
from collections.abc import Sequence

from hunkwise.core.model import Category, FileDiff, FileOutcome, Finding, Location, RepoPath, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs, Example, Tool, ToolResult, ToolRun
from hunkwise.core.targets import (
    IDLE,
    applicable,
    arguments,
    check_settings,
    decoded,
    one_line,
    outcomes,
    unbelievable,
    unreadable,
)

LANGUAGES = ("yaml",)
CONFIGURATIONS = (".yamllint", ".yamllint.yaml", ".yamllint.yml")
OURS = "{rules: {key-duplicates: enable, anchors: {forbid-undeclared-aliases: true, forbid-duplicated-anchors: true}}}"
"""Octal numbers and `yes` are off: `mode: 0644` and `on:` are meant."""
SYNTAX = "syntax"
RULES = "https://yamllint.readthedocs.io/en/stable/rules.html#module-yamllint.rules."
MEANINGS = {
    SYNTAX: (Category.BUG, Severity.HIGH),
    "anchors": (Category.BUG, Severity.MEDIUM),
    "key-duplicates": (Category.BUG, Severity.HIGH),
    "octal-values": (Category.BUG, Severity.LOW),
    "truthy": (Category.BUG, Severity.LOW),
}
OTHER = (Category.STYLE, Severity.INFO)
"""What the rules mean that are not in the table: only a repository can ask for them, and they are about looks."""
PROBLEM = re.compile(
    r"(?P<line>[0-9]+):(?P<column>[0-9]+): \[(?:error|warning)\] (?P<message>.*) \((?P<rule>[a-z-]+)\)", re.S
)
TEMPLATED = (State.SKIPPED, "a template, which is not YAML before it is filled in")
TEMPLATE = re.compile(rb"\{\{|\{%|<%")


class Yamllint:
    """Finds YAML that does not parse, keys that are lost and aliases of nothing."""

    name = "yamllint"
    tool = Tool(
        name="yamllint",
        kind="python",
        packages=("yamllint==1.38.0",),
        program="yamllint",
        licence="GPL-3.0",
        url="https://yamllint.readthedocs.io",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the YAML files that are still there; it stops at a file that is not UTF-8."""
        targets = applicable(files, LANGUAGES)
        check_settings(self.name, inputs)
        if not targets:
            return None
        options = ("-c", f"./{name}") if (name := _configuration(inputs)) else ("-d", OURS)
        readable = sorted(set(targets) - set(unreadable(targets, inputs.workspace)))
        return ToolRun(
            tool=self.name,
            args=("-f", "parsable", *options, "--", *arguments(readable)) if readable else IDLE,
            targets=targets,
            env={"PYTHONIOENCODING": "utf-8:surrogateescape"},
            cost=0.5,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return the findings of each file; one that does not parse has failed, unless it is a template."""
        trouble = unreadable(run.targets, inputs.workspace)
        if run.args == IDLE:
            return outcomes(self.name, run, trouble=trouble)
        output = decoded(result.stdout)
        if result.exit_code not in (0, 1) or result.stderr.strip() or bool(result.exit_code) > bool(output):
            raise unbelievable(self.name, "without a report", result)
        findings = []
        for path, problem in _problems(run, output, result):
            if problem["rule"] == SYNTAX:
                trouble[path] = _unparsed(path, problem["line"], inputs)
            findings.append(_finding(path, problem))
        clear = [one for one in findings if trouble.get(one.location.path) != TEMPLATED]
        return outcomes(self.name, run, clear, trouble, _reason(inputs))


def _configuration(inputs: AnalyzerInputs) -> str:
    if inputs.trust is Trust.FOREIGN:
        return ""
    return next((name for name in CONFIGURATIONS if name in inputs.workspace.paths()), "")


def _reason(inputs: AnalyzerInputs) -> str:
    name = _configuration(inputs)
    if name and b"ignore" in inputs.workspace.read(RepoPath(name)):
        return f"by {name}, which may leave files out"
    return ""


def _problems(run: ToolRun, output: str, result: ToolResult) -> list[tuple[RepoPath, re.Match[str]]]:
    """Return each problem with its file; a message may quote a key that runs over lines, and looks like a problem."""
    names = {f"./{path}": path for path in run.targets}
    alternatives = "|".join(re.escape(name) for name in names)
    starts = list(re.finditer(rf"(?:^|(?<=\n))({alternatives}):(?=[0-9]+:[0-9]+: \[)", output))
    found: list[tuple[RepoPath, re.Match[str]]] = []
    first, rest = None, 0
    for number, start in enumerate(starts):
        first = first or start
        end = starts[number + 1].start() if number + 1 < len(starts) else len(output)
        problem = PROBLEM.fullmatch(output[first.end() : end].removesuffix("\n"))
        if problem is not None and first.start() == rest:
            found.append((names[first[1]], problem))
            first, rest = None, end
    if rest != len(output):
        raise unbelievable(Yamllint.name, f"{output[rest : rest + 60]!r} is no finding in a file of its", result)
    return found


def _unparsed(path: RepoPath, line: str, inputs: AnalyzerInputs) -> tuple[State, str]:
    if TEMPLATE.search(inputs.workspace.read(path)):
        return TEMPLATED
    return State.FAILED, f"syntax error at line {line}"


def _finding(path: RepoPath, problem: re.Match[str]) -> Finding:
    rule = problem["rule"]
    line, column = int(problem["line"]), int(problem["column"])
    category, severity = MEANINGS.get(rule, OTHER)
    return Finding(
        tool=Yamllint.name,
        rule=rule,
        message=one_line(problem["message"]).removeprefix("syntax error: "),
        location=Location(path=path, start=max(line, 1), end=max(line, 1), column=max(column, 1)),
        severity=severity,
        category=category,
        url="" if rule == SYNTAX else f"{RULES}{rule.replace('-', '_')}",
    )


EXAMPLES = (
    Example(
        name="a key that is lost, because another of the same name comes later",
        path="deploy/app.yaml",
        source="image: app\nenv:\n  mode: fast\n  mode: safe\nimage: app-2\n",
        rules=("key-duplicates", "key-duplicates"),
        lines=(4, 5),
    ),
    Example(
        name="an alias of nothing",
        path="jobs.yml",
        source="base: &base\n  retries: 2\nfirst:\n  <<: *bass\n",
        rules=("anchors",),
    ),
    Example(
        name="looks, octal numbers and the words for true are left alone",
        path="play.yml",
        source='on: push\nfile: { mode: 0644,  owner: "root" }   \nlist:\n- yes\n',
    ),
    Example(
        name="tags of other programs are understood",
        path="stack.yaml",
        source="name: !Sub '${Stage}-app'\nids: !GetAtt Queue.Arn\n---\nsecond: document\n",
    ),
    Example(
        name="the repository's configuration is honoured",
        path="a/b.yaml",
        source="a: yes\na: 1\n",
        files={".yamllint": "rules: {truthy: enable}\n"},
        rules=("truthy",),
    ),
    Example(
        name="a foreign change cannot silence a rule by its configuration",
        path="a/b.yaml",
        source="a: 1\na: 2\n",
        files={".yamllint": "extends: /etc/passwd\n"},
        base={},
        trust=Trust.FOREIGN,
        rules=("key-duplicates",),
    ),
)
