"""Git over the fake's HTTP, with real git."""

import base64
import os
import re
import subprocess
from pathlib import Path

from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle, RepositoryHandle


def git(cwd: Path, *args: str, token: str = "", ok: bool = True) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    if token:
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        env |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader"}
        env |= {"GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}"}
    done = subprocess.run(["git", *args], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert not ok or done.returncode == 0, done.stderr
    return done


def test_a_partial_shallow_fetch_of_head_and_base(
    tmp_path: Path, repository: RepositoryHandle, pull: PullHandle, token: str
) -> None:
    """The head by its ref and the base by its commit, without blobs; a diff brings those it needs."""
    git(tmp_path, "init", "-q", "work")
    work = tmp_path / "work"
    git(work, "remote", "add", "origin", repository.clone_url)
    git(work, "config", "remote.origin.promisor", "true")
    git(work, "config", "remote.origin.partialclonefilter", "blob:none")
    git(work, "fetch", "-q", "--depth=1", "--filter=blob:none", "origin", "refs/pull/1/head", pull.base, token=token)
    missing = git(work, "rev-list", "--objects", "--missing=print", pull.head).stdout
    assert "?" in missing
    names = git(work, "diff", "--name-status", "--no-renames", pull.base, pull.head).stdout.split("\n")[:-1]
    assert "A\tnew.py" in names
    assert "+line three" in git(work, "diff", pull.base, pull.head, "--", "a.py", token=token).stdout


def test_a_private_repository_wants_a_token(tmp_path: Path, repository: RepositoryHandle, pull: PullHandle) -> None:
    """Without one, git is asked for credentials."""
    done = git(tmp_path, "ls-remote", repository.clone_url, ok=False)
    assert done.returncode == 128
    assert "could not read Username" in done.stderr


def test_a_token_opens_its_own_repository_only(
    tmp_path: Path, github: FakeGitHub, repository: RepositoryHandle, pull: PullHandle, token: str
) -> None:
    """Another repository is not found."""
    other = github.repository("o/other")
    other.commit({"a": "b"})
    assert "refs/pull/1/merge" in git(tmp_path, "ls-remote", repository.clone_url, token=token).stdout
    assert "not found" in git(tmp_path, "ls-remote", other.clone_url, token=token, ok=False).stderr


def test_reading_takes_contents_read(
    tmp_path: Path, github: FakeGitHub, repository: RepositoryHandle, pull: PullHandle
) -> None:
    """A token for pull requests alone brings no code."""
    weak = github.token(repository, pull_requests="write")
    assert "403" in git(tmp_path, "ls-remote", repository.clone_url, token=weak, ok=False).stderr


def test_a_commit_that_is_gone_is_refused(
    tmp_path: Path, repository: RepositoryHandle, pull: PullHandle, token: str
) -> None:
    """git says `not our ref`, as after a force-push whose old commit was collected."""
    git(tmp_path, "init", "-q", "work")
    done = git(tmp_path / "work", "fetch", "-q", repository.clone_url, "f" * 40, token=token, ok=False)
    assert done.returncode == 128
    assert "not our ref" in done.stderr


def test_a_public_repository_is_read_by_anyone(tmp_path: Path, github: FakeGitHub) -> None:
    """No token is needed, and pushing still needs one."""
    public = github.repository("o/public", private=False)
    public.commit({"a": "b"})
    git(tmp_path, "clone", "-q", public.clone_url, "clone")
    done = git(tmp_path / "clone", "push", "-q", "origin", "HEAD:refs/heads/new", ok=False)
    assert "could not read Username" in done.stderr


def test_an_old_token_is_no_good(
    tmp_path: Path, github: FakeGitHub, repository: RepositoryHandle, pull: PullHandle, token: str
) -> None:
    """An installation token lives for an hour of the fake's clock."""
    github.clock.advance(3601)
    assert git(tmp_path, "ls-remote", repository.clone_url, token=token, ok=False).returncode == 128


def test_git_meets_faults_too(
    tmp_path: Path, github: FakeGitHub, repository: RepositoryHandle, pull: PullHandle, token: str
) -> None:
    """By the path of the repository; the log has who asked, and no token."""
    github.faults.add(r"/o/r\.git/", "status", status=503)
    github.faults.add(r"/o/r\.git/", "cut")
    for words in ("503", "Empty reply|reset|disconnect|unexpectedly"):
        done = git(tmp_path, "ls-remote", repository.clone_url, token=token, ok=False)
        assert re.search(words, done.stderr), done.stderr
    git(tmp_path, "ls-remote", repository.clone_url, token=token)
    entry = github.log.entries[-1]
    assert ("hunkwise[bot]", 200) == (entry.actor, entry.status)
    assert token not in repr(github.log.entries)
