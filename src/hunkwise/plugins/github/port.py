"""What Hunkwise asks of GitHub: one pull request, read and written, as values; no protocol, no library."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hunkwise.core.errors import HunkwiseError, UsageError
from hunkwise.core.model import FileDiff, RepoPath, Sha, Side


class GitHubError(UsageError):
    """GitHub refused or cannot be asked; names what was asked and the way out, never a token."""


class AskLater(HunkwiseError):
    """GitHub wants to be asked again no sooner than in `seconds`; nothing was written."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class Unknown(HunkwiseError):
    """A write got no answer that says whether it was done: look for its marker before writing again."""


class NotOnDiff(GitHubError):
    """GitHub takes none of a review's comments, since one of them is not on a line of the diff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A pull request by its address; `server` is a scheme and a host, such as `https://github.com`."""

    server: str
    repository: str
    """`owner/name`."""
    number: int

    @property
    def url(self) -> str:
        return f"{self.server}/{self.repository}/pull/{self.number}"

    @property
    def name(self) -> str:
        return f"{self.repository}#{self.number}"


class PullState(StrEnum):
    """What may happen to a pull request."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request as GitHub has it now; `head_repository` is empty where the fork was deleted."""

    target: Target
    state: PullState
    head: Sha
    base: Sha
    base_ref: str
    head_repository: str
    is_draft: bool = False
    is_locked: bool = False
    changed_files: int = 0

    @property
    def is_fork(self) -> bool:
        return self.head_repository.lower() != self.target.repository.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftComment:
    """A review comment to post: on lines `start` to `line` of one side, all in one hunk, or on the file without `line`.

    `start` is None for a single line; else it is less than `line`.
    """

    path: RepoPath
    body: str
    side: Side = Side.HEAD
    line: int | None = None
    start: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReview:
    """A review to post in one request, for one head; GitHub takes all of its comments or none."""

    head: Sha
    body: str
    comments: tuple[DraftComment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedReview:
    """A review of ours on GitHub; `head` is the commit it was written for."""

    id: int
    url: str
    body: str
    head: Sha


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread of review comments that we began; `id` is GraphQL's, `comment` REST's id of the first comment."""

    id: str
    comment: int
    body: str
    path: RepoPath
    is_resolved: bool = False
    human_replied: bool = False
    may_resolve: bool = False
    replies: tuple[str, ...] = ()
    """The bodies of our own replies in it."""


class Conclusion(StrEnum):
    """How a check run ends; GitHub's own words."""

    SUCCESS = "success"
    NEUTRAL = "neutral"
    FAILURE = "failure"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun:
    """A check run for a head; without a conclusion it is in progress. `external_id` is our marker in it."""

    head: Sha
    external_id: str
    title: str
    summary: str
    text: str = ""
    conclusion: Conclusion | None = None
    details_url: str = ""
    id: int | None = None


class GitHub(Protocol):
    """One pull request on one server, with one token's rights.

    All methods raise GitHubError where the answer is no, AskLater where GitHub limits the rate, NotOnDiff where a
    comment is refused for its line, and Unknown where a write may or may not have been done. Reads are tried again a
    few times within a bounded time; writes are sent once.
    """

    @property
    def target(self) -> Target:
        """Return the pull request that all calls are about."""

    def pull(self) -> PullRequest:
        """Return the pull request as it is now."""

    def files(self) -> tuple[FileDiff, ...] | None:
        """Return the diff that GitHub shows for the head, or None where it does not give all of it."""

    def reviews(self) -> tuple[PostedReview, ...]:
        """Return the reviews that our own account posted, oldest first."""

    def threads(self) -> tuple[Thread, ...]:
        """Return the threads that our own account began, oldest first."""

    def post_review(self, review: DraftReview) -> PostedReview:
        """Post a review and its comments in one request; it never approves and never requests changes."""

    def edit_review(self, review: int, body: str) -> None:
        """Replace the body of a review of ours."""

    def post_file_comment(self, comment: DraftComment, head: Sha) -> None:
        """Post a comment on a whole file, which a review cannot hold."""

    def reply(self, thread: Thread, body: str) -> None:
        """Answer in a thread of ours."""

    def resolve(self, thread: Thread) -> bool:
        """Resolve a thread of ours; return whether GitHub let us."""

    def check_runs(self, head: Sha) -> tuple[CheckRun, ...]:
        """Return our own check runs of a head; none where the token may not read them."""

    def put_check_run(self, run: CheckRun) -> CheckRun | None:
        """Make a check run, or update the one with this `id`; return it, or None where only Apps may and we are not."""
