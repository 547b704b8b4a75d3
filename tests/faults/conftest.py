"""What the fault tests stand on: the fake GitHub, both kinds of database, and servers that begin quickly."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from bot import Bot, Nursery
from checker import check, check_end

from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.postgres import Cluster


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Return what begins servers."""
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def github(tmp_path: Path) -> Iterator[FakeGitHub]:
    """Serve a GitHub that judges each request by GitHub's own descriptions."""
    with FakeGitHub(tmp_path / "github") as fake:
        yield fake


@pytest.fixture
def sqlite_bot(github: FakeGitHub, nursery: Nursery, tmp_path: Path) -> Iterator[Bot]:
    """Return the App over SQLite, not started yet; all invariants are checked at the end."""
    yield from _bot(github, f"sqlite:///{tmp_path}/app/state/server.sqlite", nursery, tmp_path)


@pytest.fixture
def postgres_bot(github: FakeGitHub, nursery: Nursery, tmp_path: Path, postgres: Cluster) -> Iterator[Bot]:
    """Return the App over PostgreSQL, not started yet; all invariants are checked at the end."""
    yield from _bot(github, postgres.database(), nursery, tmp_path)


NAMES = {"sqlite": "sqlite_bot", "postgresql": "postgres_bot"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def bot(request: pytest.FixtureRequest) -> Bot:
    """Return the App, not started yet, over each kind of database; over PostgreSQL in the long run only."""
    found: Bot = request.getfixturevalue(NAMES[request.param])
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest) -> Bot:
    """Return the App, not started yet, over each kind of database, for what hangs on the database."""
    found: Bot = request.getfixturevalue(NAMES[request.param])
    return found


def _bot(github: FakeGitHub, url: str, nursery: Nursery, folder: Path) -> Iterator[Bot]:
    made = Bot(github, url, folder / "app", nursery)
    try:
        yield made
        if not made.lives:
            return
        made.settled()
        if made.is_checked:
            check(made)
        check_end(made)
    finally:
        made.end()
