"""Pick the places that a reviewer should look at first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hunkwise.core.model import Focus, Place

APART = 6
"""Places up to so many lines from a pick, in its file, are not picked as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """When a place is named: at least this likely, in a change of so many commentable lines, so many at most."""

    probability: float = 0.0
    least_places: int = 1
    most: int | None = None


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
    picked: list[Focus] = []
    for place in sorted(places, key=lambda one: (-one.probability, one.location.path, one.location.start or 0)):
        if len(picked) >= most or place.probability < point.probability:
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
