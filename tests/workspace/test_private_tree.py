"""Hostile trees written to disk: nothing escapes, and what is refused is named."""

import stat
from pathlib import Path

import pytest

from hunkwise.core.model import RepoPath
from hunkwise.workspace.private_tree import Limits, PrivateTree, private_directory
from hunkwise.workspace.sandbox.system import USER, is_root


def write(root: Path, files: dict[str, bytes], limits: Limits | None = None) -> dict[str, str]:
    """Write all accepted files and return what was left out."""
    tree = PrivateTree(root, limits)
    for path in tree.accept({RepoPath(name): len(content) for name, content in files.items()}):
        tree.write(path, files[path])
    return dict(tree.left_out)


@pytest.mark.parametrize(
    "path",
    [
        "../x", "a/../../x", "/etc/x", "a//x", "./x", "", "a/.", ".git/config", "a/.GIT/config", ".g\u200cit/config",
        ".git /config", ".git./config", "git~1/config", ".git::$INDEX_ALLOCATION/config", "a\0b", "x" * 256,
        "d/" * 70 + "x", "\ufeff.git/config", "x/" * 1500 + "x",
    ],
)  # fmt: skip
def test_a_dangerous_path_is_refused(tmp_path: Path, path: str) -> None:
    """Paths that leave the tree, name a git directory in any spelling, or are too long or deep are not written."""
    assert list(write(tmp_path, {path: b"x"})) == [path]
    assert list(tmp_path.iterdir()) == []


def test_files_are_written_as_they_are(tmp_path: Path) -> None:
    """Odd but harmless names are kept, byte for byte, and so is the executable bit."""
    names = {"a b/é.py": b"1", "n\nl": b"2", "lat\udce9.py": b"3", "--rcfile=x.py": b"4", ".github/x": b"5", "-": b""}
    assert write(tmp_path, names) == {}
    assert {name: (tmp_path / name).read_bytes() for name in names} == names
    PrivateTree(tmp_path).write(RepoPath("run"), b"x", is_executable=True)
    assert (tmp_path / "run").stat().st_mode & stat.S_IXUSR
    assert not (tmp_path / "-").stat().st_mode & stat.S_IXUSR


def test_colliding_names_are_refused(tmp_path: Path) -> None:
    """A file where a directory is, or the other way round, is left out with the system's reason."""
    assert set(write(tmp_path, {"a": b"1", "a/b": b"2", "c/d": b"3", "c": b"4"})) == {"a/b", "c"}


def test_a_link_is_never_followed(tmp_path: Path) -> None:
    """Even if a link stood there, it would not be written through."""
    root, secret = tmp_path / "root", tmp_path / "secret"
    root.mkdir()
    secret.write_text("untouched")
    (root / "x").symlink_to(secret)
    assert set(write(root, {"x": b"1"})) == {"x"}
    assert secret.read_text() == "untouched"


def test_a_directory_that_is_a_link_is_never_entered(tmp_path: Path) -> None:
    """Neither the last part of a path nor any before it is followed out of the tree."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "a").mkdir(parents=True)
    outside.mkdir()
    (root / "a" / "b").symlink_to(outside)
    (root / "c").symlink_to(outside)
    assert set(write(root, {"a/b/x": b"1", "c/x": b"2", "c/d/x": b"3", "a/y": b"4"})) == {"a/b/x", "c/x", "c/d/x"}
    assert list(outside.iterdir()) == []


def test_only_tools_can_read_it_beside_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its door is shut to all but the group of the tools; behind it, the user that they run as can read."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    directory = private_directory("x-")
    write(directory, {"a/b": b"x"})
    status = directory.stat()
    assert (stat.S_IMODE(status.st_mode), status.st_gid) == ((0o750, USER) if is_root() else (0o700, status.st_gid))
    assert (directory / "a/b").stat().st_mode & stat.S_IROTH
    assert (directory / "a").stat().st_mode & stat.S_IXOTH


def test_limits_hold(tmp_path: Path) -> None:
    """Count, size of a file and size of all are capped, each with its own reason."""
    limits = Limits(files=2, file_size=10, total_size=15)
    left_out = write(tmp_path, {"big": b"x" * 11, "a": b"x" * 8, "b": b"x" * 8, "c": b"", "d": b""}, limits)
    assert list(left_out) == ["big", "b", "d"]
    assert [reason.split(" ")[0] for reason in left_out.values()] == ["larger", "beyond", "beyond"]
