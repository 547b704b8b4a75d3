from hunkwise.core.model import Severity
from hunkwise.plugins.rankers.duplicates import Duplicates
from hunkwise.testing import make_finding, make_scored


def joined(*findings):
    scored = [make_scored(finding, fingerprint=str(number)) for number, finding in enumerate(findings)]
    return [one.duplicate_of for one in Duplicates().rank(scored)]


def test_two_tools_with_the_same_meaning_are_one():
    """The severer one leads."""
    ruff = make_finding("`os` imported but unused", tool="ruff", rule="F401", severity=Severity.LOW)
    pylint = make_finding("Unused import os", tool="pylint", rule="W0611", severity=Severity.MEDIUM)
    assert joined(ruff, pylint) == ["1", None]


def test_different_lines_stay_apart():
    """The same rule of two tools on two lines is about two things."""
    assert joined(
        make_finding(tool="ruff", rule="F401", line=1), make_finding(tool="pylint", rule="W0611", line=9)
    ) == [None, None]


def test_a_rule_that_repeats_joins_its_first():
    """From the third time on, one comment speaks for all in the file."""
    assert joined(*(make_finding(f"unused {line}", line=line) for line in (5, 1, 9))) == ["1", None, "1"]
    assert joined(*(make_finding(f"unused {line}", line=line) for line in (5, 9))) == [None, None]


def test_marks_of_earlier_rankers_stay():
    """What a plugin marked as a duplicate is not looked at again."""
    one = make_scored(make_finding(), fingerprint="a", duplicate_of="x")
    two = make_scored(make_finding(), fingerprint="b")
    assert [scored.duplicate_of for scored in Duplicates().rank([one, two])] == ["x", None]
