import pytest
from bench_values import case, run, said

from hunkwise.evaluation.addressed import addressed_by_people, measure_addressed
from hunkwise.evaluation.outputs import Facts, entries


def measured(*rows):
    return measure_addressed(entries([run(*rows)])[0].answers)


def test_share_of_picks_that_were_changed():
    """One of two, of the one case that went on; what became of the other is not known."""
    found = measured(
        (case(1, human=[5], later=[5, 6]), [said(5), said(30)], []),
        (case(2, human=[5]), [said(5)], []),
    )
    assert (found.cases, found.picks, found.share.value) == (1, 2, 0.5)


def test_random_floor_is_the_expectation_in_the_same_cases():
    """Of 40 added lines the 4 around two changed ones; the case with more picks weighs more."""
    found = measured(
        (case(1, human=[5], later=[10, 11]), [said(1), said(2), said(3)], []),
        (case(2, human=[5], later=[]), [said(1)], []),
    )
    assert found.random.value == pytest.approx(0.75 * 4 / 40)
    assert found.above_random.value == pytest.approx(-0.75 * 4 / 40)


def test_middle_floor_is_the_middle_of_the_largest_hunk():
    """Line 21 of 40 was changed, and the pick was not."""
    found = measured((case(1, human=[5], later=[21]), [said(1)], []))
    assert (found.middle.value, found.above_middle.value) == (1.0, -1.0)


def test_choosing_pull_requests_of_which_much_changes_earns_nothing():
    """Random lines where all is changed are addressed as well."""
    found = measured((case(1, human=[5], later=range(1, 41)), [said(7)], []))
    assert (found.share.value, found.above_random.value) == (1.0, 0.0)


def test_people_are_measured_by_the_same_ruler():
    """Their comments with a line, in cases that went on."""
    found = addressed_by_people([Facts(case(1, human=[5, 30], later=[5])), Facts(case(2, human=[1]))])
    assert (found.picks, found.share.value) == (2, 0.5)
