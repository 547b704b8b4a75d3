import pytest
from bench_values import case, run, said

from hunkwise.core.errors import UsageError
from hunkwise.evaluation.compare import compare
from hunkwise.evaluation.outputs import entries


def contestant(lines, silent=(), name="full"):
    rows = [(case(number, human=[5]), [said(line)] if line else [], []) for number, line in enumerate(lines)]
    rows += [(case(100 + number), [said(1)] * says, []) for number, says in enumerate(silent)]
    return entries([run(*rows, contestant=name)])


def differences(before, after):
    return {one.measure: one for one in compare(before, after)}


def test_run_is_not_worse_than_itself():
    """Every difference is nothing, and nothing is worse."""
    found = compare(contestant([5] * 20, [1, 0]), contestant([5] * 20, [1, 0]))
    assert {(one.gain.low, one.gain.high) for one in found} == {(0.0, 0.0)}
    assert not any(one.is_worse for one in found)


def test_run_that_lost_its_hits_is_worse():
    """Of 20 hits 10 are gone: the whole interval is below nothing."""
    found = differences(contestant([5] * 20), contestant([5] * 10 + [30] * 10))
    assert found["F1 ±3"].is_worse
    assert found["F1 ±3"].is_gate
    assert not found["F1 by hunk"].is_worse


def test_one_lost_hit_is_chance():
    """A difference in one case alone is within the interval."""
    assert not differences(contestant([5] * 20), contestant([5] * 19 + [30]))["F1 ±3"].is_worse


def test_speaking_where_people_were_silent_is_worse():
    """More is worse here."""
    found = differences(contestant([5] * 3, [0] * 20), contestant([5] * 3, [1] * 20))
    assert found["share of silent cases spoken to"].is_worse


def test_two_single_contestants_are_partners_whatever_their_names():
    """An ablation is compared with what it was taken from."""
    found = compare(contestant([5] * 5), contestant([30] * 5, name="no-analyzers"))
    assert {one.label for one in found} == {"no-analyzers, comments, beside full"}


def test_all_can_be_held_to_one_contestant_of_the_first_run():
    """So that a floor that lies in the same run can be the measure."""
    both = (*contestant([30] * 20, name="floor"), *contestant([5] * 20))
    found = compare(both, both, "floor")
    assert {one.label for one in found} == {"full, comments, beside floor"}
    assert found[0].gain.low == 1.0


def test_a_measure_that_is_not_there_is_named():
    """And so are those that are."""
    with pytest.raises(UsageError, match="is called 'middle': there are full"):
        compare(contestant([5]), contestant([5]), "middle")


def test_only_cases_that_both_answered_are_compared():
    """A run of more cases is cut to the shared ones."""
    assert differences(contestant([5] * 3), contestant([5] * 9))["F1 ±3"].cases == 3


def test_runs_without_anything_in_common_cannot_be_compared():
    """There is no silent pass."""
    with pytest.raises(UsageError, match="in common"):
        compare(contestant([5]), entries([run((case(77), [], [pointed_nowhere()]), contestant="full")]))


def pointed_nowhere():
    from bench_values import pointed

    return pointed(1)
