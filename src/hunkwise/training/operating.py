"""Choose the operating points of the focus from changes that the ranker did not see when it was fitted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from hunkwise.core.focus import USUAL, Point, pick_focus
from hunkwise.core.model import RepoPath
from hunkwise.core.places import with_probabilities
from hunkwise.plugins.places.picks import NEAR
from hunkwise.plugins.places.place_model import PlaceModel
from hunkwise.training.listwise import fit_logistic
from hunkwise.training.tables import Spot, Table

QUIET_SHARE = 0.31
"""The share of the commented changes on which the quiet mode names a place."""
QUIET_PLACES = 2
"""A change of a single line needs no pointer."""
THRESHOLDS = tuple(round(0.1 + 0.02 * step, 2) for step in range(16))
MOST = 10
THOROUGH_LEAST = 2
"""The thorough mode names the two likeliest places, however unlikely: people often comment on more than one hunk."""
SILENT_WEIGHT = 0.5
"""Of a change on which nobody commented beside one with comments: what is said there is only perhaps wrong."""
MOST_GROWTH = 0.5
"""From here on, size alone would decide."""


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


def shown(model: PlaceModel, table: Table) -> Picked:
    """Return what a review with this model could name, in its order: the points choose among these.

    A place without a reason is passed over here as there.
    """
    places = with_probabilities(table.places, model.score(table.places))
    number = {place.location: index for index, place in enumerate(places)}
    index = [number[one.location] for one in pick_focus(places, MOST, model.explain)]
    return picked(table, index, [places[one].probability for one in index])


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


def thorough_point(all_picked: Sequence[Picked], least: int = THOROUGH_LEAST) -> Point:
    """Return the point with the threshold whose mean of the three F1 scores is the best."""
    points = [Point(probability=threshold, least=least) for threshold in reversed(THRESHOLDS)]
    return max(points, key=lambda point: sum(counted(all_picked, point).scores))


def quiet_point(all_picked: Sequence[Picked], silent: Sequence[Picked] = (), weight: float = SILENT_WEIGHT) -> Point:
    """Return the point at which the quiet mode names a place on its share of the commented changes.

    silent: what would be named where nobody commented; from these it is learned how much surer a place has to be in a
    small change, where people comment less often. weight: of one of these beside one with comments.
    """
    growth = _growth(all_picked, silent, weight)
    bare = Point(least_places=QUIET_PLACES, most=1, growth=growth)
    best = sorted(
        (_usual(one, growth) for one in all_picked if one.probability and _is_enough(one, bare)), reverse=True
    )
    wanted = min(int(QUIET_SHARE * len(all_picked)), len(best) - 1)
    return replace(bare, probability=round(best[wanted], 3) if best else 1.0)


def _growth(all_picked: Sequence[Picked], silent: Sequence[Picked], silent_weight: float) -> float:
    some = [one for one in all_picked if one.probability]
    none = [one for one in silent if one.probability]
    if not some or not none:
        return 0.0
    rows = np.array([(_log_odds(one.probability[0]), np.log(len(one.table.places))) for one in (*some, *none)])
    target = np.array([float(one.is_near[0]) for one in some] + [0.0] * len(none))
    weight = np.array([1.0] * len(some) + [silent_weight] * len(none))
    _, slopes = fit_logistic(rows, target, weight=weight)
    return round(min(max(float(slopes[1] / slopes[0]), 0.0), MOST_GROWTH), 3) if slopes[0] > 0 else 0.0


def _usual(one: Picked, growth: float) -> float:
    """Return the probability of the first pick as if its change were of usual size."""
    odds = _log_odds(one.probability[0]) + growth * np.log(len(one.table.places) / USUAL)
    return float(1 / (1 + np.exp(-odds)))


def _log_odds(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))


def _is_enough(one: Picked, point: Point) -> bool:
    return len(one.table.places) >= point.least_places


def named(one: Picked, point: Point) -> list[int]:
    """Return the places that a mode names in a change, by their indices, as `pick_focus` does."""
    if not _is_enough(one, point):
        return []
    asked = point.asked(len(one.table.places))
    index = [
        place
        for rank, (place, chance) in enumerate(zip(one.chosen, one.probability, strict=True))
        if chance >= asked or rank < point.least
    ]
    return index[: point.most]


def counted(all_picked: Iterable[Picked], point: Point) -> Counts:
    """Count the picks that a mode names."""
    totals = np.zeros(7, dtype=int)
    for one in all_picked:
        totals += count(one.table, named(one, point))
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
