import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkwise.evaluation.auc import HunkLines, Total, auc, auc_gain, by_position, interval, permuted, wins


def hunk(labels, scores, case="a", repository="o/r"):
    return HunkLines(
        case=case,
        repository=repository,
        is_commented=np.array(labels, bool),
        features=np.zeros((len(labels), 0)),
        scores=np.array(scores, float),
    )


def simulated(random, cases=60, strength=0.0):
    """Hunks of 3 to 12 lines with one comment each; a score with this much of a signal."""
    hunks = []
    for case in range(cases):
        for _ in range(random.integers(1, 4)):
            size = int(random.integers(3, 13))
            labels = np.arange(size) == random.integers(size)
            hunks.append(hunk(labels, random.normal(size=size) + strength * labels, f"case {case}"))
    return hunks


def test_perfect_scores_win_always_and_reversed_ones_never():
    """A score that puts the commented line on top has AUC 1, its opposite 0."""
    assert auc([hunk([0, 1, 0], [1, 2, 1])]) == 1.0
    assert auc([hunk([0, 1, 0], [2, 1, 2])]) == 0.0


def test_ties_count_half():
    """A constant score has AUC one half."""
    assert auc([hunk([0, 1, 0, 1], [3, 3, 3, 3])]) == 0.5


def test_hunks_of_one_kind_do_not_count():
    """A hunk that is commented everywhere or nowhere says nothing about which line."""
    assert auc([hunk([1, 1], [1, 2]), hunk([0, 0], [1, 2]), hunk([0, 1], [0, 1])]) == 1.0
    assert auc([hunk([1], [1])]) == 0.5


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=2, max_size=9))
def test_auc_is_the_share_of_pairs_that_are_in_order(lines):
    """Within one hunk it is what counting the pairs by hand gives."""
    labels, scores = [label for label, _ in lines], [score for _, score in lines]
    ours = [score for label, score in lines if label]
    others = [score for label, score in lines if not label]
    if ours and others:
        pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in ours for b in others]
        assert auc([hunk(labels, scores)]) == pytest.approx(sum(pairs) / len(pairs))


@given(st.lists(st.integers(-5, 5), min_size=4, max_size=4))
def test_auc_depends_on_the_order_alone(scores):
    """A rising function of the score leaves it as it is."""
    assert auc([hunk([1, 0, 0, 1], scores)]) == auc([hunk([1, 0, 0, 1], [score**3 + 7 for score in scores])])


def test_a_comment_counts_once_whatever_the_size_of_its_hunk():
    """The mean is over comments, not over pairs."""
    assert auc([hunk([1, *[0] * 99], range(100)), hunk([1, 0], [1, 0])]) == 0.5
    assert wins(np.array([True, True, False]), np.array([1.0, 2.0, 0.0])) == Total(2.0, 2.0)


def test_planted_signal_is_found():
    """With a real signal the interval is above one half and no shuffled labelling reaches it."""
    hunks = simulated(np.random.default_rng(1), strength=1.0)
    found, (null, share) = auc_gain(hunks), permuted(hunks, rounds=300)
    assert found.low > 0.6
    assert null.high < found.value
    assert share == pytest.approx(1 / 301)


def test_interval_covers_the_truth_of_noise():
    """Over 200 simulated data sets without a signal, the 95 % interval holds 0.5 in about 95 %."""
    random = np.random.default_rng(2)
    gains = [auc_gain(simulated(random, cases=40), rounds=400) for _ in range(200)]
    assert 0.89 <= np.mean([gain.low <= 0.5 <= gain.high for gain in gains]) <= 0.99


def test_permutation_rejects_noise_as_often_as_it_says():
    """Without a signal, the share of labellings that reach the true one is below 0.1 in about one set of ten."""
    random = np.random.default_rng(3)
    shares = [permuted(simulated(random, cases=20), rounds=99)[1] for _ in range(150)]
    assert 0.04 <= np.mean(np.array(shares) <= 0.1) <= 0.18


def test_permuted_labels_are_centred_on_one_half():
    """However good the score, shuffled labels have AUC one half."""
    null, _ = permuted(simulated(np.random.default_rng(4), strength=3.0), rounds=400)
    assert null.value == pytest.approx(0.5, abs=0.01)


def test_whole_cases_are_drawn():
    """Equal hunks of one case are one observation: the interval is as wide as with one hunk of each."""
    single = [(str(case), Total(float(case % 2), 1)) for case in range(20)]
    repeated = [(name, Total(50 * total.sum, 50)) for name, total in single]
    assert interval(single) == interval(repeated)


def test_one_case_says_nothing():
    """With a single case the interval is as wide as it can be."""
    gain = interval([("a", Total(1.0, 1.0))])
    assert (gain.low, gain.high) == (-1.0, 1.0)


def test_same_hunks_give_the_same_figures():
    """Nothing depends on a clock or on a global seed."""
    hunks = simulated(np.random.default_rng(5))
    assert auc_gain(hunks) == auc_gain(hunks)
    assert permuted(hunks) == permuted(hunks)


def test_position_baselines_know_where_a_line_is():
    """Comments on last lines are found by `last`, missed by `first`."""
    found = by_position([hunk([0, 0, 0, 1], [0] * 4, case) for case in "abc"])
    assert (found["first"].value, found["last"].value) == (0.0, 1.0)
    assert found["middle"].value == pytest.approx(1 / 6)
