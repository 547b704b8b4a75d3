import pytest

from hunkwise.core.candidates import gather
from hunkwise.core.config import FilterMode
from hunkwise.core.places import commentable
from hunkwise.testing import make_change, make_finding

OLD = "".join(f"line {number}\n" for number in range(1, 41))
NEW = OLD.replace("line 20\n", "new 20\nnew 21\n")
"""Lines 20 and 21 are added; the hunk shows 17 to 24."""


def gathered(line, end=None, mode=FilterMode.ADDED, path="a.py"):
    change = make_change({"a.py": (OLD, NEW)})
    found, off = gather(
        [make_finding(line=line, end=end, path=path)], commentable(change), change, mode, lambda path, number: "read"
    )
    return found[0], found[0].fingerprint in off


def test_a_finding_on_an_added_line_keeps_its_place():
    """A line that the change adds takes the comment, with its place and its code."""
    candidate, is_off = gathered(20)
    assert (candidate.location.start, candidate.code, is_off) == (20, "new 20", False)
    assert candidate.place is not None


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (FilterMode.ADDED, (True, True, True, True)),
        (FilterMode.DIFF_CONTEXT, (False, True, True, True)),
        (FilterMode.FILE, (False, False, False, True)),
        (FilterMode.NOFILTER, (False, False, False, False)),
    ],
)
def test_filter_modes_widen_step_by_step(mode, expected):
    """Context, the rest of the file, the file itself, and other files: each mode lets in more."""
    found = (
        gathered(18, mode=mode),
        gathered(3, mode=mode),
        gathered(None, mode=mode),
        gathered(3, mode=mode, path="b"),
    )
    assert tuple(is_off for _, is_off in found) == expected


def test_a_statement_around_the_change_moves_to_the_changed_lines():
    """A finding on lines 18 to 22 is said on 20, the first of them that changed, up to its end in the hunk."""
    candidate, is_off = gathered(18, 22)
    assert (candidate.location.start, candidate.location.end, is_off) == (20, 22, False)


def test_a_finding_on_a_whole_function_is_about_its_first_line():
    """A range of more than ten lines does not catch each change inside it."""
    assert gathered(5, 30)[1]


def test_a_range_is_cut_at_the_end_of_the_hunk():
    """A comment never spans lines that the diff does not show."""
    candidate, _ = gathered(21, 29)
    assert (candidate.location.start, candidate.location.end) == (21, 24)


def test_code_off_the_diff_comes_from_the_workspace():
    """A candidate off the diff still shows the line it is about."""
    assert gathered(3, mode=FilterMode.FILE)[0].code == "read"
