import numpy as np

from hunkwise.evaluation.auc import HunkLines
from hunkwise.evaluation.location import measure_location


def simulated(strength, cases=60):
    """Hunks of three repositories; a score that knows the commented line by this much, beside a useless feature."""
    random = np.random.default_rng(11)
    hunks = []
    for case in range(cases):
        size = int(random.integers(4, 12))
        labels = np.arange(size) == random.integers(size)
        hunks.append(
            HunkLines(
                case=f"case {case}",
                repository=f"o/{case % 3}",
                is_commented=labels,
                features=random.normal(size=(size, 1)),
                scores=random.normal(size=size) + strength * labels,
            )
        )
    return hunks


def test_score_that_knows_is_told_from_one_that_does_not():
    """All figures of a card agree: a planted signal shows in each, and noise in none."""
    knows, noise = measure_location(simulated(1.5)), measure_location(simulated(0.0))
    assert knows.alone.low > 0.5 > noise.alone.low
    assert knows.added.auc.low > 0 >= noise.added.auc.low
    assert knows.reached < 0.01 < noise.reached
    assert abs(knows.shuffled.value - 0.5) < 0.02


def test_hunks_of_one_kind_do_not_count():
    """The counts are those of the hunks that were measured."""
    hunks = simulated(1.0, cases=9)
    silent = HunkLines(
        case="silent",
        repository="o/0",
        is_commented=np.zeros(3, bool),
        features=np.zeros((3, 1)),
        scores=np.zeros(3),
    )
    found = measure_location([*hunks, silent])
    assert (found.cases, found.hunks, found.comments) == (9, 9, 9)
    assert found.repositories == ("o/0", "o/1", "o/2")


def test_figures_name_what_a_reader_compares_with():
    """Position, shuffled labels, and both models stand beside the two main figures."""
    names = set(measure_location(simulated(0.5)).figures())
    assert {"AUC of position alone, middle line", "AUC under shuffled labels", "AUC of shape and tools"} <= names
