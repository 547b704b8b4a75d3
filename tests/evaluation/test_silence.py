import pytest
from bench_values import case, run, said

from hunkwise.evaluation.outputs import entries
from hunkwise.evaluation.silence import measure_silence, size_class


def measured(*rows):
    (entry,) = entries([run(*rows)])
    return measure_silence(entry.silent, entry.commented)


def test_share_of_silent_cases_that_are_spoken_to():
    """One of two that nobody commented on got a comment, and three comments were made on them in all."""
    found = measured(
        (case(1), [said(1), said(9), said(20)], []), (case(2), [], []), (case(3, human=[5]), [said(5)], [])
    )
    assert (found.silent_cases, found.silent.value, found.commented.value) == (2, 0.5, 1.0)
    assert found.per_silent.value == 1.5


def test_commented_cases_are_weighed_to_the_silent_ones_sizes():
    """Silent ones are small; of the small commented ones half got a comment, of the large ones all."""
    found = measured(
        (case(1, lines=2), [], []),
        (case(2, lines=3, human=[1]), [said(1)], []),
        (case(3, lines=3, human=[1]), [], []),
        (case(4, lines=40, human=[1]), [said(1)], []),
        (case(5, lines=40, human=[1]), [said(1)], []),
    )
    assert found.commented.value == 0.75
    assert found.commented_of_like_size.value == pytest.approx(0.5)


def test_sizes_are_classed_by_doubling():
    """One line, two and three, four to seven, and the last class is open."""
    assert [size_class(added) for added in (0, 1, 2, 3, 4, 7, 8, 10**6)] == [0, 0, 1, 1, 2, 2, 3, 9]


def test_without_silent_cases_there_is_nothing_to_say():
    """The shares are 0, and the number of cases says why."""
    found = measured((case(1, human=[5]), [said(5)], []))
    assert (found.silent_cases, found.commented_of_like_size.value) == (0, 0.0)
