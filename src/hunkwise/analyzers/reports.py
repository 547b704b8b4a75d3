"""Reports: what any other tool found, from the files that it wrote.

Needs: the setting `files`, patterns of reports; nothing is run.
Reads: SARIF 2.1.0, rdjson, rdjsonl, Checkstyle XML and JSON lines; the content says which, or the setting `format`.
Cannot see: what the tool looked at without finding anything, unless the report lists it (SARIF's artifacts, the files
of Checkstyle XML). A finding keeps the name of its own tool, so that rules are configured as `tool.rule`.
"""

from collections.abc import Sequence

from hunkwise.core.config import ReportFormat
from hunkwise.core.errors import ReportError, ToolError, UsageError
from hunkwise.core.model import FileDiff, FileOutcome, State, Trust
from hunkwise.core.ports import AnalyzerInputs, Example
from hunkwise.core.targets import check_settings
from hunkwise.readers.finding_formats import read_findings
from hunkwise.readers.reading import Reading, Sources
from hunkwise.readers.report_files import find_reports, older_reports
from hunkwise.readers.report_outcomes import outcomes_of
from hunkwise.readers.report_paths import PathIndex

SETTINGS = ("files", "format")
UNASKED = "the reports of a foreign change are read only where your own configuration names them"


class Reports:
    """Takes over the findings of other tools from their reports.

    Settings: `files`, patterns of reports; `format`, where their content does not tell.
    """

    name = "reports"

    def inspect(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return an outcome for each file, and for others that have findings, where reports are configured."""
        patterns, form = _options(inputs)
        if not patterns or not files:
            return ()
        if inputs.trust is Trust.FOREIGN and "files" not in inputs.user_options:
            return _skipped(
                files, "the reports of a foreign change are read only where your own configuration names them"
            )
        try:
            reports = find_reports(patterns, inputs, "files")
        except ReportError as error:
            raise ToolError(self.name, f"tools.reports.files: {error}") from error
        if not reports:
            return _skipped(files, f"no report is at {', '.join(patterns)}")
        index = PathIndex((*inputs.workspace.paths(), *(file.path for file in files)), inputs.root)
        sources = Sources(index, inputs.workspace.read)
        whole = Reading()
        for report in reports:
            try:
                reading = read_findings(report.read(), form, sources.within(report.folder), self.name)
                outcomes_of(self.name, (), reading, inputs.trust)
            except ReportError as error:
                raise ToolError(self.name, f"{report.name}: {error}") from error
            whole.add(reading)
        return outcomes_of(
            self.name, files, whole, inputs.trust, remark=lambda path: older_reports(path, reports, inputs)
        )


def _options(inputs: AnalyzerInputs) -> tuple[tuple[str, ...], ReportFormat | None]:
    check_settings(Reports.name, inputs, SETTINGS)
    files, form = inputs.settings.get("files", []), inputs.settings.get("format")
    if not isinstance(files, list) or not all(isinstance(one, str) and one for one in files):
        raise UsageError(f"tools.reports.files must be a list of patterns of files, not {files!r}")
    if form is not None and form not in list(ReportFormat):
        raise UsageError(f"tools.reports.format must be one of {', '.join(ReportFormat)}, not {form!r}")
    return tuple(files), None if form is None else ReportFormat(str(form))


def _skipped(files: Sequence[FileDiff], reason: str) -> tuple[FileOutcome, ...]:
    return tuple(FileOutcome(tool=Reports.name, path=file.path, state=State.SKIPPED, reason=reason) for file in files)


EXAMPLES = (
    Example(
        name="findings of a tool of one's own",
        path="deploy/service.sh",
        source="image=shop\ntag=latest\n",
        files={
            "out.jsonl": '{"path": "deploy/service.sh", "line": 2, "rule": "no-latest", "message": "Pin the tag."}\n'
        },
        settings={"files": ["*.jsonl"]},
        rules=("no-latest",),
        lines=(2,),
    ),
    Example(
        name="a report that names the file and found nothing",
        path="Main.java",
        source="class Main {}\n",
        files={"checkstyle.xml": '<checkstyle><file name="Main.java"></file></checkstyle>\n'},
        settings={"files": ["checkstyle.xml"]},
    ),
)
