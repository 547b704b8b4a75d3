"""A change's files with fixes lie in a directory of their own."""

from pathlib import Path

from hunkwise.core.model import RepoPath, Side
from hunkwise.testing import FakeWorkspace
from hunkwise.workspace.mended import MendedWorkspace

FILES = {"src/pkg/a.py": ("old\n", "new\n"), "src/pkg/b.py": ("b\n", "b\n"), "c.py": ("c\n", "c\n")}


def mended(**texts):
    inner = FakeWorkspace.of(FILES)
    return inner, MendedWorkspace(inner, {RepoPath("src/pkg/a.py"): "fixed\n"})


def test_the_fixed_file_is_read_and_lies_there_fixed():
    """Only the head's file is another; the original directory is left alone."""
    inner, workspace = mended()
    with workspace:
        for private in (False, True):
            root = Path(workspace.directory(private=private))
            assert (root / "src/pkg/a.py").read_text() == "fixed\n"
            assert (root / "src/pkg/b.py").read_text() == "b\n"
            assert (root / "c.py").read_text() == "c\n"
            assert (Path(inner.directory(private=private)) / "src/pkg/a.py").read_text() == "new\n"
            workspace.close()
            assert not root.exists()
    assert workspace.read(RepoPath("src/pkg/a.py")) == b"fixed\n"
    assert workspace.read(RepoPath("src/pkg/a.py"), Side.BASE) == b"old\n"
    assert workspace.read(RepoPath("c.py")) == b"c\n"
    assert workspace.paths() == inner.paths()
    inner.close()


def test_a_private_directory_holds_regular_files_only():
    """Where links must not be followed, there are none; else only what leads to the fixed file is no link."""
    inner, workspace = mended()
    with workspace:
        root = Path(workspace.directory(private=True))
        assert not any(path.is_symlink() for path in root.rglob("*"))
    with workspace:
        root = Path(workspace.directory(private=False))
        assert {path.name for path in root.rglob("*") if path.is_symlink()} == {"b.py", "c.py"}
    inner.close()
