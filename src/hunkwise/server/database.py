"""The database of the server, SQLite or PostgreSQL, with bounded waits."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError, SQLAlchemyError

from hunkwise.core.errors import HunkwiseError, UsageError
from hunkwise.server.tables import migrate

LOCK = 0x48756E6B
"""The advisory lock of those who change the state of jobs: a claim must not miss what another is about to write."""
WAIT = 4.0
"""Seconds that a statement waits for a lock; GitHub gives a delivery 10."""


class DatabaseDown(HunkwiseError):
    """The database cannot be written or read now; names no password."""


class DatabaseRefused(DatabaseDown):
    """The database is there and does not take these values, now or later."""


class Database:
    """One database and its connections; a context manager."""

    def __init__(self, url: str, *, wait: float = WAIT, connections: int = 8) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.wait = wait
        self.engine = _sqlite(url, wait) if self.is_sqlite else _postgres(url, wait, connections)

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def prepare(self) -> None:
        """Make the tables or bring them to this version; raises UsageError where the database cannot be used."""
        try:
            with self.exclusive() as connection:
                migrate(connection)
        except (DatabaseDown, ValueError) as error:
            raise UsageError(f"{self.name}: {error}; HUNKWISE_DATABASE_URL names another database") from error

    @property
    def name(self) -> str:
        """Return the address as messages may show it."""
        return sa.make_url(self.url).render_as_string(hide_password=True)

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Run a transaction; raises DatabaseDown where the database fails, with nothing written."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except (DataError, IntegrityError, ProgrammingError) as error:
            raise DatabaseRefused(_reason(error)) from error
        except SQLAlchemyError as error:
            raise DatabaseDown(_reason(error)) from error

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Run a transaction that only reads, and waits for no writer."""
        try:
            with self.engine.connect() as connection:
                yield connection.execution_options(reads=True)
        except SQLAlchemyError as error:
            raise DatabaseDown(_reason(error)) from error

    @contextmanager
    def exclusive(self) -> Iterator[sa.Connection]:
        """Run a transaction that no other exclusive one runs beside."""
        with self.begin() as connection:
            if not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            yield connection

    def now(self, connection: sa.Connection) -> float:
        """Return the time, in seconds of the epoch, by the clock that all servers of this database share."""
        if self.is_sqlite:
            return time.time()
        return float(connection.execute(sa.select(sa.extract("epoch", sa.func.clock_timestamp()))).scalar_one())


def _sqlite(url: str, wait: float) -> sa.Engine:
    path = Path(url.removeprefix("sqlite:///"))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path.parent} cannot be made: {error.strerror}") from error
    engine = sa.create_engine(url, connect_args={"timeout": wait, "check_same_thread": False}, pool_timeout=wait)

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        # sqlite3 would begin late and without the write lock, and then fail at once where another writes
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        # what is deleted, such as a report that quotes code, is not left in free pages
        connection.execute("PRAGMA secure_delete=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        reads = connection.get_execution_options().get("reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _postgres(url: str, wait: float, connections: int) -> sa.Engine:
    milliseconds = int(wait * 1000)
    # what is answered 202 must be on the disk, whatever the server's default is
    options = f"-c synchronous_commit=on -c lock_timeout={milliseconds} -c statement_timeout={milliseconds * 5}"
    return sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=connections,
        max_overflow=connections,
        pool_timeout=wait,
        connect_args={
            "connect_timeout": max(2, int(wait)),
            "options": options,
            "application_name": "hunkwise",
            "keepalives_idle": 10,
            "tcp_user_timeout": milliseconds * 2,
        },
    )


def _reason(error: SQLAlchemyError) -> str:
    """Return the first line of what the driver said, without the statement and its values."""
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
