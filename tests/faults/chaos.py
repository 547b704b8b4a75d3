"""Random runs of what can go wrong at once: kill -9, answers lost after the store, deliveries doubled, mixed, again.

Usage: python tests/faults/chaos.py [--runs 1000] [--seed 1] [--postgres] [--batch 20] [--only BATCH]

A run is one pull request with its own pushes and the fates of its deliveries; the runs of a batch share a fake GitHub,
a database and the servers, which are killed once or twice, each time at a random moment or at a random point of a
random request. After each batch the checker looks at the invariants, and at what is missing of every newest head.
A line of JSON for each batch, then one with the sums. The exit code is 1 where anything was wrong; the line of the
batch says how to repeat it: the seed decides all that is random, but for what the machine makes of it.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bot import Bot, Nursery
from checker import check, check_end, lost, said_twice
from reports import expected

from hunkwise.testing.github.deliveries import Fate
from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.invariants import Breach
from hunkwise.testing.github.people import PullHandle
from hunkwise.testing.github.state import Delivery
from hunkwise.testing.postgres import cluster

FATES: tuple[tuple[Fate, int], ...] = (("send", 45), ("twice", 15), ("hold", 20), ("fail", 10), ("drop", 10))
PATIENCE = 300.0
"""Seconds for what takes a few where the machine does nothing else."""
SETTINGS = {"workers": 4, "reconcile": 6, "lease": 4}
POSTS = r"POST .*/pulls/\d+/reviews$"


@dataclass(slots=True, kw_only=True)
class Tally:
    """What happened, and what was wrong; `window` and `late` are the longest seconds of the excused."""

    runs: int = 0
    heads: int = 0
    deliveries: int = 0
    doubled: int = 0
    held: int = 0
    lost_on_the_way: int = 0
    redelivered: int = 0
    kills: int = 0
    kills_in_a_post: int = 0
    answers_lost: int = 0
    reviews: int = 0
    duplicate: int = 0
    lost: int = 0
    stale: int = 0
    excused: int = 0
    given_up: int = 0
    window: float = 0.0
    late: float = 0.0
    reasons: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add what another batch had."""
        for one in fields(self):
            mine, its = getattr(self, one.name), getattr(other, one.name)
            setattr(self, one.name, max(mine, its) if one.name in ("window", "late") else mine + its)


class Batch:
    """Some runs that share servers; all that is random comes from `seed`."""

    def __init__(self, bot: Bot, seed: str, runs: int) -> None:
        self._bot, self._random, self._runs = bot, random.Random(seed), runs
        self._fates = random.Random(f"{seed}-fates")
        self.tally = Tally(runs=runs)
        self._pulls: list[PullHandle] = []

    def go(self) -> Tally:
        """Run, settle, check, and return what came of it."""
        bot, chance = self._bot, self._random
        bot.github.hooks.decide = self._decide
        bot.github.limits.content_per_minute = bot.github.limits.content_per_hour = None
        bot.github.limits.points_per_minute = bot.github.limits.requests_per_hour = None
        deaths = chance.choice((1, 1, 2))
        self._faults(plain=deaths == 1)
        bot.start(**SETTINGS)
        killer = threading.Thread(target=self._kill, args=(deaths, random.Random(chance.random())))
        killer.start()
        self._people()
        killer.join()
        self._settle()
        self._judge()
        return self.tally

    def _people(self) -> None:
        """Open the pull requests and push to them, mixed; deliveries meet their fates."""
        chance = self._random
        steps = [run for run in range(self._runs) for _ in range(chance.choice((1, 2, 2, 3)))]
        chance.shuffle(steps)
        opened: dict[int, PullHandle] = {}
        for count, run in enumerate(steps):
            if run not in opened:
                opened[run] = self._bot.open({f"f{run}.py": f"first of {run}\n"})
                self._pulls.append(opened[run])
            else:
                name = chance.choice((f"f{run}.py", f"g{count}.py"))
                self._bot.push(opened[run], {name: f"push {count} of {run}\n"}, force=chance.random() < 0.25)
            self.tally.heads += 1
            if chance.random() < 0.3:
                self._release(part=True)
            time.sleep(chance.uniform(0, 0.15))

    def _decide(self, delivery: Delivery) -> Fate:
        if delivery.event != "pull_request":
            return "send"
        self.tally.deliveries += 1
        (fate,) = self._fates.choices([one for one, _ in FATES], [weight for _, weight in FATES])
        self.tally.doubled += fate == "twice"
        self.tally.held += fate == "hold"
        self.tally.lost_on_the_way += fate in ("fail", "drop")
        return fate

    def _release(self, *, part: bool) -> None:
        """Send what was held, in any order; a part of it, or all."""
        hooks, chance = self._bot.github.hooks, self._random
        waiting = list(hooks.held)
        chance.shuffle(waiting)
        now = waiting[: chance.randint(0, len(waiting))] if part else waiting
        later = [one for one in hooks.held if one not in now]
        hooks.release(now)
        hooks.held.extend(later)

    def _faults(self, *, plain: bool) -> None:
        """Order faults of posts: the answer lost after the store; in batches with one death, also before."""
        faults, chance = self._bot.github.faults, self._random
        posts = self._runs * 2
        for _ in range(max(1, self._runs // 4)):
            kind = chance.choice(("store_then_status", "store_then_cut", "store_then_cut"))
            faults.add(POSTS, kind, status=502, nth=chance.randint(1, posts))
        if plain:
            faults.add(POSTS, chance.choice(("status", "cut")), status=502, nth=chance.randint(1, posts))

    def _kill(self, deaths: int, chance: random.Random) -> None:
        """Kill the server and begin another, so many times."""
        bot = self._bot
        for _ in range(deaths):
            life, number = bot.life, len(bot.github.log.entries) + chance.randint(1, 25 * self._runs)
            aimed = chance.random() < 0.5
            fault = bot.github.faults.add(POSTS, "store_then_delay", seconds=0.4, nth=chance.randint(1, self._runs))
            patience = time.monotonic() + 20 + self._runs
            while time.monotonic() < patience:
                if fault.struck if aimed else len(bot.github.log.entries) >= number:
                    break
                time.sleep(0.004)
            time.sleep(chance.uniform(0, 0.3))
            self.tally.kills += 1
            self.tally.kills_in_a_post += any(
                one.answered is None and one.method == "POST" for one in bot.github.log.entries[-8:]
            )
            life.kill()
            time.sleep(chance.uniform(0, 0.5))
            bot.start(**SETTINGS)

    def _settle(self) -> None:
        """Let every delivery arrive in the end, but for those that GitHub forgot: the server must find these itself."""
        bot = self._bot
        self._release(part=False)
        bot.github.hooks.settle(PATIENCE)
        arrived = {one.guid for one in bot.deliveries() if 200 <= one.status_code < 300}
        for one in [one for one in bot.deliveries() if one.guid not in arrived]:
            if self._random.random() < 0.7:
                self.tally.redelivered += 1
                bot.github.hooks.redeliver(one)
        bot.github.hooks.settle(PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if bot.is_over() and not any(self._missing(pull) for pull in self._pulls):
                break
            time.sleep(0.2)
        # what is on its way now must have ended, or the checker says so
        bot.settled(PATIENCE)

    def _missing(self, pull: PullHandle) -> str:
        if missing := lost(self._bot, pull, expected(pull, pull.head)):
            return f"{pull.url}: {missing}"
        return ""

    def _judge(self) -> None:
        bot, tally = self._bot, self.tally
        reviews = [review for pull in self._pulls for review in pull.reviews if review.app == bot.app.id]
        tally.reviews = len(reviews)
        lost_answers = [one for one in bot.github.faults.ordered if one.kind in ("store_then_cut", "store_then_status")]
        tally.answers_lost = sum(len(one.struck) for one in lost_answers)
        given_up = bot.rows(
            "SELECT pull, head, kind, attempts, reason FROM hunkwise_jobs WHERE state IN ('failed-visible', 'dead')"
        )
        tally.given_up = len(given_up)
        tally.reasons = [f"{row.kind} of {row.pull} after {row.attempts}: {row.reason}" for row in given_up]
        excused: tuple[Breach, ...] = ()
        try:
            excused = check(bot)
        except AssertionError as error:
            words = str(error)
            tally.duplicate += "I1" in words
            tally.stale += "I4" in words
            tally.wrong.append(words[:2000])
        for breach in excused:
            tally.excused += 1
            tally.window = max(tally.window, (breach.seconds or {}).get("window", 0.0))
            tally.late = max(tally.late, (breach.seconds or {}).get("late", 0.0))
        for pull in self._pulls:
            if again := said_twice(bot, pull):
                tally.duplicate += 1
                tally.wrong.append(f"{pull.url}: {again} twice")
            if missing := self._missing(pull):
                tally.lost += 1
                tally.wrong.append(missing)


@contextmanager
def world(folder: Path, url: str, nursery: Nursery, *, judged: bool = True) -> Iterator[Bot]:
    """Give a bot on a GitHub of its own."""
    with FakeGitHub(folder / "github", judged=judged) as github:
        bot = Bot(github, url, folder / "app", nursery, ("pull_request",))
        try:
            yield bot
            check_end(bot)
        finally:
            bot.end()


def run_batch(
    number: int, seed: int, runs: int, database: str, nursery: Nursery, *, judged: bool = True, keep: bool = False
) -> Tally:
    """Run one batch in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="hunkwise-chaos-") as name:
        folder = Path(name)
        with world(folder, database or f"sqlite:///{folder}/app/state/s.sqlite", nursery, judged=judged) as bot:
            batch = Batch(bot, f"{seed}-{number}", runs)
            try:
                tally = batch.go()
            except (AssertionError, TimeoutError) as error:
                tally = batch.tally
                tally.wrong.append(str(error)[:4000])
            if tally.wrong and keep:
                Path(f"chaos-{seed}-{number}.log").write_text(bot.said())
    return tally


def main() -> int:
    """Run batches until there were enough runs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--only", type=int, help="run this batch alone")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--judged", action="store_true", help="judge each request by GitHub's descriptions; slower")
    given = parser.parse_args()
    total, began = Tally(), time.monotonic()
    with ExitStack() as stack:
        postgres = stack.enter_context(cluster(fsync="off")) if given.postgres else None
        nursery = Nursery()
        stack.callback(nursery.close)
        batches = range(-(-given.runs // given.batch)) if given.only is None else (given.only,)
        for number in batches:
            runs = min(given.batch, given.runs - number * given.batch)
            database = postgres.database() if postgres else ""
            started = time.monotonic()
            tally = run_batch(number, given.seed, runs, database, nursery, judged=given.judged, keep=True)
            total.add(tally)
            repeat = f"--seed {given.seed} --batch {given.batch} --runs {given.runs} --only {number}"
            line = {"batch": number, "seconds": round(time.monotonic() - started, 1), **asdict(tally)}
            print(json.dumps(line | ({"repeat": repeat} if tally.wrong else {})), flush=True)
    print(json.dumps({"total": asdict(total), "seconds": round(time.monotonic() - began)}), flush=True)
    return 1 if total.wrong or total.duplicate or total.lost or total.stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
