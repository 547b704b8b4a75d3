"""Turn stored deliveries into jobs, each delivery exactly once."""

import json
import logging
from dataclasses import asdict

import sqlalchemy as sa

from hunkwise.server import jobs as queue
from hunkwise.server import orders
from hunkwise.server.database import Database, DatabaseRefused
from hunkwise.server.inbox import Delivery, waiting
from hunkwise.server.tables import deliveries, pulls, put
from hunkwise.server.work import Kind, State

BATCH = 50
log = logging.getLogger(__name__)


class Router:
    """Reads deliveries and queues what they ask for; `review_hash` says how this server reviews."""

    def __init__(self, database: Database, rules: orders.Rules, review_hash: str) -> None:
        self._database, self._rules, self._review_hash = database, rules, review_hash

    def route(self) -> int:
        """Handle stored deliveries; return how many there were."""
        found = waiting(self._database, BATCH)
        for delivery in found:
            try:
                self._one(delivery)
            except DatabaseRefused as error:
                # the next one must not wait for it
                log.error("delivery cannot be handled: %s", error, extra={"delivery": delivery.id})
                self._settle(delivery, State.DEAD, "the database refused what it asks for", keep_body=True)
        return len(found)

    def key(self, repository: str, number: int, head: str, again: str = "") -> str:
        """Return what makes two reviews the same."""
        return f"{repository}#{number}@{head}:{self._review_hash}" + (f":{again}" if again else "")

    def add_review(
        self,
        connection: sa.Connection,
        now: float,
        subject: orders.Subject,
        head: str,
        *,
        again: str = "",
        full: bool = False,
    ) -> tuple[int, State]:
        """Queue a review of a head within an exclusive transaction."""
        note(connection, now, subject)
        return queue.add(
            connection,
            now,
            kind=Kind.REVIEW,
            key=self.key(subject.repository, subject.number, head, again),
            installation=subject.installation,
            repository=subject.repository,
            pull=subject.number,
            head=head,
            order=json.dumps({"again": again, "full": full}),
        )

    def _one(self, delivery: Delivery) -> None:
        try:
            wanted = orders.read_order(delivery.event, delivery.body, delivery.id, self._rules)
        except orders.Malformed as error:
            log.warning("delivery cannot be read: %s", error, extra={"delivery": delivery.id})
            # kept as it came, for whoever looks into it
            self._settle(delivery, State.DEAD, str(error), keep_body=True)
            return
        with self._database.exclusive() as connection:
            still = sa.select(deliveries.c.id).where(deliveries.c.id == delivery.id, deliveries.c.state == "received")
            if connection.execute(still).first() is None:
                return
            now = self._database.now(connection)
            outcomes = [self._apply(connection, now, delivery, order) for order in wanted]
            job = next((job for job, _, _ in outcomes if job is not None), None)
            _, state, reason = next((one for one in outcomes if one[0] == job), outcomes[0])
            ended = None if state in ("queued", "running") else now
            connection.execute(
                deliveries.update()
                .where(deliveries.c.id == delivery.id)
                .values(state=state, reason=reason, job=job, ended=ended, body=None)
            )
        log.info(
            "delivery is %s%s", state, f" ({reason})" if reason else "", extra={"delivery": delivery.id, "job": job}
        )

    def _apply(
        self, connection: sa.Connection, now: float, delivery: Delivery, order: orders.Order
    ) -> tuple[int | None, str, str]:
        """Do what an order asks for; return the job it made, the delivery's state and the reason."""
        match order:
            case orders.Ignore(reason=reason):
                return None, State.DONE, reason
            case orders.Review(subject=subject, head=head, again=again, full=full):
                if not again and self._is_paused(connection, subject):
                    return None, State.DONE, "reviews of this pull request are paused"
                job, state = self.add_review(connection, now, subject, head, again=again, full=full)
                return job, state, ""
            case orders.Comment(subject=subject):
                return *self._add(connection, now, Kind.COMMAND, f"command:{order.comment}", subject, asdict(order)), ""
            case orders.Feedback(subject=subject):
                key = f"feedback:{subject.repository}#{subject.number}:{delivery.id}"
                return *self._add(connection, now, Kind.FEEDBACK, key, subject, {}), ""
            case orders.Cancel(subject=subject, reason=reason):
                queue.stop(connection, now, subject.repository, subject.number, reason)
                return None, State.DONE, reason
            case orders.Forget(installation=installation, repositories=repositories, reason=reason):
                queue.forget(connection, now, installation, repositories, reason)
                return None, State.DONE, reason

    def _add(
        self, connection: sa.Connection, now: float, kind: Kind, key: str, subject: orders.Subject, order: object
    ) -> tuple[int, State]:
        return queue.add(
            connection,
            now,
            kind=kind,
            key=key,
            installation=subject.installation,
            repository=subject.repository,
            pull=subject.number,
            order=json.dumps(order),
        )

    def _is_paused(self, connection: sa.Connection, subject: orders.Subject) -> bool:
        query = sa.select(pulls.c.is_paused).where(
            pulls.c.repository == subject.repository, pulls.c.number == subject.number
        )
        return bool(connection.execute(query).scalar())

    def _settle(self, delivery: Delivery, state: str, reason: str, *, keep_body: bool) -> None:
        with self._database.exclusive() as connection:
            values = {"state": state, "reason": reason, "ended": self._database.now(connection)}
            connection.execute(
                deliveries.update()
                .where(deliveries.c.id == delivery.id, deliveries.c.state == "received")
                .values(**values, **({} if keep_body else {"body": None}))
            )


def note(connection: sa.Connection, now: float, subject: orders.Subject) -> None:
    """Remember a pull request."""
    key = {"repository": subject.repository, "number": subject.number}
    put(connection, pulls, key, {"installation": subject.installation, "seen": now})
