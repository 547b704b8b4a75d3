import pytest
from bench_values import case, pointed, run, said

from hunkwise.evaluation.outputs import Output, entries, shown_names
from hunkwise.evaluation.ruler import Tally


def by_label(*runs):
    return {one.label: one for one in entries(runs)}


def test_both_outputs_of_a_review_are_measured():
    """Comments as they would be posted, the focus, and its first place alone."""
    found = by_label(run((case(human=[5]), [said(5)], [pointed(20), pointed(6)])))
    tallies = {label: one.answers[0].tallies["±3"] for label, one in found.items()}
    assert tallies == {
        "full, comments": Tally(1, 1, 1),
        "full, focus": Tally(1, 2, 1),
        "full, first of focus": Tally(0, 1, 1),
    }


def test_only_kept_comments_are_posted():
    """What was held back is no pick; what was held back for its score is a candidate all the same."""
    comments = [said(5), said(9, decision="duplicate"), said(20, score=0.1, decision="ranked too low")]
    answered = by_label(run((case(human=[5]), comments, [])))["full, comments"].answers[0]
    assert [one.pointer.line for one in answered.picks] == [5]
    assert [one.pointer.line for one in answered.candidates] == [5, 20]


def test_pick_on_a_file_that_is_not_in_the_case_is_counted_apart():
    """Comments were not looked for there, so that nobody can say whether it is right."""
    answered = by_label(run((case(human=[5]), [said(5), said(1, path="README.md")], [])))["full, comments"].answers[0]
    assert (len(answered.picks), answered.elsewhere) == (1, 1)


def test_output_that_a_contestant_has_nowhere_is_left_out():
    """Another tool has no focus; a silent reviewer is measured all the same."""
    assert list(by_label(run((case(human=[5]), [said(5)], [])))) == ["full, comments"]
    assert len(by_label(run((case(human=[5]), [], [])))) == len(Output)


def test_contestants_of_one_name_get_the_names_of_their_runs():
    """Two runs of the same configuration stand beside each other in a table."""
    runs = [run((case(human=[5]), [said(5)], []), name=name) for name in ("before", "after")]
    assert shown_names(runs) == ({"full": "before: full"}, {"full": "after: full"})
    assert list(by_label(*runs)) == ["before: full, comments", "after: full, comments"]


@pytest.mark.parametrize(("line", "expected"), [(9, True), (10, True), (11, True), (8, False), (12, False)])
def test_pick_is_addressed_within_a_line(line, expected):
    """A change of the line, or of the one above or below it, counts."""
    answered = by_label(run((case(human=[5], later=[10]), [said(line)], [])))["full, comments"].answers[0]
    assert answered.case.is_addressed(answered.picks[0].pointer) is expected
