"""What GitHub's refusals mean: a limit, a line off the diff, a missing right, or something that is not there."""

import json
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from hunkwise.core.errors import HunkwiseError
from hunkwise.core.text import printable
from hunkwise.plugins.github.port import AskLater, GitHubError, NotOnDiff

LEAST_WAIT = 60.0
"""Seconds to wait where a limit does not say how long: GitHub's own rule."""
LONGEST = 300
OFF_DIFF = (
    "part of the diff",
    "part of the same hunk",
    "diff hunk can't be blank",
    "path is invalid",
    "must precede the end line",
    "could not be resolved",
)


class BadToken(GitHubError):
    """The token is not valid, or not any more."""


class Forbidden(GitHubError):
    """The token is valid and lacks a right."""


class NotFound(GitHubError):
    """It is not there, or the token may not see it."""


def refusal(status: int, headers: Mapping[str, str], body: str, *, asked: str, needs: str = "") -> HunkwiseError:
    """Return the error for an answer that is no success.

    asked: what for, in a few words, such as "posting the review of o/r#7". needs: the right that it takes.
    """
    message, codes = _said(body)
    is_plain_no = "not accessible by" in message.lower()
    if status in (403, 429) and not is_plain_no and _is_limit(status, headers, message):
        return _limited(asked, headers)
    if status == 422 and "abuse" in codes:
        return _limited(asked, headers)
    if "x-redirect" in headers:
        where = printable(headers["x-redirect"])
        return GitHubError(f"{asked}: the server points to {where}, which is not followed; give that address instead")
    said = f" ({shown})" if (shown := printable(message)[:LONGEST]) else ""
    right = f"; it needs the right {needs}" if needs else ""
    if status == 401:
        return BadToken(f"{asked}: the token is not valid{said}; make a new one")
    if status in (403, 451):
        return Forbidden(f"{asked}: GitHub does not allow it{said}{right}")
    if status in (404, 410):
        what = "the token may not see it" if needs else "no token was given and it is not public"
        return NotFound(f"{asked}: not found, or {what}{said}{right}")
    if status == 422 and any(words in message for words in OFF_DIFF):
        return NotOnDiff(f"{asked}: {shown or 'a comment is not on the diff'}")
    return GitHubError(f"{asked}: GitHub answered {status}{said}")


def graphql_refusal(errors: object, headers: Mapping[str, str], *, asked: str, needs: str = "") -> HunkwiseError:
    """Return the error for an answer of GraphQL, which says no with status 200."""
    found = [one for one in errors if isinstance(one, Mapping)] if isinstance(errors, list) else []
    types = {str(one.get("type", "")) for one in found}
    message = "; ".join(printable(str(one.get("message", ""))) for one in found)[:LONGEST]
    right = f"; it needs the right {needs}" if needs else ""
    if "RATE_LIMITED" in types or "abuse" in message.lower():
        return _limited(asked, headers)
    if types & {"FORBIDDEN", "INSUFFICIENT_SCOPES"} or "not accessible by" in message:
        return Forbidden(f"{asked}: GitHub does not allow it ({message}){right}")
    if "NOT_FOUND" in types:
        return NotFound(f"{asked}: not found, or the token may not see it ({message}){right}")
    return GitHubError(f"{asked}: GitHub says: {message or 'an error without words'}")


def waiting_time(headers: Mapping[str, str]) -> float:
    """Return the seconds to wait: as asked, else to the reset of the hour's limit, else a minute.

    The reset is read against the server's own clock, so that ours may be wrong.
    """
    after = headers.get("retry-after", "").strip()
    if after.isdigit():
        return float(after)
    if headers.get("x-ratelimit-remaining") == "0" and headers.get("x-ratelimit-reset", "").isdigit():
        now = _date(headers.get("date", ""))
        if now is not None:
            return max(float(headers["x-ratelimit-reset"]) - now, 1.0)
    return LEAST_WAIT


def _limited(asked: str, headers: Mapping[str, str]) -> AskLater:
    seconds = waiting_time(headers)
    return AskLater(f"{asked}: GitHub limits how often it is asked; again in {seconds:.0f} s", seconds)


def _is_limit(status: int, headers: Mapping[str, str], message: str) -> bool:
    from github.Requester import Requester

    return (
        status == 429
        or "retry-after" in headers
        or headers.get("x-ratelimit-remaining") == "0"
        or Requester.isRateLimitError(message)
        or "secondary rate limit" in message.lower()
        or "abuse detection" in message.lower()
    )


def _said(body: str) -> tuple[str, frozenset[str]]:
    """Return all that an error's body says in words, and the codes in it."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return "", frozenset()
    if not isinstance(value, Mapping):
        return "", frozenset()
    errors = value.get("errors")
    errors = errors if isinstance(errors, list) else [errors] if errors else []
    words = [*dict.fromkeys(filter(None, (_text(value.get("message")), *_details(errors))))]
    codes = frozenset(str(one.get("code", "")) for one in errors if isinstance(one, Mapping))
    return ": ".join([words[0], "; ".join(words[1:])]) if len(words) > 1 else "".join(words), codes


def _details(errors: list[Any]) -> Iterator[str]:
    for one in errors:
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            named = " ".join(_text(one.get(key)) for key in ("resource", "field", "code") if _text(one.get(key)))
            yield _text(one.get("message")) or named


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        return None
