"""Pick the places that a reviewer should look at first."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hunkwise.core.model import Focus, Place

APART = 6
"""Places up to so many lines from a pick, in its file, are not picked as well."""
USUAL = 30
"""Commentable lines of a change of usual size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """When a place is named: at least this likely, in a change of so many commentable lines, so many at most.

    least: so many are named, however unlikely they are. growth: by how much the log odds that are asked for fall when
    the change is e times as large; `probability` is what is asked for in one of USUAL commentable lines.
    """

    probability: float = 0.0
    least_places: int = 1
    most: int | None = None
    least: int = 0
    growth: float = 0.0

    def asked(self, places: int) -> float:
        """Return how likely a place must be in a change with so many."""
        if not self.growth or not 0 < self.probability < 1:
            return self.probability
        odds = math.log(self.probability / (1 - self.probability)) - self.growth * math.log(max(places, 1) / USUAL)
        return 1 / (1 + math.exp(-odds))


def pick_focus(
    places: Sequence[Place], limit: int, explain: Callable[[Place], tuple[str, ...]], point: Point | None = None
) -> tuple[Focus, ...]:
    """Return the likeliest places, best first, more than six lines apart, each with its reasons.

    point: what else is asked of them. Places without a reason are left out: a bare probability helps nobody.
    """
    point = point or Point()
    most = limit if point.most is None else min(limit, point.most)
    if most <= 0 or len(places) < point.least_places:
        return ()
    asked = point.asked(len(places))
    picked: list[Focus] = []
    for place in sorted(places, key=lambda one: (-one.probability, one.location.path, one.location.start or 0)):
        if len(picked) >= most or (place.probability < asked and len(picked) >= point.least):
            break
        if any(_is_near(place, focus) for focus in picked):
            continue
        reasons = explain(place)
        if not reasons:
            continue
        picked.append(Focus(location=place.location, probability=round(place.probability, 4), reasons=reasons))
    return tuple(picked)


def _is_near(place: Place, focus: Focus) -> bool:
    mine, theirs = place.location, focus.location
    return mine.path == theirs.path and abs((mine.start or 0) - (theirs.start or 0)) <= APART
