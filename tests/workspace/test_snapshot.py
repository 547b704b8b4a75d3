"""Index and working tree written as trees, the repository only read."""

import hashlib
import os
import subprocess

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Side
from hunkwise.workspace.comparison import Comparison


def paths(comparison: Comparison) -> list[str]:
    return [file.path for file in comparison.files()]


def test_large_untracked_files_and_repositories_are_left_out(repo, make_repo, ask) -> None:
    """What is left out of the working tree is in the notes with its reason."""
    repo.commit()
    repo.write("big.bin", b"\1" * (5 * 2**20 + 1))
    inner = make_repo("repo/inner")
    inner.write("x.py", "a\n")
    inner.commit()
    repo.write("x.py", "a\n")
    found = ask(repo.path)
    assert paths(found) == ["x.py"]
    assert sorted(found.notes) == [
        "big.bin: not tracked, and left out: larger than 5 MB",
        "inner/: not tracked, and left out: another repository",
    ]


def test_line_ends_that_git_converts_are_no_change(repo, ask) -> None:
    """Under `core.autocrlf`, CRLF on disk equals LF in git, and only real edits show, without the CR."""
    repo.write("x.py", "a\nb\n")
    repo.commit()
    repo.git("config", "core.autocrlf", "true")
    repo.git("config", "core.safecrlf", "true")
    repo.write("x.py", "a\r\nc\r\n")
    repo.write("y.py", "a\nb\r\n")
    lines = [line.text for file in ask(repo.path).files() for line in file.changed_lines()]
    assert lines == ["b", "c", "a", "b"]


def test_all_kinds_of_uncommitted_work_are_seen(repo, ask) -> None:
    """Deletions, type changes, modes, intent to add, files for directories and odd names are as git sees them."""
    for name in ("gone.py", "mode.sh", "type", b"n\nl\xe9.py", "dir/x.py"):
        repo.write(name, "a\nb\nc\n")
    repo.commit()
    (repo.path / "gone.py").unlink()
    repo.write("mode.sh", "a\nb\nc\n", executable=True)
    (repo.path / "type").unlink()
    repo.link("type", "mode.sh")
    repo.write(b"n\nl\xe9.py", "d\n")
    (repo.path / "dir/x.py").unlink()
    (repo.path / "dir").rmdir()
    repo.write("dir", "now a file\n")
    repo.write("intent.py", "a\n")
    repo.git("add", "-N", "intent.py")
    found = {os.fsencode(file.path): file.status.value for file in ask(repo.path).files()}
    assert found == {
        b"dir": "added",
        b"dir/x.py": "deleted",
        b"gone.py": "deleted",
        b"intent.py": "added",
        b"mode.sh": "mode changed",
        b"n\nl\xe9.py": "modified",
        b"type": "type changed",
    }


def test_a_moved_submodule_is_named_and_not_entered(repo, make_repo, ask) -> None:
    """A submodule at another commit is a change of one line; its files are not compared."""
    inner = make_repo("inner")
    inner.commit()
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.path), "sub")
    repo.commit()
    sub = repo.path / "sub"
    (sub / "x.py").write_text("a\n")
    for call in (["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run(["git", "-C", str(sub), *call], check=True)
    (file,) = ask(repo.path).files()
    assert (file.path, file.kind.value, file.reason) == ("sub", "submodule", "submodule")


def test_conflicts_cannot_be_reviewed_as_staged(feature, ask) -> None:
    """An index with conflicts is an error that names a file; the working tree can be reviewed."""
    feature.write("later.py", "mine\n")
    feature.commit()
    with pytest.raises(subprocess.CalledProcessError):
        feature.git("merge", "main")
    with pytest.raises(UsageError, match=r"conflicts \(later\.py\).*--working"):
        ask(feature.path, staged=True)
    assert paths(ask(feature.path, working=True)) == ["later.py"]


def test_staged_work_in_a_hook_is_the_hooks_index(repo, ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pre-commit hook of `git commit -a`, --staged sees what will be committed."""
    repo.write("x.py", "a\n")
    repo.commit()
    repo.write("x.py", "b\n")
    lock = repo.path / ".git/index.other"
    lock.write_bytes((repo.path / ".git/index").read_bytes())
    subprocess.run(["git", "add", "x.py"], cwd=repo.path, env={**os.environ, "GIT_INDEX_FILE": str(lock)}, check=True)
    assert paths(ask(repo.path, staged=True)) == []
    monkeypatch.setenv("GIT_INDEX_FILE", str(lock))
    assert paths(ask(repo.path, staged=True)) == ["x.py"]


def test_the_repository_and_its_index_are_never_written(feature, ask) -> None:
    """Not one byte, name or time below `.git` changes; git touches the times of objects that it meets again."""

    def state() -> dict[str, tuple[str, int]]:
        return {
            str(path): (
                hashlib.sha256(path.read_bytes()).hexdigest(),
                0 if "objects" in path.parts else path.stat().st_mtime_ns,
            )
            for path in (feature.path / ".git").rglob("*")
            if path.is_file()
        }

    feature.write("base.py", "b\n")
    feature.write("untracked.py", "a\n")
    feature.write("staged.py", "a\n")
    feature.git("add", "staged.py")
    before = state()
    for staged, working in ((False, False), (True, False), (False, True)):
        found = ask(feature.path, staged=staged, working=working)
        workspace = found.workspace()
        assert found.files()
        workspace.attributes(workspace.paths(), Side.HEAD)
        workspace.read("base.py")
        workspace.directory()
        workspace.close()
    assert state() == before
