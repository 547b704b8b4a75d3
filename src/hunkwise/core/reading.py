"""The values that a language model is asked with, and that it answers with: frozen, of plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hunkwise.core.model import Finding, Hunk, Line, Location, RepoPath


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextItem:
    """Source text of the head around a hunk, lines `start` to `end` inclusive, and where it comes from.

    kind: `enclosing`, `definition`, `caller`, `imports`, `test`, or a plugin's own word.
    origin: in a few plain words for the prompt and for people, such as "definition of parse_header".
    """

    kind: str
    path: RepoPath
    start: int
    end: int
    text: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HunkTask:
    """A hunk, or a window of a big one, to be read by a model.

    lines: the lines of the diff that are shown. places: the head's numbers of those that may be pointed at, ascending.
    context, hints: what fits the token budget, best first. language: a tag of `identify`, may be empty.
    """

    hunk: Hunk
    lines: tuple[Line, ...]
    places: tuple[int, ...]
    context: tuple[ContextItem, ...] = ()
    hints: tuple[Finding, ...] = ()
    language: str = ""


class Reading(NamedTuple):
    """Where a model would comment on a task: one probability a place, and `none` that there is nothing to say.

    All of them lie in [0, 1] and sum to 1. tokens: how many the model read for it; 0 where the answer was cached.
    """

    probabilities: tuple[float, ...]
    none: float
    tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteJob:
    """A comment to be worded: about which place of the task, and what its sources say of it, if anything."""

    task: HunkTask
    place: int
    claim: str = ""


class Written(NamedTuple):
    """What a model wrote. is_cut: it ran into the limit of tokens. read, tokens: how many went in and came out."""

    text: str
    is_cut: bool = False
    read: int = 0
    tokens: int = 0


class Located(NamedTuple):
    """P(line | hunk) of a model, after the windows of a big hunk are joined."""

    location: Location
    hunk: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """A measured difference with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What a model was measured to be good for, on labelled changes; `identity` is the hash of its weights.

    location: what P(line) adds to the within-hunk AUC of shape and tools. alone: the AUC of P(line) by itself.
    unusable: the share in [0, 1] of written texts that the guard or a reader would not show, of `texts` read.
    prompts: the hash of the prompts it was measured with. data: content hash of the changes. command: what was run.
    figures: what else was measured, by its name.
    """

    model: str
    identity: str
    prompts: str = ""
    data: str = ""
    changes: int = 0
    hunks: int = 0
    location: Gain | None = None
    alone: Gain | None = None
    unusable: float | None = None
    texts: int = 0
    command: str = ""
    figures: Mapping[str, Gain] = field(default_factory=dict)
    notes: tuple[str, ...] = field(default=())

    @property
    def may_locate(self) -> bool:
        """Whether its places are used: the whole interval of its gain is above zero."""
        return self.location is not None and self.location.low > 0

    @property
    def may_write(self) -> bool:
        """Whether its words are shown: at most a fifth of at least 30 was unusable."""
        return self.unusable is not None and self.texts >= 30 and self.unusable <= 0.2
