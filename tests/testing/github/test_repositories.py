"""Repositories of the fake, as PyGithub reads them."""

import httpx
import pytest
from github import Github, UnknownObjectException

from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle, RepositoryHandle


def test_files_and_folders_are_read(pygithub: Github, repository: RepositoryHandle) -> None:
    """By path and ref; the root by an empty path too."""
    sha = repository.commit({".github/hunkwise.toml": "a = 1\n", "src/deep/é x.py": b"\xff\xfe", "README.md": "hi\n"})
    found = pygithub.get_repo("o/r")
    content = found.get_contents(".github/hunkwise.toml", ref=sha)
    assert not isinstance(content, list)
    assert b"a = 1\n" == content.decoded_content
    listed = found.get_contents("")
    assert isinstance(listed, list)
    assert [(".github", "dir"), ("README.md", "file"), ("src", "dir")] == [(one.path, one.type) for one in listed]
    deep = found.get_contents("src/deep/é x.py")
    assert not isinstance(deep, list)
    assert b"\xff\xfe" == deep.decoded_content
    assert "//4=" == found.get_git_blob(deep.sha).content.strip()
    with pytest.raises(UnknownObjectException):
        found.get_contents("nowhere")


def test_raw_and_large_contents(api: httpx.Client, repository: RepositoryHandle) -> None:
    """Over a megabyte there is no content unless it is asked for raw."""
    repository.commit({"big.txt": "x" * 1_000_001})
    shown = api.get("/repos/o/r/contents/big.txt").json()
    assert (1_000_001, "", "none") == (shown["size"], shown["content"], shown["encoding"])
    raw = api.get("/repos/o/r/contents/big.txt", headers={"Accept": "application/vnd.github.raw+json"})
    assert 1_000_001 == len(raw.content)


def test_commits_compare_and_branch(pygithub: Github, repository: RepositoryHandle, pull: PullHandle) -> None:
    """A commit with its files, two commits with what is between them, and a branch."""
    found = pygithub.get_repo("o/r")
    assert 5 == len(list(found.get_commit(pull.head).files))
    assert 3 == len(list(found.get_commit(pull.base).files))
    compared = found.compare(pull.base, pull.head)
    assert ("ahead", 1, 0, pull.base) == (
        compared.status,
        compared.ahead_by,
        compared.behind_by,
        compared.merge_base_commit.sha,
    )
    assert "diverged" == found.compare(repository.commit({"z": "z"}), pull.head).status
    assert pull.head == found.get_branch("topic-1").commit.sha


def test_what_is_unknown_is_said(github: FakeGitHub, api: httpx.Client, repository: RepositoryHandle) -> None:
    """An unknown commit is 422, an unknown ref 404; a path that the fake lacks is a violation."""
    repository.commit({"a": "b"})
    assert 422 == api.get(f"/repos/o/r/commits/{'f' * 40}").status_code
    assert 404 == api.get("/repos/o/r/compare/main...nowhere").status_code
    assert 404 == api.get("/repos/o/r/labels").status_code
    assert ["the fake does not know this path"] == [one.words for one in github.violations]
    github.violations.clear()
