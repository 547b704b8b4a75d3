"""Tests of the webhook receiver, over the application as a server runs it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from hunkwise.server.app import make_app
from hunkwise.server.database import Database
from hunkwise.server.inbox import Delivery, Inbox, keep
from hunkwise.server.metrics import Metrics
from hunkwise.server.receiver import LARGEST, Receiver
from hunkwise.server.signature import is_signed, sign
from hunkwise.server.tables import deliveries

SECRET = b"It's a Secret to Everybody"
BODY = json.dumps({"action": "opened"}).encode()


def headers(body: bytes, identity: str = "d-1", event: str = "pull_request", **more: str) -> dict[str, str]:
    """Return what GitHub sends with a delivery."""
    return {
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": identity,
        "X-Hub-Signature-256": sign(SECRET, body),
        "Content-Type": "application/json",
        **more,
    }


class Server:
    """The application, spoken to without a socket."""

    def __init__(self, database: Database) -> None:
        self.database, self.arrivals = database, 0
        app = make_app(database, SECRET, Metrics(database), arrived=self.arrive, is_alive=lambda: True)
        self._transport = httpx.ASGITransport(app=app)

    def arrive(self) -> None:
        self.arrivals += 1

    def post(self, content: Any, given: dict[str, str], times: int = 1) -> list[httpx.Response]:
        """Send a request so many times at once."""

        async def send() -> list[httpx.Response]:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://test") as client:
                calls = [client.post("/webhook", content=content, headers=given) for _ in range(times)]
                return await asyncio.gather(*calls)

        return asyncio.run(send())

    def get(self, path: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://test") as client:
                return await client.get(path)

        return asyncio.run(ask())

    def stored(self) -> list[Any]:
        """Return the rows of deliveries."""
        with self.database.reading() as connection:
            return list(connection.execute(sa.select(deliveries).order_by(deliveries.c.id)).all())


@pytest.fixture
def server(sqlite: Database) -> Server:
    """Return the application on an empty SQLite database."""
    return Server(sqlite)


@pytest.fixture
def each_server(database: Database) -> Server:
    """Return the application on an empty database of each kind."""
    return Server(database)


def test_the_signature_is_that_of_github_s_own_example():
    """GitHub's documentation gives this signature for this secret and payload."""
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert sign(SECRET, b"Hello, World!") == expected
    assert is_signed(SECRET, b"Hello, World!", expected)


def test_a_signed_delivery_is_stored_before_it_is_answered(each_server: Server):
    """The answer 202 means that the row is in the database, with the bytes as they came."""
    (response,) = each_server.post(BODY, headers(BODY))
    (row,) = each_server.stored()
    assert response.status_code == 202
    assert (row.id, row.event, row.state, row.body) == ("d-1", "pull_request", "received", BODY)
    assert each_server.arrivals == 1


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha1=" + "0" * 40,
        "sha256=" + "0" * 64,
        "sha256=" + sign(SECRET, BODY)[7:].upper(),
        sign(SECRET, BODY)[:-1] + ("0" if sign(SECRET, BODY)[-1] != "0" else "1"),
        sign(b"", BODY),
    ],
)
def test_a_forged_delivery_is_refused(server: Server, signature: str):
    """No signature, SHA-1, a wrong one and one of an empty secret: 401, and nothing is stored."""
    given = headers(BODY) | {"X-Hub-Signature-256": signature}
    (response,) = server.post(BODY, given)
    assert (response.status_code, server.stored()) == (401, [])


def test_one_changed_byte_is_noticed(server: Server):
    """The signature covers every byte of the body."""
    (response,) = server.post(BODY + b" ", headers(BODY))
    assert (response.status_code, server.stored()) == (401, [])


def test_the_same_delivery_twenty_times_is_one_row(each_server: Server):
    """The database decides, so that parallel copies of one delivery are one; all are answered 202."""
    answers = each_server.post(BODY, headers(BODY), times=20)
    outcomes = sorted(answer.json()["outcome"] for answer in answers)
    assert {answer.status_code for answer in answers} == {202}
    assert outcomes == ["again"] * 19 + ["new"]
    assert len(each_server.stored()) == 1


def test_many_deliveries_at_once_are_all_kept(database: Database):
    """They share commits; each is a row of its own, and of those that are known only the failed ones are taken up."""
    names = [f"d-{number}" for number in range(1200)]
    first = [Delivery(id=name, event="pull_request", body=BODY) for name in names]
    assert keep(database, first) == set(names)
    with database.begin() as connection:
        connection.execute(deliveries.update().where(deliveries.c.id.in_(names[:3])).values(state="dead", ended=1))
    assert keep(database, first) == set(names[:3])
    assert len(Server(database).stored()) == 1200


@pytest.mark.parametrize(("state", "expected"), [("dead", "new"), ("failed-visible", "new"), ("done", "again")])
def test_a_redelivery_is_taken_up_where_the_first_failed(each_server: Server, state: str, expected: str):
    """Not that a delivery is known decides, but what became of it."""
    each_server.post(BODY, headers(BODY))
    with each_server.database.begin() as connection:
        connection.execute(deliveries.update().values(state=state, body=None, reason="x", job=5, ended=1))
    (answer,) = each_server.post(BODY, headers(BODY))
    (row,) = each_server.stored()
    assert answer.json()["outcome"] == expected
    assert (row.state, row.job) == (("received", None) if expected == "new" else (state, 5))
    assert row.body == (BODY if expected == "new" else None)


def test_a_body_is_not_unpacked(server: Server):
    """A compressed body is so many bytes; the signature and the row are of these."""
    packed = b"\x1f\x8b" + b"\0" * 100
    (answer,) = server.post(packed, headers(packed, **{"Content-Encoding": "gzip"}))
    assert (answer.status_code, server.stored()[0].body) == (202, packed)


def test_an_announced_body_that_is_too_large_is_not_read(server: Server):
    """What is announced as larger than 25 MB is refused before a byte of it is read."""

    async def never() -> AsyncIterator[bytes]:
        yield b"x"
        raise AssertionError("the body was read")

    given = headers(b"") | {"Content-Length": str(LARGEST + 1)}
    (answer,) = server.post(never(), given)
    assert answer.status_code == 413


def test_a_body_that_grows_too_large_is_dropped(server: Server):
    """Without an announcement the size is counted while it comes."""

    async def flood() -> AsyncIterator[bytes]:
        for _ in range(LARGEST // 2**20 + 2):
            yield b"x" * 2**20

    (answer,) = server.post(flood(), headers(b""))
    assert (answer.status_code, server.stored()) == (413, [])


def test_a_slow_body_is_given_up(sqlite: Database):
    """A client that drips its body is answered 408 when its time is over."""

    async def drip() -> tuple[int, str]:
        counted: list[str] = []
        receiver = Receiver(SECRET, Inbox(sqlite, lambda: None), counted.append, slowest=0.2)
        from starlette.applications import Starlette
        from starlette.routing import Route

        async def slow() -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.sleep(60)

        # httpx hands the whole body over at once, so that the application is called by hand
        sent: list[dict[str, Any]] = []
        chunks = slow()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": await anext(chunks), "more_body": True}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/webhook",
            "raw_path": b"/webhook",
            "query_string": b"",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers(b"{").items()],
        }
        app = Starlette(routes=[Route("/webhook", receiver.answer, methods=["POST"])])
        await app(scope, receive, send)
        return sent[0]["status"], counted[0]

    assert asyncio.run(drip()) == (408, "slow")


@pytest.mark.parametrize("event", ["push", "star", "an.unknown_event"])
def test_an_event_of_no_use_is_answered_and_forgotten(server: Server, event: str):
    """202, so that GitHub does not count a failure; nothing is stored."""
    (answer,) = server.post(BODY, headers(BODY, event=event))
    assert (answer.status_code, answer.json()["outcome"], server.stored()) == (202, "ignored", [])


@pytest.mark.parametrize("name", ["X-GitHub-Event", "X-GitHub-Delivery"])
def test_a_delivery_without_a_name_is_refused(server: Server, name: str):
    """Without its headers a delivery is none."""
    given = headers(BODY)
    given[name] = "a b\n" if name == "never" else ""
    assert server.post(BODY, given)[0].status_code == 400


def test_a_locked_database_is_answered_503_within_the_wait(tmp_path: Any):
    """While another holds the write lock a delivery waits a bounded time, then 503; later it is taken again."""
    with Database(f"sqlite:///{tmp_path}/x.sqlite", wait=0.3) as database:
        database.prepare()
        server = Server(database)
        with database.begin():
            (answer,) = server.post(BODY, headers(BODY))
        assert (answer.status_code, server.stored()) == (503, [])
        assert server.post(BODY, headers(BODY))[0].status_code == 202


def test_a_full_disk_is_answered_503(tmp_path: Any):
    """Where the database cannot grow the answer is 503, nothing half is stored, and it recovers by itself."""
    with Database(f"sqlite:///{tmp_path}/x.sqlite") as database:
        database.prepare()
        server = Server(database)
        large = json.dumps({"x": "y" * 2_000_000}).encode()

        def limit(pages: int) -> None:
            with database.engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        with database.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        limit(pages + 5)
        assert server.post(large, headers(large))[0].status_code == 503
        assert server.stored() == []
        limit(1_000_000)
        assert server.post(large, headers(large))[0].status_code == 202


def test_health_and_metrics_tell_of_the_database(each_server: Server):
    """`/healthz` is 200 while all answers, and `/metrics` counts deliveries and what waits."""
    each_server.post(BODY, headers(BODY))
    assert each_server.get("/healthz").json() == {"database": True, "jobs": True}
    text = each_server.get("/metrics").text
    assert 'hunkwise_deliveries_total{result="new"} 1.0' in text
    assert 'hunkwise_queue_depth{of="deliveries"} 1.0' in text
    assert "hunkwise_database_up 1.0" in text


def test_a_database_that_is_down_is_answered_503(postgres: Any):
    """With PostgreSQL down deliveries get 503 in time, health says so, and it recovers without a restart."""
    with Database(postgres.database(), wait=1) as database:
        database.prepare()
        server = Server(database)
        postgres.kill()
        try:
            assert server.post(BODY, headers(BODY))[0].status_code == 503
            assert server.get("/healthz").status_code == 503
            assert "hunkwise_database_up 0.0" in server.get("/metrics").text
        finally:
            postgres.start()
        assert server.post(BODY, headers(BODY))[0].status_code == 202
        assert server.get("/healthz").status_code == 200
