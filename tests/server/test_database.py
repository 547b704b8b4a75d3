"""Tests of the server's database."""

from pathlib import Path

from hunkwise.server.database import Database
from hunkwise.server.inbox import Delivery, keep
from hunkwise.server.tables import deliveries


def test_what_is_deleted_from_sqlite_is_not_left_in_its_file(tmp_path: Path):
    """The body of a delivery lies in the file while it is kept, and its bytes are written over afterwards."""
    file = tmp_path / "server.sqlite"
    with Database(f"sqlite:///{file}") as database:
        database.prepare()
        keep(database, [Delivery(id="one", event="pull_request", body=b"said in confidence " * 500)])
        held = []
        for values in ({"state": "received"}, {"body": None}):
            with database.begin() as connection:
                connection.execute(deliveries.update().values(**values))
            with database.engine.connect() as connection:
                connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            held.append(b"in confidence" in file.read_bytes())
    assert held == [True, False]
