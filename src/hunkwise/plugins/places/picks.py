"""Pick places one after the other: the likeliest window first, its neighbours no more."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hunkwise.core.focus import APART

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]

NEAR = 3
"""Lines on either side that count as the same place."""
LAST = 9
"""Later picks count as the tenth: so many were seen when the calibration was fitted."""
MANY = 3
"""More earlier picks in a hunk count as so many: the curve has seen few, and a long hunk has hundreds."""
LEAST = 1e-12
CALIBRATION = ("log P(hunk)", "log window", "log hunks", "log places", "log rank", "picks in hunk")


class Layout(NamedTuple):
    """Where the places are: the index of the file and of the hunk of each, and its line, hunk by hunk, ascending."""

    file: Indices
    hunk: Indices
    line: Indices

    @property
    def hunks(self) -> int:
        return int(self.hunk.max()) + 1 if len(self.hunk) else 0


def softmax(utilities: Numbers, group: Indices, groups: int) -> Numbers:
    """Return the probabilities inside each group."""
    highest = np.full(groups, -np.inf)
    np.maximum.at(highest, group, utilities)
    weights = np.exp(utilities - highest[group])
    return np.asarray(weights / np.bincount(group, weights, groups)[group], dtype=np.float64)


def window_mass(layout: Layout, of_line: Numbers) -> Numbers:
    """Return for each place how much of P(line | hunk) lies within three lines of it."""
    mass = of_line.copy()
    for step in range(1, min(NEAR + 1, len(of_line))):
        is_near = (layout.hunk[step:] == layout.hunk[:-step]) & (layout.line[step:] - layout.line[:-step] <= NEAR)
        mass[step:] += np.where(is_near, of_line[:-step], 0.0)
        mass[:-step] += np.where(is_near, of_line[step:], 0.0)
    return np.minimum(mass, 1.0)


def pick(layout: Layout, of_hunk: Numbers, of_line: Numbers) -> tuple[Numbers, Indices]:
    """Return a row of calibration inputs for each place, and the index of the pick that it is or that stands for it.

    of_hunk: P(hunk | change) of each hunk; of_line: P(line | hunk) of each place.
    A pick is the likeliest line of the likeliest window that is left; places within six lines of it are done with.
    """
    count = len(layout.line)
    mass = window_mass(layout, of_line)
    log_hunk = np.log(of_hunk[layout.hunk] + LEAST)
    log_mass = np.log(mass + LEAST)
    rank, earlier = np.zeros(count), np.zeros(count)
    leader = np.full(count, -1, dtype=np.intp)
    in_hunk = np.zeros(layout.hunks)
    picks = 0
    for center in np.argsort(-(log_hunk + log_mass), kind="stable"):
        if leader[center] >= 0:
            continue
        around = np.flatnonzero(
            (layout.hunk == layout.hunk[center]) & (abs(layout.line - layout.line[center]) <= NEAR) & (leader < 0)
        )
        chosen = around[np.argmax(of_line[around])]
        near = (layout.file == layout.file[chosen]) & (abs(layout.line - layout.line[chosen]) <= APART) & (leader < 0)
        near[center] = True
        leader[near] = chosen
        rank[near] = min(picks, LAST)
        earlier[near] = min(in_hunk[layout.hunk[chosen]], MANY)
        log_mass[chosen] = log_mass[center]
        in_hunk[layout.hunk[chosen]] += 1
        picks += 1
    sizes = (np.full(count, np.log(max(layout.hunks, 1))), np.full(count, np.log(max(count, 1))))
    return np.column_stack([log_hunk, log_mass, *sizes, np.log1p(rank), earlier]), leader
