"""The form of what GitHub's API exports: review comments, and pull requests; what is not named is passed over."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError

from hunkwise.core.errors import UsageError

PULL = re.compile(r"/repos/([^/\s]+/[^/\s]+)/pulls/(\d+)$")
Model = TypeVar("Model", bound=BaseModel)


class User(BaseModel):
    """Who wrote it."""

    model_config = ConfigDict(frozen=True)

    login: str = ""
    type: str = ""

    @property
    def is_bot(self) -> bool:
        return self.type == "Bot" or self.login.endswith("[bot]")


class ReviewComment(BaseModel):
    """A comment on a line of a pull request; lines are those of the commit that it was written on."""

    model_config = ConfigDict(frozen=True)

    pull_request_url: str
    path: str = Field(min_length=1)
    original_commit_id: str = Field(min_length=7)
    created_at: str
    body: str | None = ""
    user: User | None = None
    original_line: PositiveInt | None = None
    original_start_line: PositiveInt | None = None
    side: str = "RIGHT"
    in_reply_to_id: int | None = None

    @property
    def pull(self) -> tuple[str, int] | None:
        """Return the repository and the number, or None where the address tells neither."""
        found = PULL.search(self.pull_request_url)
        return (found[1], int(found[2])) if found else None


class End(BaseModel):
    """An end of a pull request."""

    model_config = ConfigDict(frozen=True)

    sha: str


class Pull(BaseModel):
    """A pull request, for who opened it and what it was made against."""

    model_config = ConfigDict(frozen=True)

    number: int
    user: User | None = None
    base: End | None = None


def read_export(path: Path, model: type[Model]) -> tuple[tuple[Model, ...], tuple[str, ...]]:
    """Return the objects of a file, and those that are none in words.

    The file is an array, the arrays of several pages one after another as `gh api --paginate` writes them, or an
    object a line. Raises UsageError for a file that is no JSON.
    """
    found, problems = [], []
    for number, value in enumerate(_values(path), start=1):
        try:
            found.append(model.model_validate(value))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the object"
            problems.append(f"{path.name}, object {number}: {where}: {first['msg']}")
    return tuple(found), tuple(problems)


def _values(path: Path) -> Iterator[Any]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{path} is not JSON: {error}") from error
        yield from value if isinstance(value, list) else [value]
