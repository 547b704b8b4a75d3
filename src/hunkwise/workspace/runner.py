"""Run the call that an analyzer planned: its program found, and confined wherever the change is foreign."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hunkwise.core.errors import Refused, ToolError, ToolTimeout
from hunkwise.core.model import Trust
from hunkwise.core.ports import AnalyzerInputs, Confinement, Sandbox, Tool, ToolResult, ToolRun
from hunkwise.workspace.process import Stop, killed, run_process
from hunkwise.workspace.toolbox import Toolbox, readable_by

REFUSAL = "foreign change and no sandbox: no external tool runs; --own lifts this for a change you trust"
SIGNALLED = range(129, 129 + 64)
"""Exit codes with which bubblewrap and shells say by which signal a program ended."""
COMPLAINTS = (b"bwrap: ", b"prlimit: ", b"hunkwise-sandbox: ")


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
            file = _data_file(scratch, name, tool)
            file.write_text(text, encoding="utf-8")
            file.chmod(0o644)
        argv: tuple[str, ...] = (*program, *run.args)
        needs = Confinement(
            cwd=str(root),
            env=_environment(self.toolbox.path, scratch, run.env),
            # One's own configuration may name anything of one's own, such as plugins outside the repository.
            readable=("/",) if self.trust is Trust.OWN else (str(root), *readable_by(program), *run.readable),
            writable=(str(scratch),),
            timeout=run.timeout,
            memory_limit=run.memory_limit,
        )
        if self.sandbox is not None:
            argv = self.sandbox.wrap(argv, needs)
        try:
            result = run_process(
                argv,
                cwd=needs.cwd,
                env={} if self.sandbox else needs.env,
                stdin=run.stdin,
                timeout=run.timeout,
                output_limit=run.output_limit,
                memory_limit=None if self.sandbox else run.memory_limit,
                name=tool.name,
                stop=stop,
            )
            return result if self.sandbox is None else _from_inside(result, tool, argv)
        except ToolTimeout as error:
            message = f"timed out after {run.timeout:g} s; raise tools.{tool.name}.timeout"
            raise ToolTimeout(tool.name, message, argv=argv) from error


def _from_inside(result: ToolResult, tool: Tool, argv: tuple[str, ...]) -> ToolResult:
    """Return the result of a confined tool; raise ToolError where a signal ended it, or it was never started."""
    if result.exit_code in SIGNALLED:
        raise killed(tool.name, argv, SIGNALLED.start - 1 - result.exit_code, result.stderr, result.seconds)
    if result.exit_code and not result.stdout and result.stderr.startswith(COMPLAINTS):
        words = " ".join(result.stderr.decode("utf-8", "replace").split())
        message = f"the sandbox could not start it: {words.partition(': ')[2]}"
        raise ToolError(tool.name, message, argv=argv, exit_code=result.exit_code)
    return result


def _environment(path: str, scratch: Path, extra: Mapping[str, str]) -> Mapping[str, str]:
    home = str(scratch)
    return {"PATH": path, "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "NO_COLOR": "1", **extra}


def _data_file(scratch: Path, name: str, tool: Tool) -> Path:
    if name in ("", ".", "..") or "/" in name or "\\" in name or "\0" in name:
        raise ToolError(tool.name, f"the data file {name!r} is not a plain name")
    return scratch / name
