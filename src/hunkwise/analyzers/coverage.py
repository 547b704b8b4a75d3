"""Coverage: changed lines that no test runs, from the report that the user's own build made.

Needs: a report in the format of Cobertura, JaCoCo, LCOV or Clover; nothing is run.
Reads: what the setting `reports` names, else the usual places: `coverage.xml`, `target/site/jacoco/jacoco.xml` and so
on, in the root and in each folder above a changed file.
Cannot see: whether the report was made from just these files; where it is older than one of them, the reason says so.
A file that no test imports is in most reports only if the coverage tool was told where the source is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hunkwise.core.errors import ReportError, ToolError, UsageError
from hunkwise.core.model import (
    Category,
    FileDiff,
    FileOutcome,
    Finding,
    Kind,
    Location,
    RepoPath,
    Severity,
    State,
    Trust,
)
from hunkwise.core.names import is_test
from hunkwise.core.ports import AnalyzerInputs, Example
from hunkwise.core.targets import check_settings
from hunkwise.readers.coverage_formats import read_coverage
from hunkwise.readers.line_coverage import FileCoverage, merged
from hunkwise.readers.report_files import ReportFile, find_reports, older_reports, usual_reports
from hunkwise.readers.report_paths import PathIndex

USUAL = (
    "coverage.xml",
    "coverage/clover.xml",
    "coverage/cobertura-coverage.xml",
    "coverage/lcov.info",
    "lcov.info",
    "build/reports/jacoco/test/jacocoTestReport.xml",
    "target/site/jacoco/jacoco.xml",
)
SETTINGS = ("reports", "minimum", "branches")
UNTESTED, BRANCH, GATE = "untested-lines", "untested-branch", "below-minimum"


class Coverage:
    """Reports each gap in the tests of the changed lines, and a change whose lines are tested less than is wanted.

    Settings: `reports`, patterns of files; `minimum`, the percentage of the changed lines with code that tests must
    run; `branches`, whether to report ways that no test takes in lines that one runs.
    """

    name = "coverage"

    def inspect(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return an outcome for each file of code, where there is a report."""
        options = _options(inputs)
        code = tuple(file for file in files if file.kind is Kind.CODE and file.changed_lines())
        if not code:
            return ()
        reports = _reports(options, code, inputs)
        if not reports:
            state, reason = _without_report(options, inputs)
            return tuple(_outcome(file.path, state, reason) for file in code) if reason else ()
        index = PathIndex((*inputs.workspace.paths(), *(file.path for file in code)), inputs.root)
        read = _read(reports, index)
        examined = [_examine(file, read, inputs, options) for file in code]
        return _gated([one for one in examined if one is not None], options.minimum)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    reports: tuple[str, ...]
    minimum: float
    branches: bool


class _Gap(NamedTuple):
    path: RepoPath
    lines: tuple[int, ...]
    function: str


class _Examined(NamedTuple):
    outcome: FileOutcome
    executable: int = 0
    gaps: tuple[_Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What the reports say by file, from which of them, and the files that a name in one may also mean."""

    files: Mapping[RepoPath, FileCoverage]
    sources: Mapping[RepoPath, tuple[ReportFile, ...]]
    unclear: Mapping[RepoPath, str]


def _options(inputs: AnalyzerInputs) -> _Options:
    check_settings(Coverage.name, inputs, SETTINGS)
    reports = inputs.settings.get("reports", [])
    minimum = inputs.settings.get("minimum", 0)
    branches = inputs.settings.get("branches", False)
    if not isinstance(reports, list) or not all(isinstance(one, str) and one for one in reports):
        raise UsageError(f"tools.coverage.reports must be a list of patterns of files, not {reports!r}")
    if isinstance(minimum, bool) or not isinstance(minimum, int | float) or not 0 <= minimum <= 100:
        raise UsageError(f"tools.coverage.minimum must be a percentage, 0 to 100, not {minimum!r}")
    if not isinstance(branches, bool):
        raise UsageError(f"tools.coverage.branches must be true or false, not {branches!r}")
    return _Options(reports=tuple(reports), minimum=float(minimum), branches=branches)


def _reports(options: _Options, code: Iterable[FileDiff], inputs: AnalyzerInputs) -> tuple[ReportFile, ...]:
    if not options.reports:
        return usual_reports(USUAL, [file.path for file in code], inputs)
    try:
        return find_reports(options.reports, inputs, "reports")
    except ReportError as error:
        raise ToolError(Coverage.name, f"tools.coverage.reports: {error}") from error


def _without_report(options: _Options, inputs: AnalyzerInputs) -> tuple[State, str]:
    named = ", ".join(options.reports)
    if inputs.trust is Trust.FOREIGN and "reports" not in inputs.user_options:
        reason = "the reports of a foreign change are read only where your own configuration names them"
        return State.SKIPPED, reason if options.reports or options.minimum else ""
    if options.minimum:
        return State.FAILED, f"`minimum` is set, and there is no coverage report{f' at {named}' if named else ''}"
    return State.SKIPPED, f"no coverage report is at {named}: run the tests first" if named else ""


def _read(reports: Iterable[ReportFile], index: PathIndex) -> _Read:
    parts: dict[RepoPath, list[FileCoverage]] = {}
    sources: dict[RepoPath, list[ReportFile]] = {}
    unclear: dict[RepoPath, str] = {}
    for report in reports:
        try:
            found = read_coverage(report.read())
        except ReportError as error:
            raise ToolError(Coverage.name, f"{report.name}: {error}") from error
        for coverage in found:
            match = index.find(coverage.names, report.folder)
            if match.path is None:
                unclear |= dict.fromkeys(match.paths, _unclear(coverage.names[-1], match.paths, report))
            else:
                parts.setdefault(match.path, []).append(coverage)
                sources.setdefault(match.path, []).append(report)
    return _Read(
        files={path: merged(part) for path, part in parts.items()},
        sources={path: tuple(dict.fromkeys(files)) for path, files in sources.items()},
        unclear={path: reason for path, reason in unclear.items() if path not in parts},
    )


def _unclear(name: str, paths: Sequence[RepoPath], report: ReportFile) -> str:
    return f"{name} in {report.name} may be any of {', '.join(paths[:3])}{' …' if len(paths) > 3 else ''}"


def _examine(file: FileDiff, read: _Read, inputs: AnalyzerInputs, options: _Options) -> _Examined | None:
    coverage = read.files.get(file.path)
    if coverage is None:
        if file.path not in read.unclear and is_test(file.path):
            return None
        reason = read.unclear.get(file.path, "no coverage report names this file")
        return _Examined(_outcome(file.path, State.SKIPPED, reason))
    added = [line.new for line in file.changed_lines() if line.new is not None and line.is_added]
    executable = [line for line in added if line in coverage.lines]
    gaps = tuple(_gaps(file.path, [line for line in executable if not coverage.lines[line]], coverage))
    findings = [_gap_finding(gap) for gap in gaps]
    if options.branches:
        findings += _branch_findings(file.path, [line for line in executable if coverage.lines[line]], coverage)
    reason = older_reports(file.path, read.sources[file.path], inputs)
    return _Examined(_outcome(file.path, State.REVIEWED, reason, findings), len(executable), gaps)


def _gaps(path: RepoPath, uncovered: Iterable[int], coverage: FileCoverage) -> Iterator[_Gap]:
    """Yield runs of uncovered lines: only lines without code lie between those of one, and none of another function."""
    run: list[int] = []
    for line in sorted(uncovered):
        if run and not _are_joined(run[-1], line, coverage):
            yield _gap(path, run, coverage)
            run = []
        run.append(line)
    if run:
        yield _gap(path, run, coverage)


def _are_joined(line: int, following: int, coverage: FileCoverage) -> bool:
    has_code_between = any(between in coverage.lines for between in range(line + 1, following))
    return not has_code_between and not coverage.are_apart(line, following)


def _gap(path: RepoPath, lines: Sequence[int], coverage: FileCoverage) -> _Gap:
    return _Gap(path, tuple(lines), coverage.function_of(lines[0], lines[-1]))


def _words(gap: _Gap) -> str:
    where = f" of `{gap.function}`" if gap.function else ""
    return f"this line{where}" if len(gap.lines) == 1 else f"these {len(gap.lines)} lines{where}"


def _gap_finding(gap: _Gap) -> Finding:
    return _finding(UNTESTED, f"No test runs {_words(gap)}.", gap.path, gap.lines[0], gap.lines[-1], Severity.LOW)


def _branch_findings(path: RepoPath, covered: Iterable[int], coverage: FileCoverage) -> Iterator[Finding]:
    for line in covered:
        branches = coverage.branches.get(line)
        if branches is not None and branches.taken < branches.total:
            message = f"Tests take {branches.taken} of the {branches.total} ways that this line can go."
            yield _finding(BRANCH, message, path, line, line, Severity.INFO)


def _gated(examined: Sequence[_Examined], minimum: float) -> tuple[FileOutcome, ...]:
    """Return the outcomes; where too little is covered, the largest gap says so instead of only itself."""
    executable = sum(one.executable for one in examined)
    gaps = [gap for one in examined for gap in one.gaps]
    missed = sum(len(gap.lines) for gap in gaps)
    outcomes = tuple(one.outcome for one in examined)
    if not gaps or 100 * (executable - missed) >= minimum * executable:
        return outcomes
    largest = max(gaps, key=lambda gap: len(gap.lines))
    message = (
        f"Tests run {executable - missed} of the {executable} changed lines with code, "
        f"{_percent(100 * (executable - missed) / executable)} %, where {minimum:g} % are wanted; "
        f"in the largest gap, no test runs {_words(largest)}."
    )
    gate = _finding(GATE, message, largest.path, largest.lines[0], largest.lines[-1], Severity.HIGH)
    replaced = _gap_finding(largest)
    return tuple(
        _outcome(
            one.path, one.state, one.reason, [gate if finding == replaced else finding for finding in one.findings]
        )
        for one in outcomes
    )


def _percent(share: float) -> str:
    # never rounded up to what is wanted
    return f"{int(share * 10) / 10:g}"


def _outcome(path: RepoPath, state: State, reason: str, findings: Iterable[Finding] = ()) -> FileOutcome:
    return FileOutcome(tool=Coverage.name, path=path, state=state, reason=reason, findings=tuple(findings))


def _finding(rule: str, message: str, path: RepoPath, start: int, end: int, severity: Severity) -> Finding:
    return Finding(
        tool=Coverage.name,
        rule=rule,
        message=message,
        location=Location(path=path, start=start, end=end),
        severity=severity,
        category=Category.TESTS,
    )


EXAMPLES = (
    Example(
        name="lines that no test runs, one comment for each gap",
        path="price.py",
        before="def price(item):\n    return item.price\n",
        source=(
            "def price(item):\n    if item.sale:\n        # half of it\n        return item.price / 2\n"
            "    return item.price\n\n\ndef total(items):\n    prices = map(price, items)\n\n    return sum(prices)\n"
        ),
        files={
            "lcov.info": (
                "SF:price.py\nFN:1,5,price\nFN:8,11,total\nDA:1,1\nDA:2,1\nDA:4,0\nDA:5,1\n"
                "DA:8,1\nDA:9,0\nDA:11,0\nend_of_record\n"
            )
        },
        rules=(UNTESTED, UNTESTED),
        lines=(4, 9),
    ),
    Example(
        name="less is tested than the configuration wants",
        path="src/sum.js",
        before="",
        source="export const sum = (a, b) => a + b;\nexport function mean(a, b) {\n  return sum(a, b) / 2;\n}\n",
        files={"coverage/lcov.info": "SF:src/sum.js\nDA:1,3\nDA:2,0\nDA:3,0\nDA:4,0\nend_of_record\n"},
        settings={"minimum": 80},
        rules=(GATE,),
        lines=(2,),
    ),
    Example(
        name="a way that no test takes, where the configuration asks for them",
        path="ratio.py",
        source="def ratio(a, b):\n    return a / b if b else 0\n",
        files={
            "coverage.xml": (
                '<coverage line-rate="1"><packages><package name="."><classes><class filename="ratio.py"><lines>'
                '<line number="1" hits="1"/><line number="2" hits="1" branch="true" condition-coverage="50% (1/2)"/>'
                "</lines></class></classes></package></packages></coverage>\n"
            )
        },
        settings={"branches": True},
        rules=(BRANCH,),
        lines=(2,),
    ),
    Example(
        name="lines that were there before are left alone, and so is what tests run",
        path="old.py",
        before="def old():\n    return 1\n",
        source="def old():\n    return 1\n\n\nNEW = old()\n",
        files={
            "coverage.xml": '<coverage><class filename="old.py"><lines>'
            '<line number="1" hits="1"/><line number="2" hits="0"/><line number="5" hits="1"/>'
            "</lines></class></coverage>\n"
        },
    ),
)
