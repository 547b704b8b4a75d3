"""Read what GitHub answers leniently: only what is used must be there, and of the right kind."""

from collections.abc import Mapping
from typing import Any

from hunkwise.core.model import Sha
from hunkwise.plugins.github.markers import OBJECT
from hunkwise.plugins.github.port import GitHubError


def a_map(value: object, what: str) -> Mapping[str, Any]:
    """Return a JSON object; raise GitHubError where it is none."""
    if not isinstance(value, Mapping):
        raise _odd(what, "an object")
    return value


def a_list(value: object, what: str) -> list[Any]:
    """Return a JSON array; raise GitHubError where it is none."""
    if not isinstance(value, list):
        raise _odd(what, "a list")
    return value


def a_text(value: object, what: str) -> str:
    """Return a text that is not empty; raise GitHubError where it is none."""
    if not isinstance(value, str) or not value:
        raise _odd(what, "a text")
    return value


def an_optional_text(value: object) -> str:
    """Return a text, empty where there is none."""
    return value if isinstance(value, str) else ""


def a_number(value: object, what: str) -> int:
    """Return a whole number that is not negative; raise GitHubError where it is none."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _odd(what, "a number")
    return value


def a_sha(value: object, what: str) -> Sha:
    """Return the full name of a commit; raise GitHubError where it is none."""
    text = a_text(value, what)
    if not OBJECT.fullmatch(text):
        raise _odd(what, "the name of a commit")
    return Sha(text)


def _odd(what: str, wanted: str) -> GitHubError:
    return GitHubError(f"GitHub's answer cannot be read: {what} is not {wanted}; is this a server of GitHub's?")
