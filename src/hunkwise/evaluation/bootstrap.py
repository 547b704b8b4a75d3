"""Intervals by a bootstrap over cases: of a ratio of sums, and of the difference of two on the same cases."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hunkwise.core.reading import Gain
from hunkwise.evaluation.auc import ROUNDS, SEED

Table = NDArray[np.float64]
Statistic = Callable[[Table], Table]
"""Takes sums over cases, a row a draw and a column a quantity, and returns a number a draw."""


def estimate(table: Table, statistic: Statistic, *, rounds: int = ROUNDS, seed: int = SEED) -> Gain:
    """Return a statistic of the columns' sums with its 95 % interval; cases, the rows, are drawn whole.

    Without cases it is that of zeros; one case says nothing of others, so the interval is then the value alone.
    """
    value = float(statistic(table.sum(axis=0, keepdims=True))[0])
    if len(table) < 2:
        return Gain(value=value, low=value, high=value)
    drawn = np.random.default_rng(seed).multinomial(len(table), np.full(len(table), 1 / len(table)), size=rounds)
    low, high = np.percentile(statistic(drawn @ table), [2.5, 97.5])
    return Gain(value=value, low=float(low), high=float(high))


def ratio(table: Table) -> Gain:
    """Return the first column's sum over the second's; 0 where there is nothing."""
    return estimate(table, lambda sums: divided(sums[:, 0], sums[:, 1]))


def ratio_difference(ours: Table, theirs: Table) -> Gain:
    """Return by how much one ratio is above another on the same cases, row by row: a paired bootstrap."""
    return estimate(
        np.hstack([ours, theirs]),
        lambda sums: divided(sums[:, 0], sums[:, 1]) - divided(sums[:, 2], sums[:, 3]),
    )


def divided(above: Table, below: Table) -> Table:
    """Return the quotients; 0 where the divisor is."""
    quotient: Table = np.divide(above, below, out=np.zeros_like(above, dtype=float), where=below > 0)
    return quotient
