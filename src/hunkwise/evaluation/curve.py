"""What a higher or lower threshold would do: precision, recall and who is spoken to, from the recorded scores."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from hunkwise.evaluation.addressed import Addressed, measure_addressed
from hunkwise.evaluation.outputs import Answered, Pick
from hunkwise.evaluation.ruler import Tally, agreement, tally

POINTS = 40
QUIET = (0.2, 0.3, 0.4)
"""Shares of the commented cases that are spoken to, at which quiet operation is shown."""


class Point(NamedTuple):
    """What picks of at least this score come to, on commented cases and on silent ones."""

    threshold: float
    precision: float
    recall: float
    f1: float
    hunk_precision: float
    hunk_recall: float
    commented: float
    silent: float


class QuietPoint(NamedTuple):
    """One pick a case at most, the surest cases alone, as many as the share says.

    precision, hunk: of the picks. silent: the share of silent cases with a pick. The threshold was found on these very
    cases, so the figures are what could be had, not what a threshold fixed elsewhere gives.
    """

    share: float
    threshold: float
    precision: float
    hunk: float
    silent: float
    addressed: Addressed


def curve(commented: Sequence[Answered], silent: Sequence[Answered]) -> tuple[Point, ...]:
    """Return points at thresholds that are spread evenly over the scores, highest first; none without scores."""
    scores = sorted({pick.score for one in commented for pick in one.candidates if pick.score is not None})
    if not scores:
        return ()
    chosen = sorted({scores[round(at)] for at in np.linspace(0, len(scores) - 1, POINTS)}, reverse=True)
    return tuple(_point(threshold, commented, silent) for threshold in chosen)


def quiet_points(commented: Sequence[Answered], silent: Sequence[Answered]) -> tuple[QuietPoint, ...]:
    """Return what the surest pick of the surest cases comes to; none where too few cases have a scored pick."""
    sure = sorted((best.score for one in commented if (best := _best(one)) and best.score is not None), reverse=True)
    points = []
    for share in QUIET:
        count = round(share * len(commented))
        if not 0 < count <= len(sure):
            continue
        threshold = sure[count - 1]
        ours = [replace(one, picks=_surest(one, threshold)) for one in commented]
        theirs = [_surest(one, threshold) for one in silent]
        points.append(
            QuietPoint(
                share=share,
                threshold=threshold,
                precision=agreement([one.tallies["±3"] for one in ours]).precision.value,
                hunk=agreement([one.tallies["hunk"] for one in ours]).precision.value,
                silent=sum(map(bool, theirs)) / (len(theirs) or 1),
                addressed=measure_addressed(ours),
            )
        )
    return tuple(points)


def _point(threshold: float, commented: Sequence[Answered], silent: Sequence[Answered]) -> Point:
    near: list[Tally] = []
    hunk: list[Tally] = []
    spoken = 0
    for one in commented:
        picks = _above(one.candidates, threshold)
        spoken += bool(picks)
        found = tally([pick.pointer for pick in picks], one.case.human, one.case.hunks)
        near.append(found["±3"])
        hunk.append(found["hunk"])
    lines, hunks = _micro(near), _micro(hunk)
    said = sum(bool(_above(one.candidates, threshold)) for one in silent)
    return Point(threshold, *lines, hunks[0], hunks[1], spoken / (len(commented) or 1), said / (len(silent) or 1))


def _micro(tallies: Sequence[Tally]) -> tuple[float, float, float]:
    hits, predicted, human = (sum(one[column] for one in tallies) for column in range(3))
    return hits / (predicted or 1), hits / (human or 1), 2 * hits / ((predicted + human) or 1)


def _above(picks: Sequence[Pick], threshold: float) -> tuple[Pick, ...]:
    return tuple(pick for pick in picks if pick.score is not None and pick.score >= threshold)


def _best(one: Answered) -> Pick | None:
    return max((pick for pick in one.picks if pick.score is not None), key=lambda pick: pick.score or 0, default=None)


def _surest(one: Answered, threshold: float) -> tuple[Pick, ...]:
    best = _best(one)
    return (best,) if best is not None and (best.score or 0) >= threshold else ()
