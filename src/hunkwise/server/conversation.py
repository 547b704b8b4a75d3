"""What the server does beside reviews: who may command it, emoji, answers, and what people made of its comments."""

from collections.abc import Mapping
from typing import Any

from hunkwise.core.text import printable
from hunkwise.github.account import is_by
from hunkwise.github.api import Api
from hunkwise.github.refusals import NotFound
from hunkwise.plugins.github.port import Target

WRITERS = frozenset({"admin", "maintain", "write"})
REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")


class Conversation:
    """The comments of one pull request; `account` is our own login."""

    def __init__(self, api: Api, target: Target, account: str) -> None:
        self._api, self._target, self._account = api, target, account
        self._root = f"/repos/{target.repository}"

    def may_command(self, login: str) -> bool:
        """Return whether somebody has write access now."""
        asked = f"reading what {printable(login)} may do in {self._target.repository}"
        try:
            found = self._api.read(
                f"{self._root}/collaborators/{login}/permission", asked=asked, needs="metadata: read"
            )
        except NotFound:
            return False
        return (
            isinstance(found, Mapping)
            and WRITERS.isdisjoint((found.get("permission"), found.get("role_name"))) is False
        )

    def comment(self, number: int, *, is_inline: bool) -> Mapping[str, Any] | None:
        """Return a comment as it is now, or None where it is gone."""
        try:
            found = self._api.read(
                self._comment(number, is_inline), asked="reading a comment", needs="pull requests: read"
            )
        except NotFound:
            return None
        return found if isinstance(found, Mapping) else None

    def react(self, number: int, emoji: str, *, is_inline: bool) -> None:
        """Put an emoji under a comment; a second time changes nothing."""
        path = f"{self._comment(number, is_inline)}/reactions"
        self._api.write("POST", path, {"content": emoji}, asked="reacting to a comment", needs="pull requests: write")

    def answer(self, body: str, marker: str) -> None:
        """Write in the conversation, unless our own comment with this marker is there."""
        path = f"{self._root}/issues/{self._target.number}/comments"
        for one in self._api.read_all(path, asked="reading the conversation", needs="pull requests: read"):
            if isinstance(one, Mapping) and is_by(one, self._account) and marker in str(one.get("body")):
                return
        text = f"{body}\n\n{marker}"
        self._api.write("POST", path, {"body": text}, asked="answering a command", needs="pull requests: write")

    def inline_comments(self) -> list[Mapping[str, Any]]:
        """Return our own comments on the diff, with their counts of reactions."""
        path = f"{self._root}/pulls/{self._target.number}/comments"
        found = self._api.read_all(path, asked="reading review comments", needs="pull requests: read")
        return [one for one in found if isinstance(one, Mapping) and is_by(one, self._account)]

    def _comment(self, number: int, is_inline: bool) -> str:
        return f"{self._root}/{'pulls' if is_inline else 'issues'}/comments/{number}"


def reactions(comment: Mapping[str, Any]) -> dict[str, int]:
    """Return how many of each emoji people put under a comment, of those there are any of."""
    found = comment.get("reactions")
    counts = found if isinstance(found, Mapping) else {}
    return {name: count for name in REACTIONS if isinstance(count := counts.get(name), int) and count > 0}
