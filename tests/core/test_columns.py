import pytest

from hunkwise.core.columns import Columns
from hunkwise.testing import FakeWorkspace

WORKSPACE = FakeWorkspace({"a.py": "ascii\né = 'ß'; x\n", "b.py": b"\xe9 = 1\n"})


@pytest.mark.parametrize(
    ("path", "line", "byte", "character"),
    [
        ("a.py", 1, 3, 3),
        ("a.py", 2, 1, 1),
        ("a.py", 2, 3, 2),
        ("a.py", 2, 12, 10),
        ("a.py", 2, 99, 11),
        ("a.py", 9, 4, 4),
        ("b.py", 1, 3, 3),
        ("gone.py", 1, 3, 3),
        ("a.py", None, 3, None),
        ("a.py", 1, None, None),
    ],
)
def test_bytes_become_characters(path, line, byte, character):
    """A column of bytes is that of the character there; where the line is not at hand it stays as it is."""
    assert Columns(WORKSPACE).character(path, line, byte) == character


def test_a_line_of_ascii_is_told():
    """Bytes and characters are the same in it."""
    columns = Columns(WORKSPACE)
    assert (columns.is_ascii("a.py", 1), columns.is_ascii("a.py", 2), columns.is_ascii("a.py", None)) == (
        True,
        False,
        True,
    )
