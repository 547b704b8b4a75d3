"""Begin servers quickly: import all that `hunkwise serve` needs once, and fork a process for each.

A line of JSON on standard input begins a server: {"environment", "folder", "program", "log"}; the answer is a line with
its process id. What it begins is `hunkwise.server.service.serve` as the command calls it, with `program` as what
reviews. FOLDER/code-PID gets its exit code, or the negative number of the signal that ended it.
The end of standard input ends the nursery and leaves the servers alone.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

FOLDERS: dict[int, str] = {}


def main() -> None:
    """Serve orders until there are no more."""
    import dbos  # noqa: F401 what a server imports late is imported before the fork too
    import fastapi  # noqa: F401
    import github  # noqa: F401
    import psycopg  # noqa: F401
    import uvicorn.protocols.http.h11_impl  # noqa: F401

    import hunkwise.server.service  # noqa: F401

    signal.signal(signal.SIGCHLD, _reap)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        process = os.fork()
        if not process:
            _live(order)
        FOLDERS[process] = order["folder"]
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        print(process, flush=True)


def _live(order: dict[str, Any]) -> None:
    """Be a server; never returns."""
    code = 70
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        for here, there in ((nothing, 0), (nothing, 1), (log, 2)):
            os.dup2(here, there)
        os.closerange(3, 1024)
        os.environ.clear()
        os.environ.update(order["environment"])
        _limit(order.get("limit"))
        from hunkwise.core.errors import HunkwiseError
        from hunkwise.server.service import serve
        from hunkwise.server.settings import read_settings

        try:
            code = serve(read_settings(), order["program"])
        except HunkwiseError as error:
            print(error, file=sys.stderr)
            code = 2
    finally:
        sys.stderr.flush()
        os._exit(code)


def _limit(limit: int | None) -> None:
    """Let no file grow beyond this many bytes, as on a full disk."""
    if limit is not None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


def _reap(*_: object) -> None:
    while True:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not process:
            return
        folder = FOLDERS.pop(process, "")
        if folder:
            Path(folder, f"code-{process}").write_text(str(os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    main()
