"""A real HTTP server in a thread of this process, on 127.0.0.1, whose connections can be cut."""

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any


class Server:
    """uvicorn in a thread; `cut` ends a peer's connection at once."""

    def __init__(self, port: int = 0) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self._connections: dict[tuple[str, int], asyncio.Transport] = {}
        self._server: Any = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def start(self, application: Callable[..., Any]) -> None:
        """Serve an ASGI application; return once it answers."""
        import uvicorn

        config = uvicorn.Config(
            application,
            http=_protocol(self._connections),
            interface="asgi3",
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        listening = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(listening,), name="fake-github", daemon=True)
        self._thread.start()
        if not listening.wait(10):
            raise RuntimeError("the fake GitHub did not start within 10 seconds")

    def cut(self, peer: tuple[str, int]) -> None:
        """End the connection of a peer without another byte; call it from the server's own loop."""
        transport = self._connections.get(peer)
        if transport is not None:
            transport.abort()

    def stop(self) -> None:
        """Stop serving and wait until that is so."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(10)
        self._socket.close()

    def _run(self, listening: threading.Event) -> None:
        async def serve() -> None:
            task = asyncio.ensure_future(self._server.serve(sockets=[self._socket]))
            while not self._server.started and not task.done():
                await asyncio.sleep(0.002)
            listening.set()
            await task

        asyncio.run(serve())


def _protocol(connections: dict[tuple[str, int], asyncio.Transport]) -> Any:
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Cuttable(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if self.client is not None:
                connections[self.client] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            if self.client is not None:
                connections.pop(self.client, None)
            super().connection_lost(exc)

    return Cuttable
