"""What GitHub's refusals mean; the bodies are those that people reported."""

import json

import pytest

from hunkwise.github.refusals import BadToken, Forbidden, NotFound, graphql_refusal, refusal, waiting_time
from hunkwise.plugins.github.port import AskLater, GitHubError, NotOnDiff

SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
NOW = "Wed, 25 Nov 2026 01:00:00 GMT"
EPOCH = 1795568400


def said(status, message="", *, errors=(), headers=None, needs="pull requests: write"):
    body = json.dumps({"message": message, "errors": list(errors)})
    return refusal(status, headers or {}, body, asked="posting to o/r#7", needs=needs)


@pytest.mark.parametrize(
    ("status", "message", "headers", "seconds"),
    [
        (403, SECONDARY, {}, 60),
        (403, SECONDARY, {"retry-after": "120"}, 120),
        (429, "Too many requests", {}, 60),
        (429, "", {"retry-after": "2"}, 2),
        (403, "API rate limit exceeded for installation ID 1.", {"x-ratelimit-remaining": "0"}, 60),
        (
            403,
            "API rate limit exceeded for installation ID 1.",
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(EPOCH + 900), "date": NOW},
            900,
        ),
        (403, "You have triggered an abuse detection mechanism.", {}, 60),
    ],
)
def test_a_limit_says_when_to_ask_again(status, message, headers, seconds):
    """As asked, else at the reset by the server's own clock, else after a minute."""
    error = said(status, message, headers=headers)
    assert isinstance(error, AskLater)
    assert seconds == error.seconds


def test_the_limit_on_comments_comes_as_a_422():
    """With the code `abuse`, seen on many replies in a row."""
    error = said(422, "Validation Failed", errors=[{"resource": "PullRequestReview", "code": "abuse", "field": "base"}])
    assert isinstance(error, AskLater)
    assert error.seconds == 60


@pytest.mark.parametrize(
    "words",
    [
        "Pull request review thread line must be part of the diff and Pull request review thread diff hunk can't be "
        "blank",
        "Pull request review thread start line must be part of the same hunk as the line.",
        "Pull request review thread start line must precede the end line.",
        "Pull request review thread path is invalid and Pull request review thread diff hunk can't be blank",
    ],
)
def test_a_line_off_the_diff_is_told_apart(words):
    """It is mended by moving the comment."""
    error = said(422, "Unprocessable Entity", errors=[words])
    assert isinstance(error, NotOnDiff)
    assert words in str(error)


def test_any_other_422_is_an_error_with_githubs_words():
    """So that whoever reads it knows the field."""
    error = said(422, "Validation Failed", errors=[{"resource": "IssueComment", "field": "data", "code": "invalid"}])
    assert not isinstance(error, NotOnDiff)
    assert "422 (Validation Failed: IssueComment data invalid)" in str(error)


def test_a_missing_right_is_named():
    """Also where the hour's limit is used up too: waiting would not help."""
    error = said(403, "Resource not accessible by integration", headers={"x-ratelimit-remaining": "0"})
    assert isinstance(error, Forbidden)
    assert str(error).startswith("posting to o/r#7: GitHub does not allow it (Resource not accessible by integration)")
    assert str(error).endswith("it needs the right pull requests: write")


def test_what_is_not_there_may_only_be_hidden():
    """GitHub says 404 for both; without a token the way out is another one."""
    assert isinstance(said(404, "Not Found"), NotFound)
    assert "the token may not see it" in str(said(404, "Not Found"))
    assert "no token was given" in str(said(404, "Not Found", needs=""))
    assert isinstance(said(410, "Gone"), NotFound)


def test_a_bad_token_is_told_apart():
    """A server makes a new one, once."""
    assert isinstance(said(401, "Bad credentials"), BadToken)


def test_a_redirect_elsewhere_is_an_error():
    """It names where it led."""
    error = said(301, headers={"x-redirect": "https://evil.example"})
    assert "points to https://evil.example" in str(error)


@pytest.mark.parametrize("body", ["", "<html>", "[1]", '{"message": 5, "errors": 7}', "[" * 100_000])
def test_a_body_without_words_is_no_reason_to_fail(body):
    """The status is said."""
    assert "GitHub answered 400" in str(refusal(400, {}, body, asked="x"))


def test_what_github_says_is_shown_safely():
    """It may quote what others wrote."""
    assert "\x1b" not in str(said(400, "a\x1b[31mb\u202e"))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "FORBIDDEN", "message": "Resource not accessible by integration"}, Forbidden),
        ({"type": "NOT_FOUND", "message": "Could not resolve to a node"}, NotFound),
        ({"type": "RATE_LIMITED", "message": "API rate limit exceeded"}, AskLater),
        ({"message": "Something went wrong"}, GitHubError),
    ],
)
def test_graphql_says_no_by_type(error, kind):
    """Its status is 200."""
    assert type(graphql_refusal([error, 5], {}, asked="x")) is kind


def test_a_wrong_clock_of_ours_does_not_matter():
    """Without the server's date, a minute is waited."""
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999", "date": "yesterday"}
    assert waiting_time(headers) == 60
    assert waiting_time({**headers, "x-ratelimit-reset": "1", "date": NOW}) == 1
