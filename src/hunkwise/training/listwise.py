"""Fit probabilities inside groups: a conditional logit, boosted trees, and a logistic curve."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Sizes = NDArray[np.intp]

STEPS = 60
CLOSE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Boosting:
    """How many trees of how many leaves, how much each corrects, and how many rows a leaf must have."""

    rounds: int
    leaves: int
    least: int
    rate: float = 0.08


def probabilities(utilities: Numbers, sizes: Sizes) -> tuple[Numbers, Numbers]:
    """Return the softmax inside groups of these sizes, which lie one after the other, and each group's log sum."""
    starts, group = _groups(sizes)
    highest = np.maximum.reduceat(utilities, starts)
    weights = np.exp(utilities - highest[group])
    sums = np.add.reduceat(weights, starts)
    return weights / sums[group], highest + np.log(sums)


def fit_conditional_logit(
    rows: Numbers, target: Numbers, sizes: Sizes, ridge: float, known: Numbers | None = None
) -> Numbers:
    """Return slopes that make the targets likeliest; `ridge` holds those of standardised columns near 0.

    target: how often each row was chosen. known: utilities to which the slopes are to add, where something is known.
    """
    starts, group = _groups(sizes)
    scale = rows.std(axis=0)
    scale[scale < CLOSE] = 1.0
    scaled = (rows - rows.mean(axis=0)) / scale
    total = np.add.reduceat(target, starts)
    slopes = np.zeros(rows.shape[1])
    base = np.zeros(len(rows)) if known is None else known

    def loss(slopes: Numbers) -> tuple[float, Numbers]:
        utilities = base + scaled @ slopes
        chances, logs = probabilities(utilities, sizes)
        return float(total @ logs - target @ utilities + ridge / 2 * slopes @ slopes), chances

    value, chances = loss(slopes)
    for _ in range(STEPS):
        expected = chances * total[group]
        gradient = scaled.T @ (expected - target) + ridge * slopes
        means = np.add.reduceat(scaled * chances[:, None], starts)
        curvature = (scaled * expected[:, None]).T @ scaled - (means * total[:, None]).T @ means
        step = np.linalg.solve(curvature + ridge * np.eye(len(slopes)), gradient)
        size, before = 1.0, value
        while size > CLOSE:
            value, chances = loss(slopes - size * step)
            if value <= before:
                break
            size /= 2
        slopes = slopes - size * step
        if before - value < CLOSE:
            break
    return np.asarray(slopes / scale, dtype=np.float64)


def fit_logistic(
    rows: Numbers, target: Numbers, ridge: float = 1.0, weight: Numbers | None = None
) -> tuple[float, Numbers]:
    """Return the intercept and the slopes of P(target); `ridge` holds the slopes of standardised columns near 0.

    weight: how much each row counts, all the same without it.
    """
    weight = np.ones(len(rows)) if weight is None else weight
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale < CLOSE] = 1.0
    scaled = np.column_stack([np.ones(len(rows)), (rows - mean) / scale])
    penalty = ridge * np.eye(scaled.shape[1])
    penalty[0, 0] = CLOSE
    found = np.zeros(scaled.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-scaled @ found))
        gradient = scaled.T @ (weight * (chance - target)) + penalty @ found
        curvature = (scaled * (weight * chance * (1 - chance))[:, None]).T @ scaled
        step = np.linalg.solve(curvature + penalty, gradient)
        found = found - step
        if abs(step).max() < CLOSE:
            break
    slopes = found[1:] / scale
    return float(found[0] - slopes @ mean), slopes


def fit_trees(
    rows: Numbers, target: Numbers, sizes: Sizes, columns: Sequence[str], boosting: Boosting
) -> dict[str, object]:
    """Return boosted trees, as `Trees.of` reads them, whose softmax inside groups makes the targets likeliest."""
    import lightgbm

    starts, group = _groups(sizes)
    total = np.add.reduceat(target, starts)[group]

    def slope(utilities: Numbers, data: object) -> tuple[Numbers, Numbers]:
        chances, _ = probabilities(np.asarray(utilities, dtype=np.float64), sizes)
        return total * chances - target, np.maximum(total * chances * (1 - chances), 1e-6)

    settings = {
        "objective": slope,
        "num_leaves": boosting.leaves,
        "learning_rate": boosting.rate,
        "min_data_in_leaf": boosting.least,
        "min_sum_hessian_in_leaf": 1e-2,
        "feature_fraction": 0.3,
        "feature_pre_filter": False,
        "lambda_l2": 1.0,
        "max_bin": 63,
        "seed": 7,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    booster = lightgbm.train(settings, lightgbm.Dataset(rows, target, feature_name=list(columns)), boosting.rounds)
    dumped = booster.dump_model()["tree_info"]
    return {"columns": list(columns), "trees": [_tree(tree["tree_structure"]) for tree in dumped]}


def rounded(value: float) -> float:
    """Return a number as it is stored: six digits, so that the last bits of a machine do not show."""
    return float(f"{value:.6g}")


def _groups(sizes: Sizes) -> tuple[Sizes, Sizes]:
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
    return starts, np.repeat(np.arange(len(sizes)), sizes)


def _tree(root: dict[str, object]) -> dict[str, list[float]]:
    tree: dict[str, list[float]] = {"column": [], "threshold": [], "left": [], "right": [], "leaf": []}

    def add(node: dict[str, object]) -> int:
        if "split_feature" not in node:
            tree["leaf"].append(rounded(float(str(node["leaf_value"]))))
            return ~(len(tree["leaf"]) - 1)
        index = len(tree["column"])
        tree["column"].append(int(str(node["split_feature"])))
        tree["threshold"].append(rounded(float(str(node["threshold"]))))
        tree["left"].append(0)
        tree["right"].append(0)
        for side in ("left", "right"):
            child = node[f"{side}_child"]
            assert isinstance(child, dict)
            tree[side][index] = add(child)
        return index

    if add(root) < 0:
        tree["column"], tree["threshold"], tree["left"], tree["right"] = [0], [0.0], [~0], [~0]
    return tree
