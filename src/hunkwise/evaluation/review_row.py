"""What a contestant said about a case: values, and their form as one JSON object."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hunkwise.core.model import RepoPath
from hunkwise.evaluation.ruler import Pointer


class Said(NamedTuple):
    """A candidate comment: its place, what it says and for what reason it was kept or held back.

    line, start: the line the comment stands on, and where its range begins if it has one. rule: as `tool.rule`.
    decision: `kept`, or why it was held back, in the words of a verdict.
    """

    path: RepoPath
    line: int | None
    start: int | None
    score: float | None
    rule: str
    tools: tuple[str, ...]
    text: str
    decision: str

    @property
    def is_kept(self) -> bool:
        return self.decision == "kept"

    @property
    def pointer(self) -> Pointer:
        return Pointer(self.path, self.line, self.start)


class Pointed(NamedTuple):
    """A place of the focus; probability: None where its contestant knows none."""

    path: RepoPath
    line: int
    probability: float | None = None
    reasons: tuple[str, ...] = ()

    @property
    def pointer(self) -> Pointer:
        return Pointer(self.path, self.line)


class ToolRecord(NamedTuple):
    """What one tool did: files by state, why not, and how many findings it had, in all and on changed lines."""

    files: Mapping[str, int]
    reasons: tuple[str, ...]
    findings: int
    on_changed_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What a contestant said about a case.

    problem: why there is no answer. tokens: what the model read and wrote, and such counts. failures: what broke on
    the way, while the rest went on.
    """

    case: str
    contestant: str
    comments: tuple[Said, ...] = ()
    focus: tuple[Pointed, ...] = ()
    tools: Mapping[str, ToolRecord] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a review took: seconds by stage, by tool and in all; of all its processes CPU seconds and peak memory.

    replayed: the seconds of analyzers that ran in an earlier review of the case; they are in the other figures, but
    not in the memory.
    """

    case: str
    contestant: str
    seconds: float = 0.0
    cpu: float = 0.0
    megabytes: float = 0.0
    replayed: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict)
    tools: Mapping[str, float] = field(default_factory=dict)
