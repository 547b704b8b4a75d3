from pathlib import Path

import pytest

from hunkwise.core.model import Side
from hunkwise.testing import FakeWorkspace, make_location

FILES = {"a/b.py": ("x\n", "x\ny\n"), "new.py": "y\n", "old.py": ("y\n", None)}


def test_each_side_has_its_files():
    """Added files are only at the head, deleted ones only at the base."""
    workspace = FakeWorkspace.of(FILES)
    assert workspace.paths() == ("a/b.py", "new.py")
    assert workspace.paths(Side.BASE) == ("a/b.py", "old.py")
    assert workspace.read("a/b.py", Side.BASE) == b"x\n"


def test_what_is_not_at_hand_is_not_found():
    """Reading a path that is not there raises FileNotFoundError, which names the path and the side."""
    with pytest.raises(FileNotFoundError, match=r"old\.py is not at the head"):
        FakeWorkspace.of(FILES).read("old.py")


def test_grep_finds_lines_by_path_and_number():
    """A fixed text is found in all files of a side, by path and line."""
    assert FakeWorkspace.of(FILES).grep("y") == (make_location("a/b.py", 2), make_location("new.py", 1))


def test_the_directory_holds_the_head_until_closed():
    """The directory has the head's files; closing removes it."""
    with FakeWorkspace.of(FILES) as workspace:
        directory = Path(workspace.directory())
        assert (directory / "a/b.py").read_text() == "x\ny\n"
        assert workspace.directory() == str(directory)
    assert not directory.exists()


def test_attributes_are_those_that_were_given():
    """Attributes are returned for the paths that have some."""
    workspace = FakeWorkspace({"a.js": "x"}, attributes={"a.js": ["linguist-generated"]})
    assert workspace.attributes(["a.js", "b.js"], Side.HEAD) == {"a.js": frozenset({"linguist-generated"})}
