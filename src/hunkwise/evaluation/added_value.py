"""What a score adds to what is known without it: conditional logits inside the hunk, judged on other projects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from hunkwise.core.errors import UsageError
from hunkwise.core.reading import Gain
from hunkwise.evaluation.auc import Floats, HunkLines, Total, auc_difference, auc_gain, interval

RIDGE = 1.0
"""The penalty on standardised weights; the same for both models, and not searched for."""
STEPS = 50
TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedValue:
    """What a score adds, on repositories that the fit did not see.

    auc: by how much the within-hunk AUC rises. nats: by how much the log-likelihood a comment does.
    without, together: the AUC of what is known alone, and with the score. weight: the score's own, fitted on all.
    """

    auc: Gain
    nats: Gain
    without: Gain
    together: Gain
    weight: float


class Fit(NamedTuple):
    """A conditional logit: standardised weights, and how the columns were standardised."""

    weights: Floats
    scale: Floats


def added_value(hunks: Sequence[HunkLines]) -> AddedValue:
    """Measure what the hunks' scores add to their features, leaving one repository out at a time.

    Raises UsageError where there are fewer than two repositories with usable hunks.
    """
    usable = [hunk for hunk in hunks if hunk.is_usable]
    repositories = sorted({hunk.repository for hunk in usable})
    if len(repositories) < 2:
        raise UsageError(
            f"{len(repositories)} repositories with commented hunks: what a score adds is measured on repositories "
            "that were left out, so cases of at least two are needed"
        )
    known = [hunk.features for hunk in usable]
    both = [np.column_stack([hunk.features, hunk.scores]) for hunk in usable]
    without = _left_out(usable, known, repositories)
    together = _left_out(usable, both, repositories)
    nats = [
        (hunk.case, _likelihood(hunk, ours) - _likelihood(hunk, theirs), float(hunk.is_commented.sum()))
        for hunk, ours, theirs in zip(usable, together, without, strict=True)
    ]
    return AddedValue(
        auc=auc_difference(usable, together, without),
        nats=interval([(case, Total(gain, count)) for case, gain, count in nats]),
        without=auc_gain(usable, without),
        together=auc_gain(usable, together),
        weight=float(fit(usable, both).weights[-1]),
    )


def fit(hunks: Sequence[HunkLines], columns: Sequence[Floats]) -> Fit:
    """Return the weights that make the commented lines likeliest, by Newton's method, with a fixed ridge.

    Columns are scaled by their spread inside hunks; what does not vary there cannot tell lines apart and weighs 0.
    """
    centred = [rows - rows.mean(axis=0) for rows in columns]
    spread = np.sqrt(np.mean(np.concatenate(centred) ** 2, axis=0))
    scale = np.where(spread > 1e-12, spread, np.inf)
    scaled = [rows / scale for rows in centred]
    weights = np.zeros(len(scale))
    for _ in range(STEPS):
        gradient, curvature = -RIDGE * weights, RIDGE * np.eye(len(weights))
        for hunk, rows in zip(hunks, scaled, strict=True):
            count = float(hunk.is_commented.sum())
            chances = _softmax(rows @ weights)
            mean = chances @ rows
            gradient += rows[hunk.is_commented].sum(axis=0) - count * mean
            curvature += count * ((rows * chances[:, None]).T @ rows - np.outer(mean, mean))
        step = np.linalg.solve(curvature, gradient)
        weights = weights + step
        if float(np.abs(step).max()) < TOLERANCE:
            break
    return Fit(weights, scale)


def _left_out(hunks: Sequence[HunkLines], columns: Sequence[Floats], repositories: Sequence[str]) -> list[Floats]:
    fits = {}
    for left in repositories:
        rest = [index for index, hunk in enumerate(hunks) if hunk.repository != left]
        fits[left] = fit([hunks[index] for index in rest], [columns[index] for index in rest])
    return [
        (rows - rows.mean(axis=0)) / fits[hunk.repository].scale @ fits[hunk.repository].weights
        for hunk, rows in zip(hunks, columns, strict=True)
    ]


def _likelihood(hunk: HunkLines, scores: Floats) -> float:
    return float(np.log(_softmax(scores)[hunk.is_commented]).sum())


def _softmax(scores: Floats) -> Floats:
    raised: Floats = np.exp(scores - scores.max())
    chances: Floats = raised / raised.sum()
    return chances
