"""What a request is to a handler, and what it is about: the repository, the pull request, and who writes there."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

from hunkwise.testing.github.access import Actor
from hunkwise.testing.github.answers import Answer, Refused, not_found
from hunkwise.testing.github.reviewing import Author
from hunkwise.testing.github.state import App, Json, Pull, Repository
from hunkwise.testing.github.world import World

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request on its way to a handler; `path` is below /api/v3, `number` its number in the log."""

    world: World
    actor: Actor
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    number: int
    parameters: Mapping[str, str] = field(default_factory=dict)

    def fields(self) -> Json:
        """Return the JSON object that was sent; raises Refused for anything else."""
        if not self.body:
            return {}
        try:
            found = json.loads(self.body)
        except ValueError:
            raise Refused(400, "Problems parsing JSON") from None
        if not isinstance(found, dict):
            raise Refused(400, "Body should be a JSON object")
        return found

    def integer(self, name: str) -> int:
        """Return a number of the path."""
        return int(self.parameters[name])

    def page(self, items: Sequence[Item], show: Callable[[Item], object]) -> Answer:
        """Return the page that was asked for, as a bare list, with its Link header."""
        part, headers = self.slice(items)
        return Answer(body=[show(item) for item in part], headers=headers)

    @property
    def page_size(self) -> int:
        return min(max(_natural(self.query.get("per_page"), 30), 1), 100)

    def slice(self, items: Sequence[Item]) -> tuple[Sequence[Item], dict[str, str]]:
        """Return the items of the page that was asked for, and the headers that lead to the others."""
        size = self.page_size
        page = max(_natural(self.query.get("page"), 1), 1)
        last = max((len(items) + size - 1) // size, 1)
        wanted: dict[str, int] = {}
        if page < last:
            wanted |= {"next": page + 1, "last": last}
        if page > 1:
            wanted |= {"first": 1, "prev": min(page - 1, last)}
        links = [f'<{self._url(number)}>; rel="{name}"' for name, number in wanted.items()]
        return items[(page - 1) * size : page * size], {"Link": ", ".join(links)} if links else {}

    def _url(self, page: int) -> str:
        path = self.path
        if match := re.match(r"/repos/([^/]+)/([^/]+)(/.*)?$", path):
            path = f"/repositories/{self.world.repository(match[1], match[2]).id}{match[3] or ''}"
        return f"{self.world.api}{path}?{urlencode({**self.query, 'page': str(page)})}"


def app_of(call: Call) -> App:
    """Return the App that asks about itself; raises Refused where none does."""
    if call.actor.app is None:
        raise not_found()
    return call.actor.app


def repository_of(call: Call) -> Repository:
    """Return the repository that the path names; raises Refused where there is none."""
    return call.world.repository(call.parameters["owner"], call.parameters["repo"])


def pull_of(call: Call, name: str = "pull_number") -> tuple[Repository, Pull]:
    """Return the pull request that the path names, with its repository; raises Refused where there is none."""
    repository = repository_of(call)
    return repository, call.world.pull(repository, call.integer(name))


def author_of(call: Call) -> Author:
    """Return who writes with this request."""
    return Author(login=call.actor.login or "", app=call.actor.app_id, request=call.number)


def _natural(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else default
