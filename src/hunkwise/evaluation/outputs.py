"""The outputs of a review that are measured: comments as they would be posted, and the focus, whole or its first."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from hunkwise.evaluation.cases import CaseKind
from hunkwise.evaluation.contestants import SIMPLE, blocks
from hunkwise.evaluation.matching import Spot, match_spots
from hunkwise.evaluation.review_row import Cost, Reviewed
from hunkwise.evaluation.ruler import WITHIN, Hunks, Pointer, Tally, tally
from hunkwise.evaluation.run_file import Run, RunCase

NEAR = WITHIN["±3"]


class Output(StrEnum):
    """What is measured of a review."""

    COMMENTS = "comments"
    FOCUS = "focus"
    FIRST = "first of focus"


class Pick(NamedTuple):
    """A place that was pointed at, and how sure its contestant was, if it said so."""

    pointer: Pointer
    score: float | None


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A case with the picks of one output. candidates: also those that were held back for their score alone.

    elsewhere: how many picks were on files that are not in the case, which nobody can judge.
    """

    case: "Facts"
    picks: tuple[Pick, ...]
    candidates: tuple[Pick, ...]
    elsewhere: int = 0
    cost: Cost | None = None
    tokens: int = 0

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        """Return by measure what agrees."""
        return dict(tally([one.pointer for one in self.picks], self.case.human, self.case.hunks))

    def hits(self, picks: Sequence[Pick]) -> tuple[bool, ...]:
        """Tell of each pick whether a person commented within three lines, one to one."""
        found = match_spots([one.pointer.spot for one in picks], [one.spot for one in self.case.human], NEAR)
        hit = {index for index, _ in found}
        return tuple(index in hit for index in range(len(picks)))


class Facts:
    """A case as scoring needs it, parsed once."""

    def __init__(self, case: RunCase) -> None:
        self.case = case
        self.id = case.id
        self.language = case.language or "unknown"
        self.is_commented = case.kind == CaseKind.COMMENTED
        self.is_silent = case.kind == CaseKind.SILENT
        self.human = tuple(one.pointer for one in case.human)
        self.change = case.change()
        self.hunks = Hunks(self.change)
        self.blocks = blocks(self.change)
        self.added: tuple[Spot, ...] = tuple((block.path, line) for block in self.blocks for line in block.added)
        self._later = None if case.later is None else {path: frozenset(lines) for path, lines in case.later.items()}

    @property
    def went_on(self) -> bool:
        """Whether it is known what became of its lines."""
        return self._later is not None

    def is_addressed(self, pointer: Pointer) -> bool:
        """Tell whether a line from one above to one below was changed before the end."""
        if self._later is None or pointer.line is None:
            return False
        lines = self._later.get(pointer.path, frozenset())
        return not lines.isdisjoint((pointer.line - 1, pointer.line, pointer.line + 1))


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One output of one contestant over the cases that it answered, in their order."""

    contestant: str
    output: Output
    answers: tuple[Answered, ...]

    @property
    def label(self) -> str:
        return self.contestant if self.is_simple else f"{self.contestant}, {self.output.value}"

    @property
    def is_simple(self) -> bool:
        return self.contestant in SIMPLE

    @property
    def commented(self) -> tuple[Answered, ...]:
        return tuple(one for one in self.answers if one.case.is_commented)

    @property
    def silent(self) -> tuple[Answered, ...]:
        return tuple(one for one in self.answers if one.case.is_silent)


def entries(runs: Sequence[Run]) -> tuple[Entry, ...]:
    """Return the outputs of all contestants of all runs; where two runs have one of a name, the run's goes before it.

    An output that a contestant has nowhere, such as the focus of another tool, is left out.
    """
    facts: dict[str, Facts] = {}
    found: list[Entry] = []
    for run, names in zip(runs, shown_names(runs), strict=True):
        for case in run.cases.values():
            facts.setdefault(case.id, Facts(case))
        for contestant, name in names.items():
            rows = [row for row in run.reviews if row.contestant == contestant and not row.problem]
            found += list(_entries(name, rows, run, facts))
    return tuple(found)


def shown_names(runs: Sequence[Run]) -> tuple[dict[str, str], ...]:
    """Return for each run the names of its contestants in tables: with the run's where two runs have one of a name."""
    every = [list(dict.fromkeys(row.contestant for row in run.reviews)) for run in runs]
    count = Counter(name for names in every for name in names)
    return tuple(
        {name: f"{run.name}: {name}" if count[name] > 1 else name for name in names}
        for run, names in zip(runs, every, strict=True)
    )


def _entries(name: str, rows: Sequence[Reviewed], run: Run, facts: dict[str, Facts]) -> Iterator[Entry]:
    has_focus, has_comments = any(row.focus for row in rows), any(row.comments for row in rows)
    outputs = [Output.FOCUS] if name in SIMPLE else list(Output)
    for output in outputs:
        has_any = has_comments if output is Output.COMMENTS else has_focus
        if not has_any and (has_focus or has_comments):
            continue
        yield Entry(
            contestant=name,
            output=output,
            answers=tuple(
                _answered(row, output, facts[row.case], run.costs.get((row.case, row.contestant))) for row in rows
            ),
        )


def _answered(row: Reviewed, output: Output, case: Facts, cost: Cost | None) -> Answered:
    if output is Output.COMMENTS:
        kept = [Pick(one.pointer, one.score) for one in row.comments if one.is_kept]
        scored = ("kept", "ranked too low", "over budget")
        candidates = [Pick(one.pointer, one.score) for one in row.comments if one.decision in scored]
    else:
        count = 1 if output is Output.FIRST else len(row.focus)
        kept = [Pick(one.pointer, one.probability) for one in row.focus[:count]]
        candidates = kept
    inside = tuple(_inside(kept, case))
    return Answered(
        case=case,
        picks=inside,
        candidates=tuple(_inside(candidates, case)),
        elsewhere=len(kept) - len(inside),
        cost=cost,
        tokens=row.tokens.get("tokens", 0) + row.tokens.get("read", 0) + row.tokens.get("written", 0),
    )


def _inside(picks: Iterable[Pick], case: Facts) -> Iterator[Pick]:
    return (pick for pick in picks if pick.pointer.path in case.hunks)
