"""The commentable lines of commented hunks, as numbers for the statistics."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from hunkwise.core.model import Place, RepoPath
from hunkwise.evaluation.auc import Floats, HunkLines

Spot = tuple[RepoPath, int]
LEAST = 1e-6
"""The smallest probability that is told from none."""


def spot(place: Place) -> Spot:
    """Return where a place is."""
    return place.location.path, place.location.start or 0


def telling_hunks(places: Sequence[Place], commented: Collection[Spot]) -> tuple[str, ...]:
    """Return the hunks, in the order of the diff, that have places of both kinds: commented, and not."""
    kinds: dict[str, set[bool]] = defaultdict(set)
    for place in places:
        kinds[place.hunk].add(spot(place) in commented)
    return tuple(hunk for hunk, found in kinds.items() if len(found) == 2)


def hunk_lines(
    case: str,
    repository: str,
    places: Sequence[Place],
    commented: Collection[Spot],
    probabilities: Mapping[Spot, float],
) -> tuple[HunkLines, ...]:
    """Return the telling hunks whose places all have a probability; the score of a line is its logarithm."""
    found = []
    for hunk in telling_hunks(places, commented):
        inside = [place for place in places if place.hunk == hunk]
        if not all(spot(place) in probabilities for place in inside):
            continue
        found.append(
            HunkLines(
                case=case,
                repository=repository,
                is_commented=np.array([spot(place) in commented for place in inside]),
                features=feature_matrix(inside),
                scores=np.array([math.log(max(probabilities[spot(place)], LEAST)) for place in inside]),
            )
        )
    return tuple(found)


def feature_matrix(places: Sequence[Place]) -> Floats:
    """Return a row a place: the logarithm of one plus each feature, and the position's square.

    Columns are in the order of their names; places of one review have the same.
    """
    names = sorted(places[0].features) if places else []
    rows = [[_damped(place.features[name]) for name in names] for place in places]
    position = [[place.features.get("position", 0.0) ** 2] for place in places]
    matrix: Floats = np.hstack([np.array(rows).reshape(len(places), len(names)), np.array(position)])
    return matrix


def _damped(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value)
