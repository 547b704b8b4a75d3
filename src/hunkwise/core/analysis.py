"""What the analyzers hand to the rest of a review."""

from typing import NamedTuple

from hunkwise.core.model import Failure, FileOutcome


class Timing(NamedTuple):
    """How long one tool took: wall and CPU seconds of its process, or wall seconds alone of an inspector."""

    tool: str
    seconds: float
    cpu_seconds: float = 0.0


class Analysis(NamedTuple):
    """What all analyzers said, sorted by tool and path, what broke, and how long each took."""

    outcomes: tuple[FileOutcome, ...] = ()
    failures: tuple[Failure, ...] = ()
    timings: tuple[Timing, ...] = ()
