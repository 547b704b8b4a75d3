"""Whether the places pointed at were changed before the pull request ended, beside floors from the same ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from hunkwise.core.reading import Gain
from hunkwise.evaluation.bootstrap import Table, ratio, ratio_difference
from hunkwise.evaluation.contestants import largest
from hunkwise.evaluation.outputs import Answered, Facts
from hunkwise.evaluation.ruler import Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """Shares of `picks` picks in `cases` cases that went on.

    random, middle: those of a random added line, exactly by expectation, and of the middle of the largest hunk, in the
    same cases, each with the weight of its number of picks. above_random, above_middle: the paired differences.
    """

    cases: int
    picks: int
    share: Gain
    random: Gain
    middle: Gain
    above_random: Gain
    above_middle: Gain


def measure_addressed(answers: Iterable[Answered]) -> Addressed:
    """Measure an output on those of its cases that went on after the comments."""
    return _measure([(one.case, [pick.pointer for pick in one.picks]) for one in answers if one.case.went_on])


def addressed_by_people(cases: Iterable[Facts]) -> Addressed:
    """Measure the human comments that have a line."""
    return _measure([(case, [one for one in case.human if one.line is not None]) for case in cases if case.went_on])


def _measure(rows: Sequence[tuple[Facts, Sequence[Pointer]]]) -> Addressed:
    picks = np.array([len(pointers) for _, pointers in rows], dtype=float)
    hits = np.array([sum(map(case.is_addressed, pointers)) for case, pointers in rows], dtype=float)
    # floors are drawn where picks are, so that choosing pull requests of which much is changed earns nothing
    chance = picks * np.array([_chance(case) for case, _ in rows], dtype=float)
    middle = picks * np.array([_middle(case) for case, _ in rows], dtype=float)
    ours, random, other = (_table(one, picks) for one in (hits, chance, middle))
    return Addressed(
        cases=int((picks > 0).sum()),
        picks=int(picks.sum()),
        share=ratio(ours),
        random=ratio(random),
        middle=ratio(other),
        above_random=ratio_difference(ours, random),
        above_middle=ratio_difference(ours, other),
    )


def _chance(case: Facts) -> float:
    return sum(case.is_addressed(Pointer(*spot)) for spot in case.added) / (len(case.added) or 1)


def _middle(case: Facts) -> float:
    return float(
        any(
            case.is_addressed(Pointer(block.path, block.added[len(block.added) // 2]))
            for block in largest(case.blocks, 1)
        )
    )


def _table(above: Table, below: Table) -> Table:
    return np.column_stack([above, below])
