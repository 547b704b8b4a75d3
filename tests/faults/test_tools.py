"""R20, R21, R24: what a review lacks, because of a tool, of the model or of the sandbox, is said; R27: a flood."""

from pathlib import Path

import pytest
from bot import BASE, PERMISSIONS, Bot
from checker import lost
from reports import expected

TESTS = Path(__file__).parents[1]
ELSEWHERE = {
    "R20-out-of-memory": ("llm_backend/test_local.py", "test_a_model_that_does_not_fit_is_out_of_memory"),
    "R20-dies": ("llm_backend/test_local.py", "test_a_process_that_dies_is_one_clear_line"),
    "R20-hangs": ("llm_backend/test_local.py", "test_a_process_that_hangs_is_ended"),
    "R20-garbage": ("llm_backend/http/test_connection.py", "test_a_bad_answer_is_one_clear_line"),
    "R20-given-up": ("plugins/test_reader.py", "test_a_model_that_hangs_is_given_up"),
    "R21-hangs": ("workspace/test_process.py", "test_a_hanging_program_is_ended_with_its_children"),
    "R24-runner": ("workspace/test_runner.py", "test_a_foreign_change_is_refused_without_a_sandbox"),
    "R24-review": ("test_session.py", "test_a_foreign_change_without_a_sandbox_runs_no_tool_and_says_so"),
}
"""What stands with the part that the fault is in: the file under `tests`, and the test."""


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_tried_with_its_own_part_is_there(name: str):
    """The test that an id points to exists."""
    path, test = ELSEWHERE[name]
    assert f"\ndef {test}(" in (TESTS / path).read_text()


def test_r21_a_file_on_which_a_tool_failed_is_named_and_nothing_is_green(bot: Bot):
    """R21, I7: a tool failed on one file, and no comment is left: the check run is no success and names the file."""
    bot.start()
    with bot.quietly():
        pull = bot.repository.open_pull(base_files=BASE, head_files={"bad.py": "x\n"})
        bot.prepare(pull, pull.head, failed=["bad.py"])
    assert bot.settled() == ["done"]
    (run,) = bot.repository.state.check_runs.values()
    assert run.conclusion == "neutral"
    assert "bad.py" in f"{run.summary} {run.text}"


@pytest.mark.parametrize(
    "code",
    ["os.kill(os.getpid(), 11)", "os.abort()", "sys.exit(137)", "print('x' * 29_000_000); sys.exit(4)"],
    ids=["139", "134", "137", "29MB"],
)
def test_r21_a_review_that_crashes_once_is_made_again(sqlite_bot: Bot, code: str):
    """R21, R20: the process that reviews dies, or prints 29 MB and fails, once: it is tried again, and posted."""
    bot = sqlite_bot
    bot.start()
    bot.fault(f"os.unlink({str(bot.folder / 'fault')!r}); {code}")
    pull = bot.open()
    assert bot.settled() == ["done"]
    assert len(bot.reviewed()) == 2
    assert len(pull.reviews) == 1


def test_r21_a_review_that_hangs_is_ended_and_said(bot: Bot):
    """R21, R20: it takes longer than it may: it is ended with all its children, and the check run says so."""
    bot.start(review_timeout=1)
    hold = bot.hold()
    pull = bot.open()
    assert bot.settled() == ["failed-visible"]
    hold.unlink()
    (run,) = bot.repository.state.check_runs.values()
    assert run.conclusion not in (None, "success")
    assert pull.reviews == []


def test_r21_a_report_that_is_no_report_is_not_posted(sqlite_bot: Bot):
    """R21: the process ends well and its report is broken: it is tried again, then it fails visibly."""
    bot = sqlite_bot
    bot.start()
    bot.fault("open(given['-o'], 'w').write('{'); sys.exit(0)")
    pull = bot.open()
    assert bot.settled() == ["failed-visible"]
    assert pull.reviews == []


@pytest.mark.parametrize("flood", [10, pytest.param(200, marks=pytest.mark.slow)])
def test_r27_who_floods_waits_and_others_do_not(bot: Bot, flood: int):
    """R27, I3: one installation orders many reviews at once; another one's is the next but one at the latest."""
    limits = bot.github.limits
    limits.content_per_minute = limits.content_per_hour = limits.points_per_minute = None
    quiet = bot.github.repository("quiet/r")
    bot.github.install(bot.app, quiet, permissions=PERMISSIONS)
    bot.start(workers=1)
    hold = bot.hold()
    with bot.quietly():
        for number in range(flood):
            pull = bot.repository.open_pull(base_files=BASE if not number else {}, head_files={f"f{number}.py": "x\n"})
            bot.prepare(pull, pull.head)
    bot.wait(lambda: len(bot.states()) == flood, 300)
    theirs = bot.open({"b.py": "theirs\n"}, repository=quiet)
    bot.wait(lambda: len(bot.states()) == flood + 1)
    hold.unlink()
    bot.wait(lambda: not lost(bot, theirs, expected(theirs, theirs.head)), 120)
    assert bot.reviewed().index(theirs.head) <= 2
    bot.settled(600)
