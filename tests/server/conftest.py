"""Databases for tests of the server: SQLite, and PostgreSQL where it is installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hunkwise.server.database import Database


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state' / 'server.sqlite'}"
    return request.getfixturevalue("postgres").database()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """Return a prepared SQLite database, for what does not depend on the kind."""
    with Database(f"sqlite:///{tmp_path / 'state' / 'server.sqlite'}") as made:
        made.prepare()
        yield made


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Return a prepared database."""
    with Database(database_url) as made:
        made.prepare()
        yield made
