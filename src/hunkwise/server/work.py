"""What a job does, as the engine sees it: the work behind a protocol, its lease, and how it may end."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from hunkwise.core.errors import HunkwiseError


class Kind(StrEnum):
    """What a job is about."""

    REVIEW = "review"
    COMMAND = "command"
    FEEDBACK = "feedback"
    NOTICE = "notice"
    """Say on the pull request that a review failed."""


class State(StrEnum):
    """Where a job is; the last four are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    SUPERSEDED = "superseded"
    FAILED = "failed-visible"
    DEAD = "dead"


ENDS = (State.DONE, State.SUPERSEDED, State.FAILED, State.DEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as one worker has it; `order` is JSON of what is asked for besides."""

    id: int
    kind: Kind
    key: str
    installation: int
    repository: str
    pull: int
    head: str
    order: str
    attempts: int
    workflow: str
    created: float

    @property
    def asked(self) -> Mapping[str, Any]:
        """Return what `order` says."""
        found = json.loads(self.order or "{}")
        return found if isinstance(found, dict) else {}


class Stale(HunkwiseError):
    """The pull request has another head now."""

    def __init__(self, head: str) -> None:
        super().__init__(f"the head is now {head[:12]}")
        self.head = head


class Over(HunkwiseError):
    """There is nothing left to do; says why. The job ends as superseded."""


class Broken(HunkwiseError):
    """It will not work however often it is tried; says why in words that may be shown on the pull request."""


class TryAgain(HunkwiseError):
    """It failed in a way that may pass; says why."""


class HandOver(HunkwiseError):
    """The server ends: another one, or this one after its start, takes the job up."""


class LeaseLost(HunkwiseError):
    """The job is another's now, and nothing more may be written for it."""


class Lease:
    """The right to work on a job; threads share it.

    `renew` asks the database for more time and returns whether the job is still ours; `seconds` is what it gets.
    """

    def __init__(self, seconds: float, renew: Callable[[], bool]) -> None:
        self._seconds, self._renew = seconds, renew
        self._deadline = time.monotonic() + seconds
        self._stop: HunkwiseError | None = None
        self._stopped = threading.Event()
        self._doubted = threading.Event()
        self._doubts: set[int] = set()

    def extended(self, asked: float) -> None:
        """Note that the database gave more time, when asked at this monotonic time."""
        self._deadline = max(self._deadline, asked + self._seconds)

    def stop(self, why: HunkwiseError) -> None:
        """Ask the work to end; `check` raises `why` from now on. The first reason stands."""
        if self._stop is None:
            self._stop = why
            self._stopped.set()

    def doubt(self, waiting: int) -> None:
        """Note that the pull request may have a newer head, since this job waits; each counts once."""
        if waiting not in self._doubts:
            self._doubts.add(waiting)
            self._doubted.set()

    def is_doubted(self) -> bool:
        """Return whether there is a doubt, once."""
        doubted = self._doubted.is_set()
        self._doubted.clear()
        return doubted

    def check(self) -> None:
        """Raise why the work must end, if it must, by what this process knows."""
        if self._stop is not None:
            raise self._stop
        if time.monotonic() >= self._deadline:
            raise LeaseLost("its lease ran out")

    def secure(self) -> None:
        """Call right before each write: raise unless the database says that the job is ours for a whole lease."""
        self.check()
        asked = time.monotonic()
        if not self._renew():
            raise LeaseLost("another server has taken it over")
        self.extended(asked)

    def wait(self, seconds: float) -> None:
        """Wait, at most until the work must end."""
        self._stopped.wait(seconds)


class Work(Protocol):
    """What jobs do; every method may raise this module's errors and those of the port to GitHub."""

    def review(self, job: Job, lease: Lease) -> bytes:
        """Return the report on the pull request's head, which is `job.head`; raises Stale where it is another."""

    def publish(self, job: Job, report: bytes, lease: Lease) -> None:
        """Post the report, once; raises Stale where the head is another by now."""

    def act(self, job: Job, lease: Lease) -> None:
        """Do a job that is no review."""
