"""What a request is to a handler, what it answers, and how it refuses."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from hunkwise.testing.github.state import Json

if TYPE_CHECKING:
    from hunkwise.testing.github.access import Actor
    from hunkwise.testing.github.world import World

DOCS = "https://docs.github.com/rest"
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer; `body` is JSON unless it is bytes, None for an empty one."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"

    def raw(self) -> bytes:
        """Return the bytes that go out."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Refused(Exception):
    """A request that GitHub answers with an error."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: Sequence[object] | None = None,
        *,
        docs: str = DOCS,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.docs = docs
        self.headers = headers or {}

    def answer(self) -> Answer:
        """Return it as the answer."""
        body: Json = {"message": self.message, "documentation_url": self.docs, "status": str(self.status)}
        if self.errors is not None:
            body["errors"] = list(self.errors)
        return Answer(status=self.status, body=body, headers=self.headers)


def not_found() -> Refused:
    """Return the refusal for what is not there, or not for the one who asks."""
    return Refused(404, "Not Found")


def invalid(resource: str, field_name: str, message: str, *, code: str = "custom") -> Refused:
    """Return the refusal of one field."""
    error = {"resource": resource, "code": code, "field": field_name, "message": message}
    return Refused(422, "Validation Failed", [error])


def unprocessable(*messages: str) -> Refused:
    """Return the refusal that reviews get, in sentences."""
    docs = f"{DOCS}/pulls/reviews#create-a-review-for-a-pull-request"
    return Refused(422, "Unprocessable Entity", list(messages), docs=docs)


def forbidden() -> Refused:
    """Return the refusal for an integration that lacks a permission."""
    return Refused(403, "Resource not accessible by integration")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request on its way to a handler; `path` is below /api/v3, `number` its number in the log."""

    world: "World"
    actor: "Actor"
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
        """Return a number of the path; raises Refused where it is none."""
        text = self.parameters[name]
        if not text.isascii() or not text.isdigit():
            raise not_found()
        return int(text)

    def page(self, items: Sequence[Item], show: Callable[[Item], object]) -> Answer:
        """Return the page that was asked for, as a bare list, with its Link header."""
        part, headers = self.slice(items)
        return Answer(body=[show(item) for item in part], headers=headers)

    def slice(self, items: Sequence[Item]) -> tuple[Sequence[Item], dict[str, str]]:
        """Return the items of the page that was asked for, and the headers that lead to the others."""
        size = min(max(_natural(self.query.get("per_page"), 30), 1), 100)
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


def text_of(fields: Json, name: str, default: str = "") -> str:
    """Return a text field; raises Refused where it is something else."""
    value = fields.get(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise Refused(422, f"Invalid request.\n\nFor 'properties/{name}', {json.dumps(value)} is not a string.")
    return value


def number_of(fields: Json, name: str) -> int | None:
    """Return a whole number, None where there is none; raises Refused where it is something else."""
    value = fields.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise Refused(422, f"Invalid request.\n\nFor 'properties/{name}', {json.dumps(value)} is not an integer.")
    return value


def _natural(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else default
