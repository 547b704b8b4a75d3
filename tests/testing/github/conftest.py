"""A fake GitHub for each test, which GitHub's own descriptions must have nothing against at the end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from github import Auth, Github, GithubRetry

from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle, RepositoryHandle

BASE = {"a.py": "".join(f"line {number}\n" for number in range(1, 31)), "gone.py": "x\n", "old.py": "same\n" * 9}
HEAD = {
    "a.py": BASE["a.py"].replace("line 3\n", "line three\nline 3b\n").replace("line 25\n", ""),
    "gone.py": None,
    "old.py": None,
    "moved.py": BASE["old.py"],
    "new.py": "a\nb\n",
    "image.bin": b"\0\1\2",
}


@pytest.fixture
def github(tmp_path: Path) -> Iterator[FakeGitHub]:
    """Serve; at the end nothing may be said against any request or response."""
    with FakeGitHub(tmp_path / "github") as fake:
        yield fake
    assert [] == list(map(str, fake.violations))


@pytest.fixture
def repository(github: FakeGitHub) -> RepositoryHandle:
    """Return a private repository."""
    return github.repository("o/r")


@pytest.fixture
def pull(repository: RepositoryHandle) -> PullHandle:
    """Return a pull request that changes, adds, deletes, moves, and adds a binary."""
    return repository.open_pull(base_files=BASE, head_files=HEAD)


@pytest.fixture
def token(github: FakeGitHub, repository: RepositoryHandle) -> str:
    """Return a token as our App would ask for."""
    return github.token(repository, app=github.app(), contents="read", pull_requests="write", checks="write")


@pytest.fixture
def client(github: FakeGitHub) -> Iterator[Callable[[str], httpx.Client]]:
    """Return a function that makes a plain client with a token."""
    made: list[httpx.Client] = []

    def make(token: str = "") -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        made.append(httpx.Client(base_url=github.api, headers=headers, trust_env=False))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def api(client: Callable[[str], httpx.Client], token: str) -> httpx.Client:
    """Return a plain client with the App's token."""
    return client(token)


@pytest.fixture
def pygithub(github: FakeGitHub, token: str) -> Iterator[Github]:
    """Return PyGithub with the App's token, which asks once."""
    retry = GithubRetry(total=0, allowed_methods={"GET"})
    with Github(
        base_url=github.api, auth=Auth.Token(token), retry=retry, seconds_between_requests=0, seconds_between_writes=0
    ) as made:
        yield made
