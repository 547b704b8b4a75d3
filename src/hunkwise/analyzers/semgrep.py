"""semgrep: patterns of defects in Python, JavaScript, TypeScript and Java, by rules of our own.

Needs: `semgrep` (LGPL-2.1, run as a program), in its own Python environment.
Call: `semgrep scan` with rule files that come with Hunkwise, never with those of a registry; it asks no network.
Own changes: the rules of the repository that the setting `rules` names run too.
Cannot see: what flows between functions or files.
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import PurePosixPath

from hunkwise.core.errors import ToolError, UsageError
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
    State,
    Trust,
)
from hunkwise.core.ports import AnalyzerInputs, Example, Tool, ToolResult, ToolRun, Workspace
from hunkwise.core.targets import Record, decoded, read_json, unbelievable

PACKS: Mapping[str, tuple[str, ...]] = {
    "java": ("java.yaml", "jenkins.yaml"),
    "javascript": ("javascript.yaml",),
    "jsx": ("javascript.yaml",),
    "python": ("python.yaml",),
    "ts": ("javascript.yaml",),
    "tsx": ("javascript.yaml",),
}
SUFFIXES = frozenset({".cjs", ".java", ".js", ".jsx", ".mjs", ".py", ".ts", ".tsx"})
OPTIONS = ("rules", "languages")
FAST = "--experimental"
MESSAGE_LIMIT = 1000

SEVERITIES: Mapping[str, Severity] = {
    **{severity.label: severity for severity in Severity},
    "error": Severity.HIGH,
    "warning": Severity.MEDIUM,
}
CATEGORIES: Mapping[str, Category] = {
    **{category.value: category for category in Category},
    "correctness": Category.BUG,
    "best-practice": Category.MAINTAINABILITY,
    "portability": Category.MAINTAINABILITY,
}


class Semgrep:
    """Runs semgrep with our own rules, and with those of the repository if the change is trusted.

    Settings: `rules` lists files and folders of rules in the repository, `languages` the further languages
    (tags of `identify`) that these are for. Both are left alone on a foreign change.
    """

    name = "semgrep"
    tool = Tool(
        name="semgrep",
        kind="python",
        packages=("semgrep==1.185.0",),
        program="semgrep",
        licence="LGPL-2.1",
        url="https://semgrep.dev/docs/",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        options = _options(inputs.settings)
        own = options if inputs.trust is Trust.OWN else {}
        languages = {*PACKS, *own.get("languages", ())}
        chosen = [file for file in files if file.language in languages]
        if not chosen:
            return None
        packs = sorted({pack for file in chosen for pack in PACKS.get(file.language, ())})
        data = {pack: (resources.files("hunkwise.analyzers") / "rules" / pack).read_text("utf-8") for pack in packs}
        data |= _own_rules(own.get("rules", ()), inputs.workspace)
        # The fast engine starts ten times faster, but does not obey the `paths` of a rule, which ours do without.
        engine = () if "rules" in own else (FAST,)
        return ToolRun(
            tool=self.name,
            args=(
                "scan",
                *engine,
                *(f"--config={inputs.scratch}/{name}" for name in sorted(data)),
                "--metrics=off",
                "--disable-version-check",
                "--no-git-ignore",
                "--x-ignore-semgrepignore-files",
                "--no-rewrite-rule-ids",
                "--max-target-bytes=0",
                "--timeout=5",
                "--timeout-threshold=3",
                "--jobs=1",
                "--json",
                "--quiet",
                *(("--disable-nosem",) if inputs.trust is Trust.FOREIGN else ()),
                *(f"./{file.path}" for file in chosen),
            ),
            targets=tuple(file.path for file in chosen),
            files=data,
            env={"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0", "PYTHONNOUSERSITE": "1"},
            cost=1.0 if engine else 3.0,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        found: dict[RepoPath, dict[tuple[object, ...], Finding]] = {path: {} for path in run.targets}
        answer = Record(self.name, read_json(self.name, decoded(result.stdout), result), result)
        reasons = _reasons(answer, run.targets)
        if result.exit_code not in (0, 1, 2) or None in reasons:
            raise _broken(run, result, "; ".join(reasons.get(None, ())))
        scanned = {_path(name) for name in answer.record("paths").array("scanned")}
        lines = _Lines(inputs.workspace)
        for item in answer.records("results"):
            finding = _finding(item, lines, result)
            path = finding.location.path
            if path not in found:
                raise unbelievable(self.name, f"a finding in {path}, which it was not given", result)
            # A rule for both JavaScript and TypeScript reports a TypeScript file twice.
            if not (_is_for_product_code(item) and _is_test(path)):
                found[path][finding.rule, finding.location] = finding
        return tuple(
            _outcome(path, found[path].values(), reasons.get(path, ()), is_scanned=path in scanned)
            for path in run.targets
        )


class _Lines:
    """Turns semgrep's columns, which count bytes, into columns that count characters."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._read: dict[RepoPath, list[bytes]] = {}

    def column(self, path: RepoPath, line: int, column: int) -> int:
        if path not in self._read:
            try:
                self._read[path] = self._workspace.read(path).split(b"\n")
            except OSError:
                self._read[path] = []
        lines = self._read[path]
        return len(lines[line - 1][: column - 1].decode("utf-8", "replace")) + 1 if line <= len(lines) else column


def _options(settings: Mapping[str, object]) -> Mapping[str, tuple[str, ...]]:
    for key, value in settings.items():
        if key not in OPTIONS:
            raise UsageError(f"tools.semgrep.{key} is unknown; there are {' and '.join(f'`{one}`' for one in OPTIONS)}")
        if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
            raise UsageError(f"tools.semgrep.{key} must be a list of texts, not {value!r}")
    return {key: tuple(value) for key, value in settings.items() if isinstance(value, list)}


def _own_rules(names: Iterable[str], workspace: Workspace) -> dict[str, str]:
    paths = workspace.paths() if names else ()
    texts: dict[str, str] = {}
    for name in names:
        wanted = PurePosixPath(name)
        if wanted.is_absolute() or ".." in wanted.parts or ":" in name:
            raise UsageError(f"tools.semgrep.rules: {name!r} must be a path inside the repository")
        inside = [path for path in paths if wanted in PurePosixPath(path).parents]
        chosen = [path for path in paths if PurePosixPath(path) == wanted] or [
            path for path in inside if path.endswith((".yaml", ".yml"))
        ]
        if not chosen:
            raise UsageError(f"tools.semgrep.rules: there is no rule file at {name!r} in the repository")
        for path in chosen:
            try:
                texts[f"own-{len(texts):03}.yaml"] = workspace.read(path).decode("utf-8")
            except ValueError as error:
                raise UsageError(f"tools.semgrep.rules: {path} is not UTF-8 text") from error
    return texts


def _finding(item: Record, lines: _Lines, result: ToolResult) -> Finding:
    extra = item.record("extra")
    metadata = _metadata(extra)
    path = _path(item.text("path"))
    first, column = _position(item.record("start"), path, lines, result)
    last, end_column = _position(item.record("end"), path, lines, result)
    fix = extra.text("fix") if "fix" in extra else None
    severity = str(metadata.get("severity", extra.raw("severity"))).lower()
    url = str(metadata.get("url", ""))
    return Finding(
        tool=Semgrep.name,
        rule=_short(item.text("check_id")),
        message=_short(extra.text("message")),
        location=Location(
            path=path,
            start=first,
            end=max(first, last),
            column=column,
            end_column=end_column,
        ),
        severity=SEVERITIES.get(severity, Severity.LOW),
        category=CATEGORIES.get(str(metadata.get("category", "")), Category.BUG),
        url=_short(url) if url.startswith("https://") else "",
        fix=None if fix is None else Fix(edits=(Edit(first, column, last, end_column, fix),)),
    )


def _position(place: Record, path: RepoPath, lines: _Lines, result: ToolResult) -> tuple[int, int]:
    line, column = place.number("line"), place.number("col")
    if line < 1 or column < 1:
        raise unbelievable(Semgrep.name, f"a finding in line {line}, column {column}", result)
    return line, lines.column(path, line, column)


def _reasons(answer: Record, targets: Sequence[RepoPath]) -> Mapping[RepoPath | None, tuple[str, ...]]:
    """Return why files were not looked at, or not whole; what concerns no file is under None."""
    found: dict[RepoPath | None, list[str]] = {}
    for error in answer.records("errors"):
        kind = error.raw("type")
        kind = kind[0] if isinstance(kind, list) and kind else kind
        path = _path(error.text("path")) if "path" in error else None
        message = _short(error.text("message")) if "message" in error else ""
        if path not in targets:
            # A target that is not there is not scanned, which its outcome says.
            if "Invalid scanning root" not in message:
                found.setdefault(None, []).append(message)
        elif kind == "PartialParsing":
            spans = error.records("spans") if "spans" in error else ()
            found.setdefault(path, []).append(f"cannot parse {_spans(spans)}")
        elif kind == "Timeout":
            rule = _short(error.text("rule_id")) if "rule_id" in error else "?"
            found.setdefault(path, []).append(f"rule {rule} took too long")
        else:
            found.setdefault(path, []).append(_short(f"{kind}: {message.splitlines()[-1] if message else ''}"))
    return {path: tuple(dict.fromkeys(reasons)) for path, reasons in found.items()}


def _spans(spans: Iterable[Record]) -> str:
    ranges = sorted({(span.record("start").number("line"), span.record("end").number("line")) for span in spans})
    shown = [str(start) if start == end else f"{start}-{end}" for start, end in ranges[:5]]
    lines = ", ".join(shown) + (f" and {len(ranges) - 5} more places" if len(ranges) > 5 else "")
    return f"line {lines}" if len(ranges) == 1 and "-" not in lines else f"lines {lines}" if lines else "a part of it"


def _outcome(path: RepoPath, findings: Iterable[Finding], reasons: Sequence[str], *, is_scanned: bool) -> FileOutcome:
    state, reason = State.REVIEWED, ""
    if reasons:
        state, reason = State.FAILED, "; ".join(reasons)
    elif not is_scanned and PurePosixPath(path).name.endswith(".min.js"):
        state, reason = State.SKIPPED, "semgrep leaves minified files out"
    elif not is_scanned and PurePosixPath(path).suffix not in SUFFIXES:
        state, reason = State.SKIPPED, "semgrep goes by the suffix of a name and does not know this one"
    elif not is_scanned:
        state, reason = State.FAILED, "semgrep did not scan it and does not say why"
    return FileOutcome(tool=Semgrep.name, path=path, state=state, reason=reason, findings=tuple(findings))


def _broken(run: ToolRun, result: ToolResult, message: str) -> ToolError:
    said = [line for line in result.stderr.decode("utf-8", "replace").splitlines() if line and "'--x-'" not in line]
    words = "; ".join(part for part in (message, *said[-1:]) if part)[:MESSAGE_LIMIT]
    text = f"ended with exit code {result.exit_code}: {words}" if result.exit_code else words
    return ToolError(Semgrep.name, text, argv=run.args, exit_code=result.exit_code)


def _metadata(extra: Record) -> Mapping[str, object]:
    """Return what a rule says of itself, whatever that is."""
    metadata = extra.raw("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _is_for_product_code(item: Record) -> bool:
    return _metadata(item.record("extra")).get("tests") is False


def _is_test(path: RepoPath) -> bool:
    return not {"test", "tests"}.isdisjoint(PurePosixPath(path).parts[:-1])


def _path(name: object) -> RepoPath:
    return RepoPath(str(name).removeprefix("./"))


def _short(text: str) -> str:
    return text[:MESSAGE_LIMIT].encode("utf-8", "surrogatepass").decode("utf-8", "replace").strip()


EXAMPLES = (
    Example(
        name="a length of time without its days",
        path="app/age.py",
        source="def is_old(start, end):\n    return (end - start).seconds > 3600\n",
        rules=("python-seconds-without-days",),
    ),
    Example(
        name="a thread that does not start",
        path="app/work.py",
        source="import threading\n\n\ndef begin(job):\n    threading.Thread(target=job()).start()\n",
        rules=("python-callback-called-at-once",),
    ),
    Example(
        name="a test that a promise always passes",
        path="web/users.ts",
        source="export const active = (users: User[]) => users.filter(async (user) => await isActive(user));\n",
        rules=("javascript-async-predicate",),
    ),
    Example(
        name="text compared by identity",
        path="src/main/java/Mode.java",
        source='class Mode {\n    boolean isFast(String mode) { return mode == "fast"; }\n}\n',
        rules=("java-text-compared-by-identity",),
    ),
    Example(
        name="a Jenkins action that a link can trigger",
        path="src/main/java/Tags.java",
        source="class Tags {\n    public void doDelete(StaplerRequest req, StaplerResponse rsp) { delete(req); }\n}\n",
        rules=("jenkins-action-without-post",),
    ),
    Example(
        name="what is right in product code only is not said of tests",
        path="src/test/java/FolderTest.java",
        source="class FolderTest {\n    void make(java.io.File folder) { folder.mkdirs(); }\n}\n",
    ),
    Example(
        name="near misses are left alone",
        path="app/right.py",
        source="def length(start, end, delta):\n    return (end - start).total_seconds() + delta.seconds\n",
    ),
    Example(
        name="a foreign change cannot hide a file or silence a rule",
        path="app/age.py",
        source="def age(start, end):\n    return (end - start).seconds  # nosemgrep\n",
        files={".semgrepignore": "app/\n", ".gitignore": "*.py\n"},
        trust=Trust.FOREIGN,
        rules=("python-seconds-without-days",),
    ),
    Example(
        name="an own change silences a rule by a comment",
        path="app/age.py",
        source="def age(start, end):\n    return (end - start).seconds  # nosemgrep\n",
    ),
    Example(
        name="rules of the repository",
        path="app/call.py",
        source="old_api(1)\n",
        files={
            "rules/ours.yaml": "rules: [{id: ours, languages: [python], severity: WARNING, message: Use new_api., "
            "pattern: old_api(...), fix: new_api(), paths: {exclude: [/legacy]}}]\n"
        },
        settings={"rules": ["rules"]},
        rules=("ours",),
    ),
    Example(
        name="rules of a foreign change are not run",
        path="app/call.py",
        source="old_api(1)\n",
        files={
            "ours.yaml": "rules: [{id: ours, languages: [python], severity: INFO, message: m, pattern: old_api(...)}]"
        },
        settings={"rules": ["ours.yaml"]},
        trust=Trust.FOREIGN,
    ),
)
