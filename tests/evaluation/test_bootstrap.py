import numpy as np

from hunkwise.evaluation.bootstrap import ratio, ratio_difference


def rows(seed, count=60, chance=0.5):
    drawn = np.random.default_rng(seed).random(count) < chance
    return np.column_stack([drawn, np.ones(count)]).astype(float)


def test_ratio_of_nothing_is_zero():
    """Neither no case nor a case without anything to count is an error."""
    assert ratio(np.zeros((0, 2))).value == 0.0
    assert ratio(np.zeros((3, 2))).value == 0.0


def test_interval_covers_the_truth_about_as_often_as_it_says():
    """Of 200 samples of a coin, about 95 % of the intervals hold its chance."""
    gains = [ratio(rows(seed)) for seed in range(200)]
    covered = sum(gain.low <= 0.5 <= gain.high for gain in gains)
    assert 180 <= covered <= 199


def test_run_does_not_differ_from_itself():
    """Paired with itself, the difference is exactly nothing."""
    found = ratio_difference(rows(1), rows(1))
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)


def test_pairing_narrows_the_interval():
    """Two runs that differ in a few cases alone differ for certain, which unpaired intervals would not show."""
    ours = rows(1, count=200)
    theirs = ours.copy()
    lost = np.flatnonzero(ours[:, 0])[:12]
    theirs[lost, 0] = 0
    found = ratio_difference(ours, theirs)
    assert found.low > 0
    assert ratio(theirs).high > ratio(ours).low
