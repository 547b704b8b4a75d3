"""The fake's clock, which a test may move."""

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since the epoch: the machine's, and what a test added."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """Return the time by this clock."""
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Move the clock; negative seconds move it back."""
        self.offset += seconds


def stamp(seconds: float) -> str:
    """Return a time as GitHub writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp_or_none(seconds: float | None) -> str | None:
    """Return a time as GitHub writes it, None where it never came."""
    return None if seconds is None else stamp(seconds)
