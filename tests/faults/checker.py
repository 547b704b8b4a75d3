"""An independent look at the seven invariants: at the fake GitHub, the database, the log, processes and folders.

It shares no code with the server: the markers are read by a pattern of its own, the tables by SQL.
"""

import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bot import ENDS, MARKER_KEY, SECRET, Bot

from hunkwise.testing.github.invariants import Breach, leaks, require, stale
from hunkwise.testing.github.people import PullHandle
from hunkwise.testing.github.state import Pull

MARK = re.compile(
    r"^<!-- hunkwise:1 (?P<kind>[a-z]+) app=(?P<app>\S+) head=(?P<head>\S+) key=(?P<key>\S+) .*?said=(?P<said>\S+) ",
    re.MULTILINE,
)
WINDOW = 5.0
"""Seconds between a look at the head and the post: no more than a lease, which is renewed between the two."""
READ = 20.0
"""Seconds within which a delivery that just came is read."""


def check(bot: Bot, *, window: float = WINDOW) -> tuple[Breach, ...]:
    """Raise AssertionError where an invariant is broken; return the excused cases of I4, each with its times."""
    assert not (found := list(twice(bot))), f"I1: {found}"
    # what was posted makes deliveries too, which may have come just now
    deadline = time.monotonic() + READ
    while (found := list(unended(bot))) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not found, f"I2: {found}"
    excused = require(stale(bot.github.state, bot.github.log.entries, window=window))
    texts = {"log": bot.said().encode(), "database": bot.text_of_database()}
    require(leaks(bot.github.state, bot.github.log.entries, secrets=(SECRET, MARKER_KEY), texts=texts))
    assert not (found := list(clean_lies(bot))), f"I7: {found}"
    assert "Traceback" not in bot.said(), bot.said()[-4000:]
    return excused


def check_end(bot: Bot) -> None:
    """I6: after the servers there is no process and no folder left of theirs."""
    for life in bot.lives:
        if life.code is None:
            life.stop()
    bot.wait(lambda: not processes(bot), 20)
    assert not (left := list((bot.folder / "tmp").iterdir())), f"I6: {left}"


def marks(text: str) -> Iterator[re.Match[str]]:
    """Return the markers in a text."""
    return MARK.finditer(text)


def twice(bot: Bot) -> Iterator[str]:
    """I1: yield what was said twice of one head of a pull request, as a comment or as a review."""
    for repository in bot.github.state.repositories.values():
        for pull in repository.pulls.values():
            seen: Counter[tuple[str, ...]] = Counter()
            for body, app in _bodies(pull):
                if app == bot.app.id:
                    seen.update({(one["kind"], one["head"], one["key"]) for one in marks(body)})
            for what, count in seen.items():
                if count > 1:
                    yield f"{repository.full_name}#{pull.number}: {count} times {' '.join(what)}"


def said_twice(bot: Bot, pull: PullHandle) -> list[str]:
    """Return the fingerprints that more than one comment of a pull request carries, whatever their heads."""
    seen: Counter[str] = Counter()
    for comment in pull.comments:
        if comment.app == bot.app.id:
            seen.update({one["key"] for one in marks(comment.body) if one["kind"] == "comment"})
    return [key for key, count in seen.items() if count > 1]


def said(bot: Bot, pull: PullHandle) -> set[str]:
    """Return the fingerprints that stand on a pull request."""
    found: set[str] = set()
    for body, app in _bodies(pull.state):
        for one in marks(body) if app == bot.app.id else ():
            found |= {one["key"]} if one["kind"] == "comment" else set(one["said"].split(","))
    return found


def unended(bot: Bot) -> Iterator[str]:
    """I2: yield the deliveries that were accepted and did not come to an end."""
    known = {row.id: row.state for row in bot.rows("SELECT id, state FROM hunkwise_deliveries")}
    stored = {"pull_request", "issue_comment", "check_run", "check_suite", "installation"}
    # what an App that was uninstalled was told is erased
    installed = bot.github.state.installations
    for one in bot.github.state.deliveries.values():
        if one.installation not in installed:
            continue
        if one.app == bot.app.id and one.event in stored and 200 <= one.status_code < 300 and one.guid not in known:
            yield f"{one.guid} ({one.event}) was accepted and is not known"
    for name, state in known.items():
        if state not in ENDS:
            yield f"{name} is {state}"


def lost(bot: Bot, pull: PullHandle, wanted: set[str]) -> str:
    """Return what is missing of the review of the newest head, empty where nothing is."""
    runs = [
        one
        for one in pull.repository.state.check_runs.values()
        if one.head_sha == pull.head and one.app == bot.app.id and one.status == "completed"
    ]
    if not any(one.conclusion in ("success", "neutral", "failure") for one in runs):
        return f"no finished check run for {pull.head[:12]}"
    if missing := wanted - said(bot, pull):
        return f"{sorted(missing)} of {pull.head[:12]} are not said"
    return ""


def clean_lies(bot: Bot) -> Iterator[str]:
    """I7: yield the reviews and check runs that call a head clean although a tool failed on a file of it."""
    for repository in bot.github.state.repositories.values():
        bodies: dict[str, list[str]] = defaultdict(list)
        for pull in repository.pulls.values():
            for review in pull.reviews.values():
                bodies[review.commit].append(review.body)
        for run in repository.check_runs.values():
            failed = bot.failed.get(run.head_sha, [])
            if failed and run.conclusion == "success":
                yield f"the check run of {run.head_sha[:12]} succeeded"
            for path in failed if run.conclusion in ("neutral", "failure") else ():
                if path not in f"{run.summary} {run.text} {' '.join(bodies[run.head_sha])}":
                    yield f"{path} is not named as not reviewed at {run.head_sha[:12]}"


def processes(bot: Bot) -> list[tuple[int, str]]:
    """I6: return the processes that belong to the servers, by their environment and their arguments."""
    wanted = str(bot.folder).encode()
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        with suppress(OSError):
            if (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                continue
            arguments = (folder / "cmdline").read_bytes()
            if wanted in (folder / "environ").read_bytes() or wanted in arguments:
                found.append((int(folder.name), arguments.replace(b"\0", b" ").decode("utf-8", "replace")))
    return found


def _bodies(pull: Pull) -> Iterator[tuple[str, int | None]]:
    for review in pull.reviews.values():
        yield review.body, review.app
    for comment in pull.comments.values():
        yield comment.body, comment.app
    for remark in pull.conversation.values():
        yield remark.body, remark.app
