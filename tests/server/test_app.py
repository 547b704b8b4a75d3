"""Tests of the whole server against the fake GitHub: deliveries in, reviews out."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from hunkwise.server.database import Database
from hunkwise.server.tables import deliveries, feedback, jobs
from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle, RepositoryHandle

SCRIPT = Path(__file__).with_name("small_app.py")
BASE = {"a.py": "".join(f"line {number}\n" for number in range(1, 21))}
HEAD = {"a.py": BASE["a.py"].replace("line 3\n", "line three\n")}
EVENTS = ("pull_request", "issue_comment", "pull_request_review_comment", "pull_request_review_thread")
ENDS = ("done", "superseded", "failed-visible", "dead")


class Installed:
    """The App's server in a process of its own, installed on a repository of the fake."""

    def __init__(self, github: FakeGitHub, database: Database, folder: Path) -> None:
        self.github, self.database, self.folder = github, database, folder
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        folder.mkdir()
        (folder / "tmp").mkdir()
        self.app = github.app(hook_url=f"{self.url}/webhook", webhook_secret="s3cret", events=EVENTS)
        (folder / "app.pem").write_text(self.app.private_key)
        (folder / "secret").write_text("s3cret")
        self.repository = github.repository("o/r")
        self.installation = github.install(self.app, self.repository)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **settings: str) -> None:
        """Start the server and wait until it serves."""
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder / "tmp"),
            "HUNKWISE_APP_ID": str(self.app.id),
            "HUNKWISE_PRIVATE_KEY_FILE": str(self.folder / "app.pem"),
            "HUNKWISE_WEBHOOK_SECRET_FILE": str(self.folder / "secret"),
            "HUNKWISE_GITHUB_SERVER": self.github.url,
            "HUNKWISE_DATABASE_URL": self.database.url,
            "HUNKWISE_STATE_DIR": str(self.folder / "state"),
            "HUNKWISE_PORT": str(self.port),
            "HUNKWISE_LEASE": "4",
            "HUNKWISE_RETRY_DELAY": "0.1",
            "HUNKWISE_DRAIN": "2",
            "A_SECRET_OF_THE_MACHINE": "plain",
            **{f"HUNKWISE_{name.upper()}": value for name, value in settings.items()},
        }
        with (self.folder / "stderr").open("ab") as log:
            self.process = subprocess.Popen([sys.executable, str(SCRIPT), str(self.folder)], env=environ, stderr=log)
        self.wait(self.is_up, 40)

    def is_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self) -> int:
        """Tell the server to end, and return its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def wait(self, fact: Callable[[], bool], seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not fact():
            assert time.monotonic() < deadline, self.said()[-3000:]
            time.sleep(0.05)

    def said(self) -> str:
        return (self.folder / "stderr").read_text()

    def rows(self, table: sa.Table) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(sa.select(table)).all())

    def settled(self) -> list[str]:
        """Wait until nothing waits and nothing runs; return the states of the deliveries about pull requests."""
        self.github.hooks.settle()

        def is_over() -> bool:
            open_jobs = any(job.state in ("queued", "running") for job in self.rows(jobs))
            return not open_jobs and all(row.state in ENDS for row in self.rows(deliveries))

        self.wait(is_over)
        return sorted(row.state for row in self.rows(deliveries) if row.event == "pull_request")

    def reviewed(self) -> list[str]:
        """Return the heads that were reviewed."""
        file = self.folder / "reviews"
        return [line.split()[1] for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture
def github(tmp_path: Path) -> Iterator[FakeGitHub]:
    """Serve a GitHub that judges each request."""
    with FakeGitHub(tmp_path / "github") as fake:
        yield fake
    assert [] == list(map(str, fake.violations))


@pytest.fixture
def installed(github: FakeGitHub, sqlite: Database, tmp_path: Path) -> Iterator[Installed]:
    """Return the App, not started yet."""
    made = Installed(github, sqlite, tmp_path / "app")
    yield made
    if made.process is not None:
        made.kill()


@pytest.fixture
def each_installed(github: FakeGitHub, database: Database, tmp_path: Path) -> Iterator[Installed]:
    """Return the App over each kind of database, not started yet."""
    made = Installed(github, database, tmp_path / "app")
    yield made
    if made.process is not None:
        made.kill()


@pytest.fixture
def repository(installed: Installed) -> RepositoryHandle:
    """Return the repository that the App is installed on."""
    return installed.repository


def opened(repository: RepositoryHandle) -> PullHandle:
    return repository.open_pull(base_files=BASE, head_files=HEAD)


def test_a_pull_request_gets_one_review(installed: Installed, github: FakeGitHub, repository: RepositoryHandle):
    """Opened: a comment on the right line, a check run; a push: only what is new. No secret in log or database."""
    installed.start()
    pull = opened(repository)
    assert installed.settled() == ["done"]
    (review,) = pull.reviews
    (comment,) = pull.comments
    assert (comment.path, comment.line, review.commit) == ("a.py", 3, pull.head)
    (run,) = repository.state.check_runs.values()
    assert (run.status, run.conclusion) == ("completed", "neutral")
    pull.react(comment.id, "heart")
    pull.push({"b.py": "new\n"})
    installed.settled()
    assert [comment.path for comment in pull.comments] == ["a.py", "b.py"]
    assert [(row.kind, row.rule) for row in installed.rows(feedback)] == [("heart", "small/S1")]
    assert installed.reviewed() == [review.commit, pull.head]
    assert "ghs_" not in installed.said()
    assert "s3cret" not in installed.said()
    assert "BEGIN" not in installed.said()
    environment = json.loads((installed.folder / "environment").read_text())
    assert "A_SECRET_OF_THE_MACHINE" not in environment
    assert not [name for name in environment if "KEY" in name or "SECRET" in name or "DATABASE" in name]
    assert installed.stop() == 0
    assert list((installed.folder / "tmp").iterdir()) == []


def test_the_tokens_are_for_one_repository_and_no_more(installed: Installed, github: FakeGitHub):
    """Reading and posting have each a token of their own, with the least rights."""
    installed.start()
    opened(installed.repository)
    installed.settled()
    asked = [json.loads(entry.body) for entry in github.log.entries if entry.path.endswith("/access_tokens")]
    assert asked
    assert {tuple(one.get("repositories", ())) for one in asked if "contents" in one["permissions"]} == {("r",)}
    rights = {json.dumps(one["permissions"], sort_keys=True) for one in asked}
    reading = {"contents": "read", "metadata": "read", "pull_requests": "read"}
    posting = {**reading, "checks": "write", "pull_requests": "write"}
    assert {json.dumps(one, sort_keys=True) for one in (reading, posting)} <= rights
    assert not [one for one in rights if '"contents": "write"' in one]


@pytest.mark.parametrize("kind", ["store_then_cut", "store_then_status"])
def test_a_review_whose_answer_was_lost_is_not_posted_again(installed: Installed, github: FakeGitHub, kind: Any):
    """The post was stored and its answer lost: it is found by its marker."""
    installed.start()
    github.faults.add(r"POST .*/pulls/1/reviews", kind)
    pull = opened(installed.repository)
    assert installed.settled() == ["done"]
    assert len(pull.reviews) == 1


def test_a_limit_is_waited_out(installed: Installed, github: FakeGitHub):
    """403 with retry-after: nothing is asked for this installation before its time, and then it is done."""
    installed.start()
    github.faults.add(
        r"POST .*/pulls/1/reviews",
        "status",
        status=403,
        headers={"retry-after": "2"},
        body={"message": "You have exceeded a secondary rate limit."},
    )
    pull = opened(installed.repository)
    assert installed.settled() == ["done"]
    posts = [one for one in github.log.entries if one.method == "POST" and one.path.endswith("/pulls/1/reviews")]
    assert len(posts) == 2
    assert posts[1].arrived_monotonic - posts[0].arrived_monotonic >= 2
    assert len(pull.reviews) == 1


def test_a_killed_server_leaves_nothing_behind_and_goes_on(each_installed: Installed, github: FakeGitHub):
    """kill -9 in mid-review: the reviewer's processes end with it, its folder is swept, the job is done by the next."""
    installed = each_installed
    installed.start()
    hold = installed.folder / "hold"
    hold.touch()
    pull = opened(installed.repository)
    installed.wait(lambda: (installed.folder / "child").exists())
    child = int((installed.folder / "child").read_text())
    installed.kill()
    installed.wait(lambda: not Path(f"/proc/{child}").exists(), 20)
    hold.unlink()
    installed.start()
    assert installed.settled() == ["done"]
    assert len(pull.reviews) == 1
    assert len(list((installed.folder / "tmp").glob("hunkwise-server-*"))) == 1


def test_a_newer_push_ends_the_review_of_the_older(installed: Installed, github: FakeGitHub):
    """A running review of a head that is not the newest any more is ended, and its check run says so."""
    installed.start()
    hold = installed.folder / "hold"
    hold.touch()
    pull = opened(installed.repository)
    installed.wait(lambda: len(installed.reviewed()) == 1)
    pull.push({"b.py": "new\n"})
    installed.wait(lambda: len(installed.reviewed()) == 2)
    hold.unlink()
    assert installed.settled() == ["done", "superseded"]
    assert [review.commit for review in pull.reviews] == [pull.head]
    assert sorted(str(run.conclusion) for run in installed.repository.state.check_runs.values()) == [
        "cancelled",
        "neutral",
    ]


def test_a_review_that_fails_is_said_so_and_shows_no_token(installed: Installed, github: FakeGitHub):
    """After three attempts the check run says that the head was not reviewed; the token it cried out is hidden."""
    (installed.folder / "exit").write_text("2")
    installed.start()
    pull = opened(installed.repository)
    assert installed.settled() == ["failed-visible"]
    assert len(installed.reviewed()) == 3
    (run,) = installed.repository.state.check_runs.values()
    assert (run.status, run.conclusion, run.title) == ("completed", "neutral", "Not reviewed: given up")
    assert "ghs_" not in run.summary
    assert "ghs_" not in installed.said()
    assert pull.reviews == []


def test_only_writers_command(installed: Installed, github: FakeGitHub):
    """`/hunkwise full` of one with write access is obeyed; of a stranger, of a bot, edited or quoted it is not."""
    installed.start()
    pull = opened(installed.repository)
    installed.repository.collaborator("carol", "write")
    installed.repository.collaborator("dave", "read")
    installed.settled()
    denied = pull.comment("/hunkwise full", user="dave")
    quoted = pull.comment("> /hunkwise full", user="carol")
    installed.settled()
    assert len(pull.reviews) == 1
    assert [reaction.content for reaction in denied.reactions] == ["confused"]
    assert quoted.reactions == []
    obeyed = pull.comment("/hunkwise full", user="carol")
    installed.settled()
    assert [reaction.content for reaction in obeyed.reactions] == ["eyes"]
    assert len(installed.reviewed()) == 2


def test_a_full_review_that_fails_ends_its_own_check_run(installed: Installed, github: FakeGitHub):
    """`/hunkwise full` fails: its check run says so, and that of the review before stays as it is."""
    installed.start()
    installed.repository.collaborator("carol", "write")
    pull = opened(installed.repository)
    installed.settled()
    (before,) = [run.title for run in installed.repository.state.check_runs.values()]
    (installed.folder / "exit").write_text("2")
    pull.comment("/hunkwise full", user="carol")
    installed.settled()
    runs = [(run.status, run.title) for run in installed.repository.state.check_runs.values()]
    assert runs == [("completed", before), ("completed", "Not reviewed: given up")]


def test_pause_and_resume(installed: Installed, github: FakeGitHub):
    """Paused, a push is not reviewed; resumed, the next one is."""
    installed.start()
    installed.repository.collaborator("carol", "admin")
    pull = opened(installed.repository)
    installed.settled()
    pull.comment("/hunkwise pause", user="carol")
    installed.settled()
    pull.push({"b.py": "new\n"})
    installed.settled()
    assert len(installed.reviewed()) == 1
    pull.comment("/hunkwise resume", user="carol")
    installed.settled()
    pull.push({"c.py": "new\n"})
    installed.settled()
    assert installed.reviewed()[1:] == [pull.head]


def test_help_is_answered_once(installed: Installed, github: FakeGitHub):
    """One answer for one question, also where the answer to the post is lost."""
    installed.start()
    installed.repository.collaborator("carol", "write")
    pull = opened(installed.repository)
    installed.settled()
    github.faults.add(r"POST .*/issues/1/comments$", "store_then_cut")
    pull.comment("/hunkwise help", user="carol")
    installed.settled()
    answers = [one for one in pull.conversation if one.user == installed.app.bot]
    assert len(answers) == 1
    assert "/hunkwise pause" in answers[0].body


def test_what_people_make_of_comments_is_recorded(installed: Installed, github: FakeGitHub):
    """Reactions and resolved threads are recorded by fingerprint and rule."""
    installed.start()
    pull = opened(installed.repository)
    installed.settled()
    (comment,) = pull.comments
    pull.react(comment.id, "-1", user="bob")
    pull.resolve(comment.id, user="bob")
    installed.settled()
    rows = installed.rows(feedback)
    assert sorted((row.kind, row.count, row.rule) for row in rows) == [
        ("-1", 1, "small/S1"),
        ("resolved", 1, "small/S1"),
    ]
    assert {len(row.fingerprint) for row in rows} == {16}


def test_missed_deliveries_are_found(installed: Installed, github: FakeGitHub):
    """Deliveries of the time when the server was down, failed or without a trace: the head gets its review."""
    pull = opened(installed.repository)
    github.hooks.settle()
    assert installed.rows(deliveries) == []
    installed.start(reconcile="1")
    installed.wait(lambda: len(pull.reviews) == 1)
    github.hooks.decide = lambda delivery: "drop"
    pull.push({"b.py": "new\n"})
    installed.wait(lambda: len(installed.reviewed()) == 2)
    installed.wait(lambda: len(pull.comments) == 2)
    github.hooks.decide = lambda delivery: "send"
    time.sleep(3)
    assert len(installed.reviewed()) == 2


def test_an_uninstalled_app_keeps_nothing(installed: Installed, github: FakeGitHub):
    """`installation.deleted` ends the jobs and erases what is kept of the repositories."""
    installed.start()
    pull = opened(installed.repository)
    installed.settled()
    pull.react(pull.comments[0].id, "+1")
    payload = {"action": "deleted", "installation": {"id": installed.installation.id}, "sender": {"type": "User"}}
    github.hooks.send(installed.app, "installation", payload, installed.installation)
    installed.wait(lambda: installed.rows(jobs) == [] and installed.rows(feedback) == [])
    assert "o/r" not in json.dumps([str(row) for row in installed.rows(deliveries)])


def test_sigterm_waits_for_a_review_that_ends_in_time(installed: Installed, github: FakeGitHub):
    """A review that ends within the drain is posted before the server ends."""
    installed.start(drain="20")
    hold = installed.folder / "hold"
    hold.touch()
    pull = opened(installed.repository)
    installed.wait(lambda: (installed.folder / "child").exists())
    assert installed.process is not None
    installed.process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    hold.unlink()
    assert installed.process.wait(timeout=40) == 0
    assert len(pull.reviews) == 1
