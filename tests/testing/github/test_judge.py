"""GitHub's own description as the judge of the fake and of its clients."""

from typing import Any

import httpx
import pytest

from hunkwise.testing.github import judge, pulls
from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle

COMMENTS = "/repos/o/r/pulls/1/comments"


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        (COMMENTS, {"body": "b", "path": "a.py", "line": 1}, "commit_id"),
        (COMMENTS, {"body": "b", "path": "a.py", "line": 1, "commit_id": "a", "side": "MIDDLE"}, "MIDDLE"),
        (COMMENTS, {"body": "b", "path": "a.py", "line": "one", "commit_id": "a"}, "integer"),
        ("/repos/o/r/nowhere", {}, "PathNotFound"),
        ("/repos/o/r/pulls/1/reviews", {"event": "NOPE"}, "NOPE"),
    ],
)
def test_a_wrong_request_is_seen(path: str, fields: dict[str, Any], words: str) -> None:
    """The description knows required fields, types, enums and paths."""
    import json

    found = judge.judge_request("POST", path, (), json.dumps(fields).encode())
    assert [True] * len(found) == [words in one.words for one in found] != []


def test_a_wrong_response_is_seen() -> None:
    """A field too few, an enum too many, a text for a number."""
    wrong = b'[{"sha":"a","filename":"a.py","status":"modifiedd","additions":"1"}]'
    found = " ".join(map(str, judge.judge_response("GET", "/repos/o/r/pulls/1/files", 200, wrong)))
    for words in ("deletions", "modifiedd", "additions"):
        assert words in found
    assert judge.judge_response("GET", "/repos/o/r/pulls/1", 404, b'{"error": "no message"}')


def test_a_client_s_slip_is_recorded(github: FakeGitHub, api: httpx.Client, pull: PullHandle) -> None:
    """What GitHub would shrug at and its description does not allow: the check fails the test in words."""
    api.get("/repos/o/r/pulls/1/files", params={"per_page": "many"})
    with pytest.raises(AssertionError, match=r"(?s)request of GET /repos/o/r/pulls/1/files: .*per_page"):
        github.check()
    github.violations.clear()


def test_the_end_of_with_is_a_check(tmp_path: Any) -> None:
    """Nobody has to ask for it."""
    with pytest.raises(AssertionError, match="per_page"), FakeGitHub(tmp_path) as github:
        github.repository("o/public", private=False)
        httpx.get(f"{github.api}/repos/o/public/pulls?per_page=many")


def test_a_break_of_the_fake_itself_is_recorded(
    github: FakeGitHub, api: httpx.Client, pull: PullHandle, caplog: pytest.LogCaptureFixture
) -> None:
    """A handler that fails is a 500 and a violation, so that no test passes on it."""
    pull.state.head_sha = "f" * 40
    assert 500 == api.get("/repos/o/r/pulls/1/commits").status_code
    assert "the fake itself broke" in github.violations[0].words
    assert pulls.list_commits.__name__ in caplog.text
    github.violations.clear()


def test_a_verdict_is_kept(api: httpx.Client, pull: PullHandle, github: FakeGitHub) -> None:
    """The same request and answer is not judged again: a check costs milliseconds once."""
    before = judge.judge_response.cache_info().hits
    for _ in range(5):
        api.get("/repos/o/r/pulls/1")
    github.check()
    assert judge.judge_response.cache_info().hits >= before + 4
