"""The values that flow through a review: frozen, with 1-based lines and inclusive ranges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import NamedTuple, NewType

from hunkwise.core.failure import Failure as Failure

Sha = NewType("Sha", str)
"""A full object name, in hex."""
RepoPath = NewType("RepoPath", str)
"""A POSIX path relative to the repository; bytes that are not UTF-8 are kept as surrogate escapes."""

SCHEMA_VERSION = 1


class Side(StrEnum):
    """Which version of a file a line belongs to."""

    BASE = "base"
    HEAD = "head"


class Trust(StrEnum):
    """What a change may make run: `own` honours its configuration, `foreign` is data only."""

    OWN = "own"
    FOREIGN = "foreign"


class Status(StrEnum):
    """What a change does to a file."""

    ADDED = "added"
    DELETED = "deleted"
    MODIFIED = "modified"
    RENAMED = "renamed"
    COPIED = "copied"
    TYPE_CHANGED = "type changed"
    MODE_CHANGED = "mode changed"


class Kind(StrEnum):
    """What a file is; only `code` and `text` are reviewed."""

    CODE = "code"
    TEXT = "text"
    GENERATED = "generated"
    VENDORED = "vendored"
    MINIFIED = "minified"
    LOCK = "lock"
    BINARY = "binary"
    SYMLINK = "symlink"
    SUBMODULE = "submodule"
    EXCLUDED = "excluded"

    @property
    def is_reviewed(self) -> bool:
        return self in (Kind.CODE, Kind.TEXT)


class Severity(IntEnum):
    """How bad it is if the finding is right."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return self.name.lower()


class Category(StrEnum):
    """What a finding is about."""

    BUG = "bug"
    SECURITY = "security"
    TYPES = "types"
    PERFORMANCE = "performance"
    MAINTAINABILITY = "maintainability"
    STYLE = "style"
    DOCUMENTATION = "documentation"
    TESTS = "tests"


class State(StrEnum):
    """What a reviewer did with a line; `unreviewed` is what is left when no reviewer applied.

    `reviewed before` says that it was passed over, since the last complete review had the line as it is.
    """

    FAILED = "failed"
    REFUSED = "refused"
    SKIPPED = "skipped"
    REVIEWED = "reviewed"
    REVIEWED_BEFORE = "reviewed before"
    UNREVIEWED = "unreviewed"
    MISSING = "not installed"
    NOT_APPLICABLE = "not applicable"


class Line(NamedTuple):
    """One line of a hunk: `old` is None for an added line, `new` for a removed one, text has no newline."""

    old: int | None
    new: int | None
    text: str

    @property
    def is_added(self) -> bool:
        return self.old is None

    @property
    def is_removed(self) -> bool:
        return self.new is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A range of lines in a file, 1-based and inclusive; without `start`, the file itself.

    Columns are 1-based and count characters; `end_column` is the first one after the range, as most tools have it.
    """

    path: RepoPath
    side: Side = Side.HEAD
    start: int | None = None
    end: int | None = None
    column: int | None = None
    end_column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """A run of changed lines with their context; `id` is unique in the change."""

    id: str
    path: RepoPath
    old_start: int
    old_length: int
    new_start: int
    new_length: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """What happened to one file; `reason` says why it is not reviewed, `language` is a tag of `identify`."""

    path: RepoPath
    old_path: RepoPath | None = None
    status: Status = Status.MODIFIED
    mode: str = "100644"
    old_mode: str | None = None
    hunks: tuple[Hunk, ...] = ()
    kind: Kind = Kind.CODE
    reason: str = ""
    language: str = ""

    def changed_lines(self) -> tuple[Line, ...]:
        """Return the added and removed lines, in the order of the diff."""
        return tuple(line for hunk in self.hunks for line in hunk.lines if line.old is None or line.new is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorComment:
    """A comment of ours that an earlier review of this change posted; `by` are the tools that it speaks for."""

    fingerprint: str
    thread: str = ""
    state: str = ""
    by: tuple[str, ...] = ()
    human_replied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One pull request or local range; `id` is what a person would call it, `since` the head reviewed last."""

    id: str
    base: Sha | None = None
    head: Sha | None = None
    since: Sha | None = None
    files: tuple[FileDiff, ...] = ()
    prior: tuple[PriorComment, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader must know about how it was taken, such as a missing merge-base."""
    fresh: Mapping[RepoPath, frozenset[int]] | None = None
    """The head's lines that changed since `since`, by file; None where the whole change is to be reviewed."""


class Edit(NamedTuple):
    """Replace the text from (line, column) up to, not including, (end_line, end_column); all 1-based."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """How a tool would mend its finding, in the file of the finding."""

    edits: tuple[Edit, ...]
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a tool says about a place."""

    tool: str
    rule: str
    message: str
    location: Location
    severity: Severity = Severity.MEDIUM
    category: Category = Category.BUG
    url: str = ""
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    """What became of one file under one tool: its state, why, and what the tool found."""

    tool: str
    path: RepoPath
    state: State
    reason: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line that takes a comment: an added one, or the context line after a pure deletion."""

    location: Location
    hunk: str
    features: Mapping[str, float] = field(default_factory=dict)
    probability: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something to say at a location, by one or more sources; `place` is None off the diff."""

    fingerprint: str
    location: Location
    message: str
    rule: str
    severity: Severity
    category: Category
    sources: tuple[Finding, ...]
    place: Place | None = None
    code: str = ""
    """The source line it is about, where known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A candidate with the probability that saying it is worth a reader's time, and why."""

    candidate: Candidate
    score: float = 0.0
    why: tuple[str, ...] = ()
    duplicate_of: str | None = None


class Decision(StrEnum):
    """What became of a candidate."""

    KEPT = "kept"
    DUPLICATE = "duplicate"
    OFF_DIFF = "off the diff"
    LOW_RANK = "ranked too low"
    OVER_BUDGET = "over budget"
    SUPPRESSED = "suppressed"
    SAID_BEFORE = "said before"
    NOT_NEW = "not new"
    NOTHING_TO_SAY = "nothing to say"


class Verdict(NamedTuple):
    """A decision and its reason in words."""

    decision: Decision
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewComment:
    """A scored candidate with its verdict and, if kept, its text and suggestion.

    `suggestion` replaces the whole lines of the candidate's location; empty removes them. `unoffered` says why a fix
    that a source has is not suggested.
    """

    scored: Scored
    verdict: Verdict
    text: str = ""
    generated_by: str = ""
    """The model that worded a part of the text, which says so itself."""
    suggestion: str | None = None
    unoffered: str = ""

    @property
    def is_kept(self) -> bool:
        return self.verdict.decision is Decision.KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """Where a reviewer should look first: no claim, only why."""

    location: Location
    probability: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What one reviewer did with a run of changed lines, inclusive."""

    path: RepoPath
    side: Side
    start: int
    end: int
    reviewer: str
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that a review found, held back, covered and failed at; `manifest` alone may differ between equal runs.

    `comments` and `focus` are best first; sinks keep their order.
    """

    change: Change
    description: str = ""
    """One line: what was compared with what."""
    trust: Trust = Trust.FOREIGN
    comments: tuple[ReviewComment, ...] = ()
    focus: tuple[Focus, ...] = ()
    resolved: tuple[str, ...] = ()
    cover: tuple[Cover, ...] = ()
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()
    """Lines for the summary, such as suppressions that a foreign change added."""
    manifest: Mapping[str, object] = field(default_factory=dict)
    schema: int = SCHEMA_VERSION

    @property
    def kept(self) -> tuple[ReviewComment, ...]:
        return tuple(comment for comment in self.comments if comment.is_kept)
