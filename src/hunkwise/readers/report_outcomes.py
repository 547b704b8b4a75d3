"""What a report of findings means for each file of a change: it proves what it found, and what it says it looked at."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from hunkwise.core.errors import ReportError
from hunkwise.core.model import FileDiff, FileOutcome, Finding, RepoPath, State, Trust
from hunkwise.readers.reading import Reading

SILENT = "the report says nothing of this file"
ELSEWHERE = "found beside the change"
NAMED = 2
"""How many lost names a reason shows."""


def outcomes_of(
    tool: str,
    files: Sequence[FileDiff],
    reading: Reading,
    trust: Trust,
    *,
    was_asked: bool = False,
    remark: Callable[[RepoPath], str] = lambda path: "",
) -> tuple[FileOutcome, ...]:
    """Return an outcome for each of the files, and for others that have findings.

    What the report itself suppresses counts where the change is foreign, for it may have suppressed it.
    was_asked: the tool was given these files by name, so that its silence says that it found nothing.
    remark: what else is to be said of a file. Raises ReportError where no result is about this repository.
    """
    findings = [*reading.findings, *(reading.suppressed if trust is Trust.FOREIGN else ())]
    if reading.lost and not (reading.findings or reading.suppressed):
        raise ReportError(f"none of its results is in a file and line of this repository: {_lost(reading)}")
    found: dict[RepoPath, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.location.path].append(finding)
    common = _remarks(reading, trust)
    built = []
    for file in files:
        state, reason = _state(file.path, reading, was_asked=was_asked)
        reasons = [reason, *common, remark(file.path)] if state is not State.NOT_APPLICABLE else [reason]
        built.append(_outcome(tool, file.path, state, reasons, found.pop(file.path, [])))
    built += [_outcome(tool, path, State.NOT_APPLICABLE, [ELSEWHERE], found[path]) for path in sorted(found)]
    return tuple(built)


def _state(path: RepoPath, reading: Reading, *, was_asked: bool) -> tuple[State, str]:
    trouble = "; ".join(dict.fromkeys(reading.trouble))
    if any(one.location.path == path for one in (*reading.findings, *reading.suppressed)):
        return State.REVIEWED, trouble
    if path not in reading.named and not was_asked:
        return State.NOT_APPLICABLE, SILENT
    return (State.FAILED, trouble) if trouble else (State.REVIEWED, "")


def _remarks(reading: Reading, trust: Trust) -> tuple[str, ...]:
    remarks = []
    if reading.lost:
        count = len(reading.lost)
        results = "1 result is" if count == 1 else f"{count} results are"
        remarks.append(f"{results} in no file and line of this repository: {_lost(reading)}")
    if reading.suppressed and trust is Trust.FOREIGN:
        count = len(reading.suppressed)
        results = "1 result is" if count == 1 else f"{count} results are"
        remarks.append(f"{results} suppressed in the report, which is not obeyed for a foreign change")
    return tuple(remarks)


def _lost(reading: Reading) -> str:
    names = list(dict.fromkeys(reading.lost))
    return ", ".join(name[:100] for name in names[:NAMED]) + (" …" if len(names) > NAMED else "")


def _outcome(
    tool: str, path: RepoPath, state: State, reasons: Sequence[str], findings: Sequence[Finding]
) -> FileOutcome:
    reason = "; ".join(filter(None, reasons))
    return FileOutcome(tool=tool, path=path, state=state, reason=reason, findings=tuple(dict.fromkeys(findings)))
