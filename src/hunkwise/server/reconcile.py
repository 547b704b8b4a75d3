"""Look for what was missed: deliveries that GitHub could not bring, and open pull requests without a review."""

import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hunkwise.core.errors import HunkwiseError
from hunkwise.github.api import Api
from hunkwise.server.database import Database
from hunkwise.server.orders import REPOSITORY, SHA, Subject
from hunkwise.server.receiver import EVENTS
from hunkwise.server.router import Router
from hunkwise.server.settings import ServerSettings
from hunkwise.server.tables import deliveries, jobs, pulls, put, turns
from hunkwise.server.tokens import READING, Tokens

LOCK = "reconcile"
ATTEMPTS = 3
"""How often one delivery is asked for again."""
WINDOW = 3 * 86400.0
"""Seconds that GitHub keeps deliveries, and how far back pull requests are looked at."""
REPOSITORIES = 50
"""Repositories that one look goes through; the others have their turn at the next ones."""
log = logging.getLogger(__name__)


class Reconciler:
    """Looks once in a while, one server at a time."""

    def __init__(self, database: Database, tokens: Tokens, router: Router, settings: ServerSettings) -> None:
        self._database, self._tokens, self._router, self._settings = database, tokens, router, settings

    def look(self) -> None:
        """Take the turn if nobody took it lately, and look; what GitHub refuses is logged."""
        if not self._take_turn():
            return
        for what in (self.redeliver, self.sweep):
            try:
                found = what()
            except HunkwiseError as error:
                log.warning("looking for what was missed: %s", error)
            else:
                if found:
                    log.info("%s found %s", what.__name__, found)

    def redeliver(self) -> int:
        """Have GitHub deliver again what it could not bring and is not here; return how many."""
        by_name: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for one in self._tokens.ask_all("/app/hook/deliveries", asked="listing deliveries"):
            if isinstance(one, dict) and one.get("event") in EVENTS and isinstance(one.get("guid"), str):
                by_name[one["guid"]].append(one)
        failed = [
            (guid, attempts)
            for guid, attempts in by_name.items()
            if len(attempts) <= ATTEMPTS and not any(_is_fine(one) for one in attempts)
        ]
        known = self._known([guid for guid, _ in failed])
        asked = 0
        for guid, attempts in failed:
            newest = max(attempts, key=lambda one: str(one.get("delivered_at")))
            if guid not in known and isinstance(newest.get("id"), int):
                path = f"/app/hook/deliveries/{newest['id']}/attempts"
                self._tokens.ask("POST", path, asked="asking for a delivery again")
                asked += 1
        return asked

    def sweep(self) -> int:
        """Queue reviews of heads that nobody was told of; return how many.

        Only pull requests that changed since the App was installed, and in the last three days: being installed is
        no wish to have everything reviewed.
        """
        added = 0
        for installation, repository, since in self._due():
            with suppress(HunkwiseError):
                for number, head in self._open(installation, repository, since):
                    added += self._add(Subject(installation=installation, repository=repository, number=number), head)
        return added

    def _due(self) -> Iterator[tuple[int, str, float]]:
        """Yield the repositories whose turn it is, with their installation and since when they count."""
        found: list[tuple[int, str, float]] = []
        for one in self._tokens.ask_all("/app/installations", asked="listing installations"):
            if not isinstance(one, dict) or one.get("suspended_at") or not isinstance(one.get("id"), int):
                continue
            since = max(_seconds(one.get("created_at")), time.time() - WINDOW)
            with suppress(HunkwiseError):
                found += [(one["id"], name, since) for name in self._tokens.repositories(one["id"])]
        with self._database.reading() as connection:
            served = dict(connection.execute(sa.select(turns.c.name, turns.c.served)).tuples().all())
        found = [one for one in found if REPOSITORY.fullmatch(one[1])]
        for one in sorted(found, key=lambda one: (served.get(f"s:{one[1]}", 0.0), one[1]))[:REPOSITORIES]:
            with self._database.exclusive() as connection:
                put(connection, turns, {"name": f"s:{one[1]}"}, {"served": self._database.now(connection)})
            yield one

    def _open(self, installation: int, repository: str, since: float) -> Iterator[tuple[int, str]]:
        token = self._tokens.make(installation, repository, READING)
        parameters = {"state": "open", "sort": "updated", "direction": "desc", "per_page": 100}
        with Api(self._settings.github_server, token) as api:
            found = api.read(
                f"/repos/{repository}/pulls", asked=f"listing pulls of {repository}", parameters=parameters
            )
        for one in found if isinstance(found, list) else ():
            number, head = one.get("number"), (one.get("head") or {}).get("sha")
            is_draft = one.get("draft") is True and not self._settings.drafts
            if is_draft or _seconds(one.get("updated_at")) < since:
                continue
            if isinstance(number, int) and isinstance(head, str) and SHA.fullmatch(head):
                yield number, head

    def _add(self, subject: Subject, head: str) -> int:
        key = self._router.key(subject.repository, subject.number, head)
        tried = sa.select(jobs.c.id).where(
            jobs.c.repository == subject.repository,
            jobs.c.pull == subject.number,
            (jobs.c.key == key) | jobs.c.state.in_(("queued", "running")),
            jobs.c.kind == "review",
            # one that was superseded says nothing about this head, which is the newest again
            jobs.c.state != "superseded",
        )
        paused = sa.select(pulls.c.number).where(
            pulls.c.repository == subject.repository, pulls.c.number == subject.number, pulls.c.is_paused
        )
        with self._database.exclusive() as connection:
            if connection.execute(tried).first() or connection.execute(paused).first():
                return 0
            self._router.add_review(connection, self._database.now(connection), subject, head)
        return 1

    def _known(self, names: list[str]) -> set[str]:
        with self._database.reading() as connection:
            return set(connection.execute(sa.select(deliveries.c.id).where(deliveries.c.id.in_(names))).scalars())

    def _take_turn(self) -> bool:
        with self._database.exclusive() as connection:
            now = self._database.now(connection)
            last = connection.execute(sa.select(turns.c.served).where(turns.c.name == LOCK)).scalar()
            if last is not None and now - last < self._settings.reconcile * 0.9:
                return False
            put(connection, turns, {"name": LOCK}, {"served": now})
            return True


def _is_fine(attempt: Mapping[str, Any]) -> bool:
    code = attempt.get("status_code")
    return isinstance(code, int) and 200 <= code < 300


def _seconds(text: object) -> float:
    with suppress(ValueError):
        return datetime.fromisoformat(str(text).replace("Z", "+00:00")).timestamp()
    return 0.0
