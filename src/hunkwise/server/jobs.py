"""The states of jobs in the database: who may work on what, and in which order."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from hunkwise.server.database import Database
from hunkwise.server.tables import deliveries, feedback, jobs, pulls, put, said, turns
from hunkwise.server.work import ENDS, Job, Kind, State

COLUMNS = tuple(jobs.c[name] for name in Job.__dataclass_fields__)


def add(
    connection: sa.Connection,
    now: float,
    *,
    kind: Kind,
    key: str,
    installation: int,
    repository: str,
    pull: int,
    head: str = "",
    order: str = "",
) -> tuple[int, State]:
    """Queue a job within an exclusive transaction; return it and its state.

    Where one of the same key waits, runs or is done, that one is returned. A new review supersedes one that waits
    for the same pull request. One that runs goes on: only GitHub knows which of the two heads is the newer.
    """
    same = sa.select(jobs.c.id, jobs.c.state).where(jobs.c.key == key, jobs.c.state.in_(("queued", "running", "done")))
    if found := connection.execute(same.order_by(jobs.c.id.desc())).first():
        return found.id, State(found.state)
    if kind is Kind.REVIEW:
        which = (jobs.c.repository == repository) & (jobs.c.pull == pull) & (jobs.c.kind == Kind.REVIEW)
        _end_waiting(connection, now, which, "a newer push came")
    values = {"kind": kind, "key": key, "installation": installation, "repository": repository, "pull": pull}
    row = connection.execute(
        jobs.insert()
        .values(**values, head=head, order=order, state=State.QUEUED, created=now, not_before=now)
        .returning(jobs.c.id)
    )
    return row.scalar_one(), State.QUEUED


def stop(
    connection: sa.Connection,
    now: float,
    repository: str,
    pull: int,
    reason: str,
    kinds: Sequence[Kind] = (Kind.REVIEW,),
) -> None:
    """End the waiting jobs of a pull request and ask the running ones to end."""
    _stop(connection, now, (jobs.c.repository == repository) & (jobs.c.pull == pull) & jobs.c.kind.in_(kinds), reason)


def _stop(connection: sa.Connection, now: float, which: sa.ColumnElement[bool], reason: str) -> None:
    _end_waiting(connection, now, which, reason)
    connection.execute(jobs.update().where(which, jobs.c.state == State.RUNNING, jobs.c.stop == "").values(stop=reason))


def _end_waiting(connection: sa.Connection, now: float, which: sa.ColumnElement[bool], reason: str) -> None:
    waiting = connection.execute(sa.select(jobs.c.id).where(which, jobs.c.state == State.QUEUED)).scalars().all()
    for job in waiting:
        _end(connection, now, job, State.SUPERSEDED, reason)


def forget(connection: sa.Connection, now: float, installation: int, repositories: Sequence[str], reason: str) -> None:
    """End all work of an installation, or of some repositories of it, and erase what is kept of it."""
    for table in (jobs, pulls, said, feedback):
        which = table.c.installation == installation
        if repositories:
            which &= table.c.repository.in_(repositories)
        if table is jobs:
            _stop(connection, now, which, reason)
            ended = connection.execute(sa.select(jobs.c.id).where(which, jobs.c.state.in_(ENDS))).scalars().all()
            connection.execute(deliveries.delete().where(deliveries.c.job.in_(ended)))
            which &= jobs.c.state.in_(ENDS)
        connection.execute(table.delete().where(which))


def claim(database: Database, executor: str, lease: float) -> Job | None:
    """Take the next job whose turn it is, and count the attempt; None where there is none.

    The turn goes round installations, then round their repositories, then by age. Of a pull request only one review
    runs, and none of an installation that GitHub asked to wait.
    """
    of_installation, of_repository, running = turns.alias(), turns.alias(), jobs.alias()
    by_installation = of_installation.c.name == "i:" + sa.cast(jobs.c.installation, sa.Text)
    with database.exclusive() as connection:
        now = database.now(connection)
        beside = sa.exists().where(
            running.c.repository == jobs.c.repository,
            running.c.pull == jobs.c.pull,
            running.c.kind == Kind.REVIEW,
            running.c.state == State.RUNNING,
        )
        query = (
            sa.select(*COLUMNS)
            .select_from(
                jobs.outerjoin(of_installation, by_installation).outerjoin(
                    of_repository, of_repository.c.name == "r:" + jobs.c.repository
                )
            )
            .where(
                jobs.c.state == State.QUEUED,
                jobs.c.not_before <= now,
                sa.func.coalesce(of_installation.c.paused, 0) <= now,
                (jobs.c.kind != Kind.REVIEW) | ~beside,
            )
            .order_by(
                sa.func.coalesce(of_installation.c.served, 0),
                sa.func.coalesce(of_repository.c.served, 0),
                jobs.c.id,
            )
            .limit(1)
        )
        row = connection.execute(query).first()
        if row is None:
            return None
        found = dict(row._mapping)
        found["attempts"] += 1
        found["workflow"] = f"job-{row.id}-{found['attempts']}-{int(now * 1000):x}"
        found["kind"] = Kind(row.kind)
        connection.execute(
            jobs.update()
            .where(jobs.c.id == row.id)
            .values(
                state=State.RUNNING,
                attempts=found["attempts"],
                workflow=found["workflow"],
                executor=executor,
                lease=now + lease,
                started=now,
                stop="",
            )
        )
        for name in (f"i:{row.installation}", f"r:{row.repository}"):
            put(connection, turns, {"name": name}, {"served": now})
        return Job(**found)


def pause(connection: sa.Connection, installation: int, until: float) -> None:
    """Start no job of an installation before this time."""
    name = f"i:{installation}"
    paused = connection.execute(sa.select(turns.c.paused).where(turns.c.name == name)).scalar()
    put(connection, turns, {"name": name}, {"paused": max(until, paused or 0)})


def take_up(database: Database, job: int, workflow: str, executor: str, lease: float) -> Job | None:
    """Return the job if this workflow is what works on it and no other server does; it is this server's then."""
    with database.begin() as connection:
        mine = jobs.update().where(
            jobs.c.id == job,
            jobs.c.workflow == workflow,
            jobs.c.state == State.RUNNING,
            sa.or_(jobs.c.executor == executor, jobs.c.executor.is_(None)),
        )
        values = {"executor": executor, "lease": database.now(connection) + lease}
        row = connection.execute(mine.values(**values).returning(*COLUMNS)).first()
    return _job(row)


def renew(database: Database, job: int, workflow: str, executor: str, lease: float) -> bool:
    """Hold a job for another lease; return whether it is still this server's."""
    with database.begin() as connection:
        held = jobs.update().where(
            jobs.c.id == job, jobs.c.workflow == workflow, jobs.c.executor == executor, jobs.c.state == State.RUNNING
        )
        return connection.execute(held.values(lease=database.now(connection) + lease)).rowcount == 1


def news(database: Database, executor: str) -> dict[int, tuple[str, int]]:
    """Return the running jobs of this server that should end, with the reason, or may be stale, with what waits."""
    newer = jobs.alias()
    beside = (
        (newer.c.repository == jobs.c.repository)
        & (newer.c.pull == jobs.c.pull)
        & (newer.c.kind == Kind.REVIEW)
        & (newer.c.state == State.QUEUED)
    )
    query = (
        sa.select(jobs.c.id, jobs.c.stop, newer.c.id.label("newer"))
        .select_from(jobs.outerjoin(newer, beside))
        .where(
            jobs.c.executor == executor,
            jobs.c.state == State.RUNNING,
            (jobs.c.stop != "") | newer.c.id.is_not(None),
        )
    )
    with database.reading() as connection:
        return {row.id: (row.stop, row.newer or 0) for row in connection.execute(query)}


def keep_report(database: Database, job: Job, head: str, report: bytes) -> None:
    """Store the report on a head with its job, if the job is still this workflow's."""
    with database.begin() as connection:
        connection.execute(
            jobs.update()
            .where(jobs.c.id == job.id, jobs.c.workflow == job.workflow, jobs.c.state == State.RUNNING)
            .values(reviewed=head, report=report)
        )


def stored_report(database: Database, job: Job) -> bytes | None:
    """Return the report that is stored for the job's head, if there is one."""
    query = sa.select(jobs.c.report).where(jobs.c.id == job.id, jobs.c.reviewed == job.head)
    with database.reading() as connection:
        return connection.execute(query).scalar()


def move(connection: sa.Connection, job: Job, head: str, key: str) -> bool:
    """Make the job one about another head; return False where another job is about that head already."""
    same = sa.select(jobs.c.id).where(
        jobs.c.key == key, jobs.c.id != job.id, jobs.c.state.in_(("queued", "running", "done"))
    )
    if connection.execute(same).first():
        return False
    connection.execute(jobs.update().where(jobs.c.id == job.id).values(head=head, key=key, reviewed="", report=None))
    return True


def end(connection: sa.Connection, now: float, job: Job, state: State, reason: str) -> bool:
    """End a running job and all deliveries that asked for it; return False where it is another's by now."""
    held = sa.select(jobs.c.id).where(
        jobs.c.id == job.id, jobs.c.workflow == job.workflow, jobs.c.state == State.RUNNING
    )
    if connection.execute(held).first() is None:
        return False
    _end(connection, now, job.id, state, reason)
    return True


def _end(connection: sa.Connection, now: float, job: int, state: State, reason: str) -> None:
    assert state in ENDS
    connection.execute(
        jobs.update()
        .where(jobs.c.id == job)
        .values(state=state, reason=reason[:500], ended=now, executor=None, lease=None, report=None, order="")
    )
    connection.execute(
        deliveries.update()
        .where(deliveries.c.job == job, deliveries.c.ended.is_(None))
        .values(state=state, reason=reason[:500], ended=now)
    )


def put_back(
    connection: sa.Connection, now: float, job: Job, *, delay: float, reason: str, counted: bool
) -> State | None:
    """Queue a running job again; return the state it has then, or None where it is another's by now.

    counted: the attempt stands. A review is superseded instead where a newer one waits or it was asked to stop.
    """
    held = sa.select(jobs.c.stop).where(
        jobs.c.id == job.id, jobs.c.workflow == job.workflow, jobs.c.state == State.RUNNING
    )
    row = connection.execute(held).first()
    if row is None:
        return None
    if row.stop:
        _end(connection, now, job.id, State.SUPERSEDED, row.stop)
        return State.SUPERSEDED
    newer = sa.select(jobs.c.id).where(
        jobs.c.repository == job.repository,
        jobs.c.pull == job.pull,
        jobs.c.kind == Kind.REVIEW,
        jobs.c.state == State.QUEUED,
    )
    if job.kind is Kind.REVIEW and connection.execute(newer).first():
        _end(connection, now, job.id, State.SUPERSEDED, "a newer push came")
        return State.SUPERSEDED
    changes: dict[str, Any] = {"state": State.QUEUED, "not_before": now + delay, "reason": reason[:500]}
    if not counted:
        changes |= {"attempts": jobs.c.attempts - 1, "delays": jobs.c.delays + 1}
    connection.execute(jobs.update().where(jobs.c.id == job.id).values(**changes, executor=None, lease=None))
    return State.QUEUED


def delays(connection: sa.Connection, job: int) -> int:
    """Return how often a job was put back without counting an attempt."""
    return connection.execute(sa.select(jobs.c.delays).where(jobs.c.id == job)).scalar() or 0


def lapsed(connection: sa.Connection, now: float, others_than: str | None = None) -> tuple[Job, ...]:
    """Return the running jobs whose lease ran out; with `others_than`, all that another server holds."""
    lapsed = jobs.c.lease < now
    if others_than is not None:
        lapsed |= jobs.c.executor != others_than
    query = sa.select(*COLUMNS).where(jobs.c.state == State.RUNNING, lapsed).order_by(jobs.c.id)
    return tuple(job for row in connection.execute(query) if (job := _job(row)) is not None)


def release(connection: sa.Connection, now: float, job: Job, *, grace: float) -> int:
    """Let any server take a running job up, for the one that worked on it is dead; return how many died by now."""
    released = (
        jobs.update()
        .where(jobs.c.id == job.id, jobs.c.workflow == job.workflow, jobs.c.state == State.RUNNING)
        .values(
            deaths=jobs.c.deaths + sa.case((jobs.c.executor.is_(None), 0), else_=1), executor=None, lease=now + grace
        )
    )
    return int(connection.execute(released.returning(jobs.c.deaths)).scalar() or 0)


def _job(row: sa.Row[Any] | None) -> Job | None:
    return Job(**{**row._mapping, "kind": Kind(row.kind), "workflow": row.workflow or ""}) if row is not None else None
