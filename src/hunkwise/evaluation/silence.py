"""How often something is said where people said nothing, beside pull requests of like size where they did."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hunkwise.core.reading import Gain
from hunkwise.evaluation.auc import ROUNDS, SEED
from hunkwise.evaluation.bootstrap import Table, divided, ratio
from hunkwise.evaluation.outputs import Answered

SIZES = 10
"""Classes of size, by doubling: 0 or 1 added line, 2 or 3, 4 to 7 and so on; the last is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The share of silent cases with any pick, of commented ones, and of commented ones of the silent ones' sizes.

    per_silent, per_commented: picks a case.
    """

    silent_cases: int
    silent: Gain
    commented: Gain
    commented_of_like_size: Gain
    per_silent: Gain
    per_commented: Gain


def measure_silence(silent: Sequence[Answered], commented: Sequence[Answered]) -> Silence:
    """Measure how often an output speaks, where it should not and where it may."""
    return Silence(
        silent_cases=len(silent),
        silent=ratio(_spoke(silent)),
        commented=ratio(_spoke(commented)),
        commented_of_like_size=_of_like_size(silent, commented),
        per_silent=ratio(_count(silent)),
        per_commented=ratio(_count(commented)),
    )


def size_class(added: int) -> int:
    """Return the class of a number of added lines."""
    return min(max(added, 1).bit_length() - 1, SIZES - 1)


def _of_like_size(silent: Sequence[Answered], commented: Sequence[Answered]) -> Gain:
    if not silent or not commented:
        return Gain(value=0.0, low=0.0, high=0.0)
    ours, theirs = _by_size(silent), _by_size(commented)
    random = np.random.default_rng(SEED)

    def drawn(table: Table) -> Table:
        count = len(table)
        times = random.multinomial(count, np.full(count, 1 / count), size=ROUNDS)
        sums: Table = np.tensordot(times, table, axes=1)
        return sums

    low, high = np.percentile(_weighted(drawn(ours), drawn(theirs)), [2.5, 97.5])
    value = _weighted(ours.sum(axis=0)[None], theirs.sum(axis=0)[None])[0]
    return Gain(value=float(value), low=float(low), high=float(high))


def _by_size(answers: Sequence[Answered]) -> Table:
    """Return a row a case: for each size whether it spoke, and that it is there."""
    table = np.zeros((len(answers), SIZES, 2))
    for row, one in enumerate(answers):
        table[row, size_class(len(one.case.added))] = (bool(one.picks), 1)
    return table


def _weighted(ours: Table, theirs: Table) -> Table:
    """Return the commented cases' shares, each size with the weight that it has among the silent ones."""
    shares = divided(theirs[:, :, 0], theirs[:, :, 1])
    # a size at which nobody commented says nothing: its weight goes to the others
    weights = ours[:, :, 1] * (theirs[:, :, 1] > 0)
    return divided((shares * weights).sum(axis=1), weights.sum(axis=1))


def _spoke(answers: Sequence[Answered]) -> Table:
    return np.array([(bool(one.picks), 1) for one in answers], dtype=float).reshape(-1, 2)


def _count(answers: Sequence[Answered]) -> Table:
    return np.array([(len(one.picks), 1) for one in answers], dtype=float).reshape(-1, 2)
