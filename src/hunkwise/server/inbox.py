"""Keep deliveries durably before they are answered, many in one commit."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from hunkwise.server.database import Database, DatabaseDown
from hunkwise.server.tables import deliveries

BATCH = 500
"""Deliveries of one commit."""
BATCH_BYTES = 32 * 2**20
PATIENCE = 8.0
"""Seconds that a delivery may wait for its commit; GitHub hangs up after 10."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One signed delivery as it came; `id` and `event` are its headers."""

    id: str
    event: str
    body: bytes


class Kept(StrEnum):
    """What became of a delivery that came."""

    NEW = "new"
    AGAIN = "again"
    """It is known, and is done or being worked on."""


def keep(database: Database, batch: Sequence[Delivery]) -> set[str]:
    """Store deliveries in one transaction; return the ids of those that are to be worked on.

    A delivery that is known is left alone, unless what it asked for failed: then it is taken up anew.
    Raises DatabaseDown, and nothing is stored then.
    """
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    statement = insert(deliveries)
    # literals, since the values of many rows go beside each other in one statement
    failed = (deliveries.c.state == sa.literal_column("'failed-visible'")) | (
        deliveries.c.state == sa.literal_column("'dead'")
    )
    new = statement.excluded
    columns = {"state": new.state, "reason": sa.literal_column("''"), "job": sa.null(), "ended": sa.null()}
    upsert = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={**columns, "body": new.body, "event": new.event, "received": new.received},
        where=failed,
    ).returning(deliveries.c.id)
    with database.begin() as connection:
        now = database.now(connection)
        rows = [
            {"id": one.id, "event": one.event, "body": one.body, "received": now, "state": "received"} for one in batch
        ]
        return set(connection.execute(upsert, rows).scalars())


class Inbox:
    """Collects the deliveries of concurrent requests into commits; lives in one event loop."""

    def __init__(self, database: Database, arrived: Callable[[], None]) -> None:
        self._database, self._arrived = database, arrived
        self._waiting: list[tuple[Delivery, asyncio.Future[Kept]]] = []
        self._task: asyncio.Task[None] | None = None

    async def put(self, delivery: Delivery) -> Kept:
        """Return once the delivery is durable; raises DatabaseDown within a bounded time if that cannot be had."""
        kept: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        self._waiting.append((delivery, kept))
        if self._task is None:
            self._task = asyncio.create_task(self._commit_all())
        try:
            async with asyncio.timeout(PATIENCE):
                return await kept
        except TimeoutError:
            raise DatabaseDown(f"the database did not take a delivery within {PATIENCE:g} s") from None

    async def _commit_all(self) -> None:
        try:
            while self._waiting:
                batch = self._next()
                if not batch:
                    continue
                # one id twice in one statement is an error to PostgreSQL
                first = {delivery.id: delivery for delivery, _ in reversed(batch)}
                try:
                    fresh = await asyncio.to_thread(keep, self._database, tuple(first.values()))
                except DatabaseDown as error:
                    for _, kept in batch:
                        if not kept.done():
                            kept.set_exception(DatabaseDown(str(error)))
                    continue
                for delivery, kept in batch:
                    if not kept.done():
                        kept.set_result(Kept.NEW if delivery.id in fresh else Kept.AGAIN)
                    fresh.discard(delivery.id)
                self._arrived()
        finally:
            self._task = None

    def _next(self) -> list[tuple[Delivery, "asyncio.Future[Kept]"]]:
        taken, size = 0, 0
        while taken < min(len(self._waiting), BATCH) and size < BATCH_BYTES:
            size += len(self._waiting[taken][0].body)
            taken += 1
        batch, self._waiting = self._waiting[:taken], self._waiting[taken:]
        # who waits no longer has been answered that it was not stored
        return [one for one in batch if not one[1].done()]


def waiting(database: Database, limit: int) -> tuple[Delivery, ...]:
    """Return stored deliveries that nobody has looked at yet, oldest first."""
    query = (
        sa.select(deliveries.c.id, deliveries.c.event, deliveries.c.body)
        .where(deliveries.c.state == "received")
        .order_by(deliveries.c.received)
        .limit(limit)
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return tuple(Delivery(id=row.id, event=row.event, body=row.body or b"") for row in rows)
