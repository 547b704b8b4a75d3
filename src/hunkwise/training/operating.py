"""Choose the operating points of the focus from changes that the ranker did not see when it was fitted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from hunkwise.core.model import RepoPath
from hunkwise.plugins.places.picks import NEAR
from hunkwise.training.tables import Spot, Table

QUIET_SHARE = 0.31
"""The share of the commented changes on which the quiet mode names a place."""
QUIET_PLACES = 2
"""A change of a single line needs no pointer."""
THRESHOLDS = tuple(round(0.1 + 0.02 * step, 2) for step in range(16))
MOST = 10
AS_GOOD = 0.005
"""Differences of F1 up to this are noise."""


class Picked(NamedTuple):
    """The picks of one change, likeliest first: their indices and probabilities, and whether people agree."""

    table: Table
    chosen: tuple[int, ...]
    probability: tuple[float, ...]
    is_near: tuple[bool, ...]


class Counts(NamedTuple):
    """Of the picks of some changes: how many, how many comments, and how many of them meet (exactly, near, by hunk)."""

    picks: int
    people: int
    exact: int
    near: int
    hunks_picked: int
    hunks_told: int
    hunks_met: int

    @property
    def scores(self) -> tuple[float, float, float]:
        """F1 within three lines, by hunk, exact."""
        return (
            2 * self.near / max(self.picks + self.people, 1),
            2 * self.hunks_met / max(self.hunks_picked + self.hunks_told, 1),
            2 * self.exact / max(self.picks + self.people, 1),
        )


def picked(table: Table, index: Sequence[int], probability: Sequence[float]) -> Picked:
    """Return the picks with what people said near them."""
    order = sorted(range(len(index)), key=lambda one: (-probability[one], one))[:MOST]
    index = [index[one] for one in order]
    return Picked(
        table, tuple(index), tuple(probability[one] for one in order), tuple(is_near(table, one) for one in index)
    )


def is_near(table: Table, index: int) -> bool:
    """Tell whether somebody commented within three lines of a place."""
    location = table.places[index].location
    return any(
        spot is not None and spot[0] == location.path and abs(spot[1] - (location.start or 0)) <= NEAR
        for spot in table.people
    )


def thorough_threshold(all_picked: Sequence[Picked]) -> float:
    """Return the highest threshold whose mean of the three F1 scores is about the best: fewer places do as well."""
    means = {threshold: sum(counted(all_picked, threshold).scores) / 3 for threshold in THRESHOLDS}
    return max(threshold for threshold, mean in means.items() if mean >= max(means.values()) - AS_GOOD)


def quiet_threshold(all_picked: Sequence[Picked]) -> float:
    """Return the threshold at which the quiet mode names a place on its share of the commented changes."""
    best = sorted(
        (one.probability[0] for one in all_picked if len(one.table.places) >= QUIET_PLACES and one.probability),
        reverse=True,
    )
    wanted = min(int(QUIET_SHARE * len(all_picked)), len(best) - 1)
    return round(best[wanted], 3) if best else 1.0


def counted(all_picked: Iterable[Picked], threshold: float) -> Counts:
    """Count the picks that are at least this likely."""
    totals = np.zeros(7, dtype=int)
    for one in all_picked:
        index = [place for place, chance in zip(one.chosen, one.probability, strict=True) if chance >= threshold]
        totals += count(one.table, index)
    return Counts(*(int(total) for total in totals))


def count(table: Table, index: Sequence[int]) -> Counts:
    """Count picks against people, each met once, as many as can be."""
    spots: list[Spot] = [(table.places[one].location.path, table.places[one].location.start or 0) for one in index]
    hunks = {table.places[one].hunk for one in index}
    told = Counter(table.hunks_told)
    return Counts(
        picks=len(spots),
        people=len(table.people),
        exact=_met(spots, table.people, 0),
        near=_met(spots, table.people, NEAR),
        hunks_picked=len(hunks),
        hunks_told=len(told) - ("" in told) + told[""],
        hunks_met=len(hunks & set(told)),
    )


def _met(picks: Iterable[Spot], people: Iterable[Spot | None], within: int) -> int:
    said, heard = _by_path(picks), _by_path(one for one in people if one is not None)
    met = 0
    for path, lines in said.items():
        others = heard.get(path, [])
        mine = theirs = 0
        while mine < len(lines) and theirs < len(others):
            distance = lines[mine] - others[theirs]
            met += abs(distance) <= within
            mine += distance <= within
            theirs += distance >= -within
    return met


def _by_path(spots: Iterable[Spot]) -> dict[RepoPath, list[int]]:
    found: dict[RepoPath, list[int]] = defaultdict(list)
    for path, line in spots:
        found[path].append(line)
    return {path: sorted(lines) for path, lines in found.items()}
