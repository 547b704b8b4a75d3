"""GitHub's REST and GraphQL API of one server under one token: plain values in and out, each call bounded in time."""

import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from hunkwise.core.errors import HunkwiseError
from hunkwise.github.address import PUBLIC, api_url
from hunkwise.github.refusals import graphql_refusal, refusal
from hunkwise.github.tokens import Token, without_tokens
from hunkwise.plugins.github.port import AskLater, GitHubError, Unknown

if TYPE_CHECKING:
    from hunkwise.github.transport import Connection

PAGE = 100
PAGES = 100
API_VERSION = "2022-11-28"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How patient a client is; all in seconds but `tries` and `most`.

    exchange: one request and its answer. total: a read with all its tries. tries: requests of one read at most.
    pause: before the second try, twice that before the next. between_writes: GitHub asks for at least one.
    most: bytes of one answer.
    """

    exchange: float = 30.0
    total: float = 90.0
    tries: int = 4
    pause: float = 0.5
    between_writes: float = 1.0
    most: int = 64 * 2**20


class Api:
    """Asks one server. Reads are tried again where that may help; a write is sent once, on a connection of its own.

    Raises AskLater, GitHubError and its kinds, or Unknown for a write whose answer did not come.
    """

    def __init__(self, server: str, token: Token | None, pace: Pace | None = None) -> None:
        from github import Auth
        from github.Requester import Requester

        self.server, self._token, self._pace = server, token, pace or Pace()
        self._url = api_url(server)
        self._requester = Requester(
            auth=Auth.Token(token.value) if token else None,
            base_url=self._url,
            timeout=int(self._pace.exchange),
            user_agent=f"hunkwise/{version('hunkwise')}",
            per_page=PAGE,
            verify=True,
            retry=0,
            pool_size=1,
            api_version=API_VERSION if server == PUBLIC or server.endswith(".ghe.com") else None,
        )
        self._reading = self._connect()
        self._written = -self._pace.between_writes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def has_token(self) -> bool:
        return self._token is not None

    def close(self) -> None:
        """Close the connection."""
        self._reading.close()

    def read(self, path: str, *, asked: str, needs: str = "", parameters: Mapping[str, object] | None = None) -> Any:
        """Return what a GET gives."""
        return self._read("GET", path, dict(parameters or {}), None, asked, needs)[1]

    def read_all(
        self, path: str, *, asked: str, needs: str = "", key: str = "", parameters: Mapping[str, object] | None = None
    ) -> list[Any]:
        """Return the items of all pages of a list, below `key` where it is wrapped in an object."""
        items: list[Any] = []
        for page in range(1, PAGES + 1):
            wanted = {**(parameters or {}), "per_page": PAGE, "page": page}
            headers, value = self._read("GET", path, wanted, None, asked, needs)
            found = value.get(key) if key and isinstance(value, Mapping) else value
            if not isinstance(found, list):
                raise GitHubError(f"{asked}: GitHub answered with no list; is {self.server} a server of GitHub's?")
            items += found
            if 'rel="next"' not in headers.get("link", ""):
                return items
        raise GitHubError(f"{asked}: there are more than {PAGE * PAGES:,}")

    def write(self, verb: str, path: str, body: Mapping[str, object], *, asked: str, needs: str = "") -> Any:
        """Send a request that changes something, once, and return what it gives."""
        return self._write(verb, path, body, asked, needs)[1]

    def query(self, text: str, variables: Mapping[str, object], *, asked: str, needs: str = "") -> Mapping[str, Any]:
        """Return the data of a GraphQL query."""
        body = {"query": text, "variables": dict(variables)}
        return self._data(*self._read("POST", self._requester.graphql_url, {}, body, asked, needs), asked, needs)

    def mutate(self, text: str, variables: Mapping[str, object], *, asked: str, needs: str = "") -> Mapping[str, Any]:
        """Send a GraphQL mutation, once, and return its data."""
        body = {"query": text, "variables": dict(variables)}
        return self._data(*self._write("POST", self._requester.graphql_url, body, asked, needs), asked, needs)

    def _connect(self) -> "Connection":
        from hunkwise.github.transport import Connection

        return Connection(self._url, seconds=self._pace.exchange, most=self._pace.most)

    def _data(self, headers: Mapping[str, str], value: Any, asked: str, needs: str) -> Mapping[str, Any]:
        if isinstance(value, Mapping) and value.get("errors"):
            raise self._clean(graphql_refusal(value["errors"], headers, asked=asked, needs=needs))
        data = value.get("data") if isinstance(value, Mapping) else None
        if not isinstance(data, Mapping):
            raise GitHubError(f"{asked}: GitHub answered without data")
        return data

    def _read(
        self, verb: str, path: str, parameters: dict[str, Any], body: object, asked: str, needs: str
    ) -> tuple[Mapping[str, str], Any]:
        from hunkwise.github.transport import NoAnswer, NotSent

        started = time.monotonic()
        why = ""
        for tried in range(self._pace.tries):
            if tried:
                pause = self._pace.pause * 2 ** (tried - 1) * random.uniform(0.75, 1.25)
                if time.monotonic() - started + pause > self._pace.total:
                    break
                time.sleep(pause)
            try:
                status, headers, text = self._requester.requestJson(
                    verb, path, parameters, _headers(), body, self._reading
                )
            except (NotSent, NoAnswer) as error:
                why = str(error)
                continue
            if status >= 500:
                why = f"status {status}"
                continue
            if status >= 300:
                raise self._clean(refusal(status, headers, text, asked=asked, needs=needs if self._token else ""))
            try:
                return headers, json.loads(text) if text else None
            except (ValueError, RecursionError):
                why = "an answer that is no JSON"
        host = self._url.partition("://")[2].partition("/")[0]
        raise self._clean(AskLater(f"{asked}: {host} cannot be asked now: {why}", 30.0))

    def _write(
        self, verb: str, path: str, body: Mapping[str, object], asked: str, needs: str
    ) -> tuple[Mapping[str, str], Any]:
        from hunkwise.github.transport import NoAnswer, NotSent

        time.sleep(max(self._written + self._pace.between_writes - time.monotonic(), 0.0))
        try:
            with self._connect() as connection:
                status, headers, text = self._requester.requestJson(verb, path, {}, _headers(), dict(body), connection)
        except NotSent as error:
            raise self._clean(AskLater(f"{asked}: nothing was sent: {error}", 30.0)) from error
        except NoAnswer as error:
            raise self._clean(Unknown(f"{asked}: whether it was done is not known: {error}")) from error
        finally:
            self._written = time.monotonic()
        if status >= 500:
            raise Unknown(f"{asked}: whether it was done is not known: status {status}")
        if status >= 300:
            raise self._clean(refusal(status, headers, text, asked=asked, needs=needs))
        try:
            return headers, json.loads(text) if text else None
        except (ValueError, RecursionError) as error:
            raise Unknown(f"{asked}: it was taken, but the answer is no JSON") from error

    def _clean(self, error: HunkwiseError) -> HunkwiseError:
        """Return the error without the token, should GitHub or a library have repeated it."""
        words = without_tokens(str(error), self._token.value if self._token else "")
        if words != str(error):
            error.args = (words, *error.args[1:])
        return error


def _headers() -> dict[str, str]:
    return {"Accept": "application/vnd.github+json"}
