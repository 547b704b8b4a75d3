"""R04 to R06, R29, R30: what comes twice, again, under another name, from ourselves, or after people decided."""

import pytest
from bot import Bot
from checker import marks

from hunkwise.testing.github.people import PullHandle


def ours(bot: Bot, pull: PullHandle) -> list[str]:
    """Return the bodies of our comments on lines."""
    return [one.body for one in pull.comments if one.app == bot.app.id]


def test_r04_the_same_delivery_twenty_times_at_once_is_one_job(both: Bot):
    """R04, G05: one id, one after another and twenty at once: one job, one review."""
    bot = both
    bot.start()
    pull = bot.open()
    bot.settled()
    delivery = bot.delivery()
    bot.github.hooks.repeat(delivery, 3)
    bot.github.hooks.repeat(delivery, 20, parallel=True)
    assert bot.settled() == ["done"]
    assert len(pull.reviews) == 1
    assert len(bot.rows("SELECT id FROM hunkwise_jobs")) == 1


def test_r05_a_delivery_whose_job_failed_is_taken_up_again(both: Bot):
    """R05: the job failed three times and says so in the check run; redelivered, it is done."""
    bot = both
    bot.start()
    fault = bot.fault("sys.exit(9)")
    pull = bot.open()
    assert bot.settled() == ["failed-visible"]
    assert [run.conclusion for run in bot.repository.state.check_runs.values()] != ["success"]
    assert len(bot.reviewed()) == 3
    assert pull.reviews == []
    fault.unlink()
    bot.github.hooks.redeliver(bot.delivery())
    assert bot.settled() == ["done"]
    assert len(pull.reviews) == 1


def test_r06_the_same_push_under_a_new_id_is_one_review(bot: Bot):
    """R06, G04: another id, and the old delivery replayed, say nothing new: no second review."""
    bot.start()
    pull = bot.open()
    bot.settled()
    delivery = bot.delivery()
    bot.github.hooks.send(bot.app, "pull_request", delivery.payload, bot.installation)
    assert bot.settled() == ["done", "done"]
    assert (len(pull.reviews), len(bot.reviewed()), len(bot.posts(pull))) == (1, 1, 1)


def test_r29_what_people_deleted_or_resolved_is_not_said_again(sqlite_bot: Bot):
    """R29: a deleted comment stays away and a resolved one is not repeated, at the next push."""
    bot = sqlite_bot
    bot.start()
    pull = bot.open({"a.py": "one\n", "b.py": "two\n"})
    bot.settled()
    first, second = pull.comments
    pull.delete_comment(first.id)
    pull.resolve(second.id, user="alice")
    bot.push(pull, {"c.py": "three\n"})
    bot.settled()
    assert [one.path for one in pull.comments] == [second.path, "c.py"]


@pytest.mark.parametrize("what", ["close", "lock", "draft"])
def test_r29_a_pull_request_that_needs_no_review_ends_the_job(sqlite_bot: Bot, what: str):
    """R29: closed, locked or made a draft in mid-review: nothing is posted and the job ends as superseded."""
    bot = sqlite_bot
    bot.start()
    hold = bot.hold()
    pull = bot.open()
    bot.wait(bot.is_holding)
    getattr(pull, what)()
    if what != "lock":
        bot.wait(lambda: bot.states().count("superseded") == 1)
    hold.unlink()
    assert "superseded" in bot.settled()
    assert pull.reviews == []


def test_r30_our_own_comments_order_nothing(sqlite_bot: Bot):
    """R30, G07: the events of our own review make no job, though we hear of them."""
    bot = sqlite_bot
    bot.start()
    bot.open()
    bot.settled()
    assert bot.deliveries("pull_request_review") or bot.deliveries("pull_request_review_comment")
    assert len(bot.rows("SELECT id FROM hunkwise_jobs WHERE kind IN ('review', 'command')")) == 1


def test_r30_another_installation_s_markers_are_not_ours(sqlite_bot: Bot):
    """R30, F16: a second bot, or a user, that posts our very words does not keep us from speaking."""
    bot = sqlite_bot
    bot.start()
    first = bot.open()
    bot.settled()
    (body,) = ours(bot, first)
    bot.life.stop()
    second = bot.open()
    second.comment(first.reviews[0].body.replace(first.head, second.head))
    second.review_comment("a.py", 3, body.replace(first.head, second.head), user="mallory")
    bot.start()
    for one in bot.deliveries():
        if one.status_code == 502:
            bot.github.hooks.redeliver(one)
    bot.settled()
    (said,) = ours(bot, second)
    assert [one["head"] for one in marks(said)] == [second.head]
