"""The steps of a job and how each may end: an error becomes an outcome, an outcome the job's next state."""

import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypedDict

import sqlalchemy as sa

from hunkwise.core.errors import HunkwiseError
from hunkwise.plugins.github.port import AskLater, GitHubError
from hunkwise.server import jobs as queue
from hunkwise.server.database import Database, DatabaseDown
from hunkwise.server.logs import redact
from hunkwise.server.orders import Subject
from hunkwise.server.router import Router
from hunkwise.server.tables import pulls
from hunkwise.server.work import Broken, HandOver, Job, Kind, Lease, LeaseLost, Over, Stale, State, Work

ATTEMPTS = 3
"""How often a job may fail."""
DEATHS = 3
"""How many servers may die while they work on a job; counted apart, for most deaths are not the job's doing."""
DELAYS = 200
"""How often GitHub may ask to wait with one job."""
MOVES = 3
"""How often the head may change while a job starts."""
SHORTEST, LONGEST = 1.0, 3600.0
"""Seconds that GitHub may ask to wait; what it says beyond that is not believed."""
UNEXPECTED = "an unexpected error, which the server's log names"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many jobs run here, and the times of the engine, in seconds."""

    workers: int = 2
    lease: float = 60.0
    retry: float = 15.0
    drain: float = 30.0


class Outcome(TypedDict, total=False):
    """How a step ended; plain JSON, since DBOS stores it."""

    then: Literal["publish", "done", "over", "failed", "retry", "later", "hand over", "stale"]
    reason: str
    seconds: float
    head: str


class Steps:
    """What the workflow does with one job; errors of the work do not leave it, but for LeaseLost."""

    def __init__(
        self,
        database: Database,
        work: Work,
        router: Router,
        pace: Pace,
        executor: str,
        ended: Callable[[Job, State, float], None],
    ) -> None:
        self._database, self._work, self._router, self._pace = database, work, router, pace
        self._executor, self._ended = executor, ended

    def work(self, job: Job, lease: Lease) -> Outcome:
        """Review and store the report, or do what else the job is about."""

        def call() -> Outcome:
            if job.kind is not Kind.REVIEW:
                self._work.act(job, lease)
                return {"then": "done"}
            return self._review(job, lease)

        return self._outcome(job, call)

    def publish(self, number: int, workflow: str, lease: Lease) -> Outcome:
        """Post the stored report."""
        job = queue.take_up(self._database, number, workflow, self._executor, self._pace.lease)
        if job is None:
            raise LeaseLost("another server has taken it over")

        def call() -> Outcome:
            report = queue.stored_report(self._database, job)
            if report is None:
                return {"then": "retry", "reason": "the stored report is gone"}
            self._work.publish(job, report, lease)
            return {"then": "done"}

        return self._outcome(job, call)

    def finish(self, number: int, workflow: str, outcome: Outcome) -> str:
        """Write the job's next state; waits a while for a database that is away."""
        for left in reversed(range(6)):
            try:
                return self._finish(number, workflow, outcome)
            except DatabaseDown:
                if not left:
                    raise
                time.sleep(self._pace.lease / 12)
        raise AssertionError

    def give_up(self, connection: sa.Connection, now: float, job: Job, deaths: int) -> None:
        """End a job that so many servers died of."""
        reason = f"{deaths} servers died while they worked on it"
        if queue.end(connection, now, job, State.DEAD, reason):
            log.error("job ends: %s", reason, extra={"job": job.id})
            self._notice(connection, now, job, reason)
            self._ended(job, State.DEAD, now - job.created)

    def _review(self, job: Job, lease: Lease) -> Outcome:
        if queue.stored_report(self._database, job) is not None:
            return {"then": "publish"}
        for left in reversed(range(MOVES)):
            try:
                report = self._work.review(job, lease)
            except Stale as stale:
                if not left:
                    raise
                job = self._moved(job, stale.head)
                continue
            queue.keep_report(self._database, job, job.head, report)
            break
        return {"then": "publish"}

    def _moved(self, job: Job, head: str) -> Job:
        key = self._router.key(job.repository, job.pull, head, str(job.asked.get("again", "")))
        with self._database.exclusive() as connection:
            if not queue.move(connection, job, head, key):
                raise Over(f"the head is now {head[:12]}, which has a review of its own")
        return replace(job, head=head, key=key)

    def _outcome(self, job: Job, call: Callable[[], Outcome]) -> Outcome:
        try:
            return call()
        except LeaseLost:
            raise
        except HandOver as error:
            return {"then": "hand over", "reason": str(error)}
        except Stale as stale:
            return {"then": "stale", "head": stale.head, "reason": str(stale)}
        except Over as error:
            return {"then": "over", "reason": redact(str(error))}
        except (Broken, GitHubError) as error:
            return {"then": "failed", "reason": redact(str(error))}
        except AskLater as error:
            return {"then": "later", "seconds": error.seconds, "reason": redact(str(error))}
        except HunkwiseError as error:
            return {"then": "retry", "reason": redact(str(error))}
        except Exception as error:
            log.exception("job failed unexpectedly", extra={"job": job.id})
            return {"then": "retry", "reason": f"{UNEXPECTED}: {type(error).__name__}"}

    def _finish(self, number: int, workflow: str, outcome: Outcome) -> str:
        job = queue.take_up(self._database, number, workflow, self._executor, self._pace.lease)
        if job is None:
            return "another's"
        reason = outcome.get("reason", "")
        with self._database.exclusive() as connection:
            now = self._database.now(connection)
            state = self._next(connection, now, job, outcome, reason)
        log.log(
            logging.WARNING if outcome["then"] in ("failed", "retry") else logging.INFO,
            "job is %s%s",
            state,
            f" ({reason})" if reason else "",
            extra={"job": number, "repository": job.repository, "pull": job.pull},
        )
        if state is not State.QUEUED:
            self._ended(job, state, now - job.created)
        return state.value

    def _next(self, connection: sa.Connection, now: float, job: Job, outcome: Outcome, reason: str) -> State:
        match outcome["then"]:
            case "done" | "over" as then:
                state = State.DONE if then == "done" else State.SUPERSEDED
                queue.end(connection, now, job, state, reason)
                if then == "done" and job.kind is Kind.REVIEW:
                    self._reviewed(connection, now, job)
                return state
            case "stale":
                queue.end(connection, now, job, State.SUPERSEDED, reason)
                subject = Subject(installation=job.installation, repository=job.repository, number=job.pull)
                self._router.add_review(connection, now, subject, outcome["head"])
                return State.SUPERSEDED
            case "later":
                seconds = min(max(outcome["seconds"], SHORTEST), LONGEST)
                queue.pause(connection, job.installation, now + seconds)
                if queue.delays(connection, job.id) < DELAYS:
                    return self._put_back(connection, now, job, seconds, reason, counted=False)
            case "hand over":
                return self._put_back(connection, now, job, 0, reason, counted=False)
            case "retry" if job.attempts < ATTEMPTS:
                delay = self._pace.retry * 2 ** (job.attempts - 1) * random.uniform(0.5, 1.5)
                return self._put_back(connection, now, job, delay, reason, counted=True)
        queue.end(connection, now, job, State.FAILED, reason)
        self._notice(connection, now, job, reason)
        return State.FAILED

    def _reviewed(self, connection: sa.Connection, now: float, job: Job) -> None:
        """Note the head; where there was a review before, look what people made of its comments."""
        this = (pulls.c.repository == job.repository) & (pulls.c.number == job.pull)
        before = connection.execute(sa.select(pulls.c.reviewed).where(this)).scalar()
        connection.execute(pulls.update().where(this).values(reviewed=job.head))
        if before:
            self._add(connection, now, job, Kind.FEEDBACK, f"feedback:job-{job.id}", "{}")

    def _put_back(
        self, connection: sa.Connection, now: float, job: Job, delay: float, reason: str, *, counted: bool
    ) -> State:
        return queue.put_back(connection, now, job, delay=delay, reason=reason, counted=counted) or State.SUPERSEDED

    def _notice(self, connection: sa.Connection, now: float, job: Job, reason: str) -> None:
        if job.kind is Kind.REVIEW:
            order = json.dumps({**job.asked, "reason": reason[:500]})
            self._add(connection, now, job, Kind.NOTICE, f"notice:{job.key}", order)

    def _add(self, connection: sa.Connection, now: float, job: Job, kind: Kind, key: str, order: str) -> None:
        queue.add(
            connection,
            now,
            kind=kind,
            key=key,
            installation=job.installation,
            repository=job.repository,
            pull=job.pull,
            head=job.head,
            order=order,
        )
