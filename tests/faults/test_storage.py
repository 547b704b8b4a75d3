"""R18, R19, R23, G03: a full disk, a database that is locked or gone, deliveries that cannot be read."""

import json
import resource
import threading
import time

import httpx
import pytest
from bot import SECRET, Bot

from hunkwise.server.signature import sign
from hunkwise.testing.postgres import Cluster


def deliver(bot: Bot, body: bytes, name: str, event: str = "pull_request") -> int:
    """Send a signed delivery and return the status of the answer."""
    headers = {
        "X-GitHub-Delivery": name,
        "X-GitHub-Event": event,
        "X-Hub-Signature-256": sign(SECRET.encode(), body),
        "Content-Type": "application/json",
    }
    return httpx.post(f"{bot.life.url}/webhook", content=body, headers=headers, trust_env=False, timeout=20).status_code


def known(bot: Bot, name: str) -> list[str]:
    return [row.state for row in bot.rows(f"SELECT state FROM hunkwise_deliveries WHERE id = '{name}'")]


def test_r18_a_full_disk_is_503_and_heals(sqlite_bot: Bot):
    """R18: no file of the server may grow any more: 503, nothing half-written; then it goes on without a restart."""
    bot = sqlite_bot
    bot.start(reconcile=100000)
    first = bot.open()
    bot.settled()
    bot.is_checked = False  # the log was on the full disk too, and its last line may be cut
    sizes = [file.stat().st_size for file in (bot.folder / "state").iterdir()]
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(bot.life.process, resource.RLIMIT_FSIZE, (min(sizes), resource.RLIM_INFINITY))
    large = json.dumps({"action": "completed", "filling": "x" * 300_000}).encode()
    answers = [deliver(bot, large, f"full-{number}", "check_suite") for number in range(4)]
    assert set(answers) == {503}
    resource.prlimit(bot.life.process, resource.RLIMIT_FSIZE, unlimited)
    assert all(known(bot, f"full-{number}") == [] for number in range(4))
    assert bot.rows("PRAGMA integrity_check")[0][0] == "ok"
    assert deliver(bot, large, "after", "check_suite") == 202
    second = bot.open({"b.py": "new\n"})
    bot.settled()
    assert (len(first.reviews), len(second.reviews)) == (1, 1)


def test_r19_a_locked_database_is_waited_for_and_then_503(both: Bot):
    """R19: while another holds the lock, a delivery is answered within GitHub's ten seconds, by 503; none is lost."""
    bot = both
    bot.start(reconcile=100000)
    release = threading.Event()
    is_held = threading.Event()

    def hold() -> None:
        with bot.writing() as connection:
            if bot.database_url.startswith("sqlite"):
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql("LOCK TABLE hunkwise_deliveries IN ACCESS EXCLUSIVE MODE")
            is_held.set()
            release.wait(30)
            connection.rollback()

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(10)
    began = time.monotonic()
    status = deliver(bot, json.dumps({"action": "completed"}).encode(), "locked", "check_suite")
    assert (status, time.monotonic() - began < 10) == (503, True)
    release.set()
    holder.join()
    assert known(bot, "locked") == []
    pull = bot.open()
    assert bot.settled() == ["done"]
    assert len(pull.reviews) == 1


def test_r19_a_database_that_is_killed_and_comes_back(postgres_bot: Bot, postgres: Cluster):
    """R19: PostgreSQL dies in mid-review and starts again: 503 meanwhile, health says so, and the review is made."""
    bot = postgres_bot
    bot.start()
    hold = bot.hold()
    pull = bot.open()
    bot.wait(bot.is_holding)
    postgres.kill()
    assert deliver(bot, json.dumps({"action": "completed"}).encode(), "gone", "check_suite") == 503
    bot.wait(lambda: httpx.get(f"{bot.life.url}/healthz", trust_env=False, timeout=20).status_code == 503)
    time.sleep(1)
    postgres.start()
    hold.unlink()
    bot.wait(bot.life.is_up)
    bot.settled(120)
    bot.is_checked = False  # the log has the driver's tracebacks from while the database was away
    assert len(pull.reviews) == 1
    assert known(bot, "gone") == []


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"action": "opened", "action": "closed"}',
        b'{"action": "opened", "number": NaN}',
        b"\xff\xfe{}",
        b'["a list"]',
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b"",
    ],
    ids=["deep", "twice", "nan", "no-utf8", "list", "deep-objects", "empty"],
)
def test_r23_a_delivery_that_cannot_be_read_is_kept_and_dead(sqlite_bot: Bot, body: bytes):
    """R23, G03: signed and unreadable: accepted, kept as it came, dead, and not tried in a loop; others go on."""
    bot = sqlite_bot
    bot.start()
    assert deliver(bot, body, "poison") == 202
    bot.wait(lambda: known(bot, "poison") not in ([], ["received"]))
    assert known(bot, "poison") == ["dead"]
    (row,) = bot.rows("SELECT body FROM hunkwise_deliveries WHERE id = 'poison'")
    assert bytes(row.body) == body
    pull = bot.open()
    assert bot.settled() == ["dead", "done"]
    assert len(pull.reviews) == 1
