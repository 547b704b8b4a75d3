"""All of GitHub's own example payloads, signed and posted by Octokit, against the real server."""

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from bot import ENDS, SECRET, Bot

from hunkwise.server.receiver import EVENTS

EXAMPLES = 329


@pytest.mark.tools
def test_github_s_example_payloads_are_answered_right_and_forged_ones_refused(node_modules: Path, sqlite_bot: Bot):
    """Each of 329 payloads is answered 202, and 401 with a broken signature; what is stored comes to an end."""
    bot = sqlite_bot
    bot.start(workers=8, retry_delay=0)
    done = subprocess.run(
        ["node", str(node_modules.parent / "deliver.mjs"), f"{bot.life.url}/webhook", "--examples"],
        env={"PATH": os.environ["PATH"], "WEBHOOK_SECRET": SECRET},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == EXAMPLES
    assert Counter((one["forged"], one["status"]) for one in answers) == {(401, 202): EXAMPLES}
    bot.settled(240)
    sent = {one["delivery"] for one in answers}
    rows = bot.rows("SELECT id, event, state, reason FROM hunkwise_deliveries")
    stored = {row.id: row for row in rows if row.id in sent}
    assert stored.keys() == {one["delivery"] for one in answers if one["event"] in EVENTS}
    assert {row.state for row in stored.values()} <= set(ENDS)
    # none of them is malformed: what is not done failed since the fake has no such installation
    assert not [row.reason for row in stored.values() if row.state == "dead"]
    jobs = bot.rows("SELECT kind, state, reason FROM hunkwise_jobs")
    assert jobs
    assert {job.state for job in jobs} <= set(ENDS)
    assert not [one for one in bot.github.log.entries if one.method == "POST" and "/repos/" in one.path]
    assert "Traceback" not in bot.said()
