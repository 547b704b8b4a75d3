"""The files that an outside tool is asked about, and how to read what it says of them."""

import json
import posixpath
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.model import FileDiff, FileOutcome, Finding, RepoPath, State, Status
from hunkwise.core.ports import AnalyzerInputs, ToolResult, ToolRun, Workspace

EXCERPT = 200
"""Characters of the beginning and of the end of a tool's own words that an error repeats."""
FRAME = re.compile(r"^\s+at .*$|^  File .*\n(?:    .*\n?)*", re.MULTILINE)
"""A frame of a stack, as Node.js and Python print it."""
IDLE = ("--version",)
"""The call where none of the files may be given to the tool."""


def applicable(
    files: Iterable[FileDiff], languages: Collection[str], suffixes: tuple[str, ...] = ()
) -> tuple[RepoPath, ...]:
    """Return the paths of the reviewed files that still exist and have such a language or suffix, sorted."""
    return tuple(
        sorted(
            file.path
            for file in files
            if file.status is not Status.DELETED
            and file.kind.is_reviewed
            and (file.language in languages or (bool(suffixes) and file.path.endswith(suffixes)))
        )
    )


def arguments(targets: Iterable[RepoPath]) -> tuple[str, ...]:
    """Return the paths as arguments that no tool can take for an option."""
    return tuple(f"./{path}" for path in targets)


def is_utf8(text: str) -> bool:
    """Tell whether the text has no surrogate escapes."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def unreadable(
    targets: Iterable[RepoPath], workspace: Workspace, *, with_any_name: bool = True
) -> dict[RepoPath, tuple[State, str]]:
    """Return those of the files that a tool which takes nothing but UTF-8 must not be given, each with the reason.

    with_any_name: whether it can report on a file whose name is not UTF-8.
    """
    found = {}
    for path in targets:
        if not with_any_name and not is_utf8(path):
            found[path] = (State.SKIPPED, "the tool cannot report on a file whose name is not UTF-8")
            continue
        try:
            workspace.read(path).decode("utf-8")
        except FileNotFoundError:
            found[path] = (State.FAILED, "the file is not at hand")
        except UnicodeDecodeError as error:
            found[path] = (State.FAILED, f"not UTF-8: byte {error.start}")
    return found


def check_settings(tool: str, inputs: AnalyzerInputs, known: Sequence[str] = ()) -> None:
    """Raise UsageError for a setting of the tool that does not exist."""
    for key in inputs.settings:
        if key not in known:
            there = f"there is {', '.join(known)}" if known else "it has no settings of its own"
            raise UsageError(f"tools.{tool}.{key} is unknown; {there}")


def as_target(reported: str, run: ToolRun) -> RepoPath | None:
    """Return which target a relative path in a tool's output stands for, or None if it is none of them."""
    name = posixpath.normpath(_escaped(reported))
    return next((path for path in run.targets if path == name), None)


def one_line(text: str) -> str:
    """Return the text with each run of white space as one space."""
    return " ".join(text.split())


def said(result: ToolResult) -> str:
    """Return the beginning and end of what a tool wrote to stderr, or else to stdout, on one line, without stacks."""
    text = (result.stderr.strip() or result.stdout).decode("utf-8", "replace")
    words = one_line(FRAME.sub("", text))
    if len(words) > 2 * EXCERPT:
        words = f"{words[:EXCERPT]} … {words[-EXCERPT:]}"
    return words or "it said nothing"


def read_json(tool: str, text: str, result: ToolResult) -> object:
    """Return the JSON value in the text; raise ToolError with the tool's own words if it is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise unbelievable(tool, f"its output is not JSON ({error})", result) from error


def decoded(output: bytes) -> str:
    """Return a tool's output as text; what is not UTF-8 is kept as surrogate escapes, encoded ones included."""
    try:
        return output.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return output.decode("utf-8", "surrogateescape")


def unbelievable(tool: str, what: str, result: ToolResult) -> ToolError:
    """Return the error for output that cannot be believed: what is wrong with it, and what the tool said."""
    return ToolError(tool, f"exit code {result.exit_code}, {what}: {said(result)}", exit_code=result.exit_code)


def outcomes(
    tool: str,
    run: ToolRun,
    findings: Iterable[Finding] = (),
    trouble: Mapping[RepoPath, tuple[State, str]] | None = None,
    reason: str = "",
) -> tuple[FileOutcome, ...]:
    """Return one outcome a target: in trouble with its state and reason, or else reviewed; findings sorted by place."""
    found: dict[RepoPath, list[Finding]] = {path: [] for path in run.targets}
    for finding in findings:
        found[finding.location.path].append(finding)
    built = []
    for path in run.targets:
        state, why = (trouble or {}).get(path, (State.REVIEWED, reason))
        ordered = tuple(sorted(found[path], key=_place))
        built.append(FileOutcome(tool=tool, path=path, state=state, reason=why, findings=ordered))
    return tuple(built)


class Record:
    """A JSON object in a tool's output; its members have the type they should have, or ToolError is raised."""

    def __init__(self, tool: str, value: object, result: ToolResult) -> None:
        if not isinstance(value, dict):
            raise unbelievable(tool, f"{_shown(value)} is not an object", result)
        self._tool, self._value, self._result = tool, value, result

    def __contains__(self, name: str) -> bool:
        return self._value.get(name) is not None

    def names(self) -> Collection[str]:
        return self._value.keys()

    def raw(self, name: str) -> object:
        """Return a member as it is, None where there is none."""
        return self._value.get(name)

    def text(self, name: str) -> str:
        value = self._value.get(name)
        if not isinstance(value, str):
            raise self._wrong(name, value)
        return value

    def number(self, name: str) -> int:
        value = self._value.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name, value)
        return value

    def array(self, name: str) -> Sequence[object]:
        value = self._value.get(name)
        if not isinstance(value, list):
            raise self._wrong(name, value)
        return value

    def record(self, name: str) -> "Record":
        return Record(self._tool, self._value.get(name), self._result)

    def records(self, name: str) -> "tuple[Record, ...]":
        return tuple(Record(self._tool, value, self._result) for value in self.array(name))

    def line(self, name: str, first: int = 1) -> int | None:
        """Return a line or column, counted from 1, of a tool that counts from `first`; None where it gives none."""
        if name not in self or self.number(name) < first:
            return None
        return self.number(name) - first + 1

    def _wrong(self, name: str, value: object) -> ToolError:
        return unbelievable(self._tool, f"{name!r} is {_shown(value)}", self._result)


def _escaped(name: str) -> str:
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return name


def _place(finding: Finding) -> tuple[int, int, str, str]:
    return finding.location.start or 0, finding.location.column or 0, finding.rule, finding.message


def _shown(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
