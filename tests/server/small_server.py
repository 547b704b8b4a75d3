"""A server whose work is small: it writes what it does into a file, and does what the other files of the folder say.

Usage: small_server.py DATABASE_URL FOLDER LEASE WORKERS

FOLDER/log: one line for each thing done. FOLDER/hold-WHAT: wait there while it is there. FOLDER/die-WHAT: die there by
SIGKILL. FOLDER/head: the head of every pull request. FOLDER/raise-WHAT: an expression that is raised there, once
where it begins with `once `.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from hunkwise.plugins.github.port import AskLater, GitHubError, Unknown  # noqa: F401 by name in raise-WHAT
from hunkwise.server.database import Database
from hunkwise.server.engine import Engine
from hunkwise.server.logs import log_to_stderr
from hunkwise.server.orders import Rules
from hunkwise.server.router import Router
from hunkwise.server.steps import Pace
from hunkwise.server.work import Broken, Job, Lease, Over, Stale, TryAgain  # noqa: F401 by name in raise-WHAT


class SmallWork:
    """Work that can be watched and led by files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def review(self, job: Job, lease: Lease) -> bytes:
        self._head(job)
        self._at("review", job, lease)
        return f"report on {job.head}".encode()

    def publish(self, job: Job, report: bytes, lease: Lease) -> None:
        assert report == f"report on {job.head}".encode()
        self._at("publish", job, lease)
        self._head(job)
        lease.secure()
        self._say("posted", job)
        self._at("after", job, lease)

    def act(self, job: Job, lease: Lease) -> None:
        self._say(job.kind.value, job)

    def _head(self, job: Job) -> None:
        file = self._folder / "head"
        if file.exists() and (head := file.read_text().strip()) != job.head:
            raise Stale(head)

    def _at(self, what: str, job: Job, lease: Lease) -> None:
        self._say(what, job)
        if (self._folder / f"die-{what}").exists():
            os.kill(os.getpid(), signal.SIGKILL)
        fault = self._folder / f"raise-{what}"
        if fault.exists():
            text = fault.read_text()
            if text.startswith("once "):
                fault.unlink()
            raise eval(text.removeprefix("once "))
        while (self._folder / f"hold-{what}").exists():
            lease.wait(0.02)
            lease.check()

    def _say(self, what: str, job: Job) -> None:
        line = f"{time.time():.3f} {os.getpid()} {what} {job.repository}#{job.pull} {job.head[:4]} {job.attempts}\n"
        handle = os.open(self._folder / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, line.encode())
        os.close(handle)


def main(url: str, folder: str, lease: str, workers: str) -> None:
    """Run until SIGTERM."""
    log_to_stderr(())
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    with Database(url) as database:
        database.prepare()
        router = Router(database, Rules(app_id=7), "small")
        pace = Pace(workers=int(workers), lease=float(lease), retry=0.05, drain=1.0)
        engine = Engine(database, SmallWork(Path(folder)), router, pace, alone=database.is_sqlite)
        engine.start()
        (Path(folder) / f"up-{os.getpid()}").touch()
        done.wait()
        engine.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
