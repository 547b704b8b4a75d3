"""Make a contestant of any other tool from the reports that it wrote, one a case."""

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

from hunkwise.core.errors import HunkwiseError, ReportError
from hunkwise.core.model import Change, Finding, RepoPath
from hunkwise.core.ports import Workspace
from hunkwise.evaluation.cases import Case, Cases
from hunkwise.evaluation.review_row import Reviewed, Said
from hunkwise.evaluation.ruler import Hunks
from hunkwise.evaluation.run_file import RunCase, RunHead, run_case
from hunkwise.plugins.facade import Plugins
from hunkwise.readers.finding_formats import read_findings
from hunkwise.readers.reading import Sources
from hunkwise.readers.report_files import read_report
from hunkwise.readers.report_paths import PathIndex
from hunkwise.session import load_change

SUFFIXES = (".sarif", ".sarif.json", ".json", ".rdjson", ".rdjsonl", ".jsonl", ".xml")
OFF = "off the diff"
NOWHERE = "/dev/null"
"""Where the files are not: absolute names in reports are of another machine, and their ends tell."""


def contestant_of(
    cases: Cases, reports: Path, name: str, plugins: Plugins
) -> tuple[tuple[RunHead | RunCase | Reviewed, ...], tuple[str, ...]]:
    """Return a run in which the tool is the one contestant, and what is wrong with reports, in words.

    A case without a report has no answer. Findings on lines of the diff count as comments; others are kept, and not
    scored: no host would take them as comments.
    """
    head = RunHead(data=cases.digest, contestants=(name,), hunkwise=version("hunkwise"), problems=cases.problems)
    rows: list[RunHead | RunCase | Reviewed] = [head]
    problems = []
    for case in cases.cases:
        rows.append(run_case(case))
        file = report_of(case, reports)
        if file is None:
            where = reports / _names(case)[0]
            row = Reviewed(case=case.id, contestant=name, problem=f"there is no report {where}.sarif or the like")
        else:
            row = _read(case, file, name, plugins)
        if row.problem:
            problems.append(f"{case.id}: {row.problem}")
        problems += [f"{case.id}: {failure}" for failure in row.failures]
        rows.append(row)
    return tuple(rows), tuple(problems)


def report_of(case: Case, reports: Path) -> Path | None:
    """Return the report of a case: OWNER+NAME+NUMBER, or OWNER+NAME/NUMBER, with the ending of a known form."""
    candidates = (reports / f"{name}{suffix}" for name in _names(case) for suffix in SUFFIXES)
    return next((file for file in candidates if file.is_file()), None)


def _names(case: Case) -> tuple[str, str]:
    repository = case.repository.replace("/", "+")
    return f"{repository}+{case.number}", f"{repository}/{case.number}"


def _read(case: Case, file: Path, name: str, plugins: Plugins) -> Reviewed:
    try:
        loaded, _ = load_change(case.request(), plugins)
    except HunkwiseError as error:
        return Reviewed(case=case.id, contestant=name, problem=" ".join(str(error).split()))
    try:
        reading = read_findings(read_report(file), None, _sources(case.change(), loaded.workspace), name)
    except ReportError as error:
        return Reviewed(case=case.id, contestant=name, problem=f"{file.name}: {error}")
    finally:
        loaded.workspace.close()
    hunks = Hunks(case.change())
    said = tuple(_said(finding, hunks) for finding in reading.findings)
    lost = (
        [f"{len(reading.lost)} results are of no file of the repository, such as {reading.lost[0]}"]
        if reading.lost
        else []
    )
    return Reviewed(case=case.id, contestant=name, comments=said, failures=(*lost, *reading.trouble))


def _sources(change: Change, workspace: Workspace) -> Sources:
    if workspace.is_complete:
        return Sources(PathIndex(workspace.paths(), NOWHERE), workspace.read)
    return Sources(PathIndex([file.path for file in change.files], NOWHERE), _blank(change))


def _blank(change: Change) -> Callable[[RepoPath], bytes]:
    # of a bare patch no file is whole; lines up to the last that it shows are enough to place findings
    last: Mapping[RepoPath, int] = {
        file.path: max((line.new or 0 for hunk in file.hunks for line in hunk.lines), default=0)
        for file in change.files
    }
    return lambda path: b"\n" * last.get(path, 0)


def _said(finding: Finding, hunks: Hunks) -> Said:
    where = finding.location
    is_on = where.start is not None and hunks.find((where.path, where.start)) is not None
    return Said(
        path=where.path,
        line=where.start,
        start=where.end if where.end != where.start else None,
        score=None,
        rule=f"{finding.tool}.{finding.rule}",
        tools=(finding.tool,),
        text=finding.message,
        decision="kept" if is_on or where.start is None else OFF,
    )
