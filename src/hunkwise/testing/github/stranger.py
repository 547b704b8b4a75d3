"""Another host, to which a redirect may lead: it notes whether a token came along."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from hunkwise.testing.github.log import TOKEN
from hunkwise.testing.github.server import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request that came there."""

    method: str
    path: str
    brought_a_token: bool


class Stranger:
    """A server under another name; `visits` are the requests it got."""

    def __init__(self) -> None:
        self._server = Server()
        self.visits: list[Visit] = []
        self.url = f"http://localhost:{self._server.port}"
        self._server.start(self._answer)

    def close(self) -> None:
        """Stop it."""
        self._server.stop()

    async def _answer(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        address = scope["raw_path"].decode("latin-1") + "?" + scope["query_string"].decode("latin-1")
        found = b"authorization" in headers or any(map(TOKEN.search, [address, *headers.values()]))
        self.visits.append(Visit(method=scope["method"], path=scope["path"], brought_a_token=found))
        kind = [(b"content-type", b"application/json"), (b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": kind})
        await send({"type": "http.response.body", "body": b"{}"})
