"""Run a program so that nothing of it outlives its time, its server, or itself.

Usage: python -I leash.py FD PROGRAM ARGUMENT...

The program and all that it starts, in whatever session, end when FD is closed at its other end, as it is when the
server dies however that may be. This file imports nothing of Hunkwise: it starts in the time that Python takes.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress

PR_SET_CHILD_SUBREAPER = 36
SOFT = 5.0
"""Seconds that the program gets to clean up behind itself when it must end."""


def main(leash: int, argv: list[str]) -> int:
    """Run the program; return its exit code, or 128 and the signal that ended it."""
    # orphans of the program become our children, so that they can be found and ended
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.set_inheritable(leash, False)
    program = subprocess.Popen(argv, start_new_session=True)
    ended = os.pidfd_open(program.pid)
    readable, _, _ = select.select([ended, leash], [], [])
    if ended not in readable:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGINT)
        select.select([ended], [], [], SOFT)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    end_children()
    return program.returncode if program.returncode >= 0 else 128 - program.returncode


def end_children() -> None:
    """End every process below this one, and wait for each."""
    while True:
        for child in children(os.getpid()):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def children(process: int) -> list[int]:
    """Return the children of a process."""
    found = []
    for task in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208 pathlib costs as much to import as all the rest
        with suppress(OSError), open(f"/proc/{process}/task/{task}/children", encoding="ascii") as file:  # noqa: PTH123
            found += [int(word) for word in file.read().split()]
    return found


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), sys.argv[2:]))
