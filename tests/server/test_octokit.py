"""Octokit signs all of GitHub's own example payloads and posts them to the server as it runs."""

import asyncio
import json
import os
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
import uvicorn

from hunkwise.server.app import make_app
from hunkwise.server.database import Database
from hunkwise.server.metrics import Metrics
from hunkwise.server.orders import Rules
from hunkwise.server.receiver import EVENTS
from hunkwise.server.router import Router
from hunkwise.server.tables import deliveries

SECRET = "It's a Secret to Everybody"


@pytest.mark.tools
def test_every_example_of_github_s_is_answered_right(node_modules: Path, database: Database):
    """All 329: signed 202, forged 401; what is stored is understood or ignored, and nothing is dead."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    app = make_app(database, SECRET.encode(), Metrics(database), arrived=lambda: None, is_alive=lambda: True)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        while not server.started:
            time.sleep(0.05)
        argv = ["node", str(node_modules.parent / "deliver.mjs"), f"http://127.0.0.1:{port}/webhook", "--examples"]
        done = subprocess.run(argv, env={**os.environ, "WEBHOOK_SECRET": SECRET}, capture_output=True, check=True)
    finally:
        server.should_exit = True
        thread.join()
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == 329
    assert {answer["status"] for answer in answers} == {202}
    assert {answer["forged"] for answer in answers} == {401}
    kept = {answer["delivery"] for answer in answers if answer["event"] in EVENTS}
    router = Router(database, Rules(app_id=1), "x")
    while router.route():
        pass
    with database.reading() as connection:
        rows = {row.id: row.state for row in connection.execute(sa.select(deliveries))}
    assert rows.keys() == kept
    assert set(rows.values()) <= {"done", "queued", "superseded"}
