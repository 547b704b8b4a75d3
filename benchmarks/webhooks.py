"""How many signed deliveries the server takes durably in a second, and how long each waits for its answer.

Usage: python benchmarks/webhooks.py [--deliveries N] [--connections N] [--bytes N] [--database sqlite|postgresql]

The client, the server and PostgreSQL share this machine's cores. Each 202 is a row that was committed and synced
(SQLite: WAL, synchronous=FULL; PostgreSQL: fsync and synchronous_commit on), which is checked at the end.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import socket
import statistics
import sys
import time
import uuid
from pathlib import Path

import sqlalchemy as sa
import uvicorn
from databases import database_url

from hunkwise.server.app import make_app
from hunkwise.server.database import Database
from hunkwise.server.metrics import Metrics
from hunkwise.server.signature import sign
from hunkwise.server.tables import deliveries
from hunkwise.testing.postgres import NoPostgres

SECRET = b"a secret"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument(
        "--bytes", type=int, default=20_000, help="of one payload; GitHub's of pull requests have 25,000"
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    given = parser.parse_args()
    for name in given.database or ("sqlite", "postgresql"):
        try:
            with database_url(name) as url:
                measure(name, url, given)
        except NoPostgres as error:
            print(f"{name}: {error}")
    return 0


def measure(name: str, url: str, given: argparse.Namespace) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(url, port), daemon=True)
    server.start()
    try:
        wait_for(port)
        asyncio.run(send(port, 500, given.connections, given.bytes))
        started, before, own = time.perf_counter(), cpu(server.pid), time.process_time()
        waits = asyncio.run(send(port, given.deliveries, given.connections, given.bytes))
        seconds, own = time.perf_counter() - started, time.process_time() - own
        spent = cpu(server.pid) - before
        memory = int(Path(f"/proc/{server.pid}/status").read_text().split("VmRSS:")[1].split()[0]) // 1024
    finally:
        server.terminate()
        server.join()
    with Database(url) as database, database.reading() as connection:
        stored = connection.execute(sa.select(sa.func.count()).select_from(deliveries)).scalar()
    assert stored == given.deliveries + 500, f"{stored} rows for {given.deliveries + 500} answers of 202"
    cuts = statistics.quantiles(waits, n=100)
    print(
        f"{name}: {given.deliveries / seconds:,.0f} a second ({given.deliveries:,} of {given.bytes:,} bytes over "
        f"{given.connections} connections), p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms, "
        f"max {max(waits) * 1000:.0f} ms; of CPU for each: server {spent / given.deliveries * 1000:.2f} ms, client "
        f"{own / given.deliveries * 1000:.2f} ms; server {memory} MB; {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.0f}"
    )
    sys.stdout.flush()


def cpu(process: int | None) -> float:
    """Return the seconds of CPU that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def serve(url: str, port: int) -> None:
    """Run the application without an engine."""
    database = Database(url)
    database.prepare()
    app = make_app(database, SECRET, Metrics(database), arrived=lambda: None, is_alive=lambda: True)
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False)


def wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


async def send(port: int, count: int, connections: int, size: int) -> list[float]:
    """Post so many deliveries; return the seconds that each took to be answered."""
    body = json.dumps({"action": "opened", "padding": "x" * (size - 40)}).encode()
    head = (
        f"POST /webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-GitHub-Event: pull_request\r\nX-Hub-Signature-256: {sign(SECRET, body)}\r\nContent-Length: {len(body)}\r\n"
    ).encode()
    waits: list[float] = []
    left = iter(range(count))

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in left:
            started = time.perf_counter()
            writer.write(head + f"X-GitHub-Delivery: {uuid.uuid4()}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            assert b" 202 " in answer.split(b"\r\n", 1)[0], answer
            length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            waits.append(time.perf_counter() - started)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return waits


if __name__ == "__main__":
    sys.exit(main())
