"""The work of the App: review a pull request by a process that can only read, and post what it found."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from hunkwise.core.errors import HunkwiseError
from hunkwise.core.model import Finding, Report, Sha
from hunkwise.core.text import printable
from hunkwise.github.api import Api
from hunkwise.github.checkout import full_diff
from hunkwise.github.client import PullRequestClient
from hunkwise.github.opening import ACCOUNT_VARIABLE, APP_VARIABLE
from hunkwise.github.publishing import NotOpen, PublishOptions, publish
from hunkwise.github.publishing import Stale as OtherHead
from hunkwise.github.refusals import BadToken
from hunkwise.github.report_file import parse_report
from hunkwise.github.tokens import Token
from hunkwise.plugins.github.check_run import check_id, check_in_progress, check_notice, check_superseded
from hunkwise.plugins.github.comment import fingerprint_of
from hunkwise.plugins.github.incremental import same_notice
from hunkwise.plugins.github.markers import APP, Marks
from hunkwise.plugins.github.occasion import Occasion
from hunkwise.plugins.github.port import CheckRun, GitHub, GitHubError, PullRequest, PullState, Target
from hunkwise.plugins.github.summary import Notice, notice
from hunkwise.server.child import Call, ReviewTimeout, read_report, run, said, scrubbed
from hunkwise.server.fenced import Fenced
from hunkwise.server.folders import Folders
from hunkwise.server.logs import redact
from hunkwise.server.settings import ServerSettings
from hunkwise.server.tokens import POSTING, READING, Tokens
from hunkwise.server.work import Broken, Job, Lease, Over, Stale, TryAgain

PROGRAM = (sys.executable, "-I", "-c", "from hunkwise.cli import main; main()")
"""Hunkwise itself, whatever the working folder holds."""
REPORTED = (0, 1, 3)
"""Exit codes with which a review has written its report."""
SHOWN = 300
"""Characters of what a failed review said that may go into the log and into a notice."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One pull request as the App may write to it; `github` writes only while the job is ours."""

    api: Api
    github: GitHub
    pull: PullRequest
    occasion: Occasion


class Reviewing:
    """Reviews and posts for the App. `program` is what is called with `review` and its options."""

    def __init__(
        self, settings: ServerSettings, tokens: Tokens, folders: Folders, program: Sequence[str] = PROGRAM
    ) -> None:
        self._settings, self._tokens, self._folders, self._program = settings, tokens, folders, program

    def review(self, job: Job, lease: Lease) -> bytes:
        """Return the report on `job.head`, made by `hunkwise review` with a token that can only read."""
        with self.desk(job, lease) as desk:
            self._current(desk.pull, job, may_be_draft=bool(job.asked.get("again")))
            with self._in_progress(desk):
                token = self._tokens.make(job.installation, job.repository, READING)
                with self._folders.new(f"job-{job.id}") as folder:
                    report = folder / "report.json"
                    options = ("--pr", desk.pull.target.url, "--format", "json", "-o", str(report))
                    full = ("--full",) if job.asked.get("full") else ()
                    call = Call(
                        argv=(*self._program, "review", *options, *full, *self._settings.review_options),
                        env=scrubbed(os.environ, self._environment(token, str(folder))),
                        folder=folder,
                        timeout=self._settings.review_timeout,
                    )

                    def check() -> None:
                        lease.check()
                        if lease.is_doubted():
                            self._current(desk.github.pull(), job, may_be_draft=True)

                    try:
                        code = run(call, check)
                    except ReviewTimeout as error:
                        raise Broken(str(error)) from error
                    if code not in REPORTED:
                        words = printable(redact(said(folder), (token.value,)))[-SHOWN:]
                        raise TryAgain(f"the review ended with code {code}: {words}")
                    made = read_report(report)
                    if _parsed(made).change.head != job.head:
                        # the review looks up the head by itself, and a push may come before it does
                        self._current(desk.github.pull(), job, may_be_draft=True)
                        raise TryAgain("the head moved and came back while it was reviewed")
                    return made

    def publish(self, job: Job, report: bytes, lease: Lease) -> dict[str, str]:
        """Post the report; return the rules of its comments by their fingerprints."""
        found = _parsed(report)
        if found.change.head != job.head:
            raise Broken("the stored report is about another head")
        options = PublishOptions(
            expect_head=Sha(job.head),
            config=self._config(job),
            app=self.app,
            key=self._settings.marker_key,
            full_diff=lambda pull: full_diff(pull, self._tokens.make(job.installation, job.repository, READING)),
        )

        def post(desk: Desk) -> None:
            self._current(desk.pull, job, may_be_draft=True)
            try:
                publish(found, desk.github, options)
            except OtherHead as error:
                now = desk.github.pull()
                self._current(now, job, may_be_draft=True)
                raise TryAgain(str(error)) from error
            except NotOpen as error:
                raise Over(str(error)) from error
            except GitHubError:
                # a commit that was pushed away meanwhile is refused as one of no pull request
                self._current(desk.github.pull(), job, may_be_draft=True)
                raise

        try:
            self.with_desk(job, lease, post)
        except (Stale, Over):
            self._withdraw(job, lease)
            raise
        return {
            fingerprint_of(comment): " ".join(sorted({_rule(one) for one in comment.scored.candidate.sources}))
            for comment in found.comments
            if comment.is_kept
        }

    def say_failed(self, job: Job, lease: Lease) -> None:
        """Say on the pull request that this head was not reviewed: in its check run, else in one comment."""

        def say(desk: Desk) -> None:
            if desk.pull.head != job.head or desk.pull.state is not PullState.OPEN or desk.pull.is_locked:
                raise Over("nobody waits for this head any more")
            reason = redact(str(job.asked.get("reason", "")))
            known = self._check(desk)
            run = check_notice(Notice.DEAD, desk.occasion, reason, id=known.id if known else None)
            if desk.github.put_check_run(run) is not None:
                return
            if same_notice(desk.github.reviews(), Notice.DEAD, desk.occasion) is None:
                desk.github.post_review(notice(Notice.DEAD, desk.occasion, reason))

        self.with_desk(job, lease, say)

    @property
    def app(self) -> str:
        """Return the name that markers carry."""
        name = re.sub(r"[^a-z0-9]+", "-", self._tokens.slug.lower()).strip("-")[:39].strip("-")
        return name if APP.fullmatch(name) else "hunkwise"

    @property
    def account(self) -> str:
        """Return our own login."""
        return f"{self._tokens.slug}[bot]"

    def marks(self, job: Job) -> Marks:
        """Return our markers on the job's pull request."""
        return Marks(repository=job.repository, number=job.pull, app=self.app, key=self._settings.marker_key)

    def target(self, job: Job) -> Target:
        """Return the job's pull request."""
        return Target(server=self._settings.github_server, repository=job.repository, number=job.pull)

    def with_desk(self, job: Job, lease: Lease, call: Callable[[Desk], T]) -> T:
        """Call with a token that can write; once more with a new one where GitHub takes it back meanwhile."""
        try:
            with self.desk(job, lease) as desk:
                return call(desk)
        except BadToken:
            with self.desk(job, lease) as desk:
                return call(desk)

    @contextmanager
    def desk(self, job: Job, lease: Lease) -> Iterator[Desk]:
        """Open the pull request with a token that can write there and nowhere else."""
        token = self._tokens.make(job.installation, job.repository, POSTING)
        target = self.target(job)
        with Api(target.server, token) as api:
            github = Fenced(PullRequestClient(api, target, account=self.account), lease.secure)
            pull = github.pull()
            head = Sha(job.head) if job.head else pull.head
            occasion = Occasion(marks=self.marks(job), head=head, config=self._config(job))
            yield Desk(api=api, github=github, pull=pull, occasion=occasion)

    def _current(self, pull: PullRequest, job: Job, *, may_be_draft: bool) -> None:
        """Raise where the pull request needs no review of the job's head."""
        if pull.state is not PullState.OPEN:
            raise Over(f"the pull request is {pull.state.value}")
        if pull.is_locked:
            raise Over("the conversation is locked")
        if pull.is_draft and not (self._settings.drafts or may_be_draft):
            raise Over("a draft is reviewed once it is ready")
        if pull.head != job.head:
            raise Stale(pull.head)

    def _config(self, job: Job) -> str:
        """Return what tells two reviews of one head apart: a full one that was asked for is another one."""
        again = str(job.asked.get("again", "")) if job.asked.get("full") else ""
        return f"{self._settings.review_hash}:{again}" if again else self._settings.review_hash

    def _environment(self, token: Token, folder: str) -> dict[str, str]:
        return {
            "HUNKWISE_GITHUB_TOKEN": token.value,
            ACCOUNT_VARIABLE: self.account,
            APP_VARIABLE: self.app,
            "TMPDIR": f"{folder}/tmp",
            "GIT_TERMINAL_PROMPT": "0",
            "CI": "true",
            "NO_COLOR": "1",
        }

    @contextmanager
    def _in_progress(self, desk: Desk) -> Iterator[None]:
        """Show on the head that it is being reviewed; where the review is dropped, show that."""
        shown: CheckRun | None = None
        # a check run is a courtesy: without the right to write one the review is made all the same
        with suppress(GitHubError):
            known = self._check(desk)
            shown = desk.github.put_check_run(check_in_progress(desk.occasion, id=known.id if known else None))
        try:
            yield
        except (Stale, Over):
            if shown is not None:
                with suppress(HunkwiseError):
                    desk.github.put_check_run(check_superseded(shown))
            raise

    def _withdraw(self, job: Job, lease: Lease) -> None:
        def withdraw(desk: Desk) -> None:
            known = self._check(desk)
            if known is not None and known.conclusion is None:
                desk.github.put_check_run(check_superseded(known))

        with suppress(HunkwiseError):
            self.with_desk(job, lease, withdraw)

    def _check(self, desk: Desk) -> CheckRun | None:
        known = check_id(desk.occasion)
        ours = [one for one in desk.github.check_runs(desk.occasion.head) if one.external_id == known]
        return ours[-1] if ours else None


def _parsed(report: bytes) -> Report:
    try:
        return parse_report(report)
    except HunkwiseError as error:
        raise TryAgain(f"the report cannot be read: {error}") from error


def _rule(source: Finding) -> str:
    return f"{source.tool}/{source.rule}" if source.rule else source.tool
