"""The application: deliveries in, and what operators ask."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import sqlalchemy as sa
from fastapi import FastAPI
from starlette.responses import JSONResponse, Response

from hunkwise.server.database import Database, DatabaseDown
from hunkwise.server.inbox import Inbox
from hunkwise.server.metrics import Metrics
from hunkwise.server.receiver import Receiver


def make_app(
    database: Database,
    secret: bytes,
    metrics: Metrics,
    *,
    arrived: Callable[[], None],
    is_alive: Callable[[], bool],
    start: Callable[[], None] = lambda: None,
    close: Callable[[], None] = lambda: None,
) -> FastAPI:
    """Return the application. `arrived` is called when deliveries are stored, `start` and `close` around its life."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(start)
        yield
        await asyncio.to_thread(close)

    app = FastAPI(title="Hunkwise", lifespan=life, openapi_url=None, docs_url=None, redoc_url=None)
    receiver = Receiver(secret, Inbox(database, arrived), metrics.delivery)
    app.add_route("/webhook", receiver.answer, methods=["POST"])

    @app.get("/healthz")
    def healthz() -> Response:
        """Say whether deliveries can be stored and jobs run: 200, else 503."""
        said = {"database": _answers(database), "jobs": is_alive()}
        return JSONResponse(said, status_code=200 if all(said.values()) else 503)

    @app.get("/metrics")
    def prometheus() -> Response:
        """Return the counters."""
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return app


def _answers(database: Database) -> bool:
    try:
        with database.reading() as connection:
            connection.execute(sa.select(1))
    except DatabaseDown:
        return False
    return True
