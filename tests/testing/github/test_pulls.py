"""Pull requests of the fake, as PyGithub and plain HTTP see them."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from github import Github

from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle, RepositoryHandle


def test_pygithub_reads_a_pull(pygithub: Github, pull: PullHandle) -> None:
    """Head, base, author and counts are those of the real git."""
    found = pygithub.get_repo("o/r").get_pull(1)
    assert (pull.head, pull.base, "alice") == (found.head.sha, found.base.sha, found.user.login)
    assert (5, 1) == (found.changed_files, found.commits)
    assert ("open", False, True) == (found.state, found.draft, found.mergeable)


def test_files_are_as_github_lists_them(pygithub: Github, pull: PullHandle) -> None:
    """Status, counts and previous name come from git; a binary and a mere move have no patch."""
    files = {one.filename: one for one in pygithub.get_repo("o/r").get_pull(1).get_files()}
    assert {
        "a.py": ("modified", 2, 2, 4),
        "gone.py": ("removed", 0, 1, 1),
        "image.bin": ("added", 0, 0, 0),
        "moved.py": ("renamed", 0, 0, 0),
        "new.py": ("added", 2, 0, 2),
    } == {name: (one.status, one.additions, one.deletions, one.changes) for name, one in files.items()}
    assert "old.py" == files["moved.py"].previous_filename
    assert {"a.py", "gone.py", "new.py"} == {name for name, one in files.items() if one.patch}
    assert files["new.py"].patch == "@@ -0,0 +1,2 @@\n+a\n+b"


def test_a_patch_over_the_limits_is_missing(github: FakeGitHub, api: httpx.Client, pull: PullHandle) -> None:
    """A large file has counts and no patch."""
    github.limits.patch_lines = 5
    files = {one["filename"]: one for one in api.get("/repos/o/r/pulls/1/files").json()}
    assert "patch" not in files["a.py"]
    assert 4 == files["a.py"]["changes"]
    assert "patch" in files["new.py"]


def test_files_come_in_pages_by_number(pygithub: Github, repository: RepositoryHandle) -> None:
    """Pages are of 30 unless asked otherwise, and the next one is named by the repository's number."""
    repository.open_pull(head_files={f"f{number:03}.py": "x\n" for number in range(130)}, base_files={"a": "a\n"})
    assert 130 == len(list(pygithub.get_repo("o/r").get_pull(1).get_files()))


def test_link_headers_name_the_repository_by_number(
    api: httpx.Client, repository: RepositoryHandle, pull: PullHandle
) -> None:
    """Real GitHub pages by /repositories/ID too."""
    answer = api.get("/repos/o/r/pulls/1/files", params={"per_page": 2})
    assert f"/api/v3/repositories/{repository.state.id}/pulls/1/files?per_page=2&page=2" in answer.links["next"]["url"]
    assert 2 == len(api.get(answer.links["next"]["url"]).json())
    assert answer.links["last"]["url"].endswith("page=3")


def test_no_more_than_the_limit_of_files_is_listed(github: FakeGitHub, api: httpx.Client, pull: PullHandle) -> None:
    """GitHub lists 3,000 files; `changed_files` still says the truth."""
    github.limits.listed_files = 2
    assert 2 == len(api.get("/repos/o/r/pulls/1/files").json())
    assert 5 == api.get("/repos/o/r/pulls/1").json()["changed_files"]


def test_the_diff_media_type_gives_git_s_diff(api: httpx.Client, pull: PullHandle) -> None:
    """The diff is text."""
    answer = api.get("/repos/o/r/pulls/1", headers={"Accept": "application/vnd.github.v3.diff"})
    assert answer.text.startswith("diff --git a/a.py b/a.py\n")


def test_a_large_diff_is_refused(github: FakeGitHub, api: httpx.Client, pull: PullHandle) -> None:
    """Over 300 files the diff media type gives 406 too_large."""
    github.limits.diff_files = 4
    answer = api.get("/repos/o/r/pulls/1", headers={"Accept": "application/vnd.github.v3.diff"})
    assert (406, "too_large") == (answer.status_code, answer.json()["errors"][0]["code"])


def test_a_push_moves_the_head(api: httpx.Client, pull: PullHandle) -> None:
    """The new head is on top of the old one."""
    before = pull.head
    after = pull.push({"new.py": "a\nb\nc\n"})
    assert after == api.get("/repos/o/r/pulls/1").json()["head"]["sha"]
    assert [before, after] == [one["sha"] for one in api.get("/repos/o/r/pulls/1/commits").json()]
    assert [before, after] == [one.sha for one in pull.state.heads]


def test_a_force_push_replaces_the_commits(api: httpx.Client, pull: PullHandle) -> None:
    """The old head is no longer part of the pull request."""
    after = pull.force_push({"new.py": "c\n"})
    assert [after] == [one["sha"] for one in api.get("/repos/o/r/pulls/1/commits").json()]


def test_a_fork_has_its_own_head_repository(
    github: FakeGitHub, repository: RepositoryHandle, api: httpx.Client
) -> None:
    """The head is in the fork, and its commits are in the base repository too."""
    repository.commit({"a.py": "1\n"})
    fork = github.repository("mallory/r", fork_of=repository)
    pull = repository.open_pull(head_files={"a.py": "2\n"}, fork=fork, author="mallory")
    shown = api.get("/repos/o/r/pulls/1").json()
    assert ("mallory/r", True) == (shown["head"]["repo"]["full_name"], shown["head"]["repo"]["fork"])
    pull.push({"a.py": "3\n"})
    assert pull.head == repository.git("rev-parse", "refs/pull/1/head").decode().strip()


def test_a_deleted_fork_leaves_null(github: FakeGitHub, repository: RepositoryHandle, api: httpx.Client) -> None:
    """The pull request outlives its head repository."""
    repository.commit({"a.py": "1\n"})
    fork = github.repository("mallory/r", fork_of=repository)
    repository.open_pull(head_files={"a.py": "2\n"}, fork=fork, author="mallory")
    fork.delete()
    assert api.get("/repos/o/r/pulls/1").json()["head"]["repo"] is None


def test_a_conflict_is_not_mergeable(repository: RepositoryHandle, api: httpx.Client) -> None:
    """Where base and head conflict there is no merge ref."""
    base = repository.commit({"a.py": "1\n"})
    repository.commit({"a.py": "2\n"}, branch="topic", parent=base)
    repository.commit({"a.py": "3\n"})
    repository.open_pull(head="topic")
    assert (False, "dirty") == (
        api.get("/repos/o/r/pulls/1").json()["mergeable"],
        api.get("/repos/o/r/pulls/1").json()["mergeable_state"],
    )


@pytest.mark.parametrize(("state", "expected"), [("open", [2]), ("closed", [1]), ("all", [2, 1])])
def test_pulls_are_listed_by_state(
    repository: RepositoryHandle, pull: PullHandle, api: httpx.Client, state: str, expected: list[int]
) -> None:
    """Newest first; the open ones unless asked otherwise."""
    repository.open_pull(head_files={"b.py": "x\n"}, draft=True)
    pull.close()
    found = api.get("/repos/o/r/pulls", params={"state": state}).json()
    assert expected == [one["number"] for one in found]


def test_merging_needs_the_right_to_write_contents(
    github: FakeGitHub, repository: RepositoryHandle, pull: PullHandle, pygithub: Github
) -> None:
    """Our App may not merge; a token with contents: write may."""
    from github import GithubException

    with pytest.raises(GithubException, match="Resource not accessible by integration"):
        pygithub.get_repo("o/r").get_pull(1).merge()
    token = github.token(repository, contents="write", pull_requests="write")
    answer = httpx.put(f"{github.api}/repos/o/r/pulls/1/merge", headers={"Authorization": f"token {token}"})
    assert answer.json()["merged"]
    assert answer.json()["sha"] == repository.git("rev-parse", "main").decode().strip()


def test_a_burst_of_pushes_loses_none(repository: RepositoryHandle, pull: PullHandle) -> None:
    """Pushes and new pulls from many threads come one after the other."""
    with ThreadPoolExecutor(8) as threads:
        shas = list(threads.map(lambda number: pull.push({f"f{number}": "x"}), range(12)))
        numbers = list(threads.map(lambda number: repository.open_pull(head_files={"n": f"{number}"}).number, range(6)))
    assert set(shas) == {one.sha for one in pull.state.heads[1:]}
    assert 13 == int(repository.git("rev-list", "--count", f"{pull.base}..{pull.head}"))
    assert [2, 3, 4, 5, 6, 7] == sorted(numbers)
