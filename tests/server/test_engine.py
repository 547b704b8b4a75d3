"""Tests of the job engine: real processes that are killed, over both databases."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hunkwise.server.database import Database
from hunkwise.server.inbox import Delivery, keep
from hunkwise.server.jobs import claim
from hunkwise.server.orders import Rules
from hunkwise.server.router import Router
from hunkwise.server.tables import deliveries, jobs

SCRIPT = Path(__file__).with_name("small_server.py")
A, B, C = "a" * 40, "b" * 40, "c" * 40


class Servers:
    """Servers with small work in processes of their own, and the database that they share."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.processes: list[subprocess.Popen[bytes]] = []
        folder.mkdir()

    def start(self, *, lease: float = 2.0, workers: int = 2) -> "subprocess.Popen[bytes]":
        """Start a server and wait until it runs jobs."""
        argv = [sys.executable, str(SCRIPT), self.database.url, str(self.folder), str(lease), str(workers)]
        with (self.folder / "stderr").open("ab") as log:
            process = subprocess.Popen(argv, stderr=log)
        self.processes.append(process)
        self.wait(lambda: (self.folder / f"up-{process.pid}").exists(), 30)
        return process

    def end(self) -> None:
        """Kill what still runs."""
        for process in self.processes:
            process.kill()
            process.wait()

    def push(
        self, head: str, *, action: str = "synchronize", number: int = 1, repository: str = "o/r", installation: int = 5
    ) -> str:
        """Store a delivery that says so, as the receiver does; return its id."""
        identity = f"{repository}-{number}-{head[:4]}-{time.monotonic_ns()}".replace("/", "-")
        payload = {
            "action": action,
            "number": number,
            "pull_request": {"number": number, "head": {"sha": head}, "draft": False, "state": "open"},
            "repository": {"full_name": repository},
            "installation": {"id": installation},
        }
        keep(self.database, [Delivery(id=identity, event="pull_request", body=json.dumps(payload).encode())])
        return identity

    def log(self, what: str = "") -> list[str]:
        """Return what was done, without time and process."""
        file = self.folder / "log"
        lines = [line.split(" ", 2)[2] for line in file.read_text().splitlines()] if file.exists() else []
        return [line for line in lines if line.startswith(what)]

    def wait(self, fact: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until it is so."""
        deadline = time.monotonic() + seconds
        while not fact():
            assert time.monotonic() < deadline, (self.folder / "stderr").read_text()[-3000:]
            time.sleep(0.05)

    def state(self, identity: str) -> str:
        """Return the state of a delivery."""
        with self.database.reading() as connection:
            return connection.execute(sa.select(deliveries.c.state).where(deliveries.c.id == identity)).scalar() or ""

    def settled(self, *identities: str, seconds: float = 20) -> list[str]:
        """Wait until these deliveries have ended, and return their states."""
        ends = ("done", "superseded", "failed-visible", "dead")
        self.wait(lambda: all(self.state(one) in ends for one in identities), seconds)
        return [self.state(one) for one in identities]

    def jobs(self) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(sa.select(jobs).order_by(jobs.c.id)).all())

    def file(self, name: str, text: str = "") -> Path:
        path = self.folder / name
        path.write_text(text)
        return path


@pytest.fixture
def servers(database: Database, tmp_path: Path) -> Iterator[Servers]:
    """Return servers over each kind of database."""
    made = Servers(database, tmp_path / "work")
    yield made
    made.end()


@pytest.fixture
def sqlite_servers(sqlite: Database, tmp_path: Path) -> Iterator[Servers]:
    """Return servers over SQLite."""
    made = Servers(sqlite, tmp_path / "work")
    yield made
    made.end()


@pytest.fixture
def postgres_servers(postgres: Any, tmp_path: Path) -> Iterator[Servers]:
    """Return servers over PostgreSQL."""
    with Database(postgres.database()) as database:
        database.prepare()
        made = Servers(database, tmp_path / "work")
        yield made
        made.end()


def test_a_push_is_reviewed_and_posted_once(servers: Servers):
    """One delivery is one job: reviewed, then posted; its body and report are not kept."""
    servers.start()
    identity = servers.push(A)
    assert servers.settled(identity) == ["done"]
    assert servers.log() == ["review o/r#1 aaaa 1", "publish o/r#1 aaaa 1", "posted o/r#1 aaaa 1", "after o/r#1 aaaa 1"]
    (job,) = servers.jobs()
    assert (job.state, job.report, job.executor) == ("done", None, None)


@pytest.mark.parametrize("where", ["review", "publish", "after"])
def test_a_killed_server_s_job_is_gone_on_with(servers: Servers, where: str):
    """After kill -9 at a step another server goes on with it: what was finished is not done again."""
    hold = servers.file(f"hold-{where}")
    first = servers.start()
    identity = servers.push(A)
    servers.wait(lambda: bool(servers.log(where)))
    first.kill()
    first.wait()
    hold.unlink()
    servers.start()
    assert servers.settled(identity, seconds=30) == ["done"]
    # a review that was stored is not made again; only the publisher's own marker can tell that it had posted
    assert len(servers.log("review")) == (2 if where == "review" else 1)
    assert len(servers.log("posted")) == (2 if where == "after" else 1)


def test_a_job_that_kills_its_server_is_given_up(sqlite_servers: Servers):
    """After three deaths the job is dead, and a notice is ordered."""
    servers = sqlite_servers
    servers.file("die-review")
    identity = servers.push(A)
    for _ in range(3):
        process = servers.start()
        process.wait(timeout=30)
    servers.start()
    assert servers.settled(identity) == ["dead"]
    servers.wait(lambda: servers.log("notice") == ["notice o/r#1 aaaa 1"])
    assert len(servers.log("review")) == 3


def test_deaths_and_failures_are_counted_apart(sqlite_servers: Servers):
    """Two servers were killed and then an attempt failed: that is not the third of anything, and the job is done."""
    servers = sqlite_servers
    die = servers.file("die-review")
    identity = servers.push(A)
    for _ in range(2):
        servers.start().wait(timeout=30)
    die.unlink()
    servers.file("raise-publish", "once TryAgain('502')")
    servers.start()
    assert servers.settled(identity) == ["done"]
    (job,) = servers.jobs()
    assert (job.attempts, job.deaths) == (2, 2)


def test_a_server_that_dies_between_claim_and_work_is_one_death(sqlite_servers: Servers):
    """The job was claimed and its workflow never began: it is queued again, and no attempt of it failed."""
    servers = sqlite_servers
    identity = servers.push(A)
    Router(servers.database, Rules(app_id=7), "small").route()
    assert claim(servers.database, "a dead server", 60) is not None
    servers.start()
    assert servers.settled(identity) == ["done"]
    (job,) = servers.jobs()
    assert (job.attempts, job.deaths) == (1, 1)


def test_a_second_server_takes_over_within_the_lease(postgres_servers: Servers):
    """Two servers on one database: the other one finishes the job of the killed one, soon after its lease."""
    servers = postgres_servers
    hold = servers.file("hold-publish")
    first = servers.start(lease=3)
    identity = servers.push(A)
    servers.wait(lambda: bool(servers.log("publish")))
    servers.start(lease=3)
    first.kill()
    killed = time.monotonic()
    hold.unlink()
    assert servers.settled(identity, seconds=30) == ["done"]
    assert time.monotonic() - killed < 15
    assert (len(servers.log("review")), len(servers.log("posted"))) == (1, 1)


def test_a_paused_server_posts_nothing_when_it_wakes(postgres_servers: Servers):
    """A server that was stopped past its lease finds its job taken over and leaves it alone."""
    servers = postgres_servers
    hold = servers.file("hold-publish")
    first = servers.start(lease=2)
    identity = servers.push(A)
    servers.wait(lambda: bool(servers.log("publish")))
    first.send_signal(signal.SIGSTOP)
    hold.unlink()
    servers.start(lease=2)
    assert servers.settled(identity, seconds=30) == ["done"]
    first.send_signal(signal.SIGCONT)
    time.sleep(1)
    assert len(servers.log("posted")) == 1
    # and it goes on to serve
    other = [servers.push(B, number=number) for number in range(2, 6)]
    assert servers.settled(*other) == ["done"] * 4


def test_fifty_pushes_leave_one_running_and_one_pending(servers: Servers):
    """The newest head is reviewed, the one that ran, and none between."""
    hold = servers.file("hold-review")
    servers.start()
    heads = [f"{number:02d}" + "0" * 38 for number in range(50)]
    first = servers.push(heads[0])
    servers.wait(lambda: bool(servers.log("review")))
    others = [servers.push(head) for head in heads[1:]]
    servers.wait(lambda: sum(job.state in ("queued", "running") for job in servers.jobs()) == 2)
    servers.wait(lambda: servers.state(others[-2]) == "superseded")
    servers.file("head", heads[-1])
    hold.unlink()
    states = servers.settled(first, *others)
    assert states == ["superseded"] * 49 + ["done"]
    assert servers.log("posted") == ["posted o/r#1 4900 1"]


def test_deliveries_out_of_order_end_with_the_newest_head(sqlite_servers: Servers):
    """An older push that comes later is seen to be old, and the newest head has its one review."""
    servers = sqlite_servers
    servers.file("head", B)
    servers.start()
    newer, older = servers.push(B), servers.push(A)
    states = servers.settled(newer, older)
    assert "done" in states
    assert len(servers.log("posted o/r#1 bbbb")) == 1
    assert len(servers.log("posted")) == 1


def test_the_same_head_by_another_delivery_is_no_second_review(sqlite_servers: Servers):
    """What counts is repository, pull request, head and configuration, not the delivery's id."""
    servers = sqlite_servers
    servers.start()
    first = servers.push(A)
    assert servers.settled(first) == ["done"]
    second = servers.push(A)
    assert servers.settled(second) == ["done"]
    assert (len(servers.jobs()), len(servers.log("posted"))) == (1, 1)


def test_a_head_that_changes_during_the_review_is_reviewed_next(sqlite_servers: Servers):
    """Nothing is posted for the old head, and the new one has a job even where its delivery never came."""
    servers = sqlite_servers
    hold = servers.file("hold-review")
    servers.file("head", A)
    servers.start()
    identity = servers.push(A)
    servers.wait(lambda: bool(servers.log("review")))
    servers.file("head", C)
    hold.unlink()
    assert servers.settled(identity) == ["superseded"]
    servers.wait(lambda: servers.log("posted") == ["posted o/r#1 cccc 1"])


def test_a_failure_that_may_pass_is_tried_again_and_no_more_than_thrice(sqlite_servers: Servers):
    """Once is forgiven; three times is the end, which is said on the pull request."""
    servers = sqlite_servers
    servers.start()
    servers.file("raise-publish", "once TryAgain('502')")
    assert servers.settled(servers.push(A)) == ["done"]
    assert len(servers.log("review")) == 1
    servers.file("raise-review", "Unknown('no answer')")
    assert servers.settled(servers.push(B)) == ["failed-visible"]
    assert len(servers.log("review o/r#1 bbbb")) == 3
    servers.wait(lambda: bool(servers.log("notice")))


def test_a_refusal_is_not_tried_again(sqlite_servers: Servers):
    """What GitHub refuses for good ends the job at once."""
    servers = sqlite_servers
    servers.file("raise-review", "GitHubError('404')")
    servers.start()
    assert servers.settled(servers.push(A)) == ["failed-visible"]
    assert len(servers.log("review")) == 1


def test_an_installation_that_must_wait_holds_no_other_up(sqlite_servers: Servers):
    """After a rate limit no job of the installation starts before its time; those of others do."""
    servers = sqlite_servers
    servers.file("raise-review", "once AskLater('limit', 3)")
    servers.start(workers=1)
    first = servers.push(A, installation=5)
    servers.wait(lambda: bool(servers.log("review")))
    limited = time.monotonic()
    beside = servers.push(A, installation=5, repository="o/beside")
    other = servers.push(A, installation=6, repository="p/q")
    assert servers.settled(other) == ["done"]
    assert time.monotonic() - limited < 2.5
    assert servers.settled(first, beside) == ["done", "done"]
    assert time.monotonic() - limited > 2.5
    assert [job.attempts for job in servers.jobs()] == [1, 1, 1]


def test_a_flood_of_one_installation_leaves_others_their_turn(sqlite_servers: Servers):
    """One installation with a hundred pull requests waiting: another's job is the next or the one after."""
    servers = sqlite_servers
    hold = servers.file("hold-review")
    servers.start(workers=1)
    flood = [servers.push(A, number=number) for number in range(1, 101)]
    servers.wait(lambda: len(servers.jobs()) == 100)
    other = servers.push(A, installation=6, repository="p/q")
    servers.wait(lambda: len(servers.jobs()) == 101)
    hold.unlink()
    assert servers.settled(other) == ["done"]
    assert sum(servers.state(one) == "done" for one in flood) < 10


def test_a_closed_pull_request_ends_its_jobs(sqlite_servers: Servers):
    """What waits and what runs ends as superseded."""
    servers = sqlite_servers
    servers.file("hold-review")
    servers.start()
    identity = servers.push(A)
    servers.wait(lambda: bool(servers.log("review")))
    servers.push(A, action="closed")
    assert servers.settled(identity) == ["superseded"]
    assert servers.log("posted") == []


def test_a_told_server_hands_its_job_over(sqlite_servers: Servers):
    """On SIGTERM it claims no more, and what does not end in time goes back without counting the attempt."""
    servers = sqlite_servers
    hold = servers.file("hold-review")
    first = servers.start()
    identity = servers.push(A)
    servers.wait(lambda: bool(servers.log("review")))
    first.terminate()
    assert first.wait(timeout=20) == 0
    (job,) = servers.jobs()
    assert (job.state, job.attempts) == ("queued", 0)
    hold.unlink()
    servers.start()
    assert servers.settled(identity) == ["done"]


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'{"a": 1, "a": 2}', b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b"\xff\xfe", b'{"a": NaN}'],
)
def test_a_delivery_that_cannot_be_read_is_dead_and_kept(sqlite_servers: Servers, body: bytes):
    """It is stored as it came, marked dead, and the queue moves on."""
    servers = sqlite_servers
    keep(servers.database, [Delivery(id="poison", event="pull_request", body=body)])
    router = Router(servers.database, Rules(app_id=7), "x")
    assert (router.route(), router.route()) == (1, 0)
    assert servers.state("poison") == "dead"
    with servers.database.reading() as connection:
        assert connection.execute(sa.select(deliveries.c.body)).scalar() == body


def test_a_delivery_that_the_database_refuses_holds_no_other_up(sqlite_servers: Servers):
    """A fault of ours in one delivery makes that one dead; the next one is handled."""
    servers = sqlite_servers
    with servers.database.begin() as connection:
        trigger = "CREATE TRIGGER refuse BEFORE INSERT ON hunkwise_jobs WHEN NEW.pull = 666"
        connection.exec_driver_sql(f"{trigger} BEGIN SELECT RAISE(ABORT, 'no'); END")
    first, second = servers.push(A, number=666), servers.push(A, number=2)
    Router(servers.database, Rules(app_id=7), "x").route()
    assert [servers.state(first), servers.state(second)] == ["dead", "queued"]


def test_no_process_is_left(sqlite_servers: Servers):
    """A server that ends leaves no process behind."""
    servers = sqlite_servers
    process = servers.start()
    assert servers.settled(servers.push(A)) == ["done"]
    process.terminate()
    process.wait(timeout=20)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0) if os.getpgid(0) == process.pid else os.kill(process.pid, 0)
