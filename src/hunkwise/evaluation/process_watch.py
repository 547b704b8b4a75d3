"""Watch a process with all that it starts: the most memory they had together, and the CPU time they took."""

import os
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

PROC = Path("/proc")
EVERY = 0.25
"""Seconds between two looks: what lives shorter is not seen."""
PARENT, USER, SYSTEM, RESIDENT = 1, 11, 12, 21
"""Fields of /proc/PID/stat after the name, counted from the state."""


class Watch:
    """Looks at a process tree until it is closed; without /proc it sees nothing, and the figures stay 0.

    megabytes: the largest sum of resident memory. cpu: seconds of all processes, as last seen.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._pages = 0
        self._ticks: dict[int, int] = {}
        self._over = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    @property
    def megabytes(self) -> float:
        return round(self._pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)

    @property
    def cpu(self) -> float:
        return round(sum(self._ticks.values()) / os.sysconf("SC_CLK_TCK"), 2)

    def _look(self) -> None:
        while True:
            found = _processes()
            family = _family(self._pid, {pid: fields[PARENT] for pid, fields in found.items()})
            self._pages = max(self._pages, sum(found[pid][RESIDENT] for pid in family))
            for pid in family:
                self._ticks[pid] = max(self._ticks.get(pid, 0), found[pid][USER] + found[pid][SYSTEM])
            if self._over.wait(EVERY):
                return


def _processes() -> dict[int, list[int]]:
    found = {}
    for entry in PROC.glob("[0-9]*"):
        try:
            text = (entry / "stat").read_bytes()
        except OSError:
            continue
        # the name is in parentheses and may hold anything; the state after it is a letter
        fields = text[text.rfind(b")") + 2 :].split()
        found[int(entry.name)] = [0, *(int(one) for one in fields[1:])]
    return found


def _family(root: int, parents: dict[int, int]) -> set[int]:
    family = {root} & parents.keys()
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in family} - family
        family |= more
        grown = bool(more)
    return family
