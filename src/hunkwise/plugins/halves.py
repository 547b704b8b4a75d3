"""Find the file that broke a tool for all of them: run it again on halves, and keep what is said of the others."""

import time
from collections import deque
from collections.abc import Callable, Sequence

from hunkwise.core.analysis import Analysis, Timing
from hunkwise.core.model import FileOutcome, RepoPath, State

MOST = 16
"""Runs after the first; so one bad file among hundreds is found, and a tool that never works is not tried for ever."""
SHORTEST = 1.0
"""Seconds below which a run is not worth its start."""

Call = Callable[[Sequence[RepoPath], float], Analysis]
"""Runs the tool on some of the files, within so many seconds."""


def in_halves(name: str, first: Analysis, targets: Sequence[RepoPath], call: Call, seconds: float) -> Analysis:
    """Return what the tool says of each file; `first` where it was not broken, or no part of it can be had.

    All runs together take at most as many seconds as the first one may. Who is broken by a file alone has failed on it.
    """
    if not _is_broken(name, first) or len(targets) < 2:
        return first
    deadline = time.monotonic() + seconds
    waiting = deque([(tuple(targets), first)])
    done: list[Analysis] = []
    runs = 0
    while waiting:
        paths, broken = waiting.popleft()
        left = deadline - time.monotonic()
        if len(paths) == 1 or runs >= MOST or left < 2 * SHORTEST:
            done.append(_given_up(name, paths, broken))
            continue
        middle = len(paths) // 2
        for half in (paths[:middle], paths[middle:]):
            runs += 1
            found = call(half, max(SHORTEST, (deadline - time.monotonic()) / 2))
            if _is_broken(name, found):
                waiting.append((half, found))
            else:
                done.append(found)
    outcomes = tuple(outcome for part in done for outcome in part.outcomes)
    if all(outcome.state is State.FAILED for outcome in outcomes):
        return first
    spent = [timing for part in (first, *done) for timing in part.timings]
    timing = Timing(name, sum(one.seconds for one in spent), sum(one.cpu_seconds for one in spent))
    failures = tuple(failure for part in done for failure in part.failures if failure.hint)
    return Analysis(outcomes, failures, (timing,))


def _is_broken(name: str, found: Analysis) -> bool:
    if found.failures:
        return all(not failure.hint for failure in found.failures)
    return any(one.reason.startswith(f"{name} stopped at ") for one in found.outcomes)


def _given_up(name: str, paths: Sequence[RepoPath], broken: Analysis) -> Analysis:
    said = {outcome.path: outcome for outcome in broken.outcomes}
    why = broken.failures[0].message if broken.failures else "not looked at"
    outcomes = [said.get(path, FileOutcome(tool=name, path=path, state=State.FAILED, reason=why)) for path in paths]
    return Analysis(tuple(outcomes), (), broken.timings)
