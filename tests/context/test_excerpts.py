import pytest

from hunkwise.context.excerpts import excerpt, lines_of, touched
from hunkwise.testing import FakeWorkspace, make_change


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\nb\nc\n", "a\nB\nc\n", (2,)),
        ("a\nb\nc\n", "a\nc\n", (1, 2)),
        ("a\nb\n", "b\n", (1,)),
        ("a\nb\n", "a\n", (1,)),
        ("a\n", "a\nb\nc\n", (2, 3)),
        ("a\nb\nc\nd\n", "a\nB\nd\n", (2,)),
        ("a\nb\nc\nd\ne\n", "a\nc\ne\n", (1, 2, 3)),
        ("a\nb\nc\nd\ne\n", "A\nb\nd\ne\n", (1, 2, 3)),
    ],
)
def test_touched_lines_are_the_added_and_those_around_a_deletion(before, after, expected):
    """A replaced line touches itself alone, a removed one its neighbours."""
    assert expected == touched(make_change({"a.py": (before, after)}).files[0].hunks[0])


def test_lines_are_those_of_a_diff():
    """A byte order mark, carriage returns and the last line break are no part of a line; bad bytes are replaced."""
    workspace = FakeWorkspace(head={"a.py": b"\xef\xbb\xbfa\r\nb\x0cc\n\xff", "b.py": b"a\n"})
    assert ("a", "b\x0cc", "\ufffd") == lines_of(workspace, "a.py")
    assert (("a",), ()) == (lines_of(workspace, "b.py"), lines_of(workspace, "gone.py"))


def test_an_excerpt_has_no_blank_ends():
    """Blank lines at the ends, and lines that are left out, are not shown."""
    items = list(excerpt("note", "a.py", ("", "a", "b", " ", "c", ""), 0, 9, "x", without={3}))
    assert [(2, 2, "a"), (5, 5, "c")] == [(item.start, item.end, item.text) for item in items]
