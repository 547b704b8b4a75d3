"""A pull request on the fake GitHub, and our client to it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hunkwise.github.api import Api, Pace
from hunkwise.github.client import PullRequestClient
from hunkwise.github.tokens import Token
from hunkwise.plugins.github.port import Target
from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle, RepositoryHandle

OLD = "".join(f"line {number}\n" for number in range(1, 41))
NEW = OLD.replace("line 3\n", "line three\n").replace("line 30\n", "line thirty\nline more\n")
BASE = {"a.py": OLD, "old.py": "same\n" * 9, "gone.py": "x\n"}
HEAD = {"a.py": NEW, "b.py": "one\ntwo\n", "gone.py": None}
QUICK = Pace(exchange=20.0, total=60.0, pause=0.01, between_writes=0.0)
WRITES = {"contents": "read", "pull_requests": "write", "checks": "write"}


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeGitHub]:
    """Serve; at the end GitHub's own descriptions have nothing against what was asked and answered."""
    with FakeGitHub(tmp_path / "github") as served:
        yield served
    assert [] == list(map(str, served.violations))


@pytest.fixture
def repository(fake: FakeGitHub) -> RepositoryHandle:
    """Return a private repository."""
    return fake.repository("o/r")


@pytest.fixture
def pull(repository: RepositoryHandle) -> PullHandle:
    """Return a pull request with two hunks in one file, a new file and a deleted one."""
    return repository.open_pull(base_files=BASE, head_files=HEAD)


@pytest.fixture
def token(fake: FakeGitHub, repository: RepositoryHandle) -> Token:
    """Return a token of our App, with the rights that it asks for."""
    return Token(value=fake.token(repository, app=fake.app(), **WRITES), origin="test")


@pytest.fixture
def connect(fake: FakeGitHub) -> Iterator[Callable[..., PullRequestClient]]:
    """Return a function that makes a client of a pull request with a token."""
    with ExitStack() as stack:

        def make(pull: PullHandle, token: Token | None, pace: Pace = QUICK) -> PullRequestClient:
            api = stack.enter_context(Api(fake.url, token, pace))
            return PullRequestClient(
                api, Target(server=fake.url, repository=pull.repository.full_name, number=pull.number)
            )

        yield make


@pytest.fixture
def client(connect: Callable[..., PullRequestClient], pull: PullHandle, token: Token) -> PullRequestClient:
    """Return our client of the pull request."""
    return connect(pull, token)
