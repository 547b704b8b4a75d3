"""What the job engine costs: seconds for each review whose work is nothing, and memory and files over many.

Usage: python benchmarks/jobs.py [--jobs N] [--workers N] [--database sqlite|postgresql]

Each job goes the whole way: a stored delivery, its reading, a claim, a durable workflow of three steps with a report of
20 KB, its end, and the deletion of the workflow's notes. exit 1 where memory or open files grow.
"""

import argparse
import json
import os
import sys
import threading
import time
from pathlib import Path

from databases import database_url

from hunkwise.server.database import Database
from hunkwise.server.engine import Chore, Engine
from hunkwise.server.inbox import Delivery, keep
from hunkwise.server.orders import Rules
from hunkwise.server.retention import forget_notes
from hunkwise.server.router import Router
from hunkwise.server.steps import Pace
from hunkwise.server.work import Job, Lease, State
from hunkwise.testing.postgres import NoPostgres

GROWTH = 32
"""MB that the process may grow by after the first tenth."""
REPORT = b"x" * 20_000


class Nothing:
    """Work that takes no time."""

    def review(self, job: Job, lease: Lease) -> bytes:
        return REPORT

    def publish(self, job: Job, report: bytes, lease: Lease) -> None:
        lease.secure()

    def act(self, job: Job, lease: Lease) -> None:
        """Nothing."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args()
    try:
        with database_url(given.database) as url:
            return measure(url, given)
    except NoPostgres as error:
        print(error)
        return 0


def measure(url: str, given: argparse.Namespace) -> int:
    done, all_done = 0, threading.Event()
    marks: list[tuple[int, float, int]] = []

    def ended(job: Job, state: State, seconds: float) -> None:
        nonlocal done
        assert state is State.DONE
        done += 1
        if done % max(1, given.jobs // 10) == 0:
            marks.append((done, memory(), files()))
            print(f"{done:>7,} jobs: {marks[-1][1]:.0f} MB, {marks[-1][2]} open files", flush=True)
        if done == given.jobs:
            all_done.set()

    with Database(url) as database:
        database.prepare()
        router = Router(database, Rules(app_id=1), "x")
        notes = Chore(name="notes", call=lambda: forget_notes(older=10), every=5)
        engine = Engine(
            database, Nothing(), router, Pace(workers=given.workers), alone=True, ended=ended, chores=(notes,)
        )
        engine.start()
        started, spent = time.perf_counter(), time.process_time()
        for first in range(0, given.jobs, 500):
            keep(database, [delivery(number) for number in range(first, min(first + 500, given.jobs))])
            engine.wake()
            # so that the queue is as long as in life
            while first - done > 1000:
                time.sleep(0.05)
        all_done.wait()
        seconds, spent = time.perf_counter() - started, time.process_time() - spent
        engine.close()
    each, cpu = seconds / given.jobs * 1000, spent / given.jobs * 1000
    print(
        f"{given.database}: {each:.1f} ms for each of {given.jobs:,} jobs ({1000 / each:.0f} a second, "
        f"{cpu:.1f} ms of CPU), {given.workers} workers, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}"
    )
    grown, opened = marks[-1][1] - marks[0][1], marks[-1][2] - marks[0][2]
    print(f"after the first tenth memory grew by {grown:.0f} MB (limit {GROWTH}), open files by {opened} (limit 10)")
    return 1 if grown > GROWTH or opened > 10 else 0


def delivery(number: int) -> Delivery:
    payload = {
        "action": "opened",
        "number": number + 1,
        "pull_request": {"number": number + 1, "head": {"sha": f"{number:040x}"}, "draft": False, "state": "open"},
        "repository": {"full_name": f"owner/repository-{number % 20}"},
        "installation": {"id": number % 5 + 1},
    }
    return Delivery(id=f"delivery-{number}", event="pull_request", body=json.dumps(payload).encode())


def memory() -> float:
    """Return the megabytes that the process holds."""
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1024


def files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


if __name__ == "__main__":
    sys.exit(main())
