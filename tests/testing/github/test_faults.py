"""What goes wrong by order on the fake."""

import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from github import Auth, Github, GithubRetry

from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle, RepositoryHandle

REMARKS = "/repos/o/r/issues/1/comments"


def test_a_status_comes_in_the_place_of_the_work(github: FakeGitHub, api: httpx.Client, pull: PullHandle) -> None:
    """The nth matching request meets it, so many times, with the headers given; the others pass."""
    fault = github.faults.add(r"^POST .*/comments$", "status", status=429, headers={"Retry-After": "7"}, nth=2, times=2)
    answers = [api.post(REMARKS, json={"body": "b"}) for _ in range(4)]
    assert [201, 429, 429, 201] == [one.status_code for one in answers]
    assert "7" == answers[1].headers["Retry-After"]
    assert 2 == len(pull.conversation)
    assert 2 == len(fault.struck) == github.faults.struck
    assert [None, "status", "status", None] == [one.fault for one in github.log.find("POST", "/comments$")]


@pytest.mark.parametrize(("kind", "stored"), [("cut", 0), ("store_then_cut", 1)])
def test_a_cut_ends_the_connection(
    github: FakeGitHub, api: httpx.Client, pull: PullHandle, kind: str, stored: int
) -> None:
    """Before the work, or after it: the client cannot tell."""
    github.faults.add("^POST", kind)  # type: ignore[arg-type]
    with pytest.raises(httpx.TransportError):
        api.post(REMARKS, json={"body": "b"})
    assert stored == len(pull.conversation)
    assert None is github.log.find("POST", "/comments$")[0].status
    assert 201 == api.post(REMARKS, json={"body": "b"}).status_code


def test_a_502_may_come_after_the_work(github: FakeGitHub, api: httpx.Client, pull: PullHandle) -> None:
    """The comment is there all the same."""
    github.faults.add("^POST", "store_then_status", status=502)
    assert 502 == api.post(REMARKS, json={"body": "b"}).status_code
    assert 1 == len(pull.conversation)


def test_pygithub_s_own_retries_make_duplicates(github: FakeGitHub, pull: PullHandle, token: str) -> None:
    """Why we do not use them: a 502 after the work brings the second comment."""
    github.faults.add("^POST", "store_then_status", status=502)
    retry = GithubRetry(total=1, allowed_methods={"POST"}, secondary_rate_wait=0)
    with Github(base_url=github.api, auth=Auth.Token(token), retry=retry, seconds_between_writes=0) as careless:
        careless.get_repo("o/r").get_pull(1).create_issue_comment("b")
    assert 2 == len(pull.conversation)


def test_a_delay_is_before_the_work(github: FakeGitHub, api: httpx.Client, pull: PullHandle) -> None:
    """The log tells when a request arrived and when work on it began."""
    github.faults.add("^POST", "delay", seconds=0.3)
    api.post(REMARKS, json={"body": "b"})
    (entry,) = github.log.find("POST", "/comments$")
    assert entry.started_monotonic is not None
    assert entry.started_monotonic - entry.arrived_monotonic >= 0.3
    assert (entry.seconds or 0) >= 0.3


def test_a_slow_drip_outlives_a_deadline(github: FakeGitHub, api: httpx.Client, pull: PullHandle) -> None:
    """Bytes keep coming, so that a read timeout alone never strikes."""
    github.faults.add("^GET", "slow_drip", seconds=0.6)
    started = time.monotonic()
    assert 200 == api.get("/repos/o/r/pulls/1", timeout=5).status_code
    assert time.monotonic() - started >= 0.5


def test_truncated_json_is_no_json(github: FakeGitHub, api: httpx.Client, pull: PullHandle) -> None:
    """Half of the body comes as if it were all."""
    github.faults.add("^GET", "truncated_json")
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|delimiter"):
        api.get("/repos/o/r/pulls/1").json()


def test_pages_go_missing_and_items_come_twice(
    github: FakeGitHub, repository: RepositoryHandle, pygithub: Github
) -> None:
    """The next page is the one after; the last item comes again."""
    files = {f"f{number:03}": "x\n" for number in range(70)}
    repository.open_pull(base_files={"a": "a\n"}, head_files=files)
    pull = pygithub.get_repo("o/r").get_pull(1)
    github.faults.add("/files", "missing_page")
    assert 40 == len(list(pull.get_files()))
    github.faults.add("/files", "repeated_item")
    assert 71 == len(list(pull.get_files()))


def test_a_redirect_shows_whether_the_token_goes_along(
    github: FakeGitHub, client: Callable[[str], httpx.Client], pull: PullHandle, token: str
) -> None:
    """A careful client leaves it at home; a careless one is seen."""
    github.faults.add("^GET", "redirect", status=307)
    httpx.get(f"{github.api}/repos/o/r", headers={"Authorization": f"token {token}"}, follow_redirects=True)
    httpx.get(f"{github.stranger.url}/x", headers={"Authorization": f"token {token}"})
    assert [False, True] == [one.brought_a_token for one in github.stranger.visits]


def test_pygithub_brings_no_token_to_a_stranger(github: FakeGitHub, pygithub: Github, pull: PullHandle) -> None:
    """It refuses 301 to another host; 302 and 307 it takes for an answer, and their body for a repository."""
    github.faults.add("^GET", "redirect", status=301)
    with pytest.raises(RuntimeError, match="redirected from host"):
        pygithub.get_repo("o/r")
    for status in (302, 307):
        github.faults.add("^GET", "redirect", status=status)
        assert {"message", "url"} == set(pygithub.get_repo("o/r").raw_data)
    assert [] == github.stranger.visits


def test_a_fault_must_be_known(github: FakeGitHub) -> None:
    """An unknown kind is named, with those there are."""
    with pytest.raises(ValueError, match="'explode' is no kind of fault; there are status, cut"):
        github.faults.add("", "explode")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"content_per_minute": 2}, "temporarily blocked from content creation"),
        ({"content_per_hour": 2}, "temporarily blocked from content creation"),
        ({"points_per_minute": 12}, "secondary rate limit"),
        ({"requests_per_hour": 2}, "API rate limit exceeded"),
    ],
)
def test_limits_hold_until_their_time_is_over(
    github: FakeGitHub,
    repository: RepositoryHandle,
    api: httpx.Client,
    pull: PullHandle,
    limits: dict[str, int],
    words: str,
) -> None:
    """The third write is refused in GitHub's words, with a header that says when to come back."""
    for name, value in limits.items():
        setattr(github.limits, name, value)
    answers = [api.post(REMARKS, json={"body": "b"}) for _ in range(3)]
    assert [201, 201, 403] == [one.status_code for one in answers]
    assert words in answers[2].json()["message"]
    wait = answers[2].headers.get("Retry-After") or int(answers[2].headers["X-RateLimit-Reset"]) - github.clock.now()
    github.clock.advance(float(wait) + 1)
    token = github.token(repository, app=github.app(), pull_requests="write")
    assert 201 == api.post(REMARKS, json={"body": "b"}, headers={"Authorization": f"token {token}"}).status_code


def test_headers_count_down(api: httpx.Client, pull: PullHandle) -> None:
    """Each answer says what is left, as does /rate_limit, which costs nothing."""
    left = [int(api.get("/repos/o/r").headers["X-RateLimit-Remaining"]) for _ in range(2)]
    assert left[0] - left[1] == 1
    assert left[1] == api.get("/rate_limit").json()["rate"]["remaining"]


def test_the_log_has_no_tokens(github: FakeGitHub, api: httpx.Client, pull: PullHandle, token: str) -> None:
    """Neither from the header nor from a body; but it knows that one was in a body, and whose request it was."""
    api.post(REMARKS, json={"body": f"my token is {token}"})
    (entry,) = github.log.find("POST", "/comments$")
    assert token not in repr(entry)
    assert (True, "hunkwise[bot]") == (entry.leaked, entry.actor)


def test_the_fake_stops_in_the_middle_of_a_delay(tmp_path: Path) -> None:
    """A request that still waits is let go, and is nobody's violation."""
    with FakeGitHub(tmp_path) as github:
        github.faults.add("", "delay", seconds=600)
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{github.api}/rate_limit", timeout=0.2)
        started = time.monotonic()
    assert time.monotonic() - started < 30
