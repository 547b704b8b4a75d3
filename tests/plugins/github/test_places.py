"""Where GitHub takes a comment, and where on the diff ours go."""

import pytest
from drafts import AFTER, BEFORE, finding
from hypothesis import given, settings
from hypothesis import strategies as st

from hunkwise.core.model import Location, RepoPath, Side
from hunkwise.plugins.github.places import Anchor, anchor_on, by_path, is_on_diff, takes_comment
from hunkwise.testing import make_change

A = RepoPath("a.py")
FILE = make_change({"a.py": ("\n".join(BEFORE) + "\n", "\n".join(AFTER) + "\n")}).files[0]
FILES = by_path([FILE])


def on(start, end=None, side=Side.HEAD, path=A, **more):
    return anchor_on(Location(path=RepoPath(path), side=side, start=start, end=end or start), FILES, **more)


@pytest.mark.parametrize(
    ("side", "line", "takes"),
    [
        (Side.HEAD, 5, True),
        (Side.HEAD, 2, True),
        (Side.HEAD, 9, True),
        (Side.HEAD, 1, False),
        (Side.HEAD, 15, False),
        (Side.BASE, 5, True),
        (Side.BASE, 30, True),
        (Side.BASE, 2, False),
        (Side.HEAD, 0, False),
        (Side.HEAD, 10**9, False),
    ],
)
def test_lines_of_a_hunk_take_comments(side, line, takes):
    """Added and context lines at the head, removed ones at the base, and nothing outside the hunks."""
    assert takes == takes_comment(FILE, side, line)


def test_a_range_in_a_hunk_is_kept():
    """Its first line is the start, its last one the line."""
    assert Anchor(path=A, line=6, start=5) == on(5, 6)


def test_one_line_has_no_start():
    """GitHub refuses a start that is the line itself."""
    assert Anchor(path=A, line=5) == on(5, 5)


def test_a_range_is_cut_to_its_first_hunk():
    """Lines between hunks and in later ones are left out."""
    assert Anchor(path=A, line=9, start=5) == on(5, 60, is_whole=True)


def test_a_long_range_is_its_first_line():
    """A comment is shown beneath its last line, which would be far from what it is about."""
    assert Anchor(path=A, line=5) == on(5, 30)


def test_a_range_that_ends_in_one_line_of_a_hunk_is_that_line():
    """Only line 2 of 1 to 2 is in the hunk."""
    assert Anchor(path=A, line=2) == on(1, 2)


def test_removed_lines_are_on_the_left():
    """At the base only removed lines take a comment."""
    assert Anchor(path=A, side=Side.BASE, line=31, start=30) == on(29, 32, Side.BASE)


def test_kept_lines_of_the_base_are_on_the_right():
    """GitHub has context lines on the right; their numbers are those of the head."""
    assert Anchor(path=A, line=31, start=30) == on(32, 33, Side.BASE)


def test_a_line_off_the_hunks_goes_to_the_file():
    """As does a finding about the file."""
    assert Anchor(path=A) == on(15) == anchor_on(Location(path=A), FILES)


def test_another_file_is_not_on_the_diff():
    """Then there is no anchor."""
    assert on(5, path="b.py") is None


@settings(deadline=None)
@given(st.integers(-2, 70), st.integers(-2, 70), st.sampled_from(Side), st.booleans())
def test_every_anchor_is_taken(start, end, side, is_whole):
    """Whatever the range, GitHub takes what comes of it, and it lies within the range on its own side."""
    found = on(start, end, side, is_whole=is_whole)
    assert is_on_diff(found, FILES)
    if found.line is not None:
        first = found.line if found.start is None else found.start
        assert takes_comment(FILE, found.side, first) and takes_comment(FILE, found.side, found.line)
        assert found.side is not side or start <= first <= found.line <= max(start, end)


def test_a_range_over_two_hunks_is_refused():
    """As GitHub refuses it."""
    assert not is_on_diff(Anchor(path=A, line=30, start=5), FILES)
    assert not is_on_diff(Anchor(path=A, line=5, start=6), FILES)


def test_a_finding_on_no_line_goes_to_the_file():
    """Its comment is one about the file."""
    assert Anchor(path=A) == anchor_on(finding(line=None).location, FILES)
