"""R11 to R17, R28: what GitHub may answer, or not answer, or answer late."""

import time

import pytest
from bot import PERMISSIONS, Bot
from checker import lost
from reports import expected

STEPS = {
    "token": r"POST .*/access_tokens$",
    "pull": r"GET .*/pulls/\d+$",
    "reviews": r"GET .*/pulls/\d+/reviews",
    "post": r"POST .*/pulls/\d+/reviews$",
}


def test_r11_a_server_error_at_any_step_is_tried_again(bot: Bot):
    """R11: 500, 502, 503, 504, each at another step: all pull requests have their one review."""
    bot.start()
    pulls = []
    for status, step in zip((500, 502, 503, 504), STEPS, strict=True):
        fault = bot.github.faults.add(STEPS[step], "status", status=status, body={"message": "Server Error"})
        pulls.append(bot.open({f"{step}.py": "new\n"}))
        bot.wait(lambda fault=fault: bool(fault.struck))
        bot.settled()
    for pull in pulls:
        assert len(pull.reviews) == 1
        assert not lost(bot, pull, expected(pull, pull.head))


def test_r11_a_server_error_that_stays_ends_visibly(bot: Bot):
    """R11: a post that always fails is tried a bounded number of times, and the check run says so."""
    bot.start()
    bot.github.faults.add(STEPS["post"], "status", status=502, times=None)
    pull = bot.open()
    assert bot.settled() == ["failed-visible"]
    assert len(bot.posts(pull)) == 3
    (run,) = bot.repository.state.check_runs.values()
    assert (run.status, run.conclusion == "success") == ("completed", False)


def test_r12_a_limit_stops_this_installation_and_no_other(bot: Bot):
    """R12: 403 with retry-after: no request for the installation before its time, while another one is served."""
    other = bot.github.repository("other/r")
    bot.github.install(bot.app, other, permissions=PERMISSIONS)
    bot.start()
    limited = bot.github.faults.add(
        r"POST .*/o/r/pulls/\d+/reviews$",
        "status",
        status=403,
        headers={"retry-after": "4"},
        body={"message": "You have exceeded a secondary rate limit."},
    )
    pull = bot.open()
    bot.wait(lambda: bool(limited.struck))
    theirs = bot.open({"b.py": "theirs\n"}, repository=other)
    bot.wait(lambda: len(theirs.reviews) == 1)
    assert bot.settled() == ["done", "done"]
    asked = [one for one in bot.github.log.entries if "/o/r/" in one.path and one.number > limited.struck[0]]
    first = bot.github.log.entries[limited.struck[0] - 1]
    assert asked[0].arrived_monotonic - first.arrived_monotonic >= 3.9
    assert (len(pull.reviews), len(bot.posts(pull))) == (1, 2)


@pytest.mark.parametrize(
    ("status", "headers", "least"),
    [
        (403, {}, 55),
        (429, {}, 55),
        (429, {"retry-after": "30"}, 25),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "RESET"}, 40),
    ],
    ids=["403-alone", "429-alone", "429-after", "none-left"],
)
def test_r12_a_limit_without_a_time_is_at_least_a_minute(sqlite_bot: Bot, status, headers, least):
    """R12: the wait is what GitHub says, else a minute; until then the installation asks nothing."""
    bot = sqlite_bot
    bot.start()
    given = {name: str(int(time.time()) + 90) if value == "RESET" else value for name, value in headers.items()}
    body = {"message": "You have exceeded a secondary rate limit."}
    fault = bot.github.faults.add(STEPS["post"], "status", status=status, headers=given, body=body)
    pull = bot.open()
    bot.wait(lambda: bool(fault.struck) and any(bot.rows("SELECT id FROM hunkwise_jobs WHERE state = 'queued'")))
    (turn,) = bot.rows(f"SELECT paused FROM hunkwise_turns WHERE name = 'i:{bot.installation.id}'")
    refused = bot.github.log.entries[fault.struck[0] - 1]
    assert least <= turn.paused - refused.arrived <= least + 60
    asked = len(bot.github.log.entries)
    time.sleep(1)
    assert len(bot.github.log.entries) == asked
    pull.close()
    # what is ordered by its end waits for the limit as well
    bot.wait(lambda: "superseded" in bot.states())
    with bot.writing() as connection:
        connection.exec_driver_sql("UPDATE hunkwise_turns SET paused = 0")
    assert "superseded" in bot.settled()
    assert pull.reviews == []


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (403, "Resource not accessible by integration"),
        (404, "Not Found"),
        (410, "Gone"),
        (422, "Validation Failed"),
        (406, "Not Acceptable"),
    ],
)
def test_r13_what_is_refused_is_not_asked_in_a_loop(sqlite_bot: Bot, status, message):
    """R13: a right that is lost, or what is gone, ends the job at once; it says so where it can."""
    bot = sqlite_bot
    bot.start()
    bot.github.faults.add(STEPS["post"], "status", status=status, times=None, body={"message": message})
    pull = bot.open()
    assert bot.settled() == ["failed-visible"]
    assert len(bot.posts(pull)) == 1


def test_r13_a_line_that_is_not_in_the_diff_moves_to_the_body(sqlite_bot: Bot):
    """R13: 422 for a line: all is said in the body of the one review instead."""
    bot = sqlite_bot
    bot.start()
    body = {"message": "Unprocessable Entity", "errors": ["Pull request review thread line must be part of the diff"]}
    bot.github.faults.add(STEPS["post"], "status", status=422, body=body)
    pull = bot.open()
    assert bot.settled() == ["done"]
    (review,) = pull.reviews
    assert (len(pull.comments), len(bot.posts(pull))) == (0, 2)
    assert "Look at line three" in review.body.replace("\\", "")


@pytest.mark.parametrize("kind", ["cut", "truncated_json", "slow_drip"])
def test_r14_an_answer_that_is_lost_or_slow_is_unknown(bot: Bot, kind):
    """R14: the connection is cut before anything was stored, or the answer is broken, or trickles: one review."""
    bot.start()
    bot.github.faults.add(STEPS["post"], kind, seconds=2)
    bot.github.faults.add(STEPS["reviews"], kind, seconds=2)
    pull = bot.open()
    assert bot.settled() == ["done"]
    assert len(pull.reviews) == 1
    assert not lost(bot, pull, expected(pull, pull.head))


@pytest.mark.parametrize("kind", ["missing_page", "repeated_item"])
def test_r15_a_list_of_files_that_is_wrong_is_no_clean_review(sqlite_bot: Bot, kind):
    """R15: GitHub leaves a page of files out, or says one twice: every comment is said all the same, and once."""
    bot = sqlite_bot
    bot.start(review_options="")
    bot.github.faults.add(r"GET .*/pulls/1/files", kind, times=None)
    pull = bot.open({f"f{number:03}.py": f"new {number}\n" for number in range(104)})
    assert bot.settled() == ["done"]
    assert not lost(bot, pull, expected(pull, pull.head))
    assert all(run.conclusion != "success" for run in bot.repository.state.check_runs.values())


def test_r16_a_redirect_to_another_host_gets_no_token(bot: Bot):
    """R16: a redirect out of the API's host is not followed by what carries a token; within the host it is."""
    bot.start()
    stranger = bot.github.stranger
    within = bot.open()
    bot.settled()
    for step in ("pull", "reviews", "post", "token"):
        for status in (301, 302, 307):
            bot.github.faults.add(STEPS[step], "redirect", status=status)
    strayed = bot.open({"b.py": "new\n"})
    states = bot.settled()
    assert set(states) <= {"done", "failed-visible"}
    assert not [visit for visit in stranger.visits if visit.brought_a_token]
    assert len(within.reviews) == 1
    assert len(strayed.reviews) <= 1


def test_r17_a_token_that_ends_in_mid_review_is_made_anew(bot: Bot):
    """R17: the token runs out, by GitHub's clock, and another one is revoked while the review runs: it is posted."""
    bot.start()
    hold = bot.hold()
    pull = bot.open()
    bot.wait(bot.is_holding)
    bot.github.clock.advance(3700)
    for token in bot.github.state.tokens.values():
        token.is_revoked = True
    hold.unlink()
    assert bot.settled() == ["done"]
    assert len(pull.reviews) == 1


def test_r17_a_token_revoked_between_two_requests_is_made_anew_once(bot: Bot):
    """R17: 401 in the midst of posting: once more with a new token, and one review."""
    bot.start()
    bot.github.faults.add(STEPS["reviews"], "status", status=401, body={"message": "Bad credentials"})
    bot.github.faults.add(STEPS["post"], "status", status=401, body={"message": "Bad credentials"})
    pull = bot.open()
    bot.settled()
    bot.github.faults.clear()
    if pull.reviews == []:
        bot.github.hooks.redeliver(bot.delivery())
    assert bot.settled() == ["done"]
    assert len(pull.reviews) == 1


@pytest.mark.parametrize("minutes", [10, -10])
def test_r17_clocks_may_differ_by_ten_minutes(sqlite_bot: Bot, minutes: int):
    """R17: GitHub's clock is ten minutes ahead, or behind, and jumps back: reviews are made all the same."""
    bot = sqlite_bot
    bot.github.clock.advance(60 * minutes)
    bot.start()
    first = bot.open()
    assert bot.settled() == ["done"]
    bot.github.clock.advance(-60 * minutes)
    second = bot.open({"b.py": "new\n"})
    assert bot.settled() == ["done", "done"]
    assert (len(first.reviews), len(second.reviews)) == (1, 1)


def test_r28_a_hundred_comments_are_one_post(bot: Bot):
    """R28: all comments go out in one request, which GitHub takes as a whole; its answer is lost, and nothing twice."""
    bot.start()
    bot.github.faults.add(STEPS["post"], "store_then_cut")
    pull = bot.open({f"f{number:03}.py": f"new {number}\n" for number in range(100)})
    assert bot.settled() == ["done"]
    assert (len(pull.reviews), len(bot.posts(pull))) == (1, 1)
    assert not lost(bot, pull, expected(pull, pull.head))
