"""Whether one run is worse than another, on the cases that both answered: paired differences with intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hunkwise.core.errors import UsageError
from hunkwise.core.reading import Gain
from hunkwise.evaluation.bootstrap import Table, ratio_difference
from hunkwise.evaluation.outputs import Answered, Entry
from hunkwise.evaluation.ruler import f1, precision

Rows = Callable[[Sequence[Answered]], Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """By how much the second run is above the first in one measure of one output, on `cases` cases."""

    label: str
    measure: str
    cases: int
    gain: Gain
    is_gate: bool
    lower_is_better: bool = False

    @property
    def is_worse(self) -> bool:
        """Whether the whole interval is on the bad side."""
        return self.gain.low > 0 if self.lower_is_better else self.gain.high < 0


def compare(before: Sequence[Entry], after: Sequence[Entry], beside: str = "") -> tuple[Difference, ...]:
    """Return the differences of all outputs that both have, in their order.

    Contestants go together by name; where each side has just one that is no simple rule, these do. beside: the name of
    the one contestant of `before`, such as a simple rule, to which all others of `after` are held instead. Raises
    UsageError where nothing can be compared.
    """
    found = []
    for old, new in _held_to(beside, before, after) if beside else _partners(before, after):
        theirs = {one.case.id: one for one in old.answers}
        shared = [one for one in new.answers if one.case.id in theirs]
        found += _differences(old, new, [(theirs[one.case.id], one) for one in shared])
    if not found:
        raise UsageError("the two runs have no contestant with answers to the same cases in common")
    return tuple(found)


def _partners(before: Sequence[Entry], after: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    ours = {(one.contestant, one.output): one for one in before}
    pairs = [(ours[key], one) for one in after if (key := (one.contestant, one.output)) in ours]
    names = [{one.contestant for one in side if not one.is_simple} for side in (before, after)]
    if all(len(side) == 1 for side in names) and names[0] != names[1]:
        (old,) = names[0]
        pairs += [(ours[old, one.output], one) for one in after if not one.is_simple and (old, one.output) in ours]
    return pairs


def _held_to(name: str, before: Sequence[Entry], after: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    ours = {one.output: one for one in before if one.contestant == name}
    if not ours:
        known = ", ".join(dict.fromkeys(one.contestant for one in before))
        raise UsageError(f"no contestant of the first run is called {name!r}: there are {known}")
    # A simple rule has a focus alone, to which comments are held as well.
    usual = next(iter(ours.values()))
    return [(ours.get(one.output, usual), one) for one in after if one.contestant != name]


def _differences(old: Entry, new: Entry, pairs: Sequence[tuple[Answered, Answered]]) -> list[Difference]:
    label = new.label if old.contestant == new.contestant else f"{new.label}, beside {old.contestant}"
    commented = [pair for pair in pairs if pair[1].case.is_commented]
    silent = [pair for pair in pairs if pair[1].case.is_silent]
    went_on = [pair for pair in commented if pair[1].case.went_on]
    measures: list[tuple[str, Sequence[tuple[Answered, Answered]], Rows, bool, bool]] = [
        ("F1 ±3", commented, lambda rows: f1(_tallies(rows, "±3")), True, False),
        ("F1 by hunk", commented, lambda rows: f1(_tallies(rows, "hunk")), True, False),
        ("F1 exact", commented, lambda rows: f1(_tallies(rows, "exact")), False, False),
        ("precision ±3", commented, lambda rows: precision(_tallies(rows, "±3")), False, False),
        ("addressed", went_on, _addressed, False, False),
        ("share of silent cases spoken to", silent, _spoke, True, True),
    ]
    return [
        Difference(
            label=label,
            measure=measure,
            cases=len(chosen),
            gain=ratio_difference(rows([one for _, one in chosen]), rows([one for one, _ in chosen])),
            is_gate=is_gate,
            lower_is_better=lower,
        )
        for measure, chosen, rows, is_gate, lower in measures
        if chosen
    ]


def _tallies(answers: Sequence[Answered], name: str) -> Table:
    return np.array([tuple(one.tallies[name]) for one in answers], dtype=float).reshape(-1, 3)


def _addressed(answers: Sequence[Answered]) -> Table:
    rows = [(sum(one.case.is_addressed(pick.pointer) for pick in one.picks), len(one.picks)) for one in answers]
    return np.array(rows, dtype=float).reshape(-1, 2)


def _spoke(answers: Sequence[Answered]) -> Table:
    return np.array([(bool(one.picks), 1) for one in answers], dtype=float).reshape(-1, 2)
