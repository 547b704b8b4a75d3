"""What a handler answers, and how it refuses: also a field that is something else than it should be."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hunkwise.testing.github.state import Json

DOCS = "https://docs.github.com/rest"


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
