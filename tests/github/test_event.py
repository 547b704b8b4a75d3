"""The event that a workflow runs for."""

import json

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Sha
from hunkwise.github.event import Event, find_target, read_event
from hunkwise.github.publishing import Stale

SHA = "a" * 40
REPOSITORY = {"full_name": "o/r", "html_url": "https://github.com/o/r"}
PULL = {"number": 7, "head": {"sha": SHA, "ref": "x", "repo": {"full_name": "o/r"}}}
FORK = {"full_name": "eve/r", "owner": {"login": "eve"}}


def read(tmp_path, **value):
    file = tmp_path / "event.json"
    file.write_text(json.dumps({"repository": REPOSITORY, **value}))
    return read_event(file)


def run(source=FORK, branch="topic", sha=SHA):
    return {"head_sha": sha, "head_branch": branch, "head_repository": source, "pull_requests": []}


def test_a_pull_requests_event_names_it(tmp_path):
    """And whether it comes from a fork, which may be gone."""
    found = read(tmp_path, pull_request=PULL)
    assert Event(page="https://github.com/o/r", repository="o/r", head=Sha(SHA), number=7, is_fork=False) == found
    assert ("https://github.com/o/r/pull/7", 7) == (find_target(found, None).url, find_target(found, None).number)
    assert read(tmp_path, pull_request={**PULL, "head": {"sha": SHA, "repo": None}}).is_fork


def test_the_event_of_a_finished_workflow_names_branch_and_head(tmp_path):
    """GitHub leaves its list of pull requests empty for forks."""
    found = read(tmp_path, workflow_run=run())
    assert ("eve:topic", SHA, True) == (found.branch, found.head, found.is_fork)
    own = {"full_name": "o/r", "owner": {"login": "o"}}
    assert not read(tmp_path, workflow_run=run(own)).is_fork


@pytest.mark.parametrize(
    "value",
    [{}, {"workflow_run": {"head_sha": "main"}}, {"pull_request": {"number": 7}}, {"workflow_run": run(None)}],
)
def test_another_event_is_refused(tmp_path, value):
    """It is not about one head of a pull request."""
    with pytest.raises(UsageError, match="cannot be used"):
        read(tmp_path, **value)


@pytest.mark.parametrize("text", ["", "[", "[]"])
def test_a_file_that_is_no_event_is_refused(tmp_path, text):
    """With the way out."""
    file = tmp_path / "event.json"
    file.write_text(text)
    with pytest.raises(UsageError, match=r"--event .*event\.json"):
        read_event(file)
    with pytest.raises(UsageError, match="No such file"):
        read_event(tmp_path / "none")


def test_the_pull_request_is_found_by_branch_and_head(fake, repository, token, tmp_path):
    """Only an open one that is still there; an odd name of a branch finds nothing else."""
    fork = fake.repository("eve/r", fork_of=repository)
    repository.open_pull(base_files={"a.py": "1\n"}, head_files={"a.py": "2\n"})
    pull = repository.open_pull(head_files={"a.py": "3\n"}, fork=fork, branch="x&head=o#1")
    page = {**REPOSITORY, "html_url": f"{fake.url}/o/r"}
    found = read(tmp_path, repository=page, workflow_run=run(branch="x&head=o#1", sha=pull.head))
    assert pull.url == find_target(found, token).url
    old = found.head
    pull.push({"b.py": "1\n"})
    with pytest.raises(Stale, match=f"is at {old[:12]} any more: nothing was posted"):
        find_target(found, token)


def test_two_pull_requests_of_one_branch_are_told(fake, repository, token, tmp_path):
    """They have one head, and different bases."""
    pull = repository.open_pull(base_files={"a.py": "1\n"}, head_files={"a.py": "2\n"})
    repository.git("branch", "other", pull.base)
    twin = repository.open_pull(base="other", head=pull.state.head_ref)
    assert pull.head == twin.head
    own = {"full_name": "o/r", "owner": {"login": "o"}}
    page = {**REPOSITORY, "html_url": f"{fake.url}/o/r"}
    found = read(tmp_path, repository=page, workflow_run=run(own, pull.state.head_ref, pull.head))
    with pytest.raises(UsageError, match=r"#1, #2 of o/r are all at .*--pr"):
        find_target(found, token)
