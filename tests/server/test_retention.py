"""Tests of what is forgotten."""

import sqlalchemy as sa

from hunkwise.server.database import Database
from hunkwise.server.inbox import Delivery, keep
from hunkwise.server.orders import Rules
from hunkwise.server.retention import DAY, forget_old
from hunkwise.server.router import Router
from hunkwise.server.tables import deliveries, jobs

PAYLOAD = (
    b'{"action": "opened", "number": 1, "pull_request": {"head": {"sha": "' + b"a" * 40 + b'"}}, '
    b'"repository": {"full_name": "o/r"}, "installation": {"id": 5}}'
)


def test_what_ended_is_forgotten_after_some_days(database: Database):
    """What waits stays however old it is; a body is gone as soon as it is understood."""
    keep(database, [Delivery(id=name, event="pull_request", body=PAYLOAD) for name in ("a", "b")])
    Router(database, Rules(app_id=1), "x").route()
    with database.begin() as connection:
        assert {row.body for row in connection.execute(sa.select(deliveries.c.body))} == {None}
        old = database.now(connection) - 31 * DAY
        connection.execute(deliveries.update().where(deliveries.c.id == "a").values(ended=old, state="done"))
        connection.execute(jobs.update().values(created=old))
    forget_old(database, 30)
    with database.reading() as connection:
        assert connection.execute(sa.select(deliveries.c.id)).scalars().all() == ["b"]
        assert len(connection.execute(sa.select(jobs.c.id)).all()) == 1
        connection.rollback()
    with database.begin() as connection:
        connection.execute(jobs.update().values(ended=old, state="done"))
    forget_old(database, 30)
    with database.reading() as connection:
        assert connection.execute(sa.select(jobs.c.id)).all() == []
