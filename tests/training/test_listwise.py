import numpy as np

from hunkwise.plugins.places.trees import Trees
from hunkwise.training.listwise import (
    Boosting,
    fit_conditional_logit,
    fit_logistic,
    fit_trees,
    probabilities,
)

SIZES = np.full(60, 3, dtype=np.intp)


def groups():
    rows = np.random.default_rng(1).normal(size=(180, 2))
    target = np.concatenate([np.eye(3)[rows[start : start + 3, 0].argmax()] for start in range(0, 180, 3)])
    return rows, target


def test_probabilities_add_up_in_each_group():
    """Three rows of a group share 1."""
    found, _ = probabilities(np.arange(6.0), np.array([3, 3]))
    assert np.allclose(found.reshape(2, 3).sum(axis=1), 1)


def test_a_conditional_logit_finds_the_column_that_decides():
    """The other column gets next to no slope."""
    slopes = fit_conditional_logit(*groups(), SIZES, ridge=1.0)
    assert slopes[0] > 10 * abs(slopes[1])


def test_trees_find_the_column_that_decides():
    """Stored trees rank the chosen rows first."""
    rows, target = groups()
    stored = fit_trees(rows, target, SIZES, ["a", "b"], Boosting(rounds=40, leaves=4, least=10))
    chances, _ = probabilities(Trees.of(stored).sums(rows), SIZES)
    assert (chances.reshape(-1, 3).argmax(axis=1) == target.reshape(-1, 3).argmax(axis=1)).mean() > 0.8


def test_a_logistic_curve_is_calibrated():
    """The mean of its probabilities is the share that it was shown."""
    rows = np.random.default_rng(2).normal(size=(500, 1))
    target = (rows[:, 0] > 0.8).astype(float)
    intercept, slopes = fit_logistic(rows, target)
    assert np.isclose((1 / (1 + np.exp(-(intercept + rows @ slopes)))).mean(), target.mean(), atol=1e-6)


def test_rows_count_by_their_weight():
    """A row that counts three times is as good as three rows."""
    rows = np.random.default_rng(3).normal(size=(60, 2))
    target = (rows[:, 0] + np.random.default_rng(5).normal(size=60) > 0.3).astype(float)
    weight = np.where(rows[:, 1] > 0, 1.0, 0.0)
    some = fit_logistic(rows, target, 0.0, weight)
    alone = fit_logistic(rows[weight > 0], target[weight > 0], 0.0)
    assert np.isclose(some[0], alone[0], atol=1e-3)
    assert np.allclose(some[1], alone[1], atol=1e-3)
