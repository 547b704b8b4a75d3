"""The independent checker: it sees what is planted, and excuses only what the clock proves."""

import re
import time
from collections.abc import Iterable

import httpx
import pytest

from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.invariants import duplicates, leaks, require, stale
from hunkwise.testing.github.people import PullHandle

REVIEWS = "/repos/o/r/pulls/1/reviews"


def marks(body: str) -> Iterable[str]:
    return re.findall(r"<!-- mark:(\w+) -->", body)


def post(api: httpx.Client, sha: str, *names: str) -> None:
    comments = [{"path": "a.py", "line": 3, "body": f"x <!-- mark:{name} -->"} for name in names]
    fields = {"event": "COMMENT", "body": "b", "commit_id": sha, "comments": comments}
    assert 200 == api.post(REVIEWS, json=fields).status_code


def test_a_second_comment_of_one_finding_is_a_duplicate(
    github: FakeGitHub, api: httpx.Client, pull: PullHandle
) -> None:
    """Within one head; another head, another finding and a person's copy are none."""
    app = github.app().id
    post(api, pull.head, "one", "two")
    first = pull.head
    pull.push({"b.py": "x\n"})
    post(api, pull.head, "one")
    pull.review_comment("a.py", 3, "I quote <!-- mark:one -->")
    assert () == require(duplicates(github.state, marks, app=app))
    assert 1 == len(duplicates(github.state, marks))
    post(api, first, "two")
    (found,) = duplicates(github.state, marks, app=app)
    assert ("I1", True, True) == (found.invariant, first[:12] in found.where, "two" in found.words)
    with pytest.raises(AssertionError, match="two was said by review comment"):
        require([found])


def test_a_post_for_an_old_head_is_stale(github: FakeGitHub, api: httpx.Client, pull: PullHandle) -> None:
    """Who saw the new head, or never looked, has no excuse."""
    old = pull.head
    post(api, old, "one")
    assert () == stale(github.state, github.log.entries)
    pull.push({"b.py": "x\n"})
    post(api, old, "two")
    api.get("/repos/o/r/pulls/1")
    post(api, old, "three")
    found = stale(github.state, github.log.entries, window=60)
    assert [("I4", False), ("I4", False)] == [(one.invariant, one.excused) for one in found]
    assert "looked" not in (found[0].seconds or {})
    assert "looked" in (found[1].seconds or {})


def test_a_post_on_its_way_is_excused_within_the_window(
    github: FakeGitHub, api: httpx.Client, pull: PullHandle
) -> None:
    """It looked, then the head moved, then its post arrived: the timestamps prove it, and the width is measured."""
    old = pull.head
    api.get("/repos/o/r/pulls/1")
    pull.push({"b.py": "x\n"})
    time.sleep(0.05)
    post(api, old, "one")
    (excused,) = require(stale(github.state, github.log.entries, window=60))
    measured = excused.seconds or {}
    assert measured["looked"] < measured["moved"] < measured["arrived"]
    assert measured["window"] >= measured["late"] >= 0.05
    (late,) = stale(github.state, github.log.entries, window=0.01)
    assert not late.excused


def test_secrets_are_found_in_any_form(github: FakeGitHub, api: httpx.Client, pull: PullHandle, token: str) -> None:
    """In comments, in bytes, in base64, in addresses; a clean run has none."""
    import base64

    pull.comment("nothing here")
    assert () == leaks(github.state, github.log.entries, texts={"log": b"all is well"})
    secret = "correct horse battery staple"
    dump = b"x" + base64.b64encode(b"ab" + secret.encode() + b"!!!") + b"y"
    found = leaks(github.state, github.log.entries, secrets=[secret], texts={"database": dump, "log": token.encode()})
    assert ["database", "log"] == [one.where for one in found]
    pull.comment(f"see {github.app().webhook_secret}")
    api.get("/repos/o/r", params={"access_token": token})
    found = leaks(github.state, github.log.entries)
    assert [True, True] == ["comment" in found[0].where, "request" in found[1].where]
    key = leaks(github.state, [], texts={"file": github.app().private_key.encode()})
    assert "I5" in str(key[-1])
