"""How well a score points at the commented lines of a hunk, beside the other lines of the same hunk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hunkwise.core.reading import Gain

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ROUNDS = 2000
SEED = 20240501


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HunkLines:
    """The commentable lines of one hunk, top to bottom.

    case, repository: where it is from; a bootstrap draws cases. is_commented: a flag a line. features: a row a line.
    scores: what is measured, a number a line.
    """

    case: str
    repository: str
    is_commented: Flags
    features: Floats
    scores: Floats

    @property
    def is_usable(self) -> bool:
        """Whether it holds both kinds of lines; others say nothing about which line."""
        return bool(self.is_commented.any() and not self.is_commented.all())


class Total(NamedTuple):
    """A sum over commented lines, and their number: what a mean per comment is made of."""

    sum: float
    comments: float


def wins(is_commented: Flags, scores: Floats) -> Total:
    """Return, summed over the commented lines, the share of the others that each outranks; a tie counts half."""
    ours, others = scores[is_commented], scores[~is_commented]
    above = (ours[:, None] > others[None, :]).mean(axis=1) + 0.5 * (ours[:, None] == others[None, :]).mean(axis=1)
    return Total(float(above.sum()), float(len(ours)))


def auc(hunks: Sequence[HunkLines], scores: Sequence[Floats] | None = None) -> float:
    """Return the chance that a commented line outranks another line of its hunk, as a mean over comments.

    scores: other ones than the hunks' own. Hunks without both kinds of lines do not count; without any, it is 0.5.
    """
    totals = list(per_hunk(hunks, scores).values())
    count = sum(total.comments for total in totals)
    return sum(total.sum for total in totals) / count if count else 0.5


def per_hunk(hunks: Sequence[HunkLines], scores: Sequence[Floats] | None = None) -> dict[int, Total]:
    """Return the wins in each hunk that holds both kinds of lines, by its index."""
    chosen = [hunk.scores for hunk in hunks] if scores is None else scores
    return {
        index: wins(hunk.is_commented, score)
        for index, (hunk, score) in enumerate(zip(hunks, chosen, strict=True))
        if hunk.is_usable
    }


def auc_gain(hunks: Sequence[HunkLines], scores: Sequence[Floats] | None = None, *, rounds: int = ROUNDS) -> Gain:
    """Return the AUC with its 95 % interval by a bootstrap over cases."""
    return interval([(hunks[index].case, total) for index, total in per_hunk(hunks, scores).items()], rounds=rounds)


def auc_difference(
    hunks: Sequence[HunkLines],
    scores: Sequence[Floats],
    without: Sequence[Floats],
    *,
    rounds: int = ROUNDS,
) -> Gain:
    """Return by how much the AUC of one score is above that of another, paired, with its 95 % interval."""
    ours, theirs = per_hunk(hunks, scores), per_hunk(hunks, without)
    differences = [
        (hunks[index].case, Total(total.sum - theirs[index].sum, total.comments)) for index, total in ours.items()
    ]
    return interval(differences, rounds=rounds)


def interval(totals: Sequence[tuple[str, Total]], *, rounds: int = ROUNDS, seed: int = SEED) -> Gain:
    """Return the mean per comment with its 95 % interval: cases are drawn with replacement, whole.

    Fewer than two cases say nothing: the interval is then everything that a difference of shares can be.
    """
    names = sorted({name for name, _ in totals})
    if len(names) < 2:
        value = sum(total.sum for _, total in totals) / (sum(total.comments for _, total in totals) or 1.0)
        return Gain(value=value, low=min(-1.0, value), high=max(1.0, value))
    position = {name: index for index, name in enumerate(names)}
    sums, counts = np.zeros(len(names)), np.zeros(len(names))
    for name, total in totals:
        sums[position[name]] += total.sum
        counts[position[name]] += total.comments
    drawn = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), size=rounds)
    means = (drawn @ sums) / (drawn @ counts)
    low, high = np.percentile(means, [2.5, 97.5])
    return Gain(value=float(sums.sum() / counts.sum()), low=float(low), high=float(high))


def permuted(hunks: Sequence[HunkLines], *, rounds: int = 1000, seed: int = SEED) -> tuple[Gain, float]:
    """Return the AUC under shuffled labels: its mean and 95 % range, and the share that reaches the true one.

    Labels are shuffled inside each hunk, so its size and its number of comments stay. The share counts the true
    labelling as one of the draws, so it is never 0.
    """
    random = np.random.default_rng(seed)
    usable = [hunk for hunk in hunks if hunk.is_usable]
    if not usable:
        return Gain(value=0.5, low=0.5, high=0.5), 1.0
    sums, count = np.zeros(rounds), 0.0
    for hunk in usable:
        # the mean share that one line outranks does not depend on where the other comments are, but for the pairs
        # among comments; so each draw is scored by itself
        labels = random.permuted(np.tile(hunk.is_commented, (rounds, 1)), axis=1)
        beats = (hunk.scores[:, None] > hunk.scores[None, :]) + 0.5 * (hunk.scores[:, None] == hunk.scores[None, :])
        ours = int(hunk.is_commented.sum())
        among = np.einsum("ri,ij,rj->r", labels.astype(float), beats, (~labels).astype(float))
        sums += among / (len(hunk.scores) - ours)
        count += ours
    draws = sums / count
    low, high = np.percentile(draws, [2.5, 97.5])
    reached = (1 + int((draws >= auc(usable) - 1e-12).sum())) / (rounds + 1)
    return Gain(value=float(draws.mean()), low=float(low), high=float(high)), reached


def by_position(hunks: Sequence[HunkLines]) -> dict[str, Gain]:
    """Return the AUC of three scores that read nothing: the earlier line, the later one, the one nearer the middle."""
    rules: dict[str, Callable[[int], Floats]] = {
        "first": lambda count: -np.arange(count, dtype=float),
        "last": lambda count: np.arange(count, dtype=float),
        "middle": lambda count: -np.abs(np.arange(count) - (count - 1) / 2),
    }
    return {name: auc_gain(hunks, [rule(len(hunk.is_commented)) for hunk in hunks]) for name, rule in rules.items()}
