"""Forget what is over: deliveries and jobs after some days, and the engine's own notes of them sooner."""

import time
from datetime import UTC, datetime

import sqlalchemy as sa

from hunkwise.server.database import Database
from hunkwise.server.tables import deliveries, feedback, jobs, pulls, said, turns

DAY = 86400.0
BATCH = 500
NOTES = 3600.0
"""Seconds after its end that DBOS' notes of a job are kept."""


def forget_old(database: Database, keep_days: float) -> None:
    """Delete what ended longer ago, and what is kept of pull requests that got no review for 90 days more."""
    with database.begin() as connection:
        oldest = database.now(connection) - keep_days * DAY
        connection.execute(deliveries.delete().where(deliveries.c.ended < oldest))
        connection.execute(jobs.delete().where(jobs.c.ended < oldest))
        connection.execute(turns.delete().where(turns.c.served < oldest, turns.c.paused < oldest))
        gone = sa.select(pulls.c.repository, pulls.c.number).where(pulls.c.seen < oldest - 90 * DAY)
        for repository, number in connection.execute(gone.limit(BATCH)).all():
            for table in (said, feedback):
                connection.execute(table.delete().where(table.c.repository == repository, table.c.pull == number))
            connection.execute(pulls.delete().where(pulls.c.repository == repository, pulls.c.number == number))


def forget_notes(older: float = NOTES) -> int:
    """Delete what DBOS wrote down about jobs that ended; return of how many."""
    from dbos import DBOS

    oldest = datetime.fromtimestamp(time.time() - older, UTC).isoformat()
    forgotten = 0
    while True:
        found = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"],
            completed_before=oldest,
            limit=BATCH,
            load_input=False,
            load_output=False,
        )
        if not found:
            return forgotten
        DBOS.delete_workflows([one.workflow_id for one in found])
        forgotten += len(found)
