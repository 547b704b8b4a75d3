"""All that the fake GitHub knows: plain values that name each other by id or login, so that they fit into JSON."""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

Json = dict[str, object]
Permissions = dict[str, str]

PULL_REQUEST_APP: Permissions = {"metadata": "read", "contents": "read", "pull_requests": "write", "checks": "write"}
EVENTS = ("pull_request", "issue_comment", "pull_request_review", "pull_request_review_comment", "check_run")


@dataclass(slots=True, kw_only=True)
class Account:
    """A user, an organization or a bot."""

    id: int
    login: str
    type: str = "User"


@dataclass(slots=True, kw_only=True)
class App:
    """A GitHub App; its bot is the account `SLUG[bot]`."""

    id: int
    slug: str
    name: str
    owner: str
    private_key: str
    public_key: str
    webhook_secret: str
    created_at: float
    hook_url: str | None = None
    permissions: Permissions = field(default_factory=dict)
    events: list[str] = field(default_factory=list)

    @property
    def client_id(self) -> str:
        return f"Iv23{self.id:016d}"

    @property
    def bot(self) -> str:
        return f"{self.slug}[bot]"


@dataclass(slots=True, kw_only=True)
class Installation:
    """An App on an account; `repositories` are ids, None for all of the account's."""

    id: int
    app: int
    account: str
    created_at: float
    permissions: Permissions
    repositories: list[int] | None = None
    suspended_at: float | None = None


@dataclass(slots=True, kw_only=True)
class Token:
    """A token of a user, or of an installation for some repositories (None: all that its owner reaches)."""

    value: str
    login: str
    app: int | None = None
    installation: int | None = None
    repositories: list[int] | None = None
    permissions: Permissions = field(default_factory=dict)
    expires_at: float | None = None
    is_revoked: bool = False

    @property
    def mark(self) -> str:
        """Return by what a log may tell it from others."""
        return hashlib.sha256(self.value.encode()).hexdigest()[:12]


@dataclass(slots=True, kw_only=True)
class Reaction:
    """An emoji under a comment."""

    id: int
    user: str
    content: str
    created_at: float


@dataclass(slots=True, kw_only=True)
class Head:
    """A commit that a pull request pointed at, since when by the fake's clock and by the machine's monotonic one."""

    sha: str
    at: float
    monotonic: float


@dataclass(slots=True, kw_only=True)
class Review:
    """A review of a pull request; request: the number of the logged request that made it."""

    id: int
    user: str
    state: Literal["PENDING", "COMMENTED", "APPROVED", "CHANGES_REQUESTED", "DISMISSED"]
    body: str
    commit: str
    submitted_at: float | None
    app: int | None = None
    request: int | None = None
    minimized: str | None = None


@dataclass(slots=True, kw_only=True)
class ReviewComment:
    """A comment on a line, on lines or on a file; the current lines are None where it is outdated."""

    id: int
    review: int
    user: str
    body: str
    path: str
    commit: str
    original_commit: str
    created_at: float
    updated_at: float
    subject_type: str = "line"
    side: str = "RIGHT"
    line: int | None = None
    original_line: int | None = None
    start_side: str | None = None
    start_line: int | None = None
    original_start_line: int | None = None
    position: int | None = None
    original_position: int | None = None
    diff_hunk: str = ""
    reply_to: int | None = None
    app: int | None = None
    request: int | None = None
    minimized: str | None = None
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Thread:
    """What hangs on a top-level review comment, by whose id it goes."""

    id: int
    resolved_by: str | None = None


@dataclass(slots=True, kw_only=True)
class IssueComment:
    """A comment in a pull request's conversation."""

    id: int
    user: str
    body: str
    created_at: float
    updated_at: float
    app: int | None = None
    request: int | None = None
    minimized: str | None = None
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Pull:
    """A pull request; `head_repository` is None once that was deleted."""

    id: int
    number: int
    title: str
    body: str
    author: str
    base_ref: str
    base_sha: str
    head_ref: str
    head_sha: str
    head_repository: int | None
    head_owner: str
    created_at: float
    updated_at: float
    state: Literal["open", "closed"] = "open"
    is_draft: bool = False
    is_locked: bool = False
    closed_at: float | None = None
    merged_at: float | None = None
    merged_by: str | None = None
    merge_commit: str | None = None
    heads: list[Head] = field(default_factory=list)
    reviews: dict[int, Review] = field(default_factory=dict)
    comments: dict[int, ReviewComment] = field(default_factory=dict)
    threads: dict[int, Thread] = field(default_factory=dict)
    conversation: dict[int, IssueComment] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class CheckRun:
    """A check run; its suite is the one of its App and commit."""

    id: int
    app: int
    name: str
    head_sha: str
    status: str
    started_at: float
    suite: int
    conclusion: str | None = None
    completed_at: float | None = None
    details_url: str | None = None
    external_id: str = ""
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[Json] = field(default_factory=list)
    request: int | None = None


@dataclass(slots=True, kw_only=True)
class Repository:
    """A repository on real git; `collaborators` are permission levels by login."""

    id: int
    owner: str
    name: str
    created_at: float
    is_private: bool = True
    is_deleted: bool = False
    default_branch: str = "main"
    fork_of: int | None = None
    collaborators: dict[str, str] = field(default_factory=dict)
    pulls: dict[int, Pull] = field(default_factory=dict)
    check_runs: dict[int, CheckRun] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One attempt to bring a webhook to its receiver; status_code is 0 until it was tried."""

    id: int
    guid: str
    app: int
    event: str
    action: str | None
    installation: int | None
    repository: int | None
    delivered_at: float
    payload: Json
    is_redelivery: bool = False
    status_code: int = 0
    status: str = ""
    duration: float = 0.0
    request_headers: dict[str, str] = field(default_factory=dict)
    response_headers: dict[str, str] = field(default_factory=dict)
    response_body: str = ""


@dataclass(slots=True, kw_only=True)
class State:
    """The whole of it."""

    accounts: dict[str, Account] = field(default_factory=dict)
    apps: dict[int, App] = field(default_factory=dict)
    installations: dict[int, Installation] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    repositories: dict[int, Repository] = field(default_factory=dict)
    deliveries: dict[int, Delivery] = field(default_factory=dict)
    manifests: dict[str, Json] = field(default_factory=dict)
    last_id: int = 1000

    def next_id(self) -> int:
        """Return an id that nothing has yet."""
        self.last_id += 1
        return self.last_id
