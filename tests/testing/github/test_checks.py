"""Check runs and reactions of the fake."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from github import Github

from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle, RepositoryHandle

RUNS = "/repos/o/r/check-runs"


def annotation(**more: Any) -> dict[str, Any]:
    return {"path": "a.py", "start_line": 3, "end_line": 3, "annotation_level": "warning", "message": "m"} | more


def output(*annotations: dict[str, Any], **more: str) -> dict[str, Any]:
    return {"title": "t", "summary": "s", "annotations": list(annotations)} | more


def test_a_check_run_lives(pygithub: Github, pull: PullHandle) -> None:
    """It is made, completed, listed for its commit, and its annotations add up."""
    found = pygithub.get_repo("o/r")
    run = found.create_check_run("Hunkwise", pull.head, status="in_progress", output=output(annotation()))
    assert ("in_progress", None) == (run.status, run.conclusion)
    run.edit(status="completed", conclusion="neutral", output=output(annotation(), annotation()))
    listed = list(found.get_commit(pull.head).get_check_runs())
    assert [("Hunkwise", "completed", "neutral", "hunkwise")] == [
        (one.name, one.status, one.conclusion, one.app.slug) for one in listed
    ]
    assert 3 == listed[0].output.annotations_count == len(list(listed[0].get_annotations()))
    assert [1] == [one.number for one in listed[0].pull_requests]


@pytest.mark.parametrize(
    "fields",
    [
        {"output": output(*[annotation()] * 51)},
        {"output": output(summary="x" * 65_536)},
        {"output": output(annotation(annotation_level="error"))},
        {"conclusion": "stale?"},
    ],
)
def test_what_github_describes_is_refused_by_both(
    github: FakeGitHub, api: httpx.Client, pull: PullHandle, fields: dict[str, Any]
) -> None:
    """The fake refuses it; the description is asked about what was taken only, so it has nothing to add."""
    assert 422 == api.post(RUNS, json={"name": "n", "head_sha": pull.head} | fields).status_code
    assert {} == pull.repository.state.check_runs


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "completed"},
        {"head_sha": "f" * 40},
        {"output": output(annotation(start_line=4))},
        {"output": output(annotation(end_line=4, start_column=1, end_column=2))},
        {"output": output(annotation(message="x" * 65_537))},
        {"output": output(title="x" * 256)},
    ],
)
def test_what_no_description_says_is_refused(api: httpx.Client, pull: PullHandle, fields: dict[str, Any]) -> None:
    """Completed without a conclusion, an unknown commit, lines and columns that do not fit, texts too long."""
    assert 422 == api.post(RUNS, json={"name": "n", "head_sha": pull.head} | fields).status_code


def test_only_apps_make_check_runs(
    github: FakeGitHub, repository: RepositoryHandle, pull: PullHandle, client: Callable[[str], httpx.Client]
) -> None:
    """A person's token is refused, as is an App that may only read, and another App's run."""
    repository.collaborator("carol", "admin")
    carol, weak = client(github.user_token("carol")), client(github.token(repository, checks="read"))
    fields = {"name": "n", "head_sha": pull.head}
    assert "You must authenticate via a GitHub App." == carol.post(RUNS, json=fields).json()["message"]
    assert 403 == weak.post(RUNS, json=fields).status_code
    own = client(github.token(repository, app=github.app(), checks="write")).post(RUNS, json=fields).json()
    other = client(github.token(repository, checks="write"))
    assert 403 == other.patch(f"{RUNS}/{own['id']}", json={"conclusion": "success"}).status_code


def test_reactions_are_given_once(api: httpx.Client, pull: PullHandle) -> None:
    """201 for a new one, 200 for the same again; each comment tells how many it has."""
    root, remark = pull.review_comment("a.py", 3, "x"), pull.comment("y")
    for url in (f"/repos/o/r/pulls/comments/{root.id}", f"/repos/o/r/issues/comments/{remark.id}"):
        assert [201, 200] == [api.post(f"{url}/reactions", json={"content": "eyes"}).status_code for _ in range(2)]
        pull.react(int(url.rpartition("/")[2]), "-1", user="carol")
        found = api.get(f"{url}/reactions").json()
        assert [("hunkwise[bot]", "eyes"), ("carol", "-1")] == [(one["user"]["login"], one["content"]) for one in found]
        assert (2, 1) == (api.get(url).json()["reactions"]["total_count"], api.get(url).json()["reactions"]["-1"])
        assert 204 == api.delete(f"{url}/reactions/{found[0]['id']}").status_code
        assert 403 == api.delete(f"{url}/reactions/{found[1]['id']}").status_code


def test_pygithub_reacts(pygithub: Github, pull: PullHandle) -> None:
    """PyGithub's preview media types are taken."""
    remark = pull.comment("/hunkwise review")
    pygithub.get_repo("o/r").get_pull(1).get_issue_comment(remark.id).create_reaction("eyes")
    assert ["eyes"] == [one.content for one in remark.reactions]
