"""Choose the sandbox: the first that stops a canary which tries to get out."""

import os
import socket
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.model import Trust
from hunkwise.core.ports import Confinement
from hunkwise.workspace.process import run_process
from hunkwise.workspace.sandbox.bubblewrap import Bubblewrap
from hunkwise.workspace.sandbox.landlock import Landlock
from hunkwise.workspace.sandbox.launcher import PREFIX
from hunkwise.workspace.sandbox.system import HERE, is_root
from hunkwise.workspace.toolbox import readable_by

VARIABLE = "HUNKWISE_SANDBOX"
AUTO, NONE = "auto", "none"
TIMEOUT = 20.0
MEMORY = 2**30
SECRET = "planted by hunkwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The sandbox that held, or None; `reasons` say by name why others were passed over."""

    sandbox: Bubblewrap | Landlock | None
    reasons: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.sandbox.name if self.sandbox else NONE


def choose_sandbox(environ: Mapping[str, str]) -> Choice:
    """Return the sandbox of this machine; tried once a process.

    `HUNKWISE_SANDBOX` narrows the choice to one kind, or to none; raise UsageError for any other word.
    """
    wanted = environ.get(VARIABLE) or AUTO
    if wanted not in (AUTO, NONE, Bubblewrap.name, Landlock.name):
        known = f"{AUTO}, {Bubblewrap.name}, {Landlock.name} and {NONE}"
        raise UsageError(f"{VARIABLE}: there is no sandbox {wanted!r}; there are {known}")
    return _chosen(wanted)


def sandbox_for(trust: Trust, environ: Mapping[str, str]) -> Choice:
    """Return the sandbox that the tools of a change run in.

    Root's own changes have none: a tool would have to become another user, who may not read what is root's.
    """
    choice = choose_sandbox(environ)
    if trust is Trust.OWN and choice.sandbox and is_root():
        return Choice(sandbox=None, reasons=("run by root",))
    return choice


@cache
def _chosen(wanted: str) -> Choice:
    if wanted == NONE:
        return Choice(sandbox=None, reasons=(f"{VARIABLE}={NONE}",))
    reasons: dict[str, None] = {}
    for sandbox in (Bubblewrap(), Bubblewrap(nested=True), Landlock()):
        if wanted in (AUTO, sandbox.name):
            trouble = sandbox.missing() or try_out(sandbox)
            if not trouble:
                return Choice(sandbox=sandbox, reasons=tuple(reasons))
            reasons[f"{sandbox.name}: {trouble}"] = None
    return Choice(sandbox=None, reasons=tuple(reasons))


def try_out(sandbox: Bubblewrap | Landlock) -> str:
    """Run a canary in the sandbox; return what it could do that it must not, or an empty string if it was held.

    Before that, everything it will try is seen to work from outside.
    """
    with tempfile.TemporaryDirectory(prefix="hunkwise-", ignore_cleanup_errors=True) as name, closing(_port()) as port:
        folder = Path(name)
        root, scratch, outside = (folder / part for part in ("root", "scratch", "outside"))
        for directory in (root, scratch, outside):
            directory.mkdir()
        outside.chmod(0o777)
        folder.chmod(0o755)
        secret = folder / "secret"
        secret.write_text(SECRET)
        secret.chmod(0o644)
        number = str(port.getsockname()[1])
        if trouble := _cannot(outside, port):
            return trouble
        canary = (sys.executable, "-I", "-S", "-c", (HERE / "canary.py").read_text("utf-8"))
        argv = (*canary, str(outside), str(secret), number, str(scratch))
        needs = Confinement(
            cwd=str(root),
            env={"PATH": "/usr/bin:/bin", "HOME": str(scratch)},
            readable=(str(root), *readable_by((sys.executable,))),
            writable=(str(scratch),),
            timeout=TIMEOUT,
            memory_limit=MEMORY,
        )
        return _judged(sandbox.wrap(argv, needs), root, outside, scratch)


def _port() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def _cannot(outside: Path, port: socket.socket) -> str:
    try:
        (outside / "tried").write_text("x")
        with socket.create_connection(port.getsockname(), timeout=5):
            port.accept()[0].close()
    except OSError as error:
        return f"it cannot be tried out, because what it must stop does not work outside either ({error})"
    return ""


def _judged(argv: Sequence[str], root: Path, outside: Path, scratch: Path) -> str:
    try:
        result = run_process(argv, cwd=str(root), env={}, timeout=TIMEOUT, output_limit=2**16, name="canary")
    except ToolError as error:
        return str(error).removeprefix("canary: ")
    said = result.stdout.decode("utf-8", "replace").split()
    if said[-1:] != ["done"]:
        words = result.stderr.decode("utf-8", "replace").strip().splitlines()
        return words[-1].removeprefix(PREFIX) if words else f"nothing runs in it (exit code {result.exit_code})"
    got_out = said[:-1] + (["write"] if os.path.lexists(outside / "written") else [])
    if not os.path.lexists(scratch / "written"):
        got_out.append("scratch")
    return f"it does not hold: {', '.join(dict.fromkeys(got_out))}" if got_out else ""
