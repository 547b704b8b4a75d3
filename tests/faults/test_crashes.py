"""R01 to R03, R22, R25, R26: servers that are killed, paused, told to end, or doubled."""

import json
import signal
import threading
import time
from pathlib import Path

import httpx
import pytest
from bot import SECRET, Bot, free_port
from checker import check, lost, processes, twice
from reports import expected

from hunkwise.server.signature import sign
from hunkwise.testing.github.faults import Fault

POINTS = {
    "the token is made": (r"POST .*/access_tokens$", "delay"),
    "the check run is begun": (r"POST .*/check-runs$", "store_then_delay"),
    "the reviewer asks": (r"GET .*/pulls/\d+$", "delay"),
    "the reviews are read": (r"GET .*/pulls/\d+/reviews", "delay"),
    "the post is on its way": (r"POST .*/pulls/\d+/reviews$", "delay"),
    "the post is stored": (r"POST .*/pulls/\d+/reviews$", "store_then_delay"),
    "the check run is ended": (r"PATCH .*/check-runs/\d+$", "delay"),
    "the check run is stored": (r"PATCH .*/check-runs/\d+$", "store_then_delay"),
}
"""The commit points of a review, by the request that is under way when the server dies."""


@pytest.mark.parametrize("few", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_r01_a_server_killed_at_any_step_is_followed_by_one_that_ends_the_job(bot: Bot, few: bool):
    """R01: kill -9 at each commit point: after the restart the job ends, with one review and nothing left behind."""
    bot.start()
    for point in ("the reviewer asks", "the check run is stored") if few else POINTS:
        match, kind = POINTS[point]
        fault = bot.github.faults.add(match, kind, seconds=1.0)
        pull = bot.open()
        bot.wait(lambda fault=fault: bool(fault.struck))
        time.sleep(0.2)
        bot.life.kill()
        bot.wait(lambda: not processes(bot), 20)
        bot.start()
        bot.settled()
        assert len(pull.reviews) == 1, point
        assert not lost(bot, pull, expected(pull, pull.head)), point


@pytest.mark.parametrize("kind", ["store_then_cut", "store_then_status"])
def test_r02_a_post_whose_answer_is_lost_is_found_not_repeated(bot: Bot, kind):
    """R02: GitHub stored the review and the connection was cut, or it said 502: it is looked for, and found."""
    bot.start()
    fault = bot.github.faults.add(r"POST .*/pulls/1/reviews$", kind)
    pull = bot.open()
    assert bot.settled() == ["done"]
    assert (len(fault.struck), len(pull.reviews), len(bot.posts(pull))) == (1, 1, 1)


def test_r02_a_server_killed_between_post_and_answer_finds_its_review(both: Bot):
    """R02: kill -9 between the post that was sent and its answer: the next server lists our reviews, and posts none."""
    bot = both
    bot.start()
    fault = bot.github.faults.add(r"POST .*/pulls/1/reviews$", "store_then_delay", seconds=2)
    pull = bot.open()
    bot.wait(lambda: bool(fault.struck) and len(pull.reviews) == 1)
    bot.life.kill()
    killed = len(bot.github.log.entries)
    bot.start()
    assert bot.settled() == ["done"]
    assert (len(pull.reviews), len(bot.posts(pull))) == (1, 1)
    assert any("/reviews" in one.path for one in bot.github.log.entries[killed:] if one.method == "GET")
    assert not lost(bot, pull, expected(pull, pull.head))


def test_r03_what_was_accepted_is_durable(both: Bot):
    """R03: the server is killed amid a burst of deliveries: each that it answered with 2xx is in the database."""
    bot = both
    bot.start()
    accepted: list[str] = []
    body = json.dumps({"action": "completed", "check_suite": {}}).encode()

    def send(first: int) -> None:
        with httpx.Client(trust_env=False, timeout=10) as client:
            for number in range(first, 40_000, 4):
                name = f"burst-{number}"
                headers = {
                    "X-GitHub-Delivery": name,
                    "X-GitHub-Event": "check_suite",
                    "X-Hub-Signature-256": sign(SECRET.encode(), body),
                }
                try:
                    if client.post(f"{bot.life.url}/webhook", content=body, headers=headers).status_code == 202:
                        accepted.append(name)
                except httpx.HTTPError:
                    return

    threads = [threading.Thread(target=send, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    bot.wait(lambda: len(accepted) > 60)
    bot.life.kill()
    for thread in threads:
        thread.join()
    known = {row.id for row in bot.rows("SELECT id FROM hunkwise_deliveries")}
    assert set(accepted) <= known
    bot.start()
    bot.settled()


def test_r22_a_pull_request_that_kills_its_server_is_given_up(bot: Bot):
    """R22: after three deaths the job is dead, which its check run says; the next pull request has its review."""
    fault = bot.fault(f"os.kill({bot.server_of_reviewer()}, 9)")
    bot.begin()
    bot.wait(bot.life.is_up)
    poison = bot.open()
    for _ in range(3):
        bot.wait(lambda: bot.life.code is not None)
        bot.start()
    bot.wait(lambda: bot.states() == ["dead"])
    fault.unlink()
    other = bot.open({"b.py": "fine\n"})
    assert bot.settled() == ["dead", "done"]
    assert len(bot.reviewed()) == 4
    assert (len(poison.reviews), len(other.reviews)) == (0, 1)
    (run,) = [one for one in bot.repository.state.check_runs.values() if one.head_sha == poison.head]
    assert run.conclusion not in (None, "success")


def test_r25_a_server_told_to_end_hands_its_job_over(bot: Bot):
    """R25: SIGTERM in mid-review: after the drain the job is handed over, with no attempt counted, and done next."""
    bot.start(drain=0)
    hold = bot.hold()
    pull = bot.open()
    bot.wait(bot.is_holding)
    assert bot.life.stop() == 0
    assert not processes(bot)
    (job,) = bot.rows("SELECT state, attempts, executor FROM hunkwise_jobs")
    assert (job.state, job.attempts, job.executor) == ("queued", 0, None)
    hold.unlink()
    bot.start()
    assert bot.settled() == ["done"]
    assert len(pull.reviews) == 1


def test_r25_a_paused_server_that_wakes_posts_nothing(postgres_bot: Bot):
    """R25: stopped past its lease, right before it posts; the other server posts; the first one wakes and may not."""
    bot = postgres_bot
    first = bot.start()
    fault = bot.github.faults.add(r"GET .*/pulls/1/reviews", "delay", seconds=1)
    pull = bot.open()
    bot.wait(lambda: bool(fault.struck))
    first.send(signal.SIGSTOP)
    bot.start(free_port())
    bot.wait(lambda: len(pull.reviews) == 1)
    first.send(signal.SIGCONT)
    bot.settled()
    time.sleep(1)
    assert (len(pull.reviews), len(bot.posts(pull))) == (1, 1)


def _late_post(bot: Bot, seconds: float) -> Fault:
    """Have the first server's post be under way for so long, the server killed meanwhile, and another take over."""
    first = bot.start()
    fault = bot.github.faults.add(r"POST .*/pulls/1/reviews$", "delay", seconds=seconds)
    bot.open()
    bot.wait(lambda: bool(fault.struck))
    first.kill()
    bot.start(free_port())
    return fault


def test_r25_a_post_that_arrives_within_the_lease_is_found(postgres_bot: Bot):
    """R25: the post is on its way for less than the lease: who takes over comes later, and finds it."""
    bot = postgres_bot
    _late_post(bot, 1.5)
    bot.settled()
    pull = bot.repository.pull(1)
    assert (len(pull.reviews), len(bot.posts(pull))) == (1, 1)


@pytest.mark.slow
def test_r25_the_window_that_is_left_is_a_post_under_way_for_longer_than_the_lease(postgres_bot: Bot, record_property):
    """R25: GitHub knows no lease: a post that arrives after the take-over makes a second review, and only that does.

    The width is what the fake's own clock says: from the arrival of the first request to that of the second post it is
    never less than the lease, less what had passed since the lease was renewed, right before the request left.
    """
    bot = postgres_bot
    bot.is_checked = False
    _late_post(bot, 20)
    pull = bot.repository.pull(1)
    bot.wait(lambda: len(pull.reviews) == 2)
    bot.settled()
    first, second = bot.posts(pull)
    width = second.arrived_monotonic - first.arrived_monotonic
    record_property("window", width)
    print(f"the second post came {width:.2f} s after the first had left, with a lease of 3 s")
    assert width > 2.5
    assert second.answered_monotonic < first.answered_monotonic, "the first one landed after the second"
    assert list(twice(bot)), "this is the case that the documentation names"


def test_two_servers_share_a_database_and_one_ends_the_job_of_the_other(postgres_bot: Bot):
    """Two servers, the first is killed in mid-review: the second ends the job soon after the lease, here 3 s."""
    bot = postgres_bot
    first = bot.start()
    hold = bot.hold()
    pull = bot.open()
    bot.wait(bot.is_holding)
    bot.start(free_port())
    first.kill()
    killed = time.monotonic()
    hold.unlink()
    assert bot.settled() == ["done"]
    assert time.monotonic() - killed < 60
    assert len(pull.reviews) == 1
    bot.wait(lambda: len(list((bot.folder / "tmp").iterdir())) == 1)


@pytest.mark.slow
def test_two_servers_with_the_settings_as_they_are_take_over_within_two_minutes(postgres_bot: Bot, record_property):
    """R01: with the default lease, the job of a killed server is done by the other one within two minutes."""
    bot = postgres_bot
    first = bot.start(lease=60)
    hold = bot.hold()
    pull = bot.open()
    bot.wait(bot.is_holding)
    bot.start(free_port(), lease=60)
    first.kill()
    killed = time.monotonic()
    hold.unlink()
    bot.wait(lambda: len(pull.reviews) == 1, 150)
    seconds = time.monotonic() - killed
    record_property("seconds", seconds)
    print(f"taken over and posted {seconds:.1f} s after the kill")
    assert seconds < 120
    bot.settled()
    bot.wait(lambda: len(list((bot.folder / "tmp").iterdir())) == 1, 90)


@pytest.mark.parametrize("pulls", [6, pytest.param(150, marks=pytest.mark.slow)])
def test_r26_many_jobs_leave_no_process_and_no_open_file(sqlite_bot: Bot, pulls: int):
    """R26: after many jobs the server has as many files open, and as many children, as before."""
    bot = sqlite_bot
    bot.github.limits.content_per_minute = bot.github.limits.content_per_hour = None
    bot.github.limits.points_per_minute = None
    bot.start(workers=2)
    bot.open()
    bot.settled()

    files_of = Path(f"/proc/{bot.life.process}/fd")

    def held() -> tuple[int, int]:
        return len(list(files_of.iterdir())), len(processes(bot))

    files, alive = held()
    for number in range(pulls):
        bot.open({f"f{number}.py": f"{number}\n"})
    bot.settled(600)
    bot.wait(lambda: len(processes(bot)) <= alive)
    # the pools of connections may have grown to their size meanwhile
    assert held()[0] <= files + 12
    check(bot)
