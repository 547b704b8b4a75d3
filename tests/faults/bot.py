"""The App's server as a process, installed on the fake GitHub, with what a test does to it and sees of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from reports import make_report

from hunkwise.testing.github.bare_git import Files
from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle, RepositoryHandle
from hunkwise.testing.github.state import Delivery

HERE = Path(__file__).parent
SECRET = "s3cret-of-the-webhook"
MARKER_KEY = "marker-key-of-the-bot"
EVENTS = (
    "pull_request",
    "issue_comment",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_review_thread",
    "check_run",
    "check_suite",
)
ENDS = ("done", "superseded", "failed-visible", "dead")
BASE = {"a.py": "".join(f"line {number}\n" for number in range(1, 21))}
PERMISSIONS = {"metadata": "read", "contents": "read", "pull_requests": "write", "checks": "write"}


class Nursery:
    """The process that begins servers; see nursery.py."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(HERE / "nursery.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def begin(self, **order: Any) -> int:
        """Begin a server and return its process id."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


class Life:
    """One server process."""

    def __init__(self, process: int, port: int, folder: Path) -> None:
        self.process, self.port, self._folder = process, port, folder

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def code(self) -> int | None:
        """Return its exit code, None while it lives."""
        file = self._folder / f"code-{self.process}"
        with suppress(OSError, ValueError):
            return int(file.read_text())
        return None

    def is_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False, timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def send(self, number: int) -> None:
        """Send it a signal."""
        with suppress(ProcessLookupError):
            os.kill(self.process, number)

    def kill(self) -> None:
        """Kill it, and wait until it is gone."""
        self.send(signal.SIGKILL)
        wait(lambda: self.code is not None, 20, lambda: "the killed server lives")

    def stop(self, seconds: float = 60) -> int:
        """Tell it to end, and return its exit code."""
        self.send(signal.SIGTERM)
        wait(lambda: self.code is not None, seconds, lambda: "the server does not end")
        assert self.code is not None
        return self.code


class Bot:
    """The App, installed on one repository of the fake; servers of it share a database."""

    def __init__(
        self,
        github: FakeGitHub,
        database_url: str,
        folder: Path,
        nursery: Nursery,
        events: Sequence[str] = EVENTS,
    ) -> None:
        self.github, self.database_url, self.folder, self._nursery = github, database_url, folder, nursery
        folder.mkdir()
        for name in ("tmp", "reports", "state"):
            (folder / name).mkdir()
        self.port = free_port()
        self.app = github.app(
            hook_url=f"http://127.0.0.1:{self.port}/webhook",
            webhook_secret=SECRET,
            events=events,
            permissions=PERMISSIONS,
        )
        (folder / "app.pem").write_text(self.app.private_key)
        (folder / "secret").write_text(SECRET)
        (folder / "marker").write_text(MARKER_KEY)
        self.repository = github.repository("o/r")
        self.installation = github.install(self.app, self.repository)
        self.lives: list[Life] = []
        self.is_checked = True
        """Whether the invariants are checked at the end; a test that shows a window does it by itself."""
        self.failed: dict[str, list[str]] = {}
        """By head, the files on which the tool failed."""
        url = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        self._engine = sa.create_engine(url, poolclass=sa.NullPool)

    # servers

    @property
    def life(self) -> Life:
        """Return the server that was begun last."""
        return self.lives[-1]

    @property
    def log(self) -> Path:
        return self.folder / "stderr"

    def begin(self, port: int | None = None, *, limit: int | None = None, **settings: object) -> Life:
        """Begin a server without waiting for it."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder / "tmp"),
            "HUNKWISE_APP_ID": str(self.app.id),
            "HUNKWISE_PRIVATE_KEY_FILE": str(self.folder / "app.pem"),
            "HUNKWISE_WEBHOOK_SECRET_FILE": str(self.folder / "secret"),
            "HUNKWISE_MARKER_KEY_FILE": str(self.folder / "marker"),
            "HUNKWISE_GITHUB_SERVER": self.github.url,
            "HUNKWISE_DATABASE_URL": self.database_url,
            "HUNKWISE_STATE_DIR": str(self.folder / "state"),
            "HUNKWISE_PORT": str(port or self.port),
            "HUNKWISE_LEASE": "3",
            "HUNKWISE_RETRY_DELAY": "0.1",
            "HUNKWISE_DRAIN": "2",
            "HUNKWISE_RECONCILE": "1000",
            "DBOS__CLOUD": "false",
            **{f"HUNKWISE_{name.upper()}": str(value) for name, value in settings.items()},
        }
        order = {
            "environment": environment,
            "folder": str(self.folder),
            "log": str(self.log),
            "limit": limit,
            "program": [sys.executable, "-I", "-S", str(HERE / "quick_review.py"), str(self.folder)],
        }
        self.lives.append(Life(self._nursery.begin(**order), port or self.port, self.folder))
        return self.life

    def start(self, port: int | None = None, *, limit: int | None = None, **settings: object) -> Life:
        """Begin a server and wait until it serves."""
        life = self.begin(port, limit=limit, **settings)
        self.wait(lambda: life.is_up() or life.code is not None, 60)
        assert life.code is None, self.said()[-3000:]
        return life

    def end(self) -> None:
        """Kill what still lives."""
        for life in self.lives:
            if life.code is None:
                life.send(signal.SIGCONT)
                life.kill()

    # people

    def open(
        self, files: Files | None = None, *, repository: RepositoryHandle | None = None, **given: Any
    ) -> PullHandle:
        """Open a pull request whose report is prepared before anybody hears of it."""
        files = files or {"a.py": BASE["a.py"].replace("line 3\n", "line three\n")}
        target = repository or self.repository
        with self.quietly():
            pull = target.open_pull(base_files=BASE, head_files=files, **given)
            self.prepare(pull, pull.head)
        return pull

    def push(self, pull: PullHandle, files: Files, *, force: bool = False) -> str:
        """Push to a pull request; its report is prepared before anybody hears of it."""
        with self.quietly():
            head = pull.force_push(files) if force else pull.push(files)
            self.prepare(pull, head)
        return head

    def quietly(self) -> "Held":
        """Hold all webhooks back until the end of the block."""
        return Held(self.github)

    def prepare(self, pull: PullHandle, head: str, *, failed: Iterable[str] = ()) -> None:
        """Write the report that a review of this head gives."""
        self.failed[head] = list(failed)
        whole = self.folder / "reports" / f".{head}"
        whole.write_bytes(make_report(pull, head, failed=tuple(failed)))
        whole.rename(self.folder / "reports" / head)

    def delivery(self, event: str = "pull_request", action: str = "") -> Delivery:
        """Return the newest delivery of an event."""
        found = [one for one in self.deliveries(event) if action in ("", one.action)]
        return found[-1]

    def deliveries(self, event: str = "pull_request") -> list[Delivery]:
        return [one for one in self.github.state.deliveries.values() if one.event == event]

    # what is to be seen

    def wait(self, fact: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until it is so."""
        wait(fact, seconds, lambda: self.said()[-4000:])

    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def rows(self, query: str) -> list[Any]:
        """Return what the database answers."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.text(query)).all())

    def writing(self) -> AbstractContextManager[sa.Connection]:
        """Return a transaction of our own in the database."""
        return self._engine.begin()

    def states(self, event: str = "pull_request") -> list[str]:
        """Return the states of the stored deliveries of an event, sorted."""
        found = self.rows(f"SELECT state FROM hunkwise_deliveries WHERE event = '{event}'")
        return sorted(row.state for row in found)

    def is_over(self) -> bool:
        """Return whether no delivery and no job waits or runs."""
        jobs = self.rows("SELECT count(*) AS n FROM hunkwise_jobs WHERE state IN ('queued', 'running')")
        open_ones = self.rows(
            "SELECT count(*) AS n FROM hunkwise_deliveries WHERE state NOT IN "
            "('done', 'superseded', 'failed-visible', 'dead')"
        )
        return not jobs[0].n and not open_ones[0].n

    def settled(self, seconds: float = 60) -> list[str]:
        """Wait until all is over, and return the states of the deliveries about pull requests."""
        self.github.hooks.settle(seconds)
        self.wait(self.is_over, seconds)
        return self.states()

    def reviewed(self) -> list[str]:
        """Return the heads that were reviewed, in order."""
        file = self.folder / "reviews"
        return [line.split()[2] for line in file.read_text().splitlines()] if file.exists() else []

    def posts(self, pull: PullHandle) -> list[Any]:
        """Return the requests that would post a review."""
        return self.github.log.find("POST", rf"/{pull.repository.full_name}/pulls/{pull.number}/reviews$")

    def text_of_database(self) -> bytes:
        """Return all that the database holds, of ours and of the engine's."""
        if self.database_url.startswith("sqlite"):
            # the log keeps older pages until it is written over
            assert not self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0].busy
            path = Path(self.database_url.removeprefix("sqlite:///"))
            return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))
        tables = self.rows(
            "SELECT table_schema AS s, table_name AS n FROM information_schema.tables "
            "WHERE table_schema NOT LIKE 'pg_%' AND table_schema <> 'information_schema'"
        )
        parts = []
        for table in tables:
            parts += [str(tuple(row)) for row in self.rows(f'SELECT * FROM "{table.s}"."{table.n}"')]
        return "\n".join(parts).encode()

    def hold(self) -> Path:
        """Have reviews wait while this file is there."""
        (self.folder / "hold").touch()
        return self.folder / "hold"

    def fault(self, code: str) -> Path:
        """Have each review run this first."""
        file = self.folder / "fault"
        file.write_text(code)
        return file

    def server_of_reviewer(self) -> str:
        """Return Python that gives the process of the server, for `fault`: the leash is between."""
        return "int(open(f'/proc/{os.getppid()}/stat').read().rpartition(')')[2].split()[1])"

    def is_holding(self) -> bool:
        return (self.folder / "child").exists()


class Held:
    """Webhooks that wait for the end of the block; what `decide` said before is asked then."""

    def __init__(self, github: FakeGitHub) -> None:
        self._hooks = github.hooks

    def __enter__(self) -> None:
        self._before = self._hooks.decide
        self._hooks.decide = lambda delivery: "hold"

    def __exit__(self, *_: object) -> None:
        self._hooks.decide = self._before
        held = list(self._hooks.held)
        self._hooks.held.clear()
        for one in held:
            fate = self._before(one)
            if fate == "hold":
                self._hooks.held.append(one)
            elif fate == "fail":
                one.status_code, one.status = 502, "failed to connect to host"
            elif fate != "drop":
                kept = list(self._hooks.held)
                self._hooks.release([one] * (2 if fate == "twice" else 1))
                self._hooks.held.extend(kept)


def wait(fact: Callable[[], bool], seconds: float, words: Callable[[], str]) -> None:
    """Wait until it is so; raises AssertionError after these seconds."""
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, words()
        time.sleep(0.03)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
