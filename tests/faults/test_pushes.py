"""R07 to R10: pushes in the wrong order, in a burst, during the review, and while nobody listens."""

import time

from bot import Bot
from checker import lost
from reports import expected


def test_r07_the_newest_head_is_reviewed_whatever_the_order(bot: Bot):
    """R07: the newer delivery first, then the older: one review, of the newest head."""
    bot.github.hooks.decide = lambda delivery: "hold"
    pull = bot.open()
    bot.push(pull, {"b.py": "new\n"})
    bot.github.hooks.decide = lambda delivery: "send"
    bot.start()
    bot.github.hooks.release(reversed(list(bot.github.hooks.held)))
    bot.settled()
    assert [review.commit for review in pull.reviews] == [pull.head]
    assert set(bot.reviewed()) == {pull.head}


def test_r08_fifty_pushes_leave_one_running_and_one_waiting(bot: Bot):
    """R08: never more than one running and one waiting job of a pull request; the last head is reviewed."""
    bot.start()
    hold = bot.hold()
    pull = bot.open()
    bot.wait(bot.is_holding)
    with bot.quietly():
        for number in range(50):
            head = pull.push({"b.py": f"push {number}\n"})
        bot.prepare(pull, head)
    most = 0
    while bot.github.hooks._open:
        most = max(most, len(bot.rows("SELECT id FROM hunkwise_jobs WHERE state IN ('queued', 'running')")))
        time.sleep(0.05)
    assert most <= 2
    hold.unlink()
    bot.settled()
    assert [review.commit for review in pull.reviews] == [pull.head]
    assert len(bot.reviewed()) <= 3
    assert not lost(bot, pull, expected(pull, pull.head))


def test_r09_a_force_push_during_the_review_ends_it(bot: Bot):
    """R09: the head changes in mid-review: nothing is posted for the old one, and the new one is reviewed."""
    bot.start()
    hold = bot.hold()
    pull = bot.open()
    bot.wait(bot.is_holding)
    bot.push(pull, {"a.py": "other\n"}, force=True)
    bot.wait(lambda: len(bot.reviewed()) == 2)
    hold.unlink()
    assert bot.settled() == ["done", "superseded"]
    assert [review.commit for review in pull.reviews] == [pull.head]


def test_r09_a_push_before_the_reviewer_looks_is_reviewed_at_its_own_head(bot: Bot):
    """R09: the reviewer sees a newer head than its job is about, and GitHub told nobody: the job is about that head."""
    bot.start()
    early = bot.folder / "early"
    early.touch()
    pull = bot.open()
    bot.wait((bot.folder / "waits").exists)
    bot.github.hooks.decide = lambda delivery: "drop"
    bot.push(pull, {"b.py": "new\n"})
    early.unlink()
    assert bot.settled() == ["done"]
    assert [review.commit for review in pull.reviews] == [pull.head]


def test_r09_a_push_right_before_the_post_is_seen(bot: Bot):
    """R09: the head is looked at once more before the post: a push between the two is no stale review."""
    bot.start()
    fault = bot.github.faults.add(r"GET .*/pulls/1/reviews", "delay", seconds=1.5)
    pull = bot.open()
    bot.wait(lambda: bool(fault.struck))
    bot.push(pull, {"b.py": "new\n"})
    assert bot.settled() == ["done", "superseded"]
    assert [review.commit for review in pull.reviews] == [pull.head]


def test_r09_a_force_push_while_the_post_is_under_way_is_no_failure(bot: Bot):
    """R09: GitHub refuses the post, for its commit is gone, and told nobody: the new head is reviewed next."""
    bot.start()
    fault = bot.github.faults.add(r"POST .*/pulls/1/reviews$", "delay", seconds=1.5)
    pull = bot.open()
    bot.wait(lambda: bool(fault.struck))
    bot.github.hooks.decide = lambda delivery: "drop"
    bot.push(pull, {"a.py": "other\n"}, force=True)
    bot.settled()
    assert [review.commit for review in pull.reviews] == [pull.head]
    assert not bot.rows("SELECT id FROM hunkwise_jobs WHERE kind = 'notice'")


def test_r10_what_was_lost_while_the_server_was_down_is_found(bot: Bot):
    """R10: deliveries that failed are asked for again, and pull requests that nobody told of are found."""
    bot.github.hooks.decide = lambda delivery: "fail"
    failed = bot.open()
    bot.github.hooks.decide = lambda delivery: "drop"
    dropped = bot.open({"b.py": "dropped\n"})
    bot.github.hooks.decide = lambda delivery: "send"
    bot.start(reconcile=1)
    for pull in (failed, dropped):
        bot.wait(lambda pull=pull: not lost(bot, pull, expected(pull, pull.head)))
        assert len(pull.reviews) == 1
    assert any(one.is_redelivery for one in bot.deliveries())
