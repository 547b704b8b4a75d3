"""Run the call that an analyzer planned: its program found, and confined wherever the change is foreign."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hunkwise.core.errors import Refused, ToolError, ToolTimeout
from hunkwise.core.model import Trust
from hunkwise.core.ports import AnalyzerInputs, Sandbox, Tool, ToolResult, ToolRun
from hunkwise.workspace.process import Stop, run_process
from hunkwise.workspace.toolbox import Toolbox

REFUSAL = "foreign change and no sandbox: no external tool runs; --own lifts this for a change you trust"


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Runs outside tools; on a foreign change it refuses to without a sandbox."""

    toolbox: Toolbox
    trust: Trust
    sandbox: Sandbox | None = None

    def refuses(self) -> bool:
        """Return whether no tool may run at all."""
        return self.trust is Trust.FOREIGN and self.sandbox is None

    def run(self, run: ToolRun, tool: Tool, inputs: AnalyzerInputs, stop: Stop | None = None) -> ToolResult:
        """Write the call's data files, run it in `inputs.root` and return how it ended.

        Raises Refused for lack of trust, ToolMissing where the tool is not at hand, and ToolError where it broke.
        """
        if self.refuses():
            raise Refused(tool.name, REFUSAL)
        program = self.toolbox.require(tool)
        scratch = Path(inputs.scratch).absolute()
        root = Path(inputs.root).absolute()
        for name, text in run.files.items():
            _data_file(scratch, name, tool).write_text(text, encoding="utf-8")
        argv = (*program, *run.args)
        if self.sandbox is not None:
            readable = (str(root), *self.toolbox.readable(program))
            argv = self.sandbox.wrap(argv, readable=readable, writable=(str(scratch),))
        try:
            return run_process(
                argv,
                cwd=str(root),
                env=_environment(self.toolbox.path, scratch, run.env),
                stdin=run.stdin,
                timeout=run.timeout,
                output_limit=run.output_limit,
                memory_limit=run.memory_limit,
                name=tool.name,
                stop=stop,
            )
        except ToolTimeout as error:
            message = f"timed out after {run.timeout:g} s; raise tools.{tool.name}.timeout"
            raise ToolTimeout(tool.name, message, argv=argv) from error


def _environment(path: str, scratch: Path, extra: Mapping[str, str]) -> Mapping[str, str]:
    home = str(scratch)
    return {"PATH": path, "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "NO_COLOR": "1", **extra}


def _data_file(scratch: Path, name: str, tool: Tool) -> Path:
    if name in ("", ".", "..") or "/" in name or "\\" in name or "\0" in name:
        raise ToolError(tool.name, f"the data file {name!r} is not a plain name")
    return scratch / name
