"""What the App's jobs do: reviews, commands, feedback and notices, as the engine calls them."""

import sqlalchemy as sa

from hunkwise.plugins.github.commands import Command
from hunkwise.plugins.github.markers import MarkKind, find_mark
from hunkwise.plugins.github.summary import HELP, NOTICES, Notice
from hunkwise.server import feedback
from hunkwise.server.conversation import Conversation
from hunkwise.server.database import Database
from hunkwise.server.orders import Subject
from hunkwise.server.reviewing import Desk, Reviewing
from hunkwise.server.router import Router, note
from hunkwise.server.tables import pulls
from hunkwise.server.work import Job, Kind, Lease, Over

YES, NO, SEEN = "+1", "confused", "eyes"


class AppWork:
    """The work behind the engine's protocol."""

    def __init__(self, database: Database, reviewing: Reviewing, router: Router) -> None:
        self._database, self._reviewing, self._router = database, reviewing, router

    def review(self, job: Job, lease: Lease) -> bytes:
        """Return the report on the pull request's head."""
        return self._reviewing.review(job, lease)

    def publish(self, job: Job, report: bytes, lease: Lease) -> None:
        """Post the report, once."""
        rules = self._reviewing.publish(job, report, lease)
        feedback.note_rules(self._database, job, rules)

    def act(self, job: Job, lease: Lease) -> None:
        """Do a job that is no review."""
        if job.kind is Kind.NOTICE:
            self._reviewing.say_failed(job, lease)
        elif job.kind is Kind.FEEDBACK:
            self._reviewing.with_desk(job, lease, lambda desk: self._look(job, desk))
        else:
            self._reviewing.with_desk(job, lease, lambda desk: self._obey(job, lease, desk))

    def _look(self, job: Job, desk: Desk) -> None:
        conversation = Conversation(desk.api, desk.pull.target, self._reviewing.account)
        found = feedback.opinions(desk.github.threads(), conversation.inline_comments(), self._reviewing.marks(job))
        feedback.record(self._database, job, found)

    def _obey(self, job: Job, lease: Lease, desk: Desk) -> None:
        """Do what a comment commands, if its author may command now and it still says so."""
        comment, is_inline = int(job.asked["comment"]), bool(job.asked["is_inline"])
        author, command = str(job.asked["author"]), Command(job.asked["command"])
        conversation = Conversation(desk.api, desk.pull.target, self._reviewing.account)
        now = conversation.comment(comment, is_inline=is_inline)
        if now is None or now.get("created_at") != now.get("updated_at"):
            raise Over("the comment is gone or was edited")
        if not conversation.may_command(author):
            lease.secure()
            conversation.react(comment, NO, is_inline=is_inline)
            raise Over("its author has no write access")
        emoji = self._do(job, command, comment, desk)
        lease.secure()
        if command is Command.HELP:
            conversation.answer(f"{NOTICES[Notice.HELP]}\n\n" + "\n".join(HELP), f"<!-- hunkwise:answer {comment} -->")
        conversation.react(comment, emoji, is_inline=is_inline)

    def _do(self, job: Job, command: Command, comment: int, desk: Desk) -> str:
        subject = Subject(installation=job.installation, repository=job.repository, number=job.pull)
        match command:
            case Command.REVIEW | Command.FULL:
                with self._database.exclusive() as connection:
                    now = self._database.now(connection)
                    self._router.add_review(
                        connection,
                        now,
                        subject,
                        desk.pull.head,
                        again=f"comment-{comment}",
                        full=command is Command.FULL,
                    )
                return SEEN
            case Command.PAUSE | Command.RESUME:
                self._set_paused(subject, command is Command.PAUSE)
                return YES
            case Command.IGNORE:
                return self._ignore(job, int(job.asked.get("parent") or 0), desk)
            case Command.HELP:
                return YES

    def _set_paused(self, subject: Subject, is_paused: bool) -> None:
        with self._database.exclusive() as connection:
            note(connection, self._database.now(connection), subject)
            this = (pulls.c.repository == subject.repository) & (pulls.c.number == subject.number)
            connection.execute(sa.update(pulls).where(this).values(is_paused=is_paused))

    def _ignore(self, job: Job, parent: int, desk: Desk) -> str:
        marks = self._reviewing.marks(job)
        for thread in desk.github.threads():
            mark = find_mark(marks, MarkKind.COMMENT, thread.body) if thread.comment == parent else None
            if mark is not None and mark.key:
                one = feedback.Opinion(
                    comment=parent, fingerprint=mark.key, kind=feedback.UNWANTED, count=1, tools=mark.by
                )
                feedback.record(self._database, job, (one,), keep=True)
                return YES
        return NO
