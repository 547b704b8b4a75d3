"""Whether a stated probability is kept: bins of equal mass, and the Brier skill against the base rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from hunkwise.core.reading import Gain
from hunkwise.evaluation.bootstrap import Table, divided, estimate
from hunkwise.evaluation.outputs import Answered

BINS = 10
LEAST = 10
"""Picks of one bin at least."""


class Bin(NamedTuple):
    """Picks of neighbouring probabilities: their number, their mean, and the share that was right."""

    picks: int
    stated: float
    kept: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How far stated probabilities of a human comment within three lines are right.

    error: the mean distance of the bins from what they state. chance: the error that probabilities that are exactly
    right are to be expected to have with so many picks. base: the share that was right. skill: by how much the Brier
    score is better than that of stating the base rate each time; below 0 it is worse.
    """

    picks: int
    base: float
    bins: tuple[Bin, ...]
    error: float
    chance: float
    brier: float
    skill: Gain


def measure_reliability(answers: Sequence[Answered]) -> Reliability | None:
    """Measure the scores of an output's picks; None where it states none."""
    pairs = [_pairs(one) for one in answers]
    flat = sorted((pair for rows in pairs for pair in rows), key=lambda pair: pair[0])
    if not flat:
        return None
    parts = [np.array(part, dtype=float) for part in _parts(flat)]
    bins = tuple(map(_bin, parts))
    table = np.array(
        [(sum((p - hit) ** 2 for p, hit in rows), sum(hit for _, hit in rows), len(rows)) for rows in pairs],
        dtype=float,
    ).reshape(-1, 3)
    total = table.sum(axis=0)
    return Reliability(
        picks=len(flat),
        base=float(total[1] / total[2]),
        bins=bins,
        error=sum(one.picks * abs(one.stated - one.kept) for one in bins) / len(flat),
        chance=sum(map(_chance, parts)) / len(flat),
        brier=float(total[0] / total[2]),
        skill=estimate(table, _skill),
    )


def _pairs(one: Answered) -> list[tuple[float, float]]:
    hits = one.hits(one.picks)
    return [(pick.score, float(hit)) for pick, hit in zip(one.picks, hits, strict=True) if pick.score is not None]


def _parts(flat: Sequence[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Return runs of about equal length; equal probabilities stay together, whatever became of them."""
    size = max(LEAST, len(flat) / BINS)
    parts: list[list[tuple[float, float]]] = [[]]
    for pair in flat:
        if len(parts[-1]) >= size and pair[0] != parts[-1][-1][0]:
            parts.append([])
        parts[-1].append(pair)
    if len(parts) > 1 and len(parts[-1]) < size / 2:
        last = parts.pop()
        parts[-1] += last
    return parts


def _bin(part: Table) -> Bin:
    return Bin(len(part), float(part[:, 0].mean()), float(part[:, 1].mean()))


def _chance(part: Table) -> float:
    """Return the expected distance of the hits of a bin from their stated sum, as that of a normal distribution."""
    return float(np.sqrt(2 / np.pi * (part[:, 0] * (1 - part[:, 0])).sum()))


def _skill(sums: Table) -> Table:
    brier, base = divided(sums[:, 0], sums[:, 2]), divided(sums[:, 1], sums[:, 2])
    reference = base * (1 - base)
    # where all or none were right, nothing can be better than the base rate
    skill: Table = np.where(reference > 0, 1 - divided(brier, reference), 0.0)
    return skill
