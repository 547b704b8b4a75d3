"""GitHub's own description of REST, as the judge of each request and response."""

import gzip
import json
import re
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from openapi_core import OpenAPI

_SERVER = "http://127.0.0.1:4020"
_UNDESCRIBED = (301, 302, 304, 307, 400, 401, 403, 404, 409, 410, 422, 429)
"""Statuses that any operation may have, though the description does not list them at each."""
_LONGEST = 400
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """What a request or response breaks."""

    method: str
    path: str
    side: str
    words: str

    def __str__(self) -> str:
        return f"{self.side} of {self.method} {self.path}: {self.words}"


@cache
def description() -> "OpenAPI":
    """Return GitHub's description, read once in a process."""
    from openapi_core import Config, OpenAPI

    packed = files("hunkwise.testing.github").joinpath("data/openapi.json.gz").read_bytes()
    raw = json.loads(gzip.decompress(packed))
    _mend(raw)
    return OpenAPI.from_dict(raw, config=Config(spec_validator_cls=None))


class Judge:
    """Judges beside the server's own threads, so that no answer waits for it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fake-github-judge")
        self._open: list[Future[tuple[Violation, ...]]] = []
        self._found: list[Violation] = []
        self._lock = threading.Lock()

    @property
    def violations(self) -> list[Violation]:
        """Return what was found, once all that came before is judged."""
        with self._lock:
            while self._open:
                self._found += self._open.pop(0).result()
            return self._found

    def see_request(self, method: str, path: str, query: Mapping[str, str], body: bytes) -> None:
        """Take a request; a body counts as JSON without a content type too, as GitHub takes it."""
        self._submit(judge_request, method, path, tuple(sorted(query.items())), body)

    def see_response(self, method: str, path: str, status: int, body: bytes) -> None:
        """Take a JSON response."""
        self._submit(judge_response, method, path, status, body)

    def report(self, *violations: Violation) -> None:
        """Take what another judge found."""
        with self._lock:
            self._found += violations

    def close(self) -> None:
        """Judge what is left, and stop."""
        self._thread.shutdown()

    def _submit(self, judge: Callable[..., tuple[Violation, ...]], *evidence: object) -> None:
        with self._lock:
            self._open.append(self._thread.submit(judge, *evidence))


@lru_cache(maxsize=512)
def judge_request(method: str, path: str, query: tuple[tuple[str, str], ...], body: bytes) -> tuple[Violation, ...]:
    """Return what a request breaks."""
    from openapi_core.testing import MockRequest

    request = MockRequest(_SERVER, method, _one_segment(path), args=dict(query), data=body)
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = [words for error in description().iter_request_errors(request) for words in _words(error)]
    return tuple(Violation(method=method, path=path, side="request", words=words) for words in found)


@lru_cache(maxsize=512)
def judge_response(method: str, path: str, status: int, body: bytes) -> tuple[Violation, ...]:
    """Return what a JSON response breaks."""
    from openapi_core.templating.responses.exceptions import ResponseNotFound
    from openapi_core.testing import MockRequest, MockResponse

    request = MockRequest(_SERVER, method, _one_segment(path))
    response = MockResponse(body, status_code=status)
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        errors = list(description().iter_response_errors(request, response))
    if any(isinstance(error.__cause__ or error, ResponseNotFound) for error in errors) and status in _UNDESCRIBED:
        errors = []
    found = [words for error in errors for words in _words(error)]
    if status >= 400 and not _is_error(body):
        found.append("an error has a message")
    return tuple(Violation(method=method, path=path, side="response", words=words) for words in found)


def _one_segment(path: str) -> str:
    """Return the path with what may span segments in one, as the description has it; GitHub also takes none."""
    match = re.fullmatch(r"(/repos/[^/]+/[^/]+/(?:contents|branches|compare)/)(.*)", path, re.DOTALL)
    return path if match is None else match[1] + (quote(match[2], safe="", errors="surrogateescape") or ".")


def _words(error: BaseException) -> Iterator[str]:
    cause = error.__cause__ or error
    found = getattr(cause, "schema_errors", None)
    if not found:
        yield _short(f"{type(cause).__name__}: {cause}" if cause is error else f"{error}: {cause}")
        return
    for one in found:
        where = "/".join(str(part) for part in one.absolute_path)
        yield f"{where}: {_short(one.message)}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} ... {text[-_LONGEST // 2 :]}"


def _is_error(body: bytes) -> bool:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return False
    return isinstance(found, dict) and (not body or isinstance(found.get("message"), str))


def _mend(raw: dict[str, Any]) -> None:
    """Say what GitHub does and its description does not: a deleted fork is null, an outdated comment has no line."""
    schemas = raw["components"]["schemas"]
    for name in ("pull-request", "pull-request-simple"):
        head = schemas[name]["properties"]["head"]["properties"]
        head["repo"] = {"nullable": True, "oneOf": [head["repo"]]}
    for name in ("pull-request-review-comment", "review-comment"):
        for place in ("position", "line", "original_line"):
            schemas[name]["properties"][place]["nullable"] = True
    listed = raw["paths"]["/app/installations"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    account = listed["items"]["properties"]["account"]
    # elsewhere it is one of the two; nothing can be both a user and an enterprise
    account["anyOf"] = account.pop("allOf")
    _allow_null(raw)


def _allow_null(node: object) -> None:
    """Let `nullable` beside `oneOf`, `anyOf` or `enum` mean what its writers mean by it, and the judge does not.

    A discriminator goes: the judge takes it for a rule, and the list of a folder has no property to tell it by.
    """
    if isinstance(node, list):
        for one in node:
            _allow_null(one)
    elif isinstance(node, dict):
        if node.get("nullable") is True:
            for choice in ("oneOf", "anyOf"):
                if isinstance(node.get(choice), list):
                    node[choice].append({"nullable": True, "enum": [None]})
            if isinstance(node.get("enum"), list) and None not in node["enum"]:
                node["enum"].append(None)
        if isinstance(discriminator := node.get("discriminator"), dict) and "propertyName" in discriminator:
            del node["discriminator"]
        for one in list(node.values()):
            _allow_null(one)
