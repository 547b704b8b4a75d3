"""What the language model's two turns give to a review: where it points, and the words of comments."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hunkwise.core.model import Failure, FileOutcome, Finding
from hunkwise.core.reading import Located

PLACE_RULE = "place"
"""The rule of a finding that is no more than a place that a model points at: its message is empty."""

P_LINE = "p_line"
"""The feature of a place that holds P(line | hunk)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReading:
    """What a model made of the hunks; all empty where there is no model.

    reviewer: its name. located: P(line | hunk), if it may be used. findings: the places it points at, wordless.
    may_write: whether it will be asked for words. why_silent: why it will not, in words. notes: for the summary.
    counts: hunks, tasks, tokens and what the context left out, for the manifest. before: the ids of hunks that it was
    not asked about, since they are as they were in the last complete review, be it with this model or without.
    """

    reviewer: str = ""
    located: tuple[Located, ...] = ()
    findings: tuple[Finding, ...] = ()
    outcomes: tuple[FileOutcome, ...] = ()
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()
    may_write: bool = False
    why_silent: str = ""
    counts: Mapping[str, object] = field(default_factory=dict)
    before: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """The words of comments by fingerprint, and why those of others are withheld; counts as of a reading."""

    texts: Mapping[str, str] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
