"""A pull request on which nothing is written unless the job is still ours."""

from collections.abc import Callable

from hunkwise.core.model import FileDiff, Sha
from hunkwise.plugins.github.port import (
    CheckRun,
    DraftComment,
    DraftReview,
    GitHub,
    PostedReview,
    PullRequest,
    Target,
    Thread,
)


class Fenced:
    """The port `GitHub`: reads as it is, and calls `secure`, which raises where the lease is lost, before each write.

    GitHub itself checks no lease. A write whose request has left when the lease is lost still lands.
    """

    def __init__(self, github: GitHub, secure: Callable[[], None]) -> None:
        self._github, self._secure = github, secure

    @property
    def target(self) -> Target:
        return self._github.target

    def pull(self) -> PullRequest:
        return self._github.pull()

    def files(self) -> tuple[FileDiff, ...] | None:
        return self._github.files()

    def reviews(self) -> tuple[PostedReview, ...]:
        return self._github.reviews()

    def threads(self) -> tuple[Thread, ...]:
        return self._github.threads()

    def check_runs(self, head: Sha) -> tuple[CheckRun, ...]:
        return self._github.check_runs(head)

    def post_review(self, review: DraftReview) -> PostedReview:
        self._secure()
        return self._github.post_review(review)

    def edit_review(self, review: int, body: str) -> None:
        self._secure()
        self._github.edit_review(review, body)

    def post_file_comment(self, comment: DraftComment, head: Sha) -> None:
        self._secure()
        self._github.post_file_comment(comment, head)

    def reply(self, thread: Thread, body: str) -> None:
        self._secure()
        self._github.reply(thread, body)

    def resolve(self, thread: Thread) -> bool:
        self._secure()
        return self._github.resolve(thread)

    def put_check_run(self, run: CheckRun) -> CheckRun | None:
        self._secure()
        return self._github.put_check_run(run)
