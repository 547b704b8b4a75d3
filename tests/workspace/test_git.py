"""Finding repositories, and calling git safely."""

import os
import stat
from pathlib import Path

import pytest

from hunkwise.core.errors import ToolError, UsageError
from hunkwise.workspace.git import open_repository, scrubbed


def test_a_repository_is_found_from_a_subdirectory(repo) -> None:
    """Any directory of a working tree leads to its root."""
    repo.write("deep/er/x.py", "a\n")
    found = open_repository(str(repo.path / "deep/er"))
    assert (found.work_tree, found.git_dir) == (repo.path, repo.path / ".git")


def test_a_bare_repository_is_found(repo, tmp_path: Path) -> None:
    """A bare repository is opened when it is itself the directory, and has no working tree."""
    repo.commit()
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    assert open_repository(str(tmp_path / "bare.git")).work_tree is None


def test_a_linked_worktree_shares_its_objects(repo, tmp_path: Path) -> None:
    """A worktree has its own index and the repository's objects."""
    repo.commit()
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    found = open_repository(str(tmp_path / "linked"))
    assert found.work_tree == tmp_path / "linked"
    assert found.common_dir == repo.path / ".git"
    assert found.index.is_file()


def test_no_repository_is_one_clear_line(tmp_path: Path, make_repo) -> None:
    """Outside a repository the error names the directory and the way out."""
    with pytest.raises(UsageError, match=r"is not in a git repository; name one with -C DIR, or a patch"):
        open_repository(str(tmp_path))
    with pytest.raises(UsageError, match="nowhere is not a directory"):
        open_repository(str(tmp_path / "nowhere"))


def test_missing_git_is_one_clear_line(repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without git on the PATH the error says how to get it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is not installed"):
        open_repository(str(repo.path))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a directory to someone else")
def test_a_repository_of_another_user_is_one_clear_line(repo) -> None:
    """Git's refusal of a dubious owner comes with the command that lifts it."""
    os.chown(repo.path, 12345, 12345)
    os.chown(repo.path / ".git", 12345, 12345)
    with pytest.raises(UsageError, match=r"git config --global --add safe\.directory"):
        open_repository(str(repo.path))


def test_the_environment_of_hooks_does_not_matter(repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside a hook of another repository, the one that was asked for is read."""
    repo.commit()
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other/.git/index"))
    found = open_repository(str(repo.path))
    assert (found.git_dir, found.index) == (repo.path / ".git", repo.path / ".git/index")


def test_the_index_of_a_hook_is_honoured(repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """`git commit -a` gives its pre-commit hook an index of its own beside the usual one."""
    repo.commit()
    (repo.path / ".git/next-index-1.lock").write_bytes((repo.path / ".git/index").read_bytes())
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock")
    assert open_repository(str(repo.path)).index == repo.path / ".git/next-index-1.lock"


def test_settings_of_the_user_that_give_trust_are_kept() -> None:
    """`safe.directory` from a CI's environment reaches git, redirections do not."""
    given = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_DIR": "x",
        "GIT_TRACE": "1",
        "HOME": "/h",
    }
    kept = scrubbed(given)
    assert {"GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "HOME"} <= set(kept)
    assert not {"GIT_DIR", "GIT_TRACE"} & set(kept)


def test_a_failed_call_carries_gits_own_words(repo) -> None:
    """An unexpected failure names what was called and what git said."""
    with pytest.raises(ToolError, match=r"git: .*nothing.*exit code 128"):
        open_repository(str(repo.path)).run("rev-list", "nothing")


def test_no_program_of_a_repositorys_configuration_runs(repo, tmp_path: Path) -> None:
    """Neither fsmonitor, hooks, external diffs nor text conversions are started."""
    from hunkwise.workspace.comparison import compare, look

    marker = tmp_path / "ran"
    script = tmp_path / "evil"
    script.write_text(f"#!/bin/sh\ntouch {marker}\ncat\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    repo.write(".gitattributes", "*.py diff=evil\n")
    repo.write("x.py", "a\n")
    repo.commit()
    for key in ("core.fsmonitor", "diff.external", "diff.evil.textconv", "diff.evil.command", "core.pager"):
        repo.git("config", key, str(script))
    hook = repo.write(".git/hooks/post-index-change", script.read_bytes(), executable=True)
    assert hook.exists()
    repo.write("x.py", "b\n")
    repo.write("y.py", "b\n")
    comparison = compare(look(str(repo.path)), None, None, staged=False, working=False)
    workspace = comparison.workspace()
    try:
        assert len(comparison.files()) == 2
        workspace.grep("b")
        workspace.attributes(workspace.paths(), "head")
    finally:
        workspace.close()
    assert not marker.exists()
