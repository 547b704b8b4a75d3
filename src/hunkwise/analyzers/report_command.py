"""Commands of the user's own that print a report: what their configuration names becomes analyzers."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from hunkwise.core.config import CommandConfig, ReportFormat
from hunkwise.core.errors import ReportError, ToolError
from hunkwise.core.model import FileDiff, FileOutcome
from hunkwise.core.patterns import Patterns
from hunkwise.core.ports import AnalyzerInputs, Tool, ToolResult, ToolRun
from hunkwise.core.targets import arguments, check_settings, said, unbelievable
from hunkwise.readers.finding_formats import read_findings
from hunkwise.readers.reading import Reading, Sources
from hunkwise.readers.report_files import read_report
from hunkwise.readers.report_outcomes import outcomes_of
from hunkwise.readers.report_paths import PathIndex

FILES, REPORT = "{files}", "{report}"
LINES = (ReportFormat.RDJSONL, ReportFormat.JSON_LINES)
"""Forms in which a tool that found nothing prints nothing."""


class ReportCommand:
    """Runs a command and reads its report; the runner starts it as it does any tool."""

    def __init__(self, name: str, config: CommandConfig) -> None:
        self.name = name
        self.tool = Tool(name=name, kind="none", packages=(), program=config.run[0], version_args=())
        self._config = config

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the files that it is for; one that names no files is about all of them."""
        check_settings(self.name, inputs)
        patterns = Patterns(self._config.paths)
        targets = tuple(sorted(file.path for file in files if not self._config.paths or patterns.match(file.path)))
        if not targets:
            return None
        args: list[str] = []
        for argument in self._config.run[1:]:
            if argument == FILES:
                args += arguments(targets)
            else:
                args.append(argument.replace(REPORT, _report(inputs)))
        return ToolRun(tool=self.name, args=tuple(args), targets=targets, cost=5.0, readable=self._config.reads)

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return an outcome for each file that it is for; raise ToolError where it did not end well."""
        if result.exit_code not in self._config.exit_codes:
            raise ToolError(
                self.name,
                f"ended with exit code {result.exit_code}: {said(result)}; if that is well, "
                f"add it to commands.{self.name}.exit_codes",
                argv=run.args,
                exit_code=result.exit_code,
            )
        index = PathIndex((*inputs.workspace.paths(), *run.targets), inputs.root)
        try:
            data = self._output(result, inputs)
            reading = _read(data, self._config.format, Sources(index, inputs.workspace.read), self.name)
            if result.exit_code != 0 and not (reading.named or reading.lost):
                raise ReportError("it reports nothing")
            targets = [FileDiff(path=path) for path in run.targets]
            return outcomes_of(self.name, targets, reading, inputs.trust, was_asked=FILES in self._config.run)
        except ReportError as error:
            raise unbelievable(self.name, f"its report: {error}", result) from error

    def _output(self, result: ToolResult, inputs: AnalyzerInputs) -> bytes:
        if any(REPORT in argument for argument in self._config.run):
            return read_report(Path(_report(inputs)), follow=False)
        return result.stdout


def command_analyzers(commands: Mapping[str, CommandConfig]) -> tuple[ReportCommand, ...]:
    """Return an analyzer for each of the commands."""
    return tuple(ReportCommand(name, config) for name, config in sorted(commands.items()))


def _read(data: bytes, form: ReportFormat, sources: Sources, tool: str) -> Reading:
    if not data.strip() and form not in LINES:
        raise ReportError("it is empty")
    return read_findings(data, form, sources, tool)


def _report(inputs: AnalyzerInputs) -> str:
    return f"{Path(inputs.scratch).absolute()}/report"
