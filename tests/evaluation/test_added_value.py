import numpy as np
import pytest

from hunkwise.core.errors import UsageError
from hunkwise.evaluation.added_value import added_value, fit
from hunkwise.evaluation.auc import HunkLines


def simulated(random, *, cases=90, known=1.0, score=0.0, repositories=3, copies=False):
    """Hunks whose commented line is drawn by a softmax of one known feature and of a score, by these weights."""
    hunks = []
    for case in range(cases):
        for _ in range(2):
            size = int(random.integers(3, 12))
            features, scores = random.normal(size=(size, 2)), random.normal(size=size)
            if copies:
                scores = features[:, 0] + 0.1 * random.normal(size=size)
            utility = known * features[:, 0] + score * scores
            chances = np.exp(utility) / np.exp(utility).sum()
            labels = np.arange(size) == random.choice(size, p=chances)
            hunks.append(
                HunkLines(
                    case=f"case {case}",
                    repository=f"o/{case % repositories}",
                    is_commented=labels,
                    features=features,
                    scores=scores,
                )
            )
    return hunks


def test_planted_gain_is_found():
    """A score that moves people's choice beside what is known adds AUC and likelihood."""
    found = added_value(simulated(np.random.default_rng(1), score=1.0))
    assert found.auc.low > 0.02
    assert found.nats.low > 0.05
    assert found.together.value - found.without.value == pytest.approx(found.auc.value)
    assert found.weight == pytest.approx(1.0, abs=0.35)


def test_copy_of_what_is_known_adds_nothing():
    """A score that is good by itself earns nothing where shape says the same."""
    found = added_value(simulated(np.random.default_rng(2), known=1.5, copies=True))
    assert found.auc.low <= 0 <= found.auc.high


def test_noise_is_rarely_taken_for_a_gain():
    """Of 120 scores that are pure noise, few seem to add: at most a false alarm in twenty."""
    random = np.random.default_rng(3)
    lows = [added_value(simulated(random, cases=45)).auc.low for _ in range(120)]
    assert np.mean(np.array(lows) > 0) <= 0.05


def test_fit_finds_the_weights():
    """On much data the weights are those that drew the labels."""
    hunks = simulated(np.random.default_rng(4), cases=1500, known=0.8)
    found = fit(hunks, [hunk.features for hunk in hunks])
    assert found.weights / found.scale == pytest.approx([0.8, 0.0], abs=0.06)


def test_column_that_is_constant_in_each_hunk_weighs_nothing():
    """What is the same for all lines of a hunk cannot tell them apart."""
    hunks = simulated(np.random.default_rng(5), cases=30)
    columns = [np.column_stack([hunk.features, np.full(len(hunk.scores), 7.0 + n)]) for n, hunk in enumerate(hunks)]
    assert fit(hunks, columns).weights[-1] == 0.0


def test_features_need_no_common_scale():
    """A column in other units gives the same figures."""
    hunks = simulated(np.random.default_rng(6), cases=30, score=0.5)
    scaled = [
        HunkLines(
            case=one.case,
            repository=one.repository,
            is_commented=one.is_commented,
            features=one.features * [1000.0, 0.001] + 3,
            scores=one.scores,
        )
        for one in hunks
    ]
    assert added_value(scaled).nats.value == pytest.approx(added_value(hunks).nats.value)


def test_one_repository_is_refused():
    """What is left out must be another repository; with one there is none."""
    with pytest.raises(UsageError, match="at least two"):
        added_value(simulated(np.random.default_rng(7), repositories=1))
