"""What people made of our comments, by fingerprint and rule: recorded for later learning, and given out as JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hunkwise.core.text import printable
from hunkwise.plugins.github.markers import MarkKind, Marks, find_mark
from hunkwise.plugins.github.port import Thread
from hunkwise.server.conversation import reactions
from hunkwise.server.database import Database
from hunkwise.server.tables import feedback, put, said
from hunkwise.server.work import Job

RESOLVED, ANSWERED, UNWANTED = "resolved", "answered", "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One kind of reaction to one comment; `kind` is an emoji's name, or that its thread was resolved or answered."""

    comment: int
    fingerprint: str
    kind: str
    count: int
    tools: tuple[str, ...] = ()


def opinions(threads: Iterable[Thread], comments: Iterable[Mapping[str, Any]], marks: Marks) -> Iterator[Opinion]:
    """Yield what people made of the comments that carry our markers."""
    for thread in threads:
        mark = find_mark(marks, MarkKind.COMMENT, thread.body)
        if mark is None or not mark.key:
            continue
        for kind, is_so in ((RESOLVED, thread.is_resolved), (ANSWERED, thread.human_replied)):
            if is_so:
                yield Opinion(comment=thread.comment, fingerprint=mark.key, kind=kind, count=1, tools=mark.by)
    for comment in comments:
        mark = find_mark(marks, MarkKind.COMMENT, str(comment.get("body")))
        number = comment.get("id")
        if mark is None or not mark.key or not isinstance(number, int):
            continue
        for kind, count in reactions(comment).items():
            yield Opinion(comment=number, fingerprint=mark.key, kind=kind, count=count, tools=mark.by)


def record(database: Database, job: Job, found: Iterable[Opinion], *, keep: bool = False) -> None:
    """Store the opinions of a pull request in place of the earlier ones; with `keep`, beside them."""
    with database.begin() as connection:
        now = database.now(connection)
        here = (feedback.c.repository == job.repository) & (feedback.c.pull == job.pull)
        rules = {
            row.fingerprint: row.rules
            for row in connection.execute(
                sa.select(said).where(said.c.repository == job.repository, said.c.pull == job.pull)
            )
        }
        rows = {
            (one.comment, one.kind): {
                "repository": job.repository,
                "installation": job.installation,
                "pull": job.pull,
                "comment": one.comment,
                "kind": one.kind,
                "fingerprint": one.fingerprint,
                "rule": rules.get(one.fingerprint) or " ".join(one.tools),
                "count": one.count,
                "seen": now,
            }
            for one in found
        }
        for comment, kind in rows if keep else ():
            connection.execute(feedback.delete().where(here, feedback.c.comment == comment, feedback.c.kind == kind))
        if not keep:
            # what was said by a command stays, for GitHub does not show it
            connection.execute(feedback.delete().where(here, feedback.c.kind != UNWANTED))
        if rows:
            connection.execute(feedback.insert(), list(rows.values()))


def note_rules(database: Database, job: Job, rules: Mapping[str, str]) -> None:
    """Store by which rules a comment was made, by its fingerprint: the comment itself only names the tools."""
    with database.begin() as connection:
        for fingerprint, named in rules.items():
            key = {"repository": job.repository, "pull": job.pull, "fingerprint": fingerprint}
            put(connection, said, key, {"installation": job.installation, "rules": named})


def export(database: Database) -> Iterator[str]:
    """Yield all that is recorded, one JSON object a line, in a stable order."""
    query = sa.select(feedback).order_by(*(feedback.c[name] for name in ("repository", "pull", "comment", "kind")))
    with database.reading() as connection:
        for row in connection.execute(query):
            yield json.dumps(dict(row._mapping))


def by_rule(database: Database) -> Iterator[str]:
    """Yield a line for each rule and kind of reaction with how often it came, most often first."""
    total = sa.func.sum(feedback.c.count)
    query = sa.select(feedback.c.rule, feedback.c.kind, total).group_by(feedback.c.rule, feedback.c.kind)
    with database.reading() as connection:
        for rule, kind, count in connection.execute(query.order_by(total.desc(), feedback.c.rule, feedback.c.kind)):
            yield f"{count:>7,}  {kind:<9}  {printable(rule)}"
