"""Requests to one model server: in JSON, bounded in time, size and number, and ended by `close`."""

import asyncio
import json
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.http.address import KEY_VARIABLE, Address

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
Json = Any
BUSY = (429, 503)
EXCERPT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds for connecting, for one request and for all requests of one call; how many, how often, how large.

    wait: the longest that a server may ask us to wait before we ask again. size: bytes of an answer.
    """

    connect: float = 10.0
    request: float = 300.0
    call: float = 1800.0
    attempts: int = 3
    wait: float = 10.0
    concurrent: int = 4
    size: int = 4 << 20


class Refusal(ModelError):
    """A server answered with an error status, a redirect, or what is no JSON."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Reply(NamedTuple):
    """What came back over the wire."""

    status: int
    retry_after: str
    content: bytes


class Connection:
    """Asks one server; may be called from several threads, and closed from any.

    Redirects are not followed and answers are asked for uncompressed, so that the key goes nowhere else and the cap
    on the size holds. A request is sent again only where it was not taken: refused, 429 or 503.
    """

    def __init__(self, address: Address, key: str = "", limits: Limits | None = None) -> None:
        self.address, self.limits, self._key = address, limits or Limits(), key
        self._client = _client(address, self.limits)
        self._gate = asyncio.Semaphore(self.limits.concurrent)
        self._lock = threading.Lock()
        self._calls: set[Future[Any]] = set()
        self._is_closed = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="hunkwise-model-server", daemon=True)
        self._thread.start()

    def get(self, url: str) -> Json:
        """Return what the server answers to a GET."""
        return self._run(self._ask("GET", url, None))

    def post(self, url: str, body: Json) -> Json:
        """Return what the server answers to a POST; raise Refusal for an error status, ModelError for no answer."""
        return self._run(self._ask("POST", url, body))

    def post_all(self, url: str, bodies: Sequence[Json]) -> list[Json]:
        """Return the answers to several POSTs, in order; a few at a time, and the first that fails ends all."""
        return self._run(self._ask_all(url, bodies))

    def ask_one_by_one(self) -> None:
        """Have no more than one request under way; to be called before the first `post_all`."""
        self._gate = asyncio.Semaphore(1)

    def close(self) -> None:
        """End the calls under way, in whichever threads they wait, and free the connections."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            calls = tuple(self._calls)
        for call in calls:
            call.cancel()
        asyncio.run_coroutine_threadsafe(self._end(), self._loop)
        self._thread.join(timeout=self.limits.connect)
        if not self._thread.is_alive():
            self._loop.close()

    async def _end(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._client.aclose()
        self._loop.call_soon(self._loop.stop)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        with self._lock:
            if self._is_closed:
                work.close()
                raise ModelError(f"the model server {self.address.base} is no longer asked: the model was closed")
            call = asyncio.run_coroutine_threadsafe(self._bounded(work), self._loop)
            self._calls.add(call)
        try:
            return call.result()
        except CancelledError:
            raise ModelError(f"the model server {self.address.base} was not waited for: the model was closed") from None
        finally:
            call.cancel()
            self._calls.discard(call)

    async def _bounded(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            async with asyncio.timeout(self.limits.call):
                return await work
        except TimeoutError:
            raise ModelError(
                f"the model server {self.address.base} took more than {self.limits.call:g} s for all that was asked; "
                "review fewer files at once, or serve a faster model"
            ) from None

    async def _ask_all(self, url: str, bodies: Sequence[Json]) -> list[Json]:
        tasks = [asyncio.ensure_future(self._ask("POST", url, body)) for body in bodies]
        try:
            return list(await asyncio.gather(*tasks))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, method: str, url: str, body: Json) -> Json:
        content = None if body is None else json.dumps(body).encode()
        async with self._gate:
            for attempt in range(1, self.limits.attempts + 1):
                reply = await self._attempt(method, url, content, is_last=attempt == self.limits.attempts)
                if reply is not None and (reply.status not in BUSY or attempt == self.limits.attempts):
                    break
                await asyncio.sleep(self._pause(attempt, reply))
        assert reply is not None
        if reply.status >= 400:
            raise self._refused(url, reply)
        try:
            return json.loads(reply.content)
        except (ValueError, RecursionError):
            raise Refusal(
                f"{url} answers with what is no JSON; is a server with OpenAI's interface there, and its path right?",
                reply.status,
            ) from None

    async def _attempt(self, method: str, url: str, content: bytes | None, *, is_last: bool) -> Reply | None:
        import httpx

        try:
            async with asyncio.timeout(self.limits.request):
                return await self._exchange(method, url, content)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if not is_last:
                return None
            why = _one_line(str(error)) or type(error).__name__
            raise ModelError(
                f"the model server {self.address.base} cannot be reached ({why}); start it, or mend its address"
            ) from None
        except (TimeoutError, httpx.TimeoutException):
            raise ModelError(
                f"{url} did not answer within {self.limits.request:g} s; look at the server, or serve a faster model"
            ) from None
        except httpx.HTTPError as error:
            why = _one_line(str(error)) or type(error).__name__
            raise ModelError(f"the answer of {url} broke off ({why}); look at the server's log") from None

    async def _exchange(self, method: str, url: str, content: bytes | None) -> Reply:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if content is not None:
            headers["Content-Type"] = "application/json"
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        async with self._client.stream(method, url, content=content, headers=headers) as response:
            if 300 <= response.status_code < 400:
                words = f"{url} redirects elsewhere, which is not followed; name the address it leads to"
                raise Refusal(words, response.status_code)
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise ModelError(f"{url} answers compressed, which was not asked for; name the server itself")
            parts, size = [], 0
            async for part in response.aiter_raw():
                parts.append(part)
                size += len(part)
                if size > self.limits.size:
                    raise ModelError(f"{url} answers with more than {self.limits.size:,} bytes; look at the server")
            return Reply(response.status_code, response.headers.get("Retry-After", ""), b"".join(parts))

    def _pause(self, attempt: int, reply: Reply | None) -> float:
        wish = reply.retry_after.strip() if reply else ""
        if wish.isascii() and wish.isdigit():
            return min(float(wish), self.limits.wait)
        return min(0.25 * (1 << attempt), self.limits.wait)

    def _refused(self, url: str, reply: Reply) -> Refusal:
        said = _error_of(reply.content)
        if self._key:
            said = said.replace(self._key, "***")
        said = f": {said[:EXCERPT]}" if said else ""
        way_out = {
            401: f"; set {KEY_VARIABLE} to the server's key",
            403: f"; set {KEY_VARIABLE} to the server's key",
            404: "; the address usually ends in /v1",
            429: "; it is busy, try again later",
            503: "; it is busy or still loading, try again later",
        }.get(reply.status, "")
        return Refusal(f"{url} answers {reply.status}{said}{way_out}", reply.status)


def _client(address: Address, limits: Limits) -> "httpx.AsyncClient":
    import httpx

    timeout = httpx.Timeout(limits.request, connect=limits.connect)
    pool = httpx.Limits(max_connections=limits.concurrent, keepalive_expiry=2.0)  # below what servers keep them open
    if address.is_loopback:  # a transport of our own keeps the environment's proxies out
        return httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(limits=pool), timeout=timeout)
    return httpx.AsyncClient(limits=pool, timeout=timeout)


def _error_of(content: bytes) -> str:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    for name in ("error", "message", "detail"):
        if isinstance(said, dict) and name in said:
            said = said[name]
    return _one_line(said) if isinstance(said, str) else ""


def _one_line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
