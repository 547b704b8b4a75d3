from hunkwise.core.cover import build_cover, changed_ranges, fold, summarise
from hunkwise.core.model import Failure, Kind, Side, State
from hunkwise.testing import make_change, make_file, make_outcome, make_report

CHANGE = make_change({"a.py": ("a\nb\nc\n", "a\nx\ny\nc\n")})


def summary(outcomes, reviewers=("one", "two"), change=CHANGE, failures=()):
    return summarise(make_report(change=change, cover=build_cover(change, outcomes, reviewers), failures=failures))


def test_changed_lines_are_ranges_on_both_sides():
    """A removed line counts at the base, added ones at the head."""
    assert changed_ranges(CHANGE.files[0]) == ((Side.BASE, 2, 2), (Side.HEAD, 2, 3))


def test_a_reviewed_line_makes_the_review_complete():
    """One tool that looked is enough; another that is not installed does not take it back."""
    found = summary([make_outcome("a.py", tool="one"), make_outcome("a.py", tool="two", state=State.MISSING)])
    assert (found.lines, found.is_complete) == ({State.REVIEWED: 3}, True)


def test_code_that_nobody_could_look_at_is_unreviewed():
    """Where every tool is missing or does not apply, the review is incomplete and says so."""
    found = summary([make_outcome("a.py", tool="one", state=State.MISSING)])
    assert (found.lines, found.unreviewed) == ({State.UNREVIEWED: 3}, ("a.py",))
    assert found.incomplete == ("3 lines of code that no reviewer looked at",)


def test_prose_may_stay_unreviewed():
    """A text that no reviewer knows is named, and the review is still complete."""
    change = make_change({"a.md": "x\n"})
    change = type(change)(id="x", files=(make_file("a.md", None, "x\n", kind=Kind.TEXT),))
    assert summary([], change=change).is_complete


def test_the_worst_state_of_a_line_counts():
    """A line that one tool failed on is not green because another one looked."""
    cover = build_cover(
        CHANGE, [make_outcome("a.py", tool="one"), make_outcome("a.py", tool="two", state=State.FAILED)], ("one", "two")
    )
    assert set(fold(cover).values()) == {State.FAILED}


def test_a_failure_makes_the_review_incomplete():
    """Whoever broke is named as the reason."""
    found = summary([make_outcome("a.py", tool="one")], failures=[Failure(who="two", stage="rank", message="broke")])
    assert found.incomplete == ("two: broke",)


def test_a_file_that_is_left_out_is_skipped_with_its_reason():
    """A lock file is skipped for all reviewers, and listed."""
    change = type(CHANGE)(id="x", files=(make_file("a.lock", None, "x\n", kind=Kind.LOCK, reason="lock file"),))
    found = summary([], change=change)
    assert (found.left_out, found.lines, found.is_complete) == ((("a.lock", "lock file"),), {State.SKIPPED: 1}, True)


def test_a_deleted_file_is_skipped():
    """Nothing of it is left to look at."""
    change = make_change({"a.py": ("x\n", None)})
    assert summary([], change=change).lines == {State.SKIPPED: 1}


def test_a_report_without_reviewers_looked_at_nothing():
    """No reviewer at all is not a clean bill."""
    assert not summary([], reviewers=()).is_complete


def test_a_file_that_a_tool_could_not_read_is_named():
    """Where nothing but the state says that a tool failed, the summary names tool, file and reason."""
    found = summary([make_outcome("a.py", tool="one", state=State.FAILED, reason="syntax error on line 2")])
    assert found.incomplete == ("one could not read a.py: syntax error on line 2",)
