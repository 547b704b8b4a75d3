"""What is compared with what, for all that a user can ask."""

import os
import subprocess
from pathlib import Path

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.workspace.comparison import Comparison


def paths(comparison: Comparison) -> list[str]:
    return [file.path for file in comparison.files()]


def described(comparison: Comparison) -> str:
    return comparison.describe(comparison.files())


def test_by_default_all_work_since_main_is_compared(feature, ask) -> None:
    """Commits, uncommitted and untracked work count; what main got meanwhile does not, nor what is ignored."""
    feature.write("base.py", "b\n")
    feature.write(".gitignore", "*.log\n")
    feature.write("x.log", "a\n")
    feature.write("staged.py", "a\n")
    feature.git("add", "staged.py")
    found = ask(feature.path)
    assert paths(found) == [".gitignore", "base.py", "new.py", "staged.py"]
    assert (found.id, found.base.commit, found.head.commit) == ("main...feature", feature.start, None)
    assert described(found) == f"main (merge-base {feature.start[:7]}) … working tree: 4 files, 3 uncommitted"
    assert found.is_checked_out


def test_a_clean_branch_has_its_commit_as_head(feature, ask) -> None:
    """Without uncommitted work the head is the commit itself."""
    found = ask(feature.path)
    assert (paths(found), found.head.commit, found.checkout) == (["new.py"], feature.tip, feature.path)


def test_the_default_branch_of_the_remote_comes_first(feature, make_repo, tmp_path: Path, ask) -> None:
    """`origin/HEAD` is the base where there is one, not the local main, and unpushed commits on main show."""
    feature.git("checkout", "-q", "main")
    feature.git("clone", "-q", ".", str(tmp_path / "clone"))
    clone = tmp_path / "clone"
    (clone / "mine.py").write_text("a\n")
    for call in (["add", "-A"], ["commit", "-qm", "mine"]):
        subprocess.run(["git", "-C", str(clone), *call], check=True)
    found = ask(clone)
    assert (paths(found), found.id) == (["mine.py"], "origin/main...main")


def test_another_upstream_is_the_base(feature, ask) -> None:
    """Without a remote's default branch, the upstream counts if it has another name."""
    feature.git("remote", "add", "origin", "nowhere")
    feature.git("update-ref", "refs/remotes/origin/develop", feature.start)
    feature.git("config", "branch.feature.remote", "origin")
    feature.git("config", "branch.feature.merge", "refs/heads/develop")
    assert ask(feature.path).id == "origin/develop...feature"


def test_on_the_default_branch_alone_uncommitted_work_is_compared(repo, ask) -> None:
    """With nothing to measure against, HEAD is the base."""
    repo.write("x.py", "a\n")
    repo.commit()
    repo.write("x.py", "b\n")
    found = ask(repo.path)
    assert (paths(found), found.id, found.uncommitted) == (["x.py"], "working tree", 1)


def test_nothing_to_compare_says_how_to_name_another_base(repo, ask) -> None:
    """An empty change says what was compared and what to do."""
    commit = repo.commit()
    hint = "--base REVISION names another base, such as --base HEAD~1"
    assert described(ask(repo.path)) == f"HEAD ({commit[:7]}) … working tree: nothing differs; {hint}"


def test_before_the_first_commit_everything_is_new(repo, ask) -> None:
    """An unborn HEAD is compared as an empty tree, in all three ways."""
    repo.write("x.py", "a\n")
    repo.write("staged.py", "a\n")
    repo.git("add", "staged.py")
    assert paths(ask(repo.path)) == paths(ask(repo.path, working=True)) == ["staged.py", "x.py"]
    assert paths(ask(repo.path, staged=True)) == ["staged.py"]


def test_an_empty_repository_is_an_empty_change(repo, ask) -> None:
    """No commit and no file is no error."""
    assert paths(ask(repo.path)) == []


def test_staged_work_is_the_index_against_head(repo, ask) -> None:
    """What is only in the working tree does not count, and the index's version is read, not the disk's."""
    repo.write("x.py", "a\n")
    repo.commit()
    repo.write("x.py", "b\n")
    repo.git("add", "x.py")
    repo.write("x.py", "c\n")
    repo.write("untracked.py", "a\n")
    found = ask(repo.path, staged=True)
    assert [line.text for file in found.files() for line in file.changed_lines()] == ["a", "b"]
    assert found.is_checked_out
    assert found.checkout is None
    workspace = found.workspace()
    assert (Path(workspace.directory()) / "x.py").read_text() == "b\n"
    workspace.close()


def test_staged_work_that_is_all_work_lies_on_disk(repo, ask) -> None:
    """Where index and working tree agree, tools run in the working tree."""
    repo.commit()
    repo.write("x.py", "b\n")
    repo.git("add", "x.py")
    assert ask(repo.path, staged=True).checkout == repo.path


def test_a_base_alone_is_compared_with_the_working_tree(feature, ask) -> None:
    """`--base X` means all work since the merge-base with X, uncommitted work included."""
    feature.write("uncommitted.py", "a\n")
    assert paths(ask(feature.path, "main")) == ["new.py", "uncommitted.py"]
    assert paths(ask(feature.path, "HEAD")) == ["uncommitted.py"]


def test_a_base_and_a_head_are_two_commits(feature, ask) -> None:
    """`--base X --head Y` leaves the working tree out; a head that is not checked out says so."""
    feature.write("uncommitted.py", "a\n")
    mine, theirs = ask(feature.path, "main", "feature"), ask(feature.path, "feature", "main")
    assert (paths(mine), mine.is_checked_out, mine.checkout) == (["new.py"], True, None)
    assert (paths(theirs), theirs.is_checked_out) == (["later.py"], False)
    assert described(theirs) == f"feature (merge-base {feature.start[:7]}) … main ({theirs.head.commit[:7]}): 1 file"


def test_a_head_alone_is_compared_with_the_default_branch(feature, ask) -> None:
    """`--head Y` without a base measures Y against main."""
    feature.git("checkout", "-q", "--detach", "main")
    assert paths(ask(feature.path, None, "feature")) == ["new.py"]


def test_a_detached_head_is_compared_with_main(feature, ask) -> None:
    """HEAD needs no branch."""
    feature.git("checkout", "-q", "--detach")
    found = ask(feature.path)
    assert (paths(found), found.id, found.is_checked_out) == (["new.py"], "main...HEAD", True)


def test_paths_are_relative_to_the_root_from_anywhere(feature, ask) -> None:
    """From a subdirectory the whole change is compared, with the repository's paths."""
    feature.write("sub/x.py", "a\n")
    assert paths(ask(feature.path / "sub")) == ["new.py", "sub/x.py"]


def test_a_linked_worktree_has_its_own_work(feature, tmp_path: Path, ask) -> None:
    """In a linked worktree its own HEAD, index and files count."""
    feature.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"), "main")
    (tmp_path / "linked/mine.py").write_text("a\n")
    feature.write("not-mine.py", "a\n")
    found = ask(tmp_path / "linked")
    assert (paths(found), found.id, found.checkout) == (["mine.py"], "main...other", tmp_path / "linked")


def test_a_bare_repository_compares_commits(feature, tmp_path: Path, ask) -> None:
    """A bare repository as -C takes two revisions, is never checked out, and has no working tree."""
    feature.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    found = ask(tmp_path / "bare.git", "main", "feature")
    assert (paths(found), found.is_checked_out, found.checkout) == (["new.py"], False, None)
    assert paths(ask(tmp_path / "bare.git", "main")) == ["new.py"]
    with pytest.raises(UsageError, match=r"has no working tree, so there is no index.*--base and --head"):
        ask(tmp_path / "bare.git", staged=True)


def test_a_shallow_clone_without_a_merge_base_says_so(feature, tmp_path: Path, ask) -> None:
    """The base itself is compared, with a note that names the mend."""
    clone = tmp_path / "shallow"
    url = feature.path.as_uri()
    subprocess.run(["git", "clone", "-q", "--depth=1", "--no-single-branch", url, str(clone)], check=True)
    found = ask(clone, "origin/main", "origin/feature")
    assert [(file.path, file.status.value) for file in found.files()] == [("later.py", "deleted"), ("new.py", "added")]
    assert "shallow clone" in found.notes[0]
    assert "git fetch --unshallow" in found.notes[0]


def test_unrelated_histories_are_compared_directly(repo, ask) -> None:
    """Without any common ancestor the note says that the two were compared as they are."""
    repo.commit()
    repo.git("checkout", "-q", "--orphan", "other")
    repo.write("x.py", "a\n")
    repo.commit()
    found = ask(repo.path, "main")
    assert (paths(found), found.notes) == (
        ["x.py"],
        ("main and HEAD have no common ancestor, so they are compared directly",),
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("featrue", "did you mean feature"),
        ("zzz", "git branch -a"),
        ("", "not the name"),
        ("--help", "unknown revision"),
    ],
)
def test_an_unknown_revision_names_near_ones(feature, ask, name: str, message: str) -> None:
    """A typo in a revision is one line with what was probably meant; nothing is taken for an option."""
    with pytest.raises(UsageError, match=message):
        ask(feature.path, name)


def test_a_base_before_the_first_commit_is_an_error(repo, ask) -> None:
    """HEAD cannot be named before there is a commit."""
    with pytest.raises(UsageError, match="has no commits yet"):
        ask(repo.path, "HEAD")


def test_what_was_made_is_removed(feature, ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """After `close`, and after an error, nothing of ours is left on disk."""
    import tempfile

    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    feature.write("x.py", "a\n")
    found = ask(feature.path)
    workspace = found.workspace()
    found.files()
    assert list(own.iterdir())
    workspace.close()
    assert list(own.iterdir()) == []


def test_an_empty_change_costs_few_processes(feature, ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Finding out that nothing differs starts git at most six times, with uncommitted work eight."""
    import shutil

    real = shutil.which("git")
    log = tmp_path / "calls"
    (tmp_path / "bin").mkdir()
    shim = tmp_path / "bin/git"
    shim.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {real} "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{shim.parent}:{os.environ['PATH']}")
    feature.git("checkout", "-q", "main")
    log.write_text("")
    assert paths(ask(feature.path)) == []
    assert len(log.read_text().splitlines()) <= 6
    feature.git("checkout", "-q", "feature")
    feature.write("x.py", "a\n")
    log.write_text("")
    assert paths(ask(feature.path)) == ["new.py", "x.py"]
    assert len(log.read_text().splitlines()) <= 8
