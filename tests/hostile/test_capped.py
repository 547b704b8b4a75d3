"""Which findings of a flood count."""

from hunkwise.core.model import State
from hunkwise.plugins.capped import MOST, capped
from hunkwise.testing import make_file, make_finding, make_outcome

OLD = "".join(f"x{number} = 1\n" for number in range(3000))
FILE = make_file("a.py", OLD, OLD.replace("x2990 = 1", "x2990 = 2"))


def flood(count):
    return make_outcome("a.py", [make_finding(path="a.py", line=line) for line in range(1, count + 1)])


def test_few_findings_are_left_alone():
    """Up to the limit the outcome is the same."""
    assert capped(flood(MOST), FILE) == flood(MOST)


def test_those_on_changed_lines_count_first():
    """A changed line far down keeps its finding, the state stays, and the reason says how many there were."""
    found = capped(flood(3000), FILE)
    assert len(found.findings) == MOST
    assert found.findings[0].location.start == 2991
    assert found.state is State.REVIEWED
    assert "3000 findings, of which 1000 count" in found.reason


def test_without_a_diff_the_severest_count():
    """Of a file that is not of the change, the limit holds too."""
    assert len(capped(flood(2000), None).findings) == MOST
