"""Pick the places that a reviewer should look at first."""

from collections.abc import Callable, Sequence

from hunkwise.core.model import Focus, Place

APART = 6
"""Lines between two picks of one file."""
LEAST_PLACES = 30
"""A change with fewer commentable lines is read in one go and needs no focus."""


def pick_focus(places: Sequence[Place], limit: int, explain: Callable[[Place], tuple[str, ...]]) -> tuple[Focus, ...]:
    """Return the likeliest places, best first, one a hunk and at least six lines apart, each with its reasons.

    Places without a reason are left out: a bare probability helps nobody.
    """
    if limit <= 0 or len(places) < LEAST_PLACES:
        return ()
    picked: list[Focus] = []
    hunks: set[str] = set()
    for place in sorted(places, key=lambda one: (-one.probability, one.location.path, one.location.start or 0)):
        if len(picked) >= limit:
            break
        if place.hunk in hunks or any(_is_near(place, focus) for focus in picked):
            continue
        reasons = explain(place)
        if not reasons:
            continue
        hunks.add(place.hunk)
        picked.append(Focus(location=place.location, probability=round(place.probability, 4), reasons=reasons))
    return tuple(picked)


def _is_near(place: Place, focus: Focus) -> bool:
    mine, theirs = place.location, focus.location
    return mine.path == theirs.path and abs((mine.start or 0) - (theirs.start or 0)) < APART
