"""What a patch without a repository lets one read."""

from pathlib import Path

import pytest

from hunkwise.core.model import Location, RepoPath, Side
from hunkwise.workspace.patched import PatchWorkspace


@pytest.fixture
def workspace() -> PatchWorkspace:
    return PatchWorkspace({RepoPath("d/b.py"): b"x\nneedle\n", RepoPath("a.py"): b"caf\xe9"})


def test_only_added_files_can_be_read(workspace: PatchWorkspace) -> None:
    """All else is not at hand, and the workspace says that it is not complete."""
    assert not workspace.is_complete
    assert workspace.read(RepoPath("a.py")) == b"caf\xe9"
    assert (workspace.paths(), workspace.paths(Side.BASE)) == (("a.py", "d/b.py"), ())
    for path, side in (("a.py", Side.BASE), ("other.py", Side.HEAD)):
        with pytest.raises(FileNotFoundError):
            workspace.read(RepoPath(path), side)


def test_grep_looks_into_added_files(workspace: PatchWorkspace) -> None:
    """A fixed text is found by line."""
    assert workspace.grep("needle") == (Location(path=RepoPath("d/b.py"), start=2, end=2),)
    assert workspace.grep("needle", Side.BASE) == workspace.grep("") == ()


def test_the_directory_holds_just_the_added_files(workspace: PatchWorkspace) -> None:
    """It is private, and goes away on close."""
    root = Path(workspace.directory())
    assert sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py")) == ["a.py", "d/b.py"]
    workspace.close()
    assert not root.exists()
