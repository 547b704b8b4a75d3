"""The ruler: how well predicted places agree with those where people commented, in one case and in many."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from hunkwise.core.model import Change, RepoPath
from hunkwise.core.reading import Gain
from hunkwise.evaluation.bootstrap import Table, ratio
from hunkwise.evaluation.matching import Spot, match_spots

WIDEST = 10
"""Lines of the widest range that still says where; a wider one is a miss."""
WITHIN = {"exact": 0, "±1": 1, "±3": 3}
"""The lines by which a prediction may be off, by the name of the measure."""
MEASURES = (*WITHIN, "hunk", "file")


class Pointer(NamedTuple):
    """A file and a range of the head's lines, of a person or a prediction; without a line, the file itself."""

    path: RepoPath
    line: int | None
    start: int | None = None

    @property
    def spot(self) -> Spot | None:
        """Return the line it stands for, or None where it has none or its range is too wide to say where."""
        if self.line is None or (self.start is not None and abs(self.line - self.start) >= WIDEST):
            return None
        return self.path, self.line


class Tally(NamedTuple):
    """Pairs, and what there was to pair."""

    hits: int
    predicted: int
    human: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Precision, recall and F1, each with its 95 % interval."""

    precision: Gain
    recall: Gain
    f1: Gain


class Hunks:
    """Tells in which hunk of a change a line of the head is."""

    def __init__(self, change: Change) -> None:
        self._ranges: dict[RepoPath, list[tuple[int, int, str]]] = {}
        for file in change.files:
            self._ranges[file.path] = [
                (hunk.new_start, hunk.new_start + hunk.new_length - 1, hunk.id) for hunk in file.hunks
            ]

    def __contains__(self, path: object) -> bool:
        return path in self._ranges

    def find(self, spot: Spot) -> str | None:
        """Return the id of the hunk that holds the line, if one does."""
        return next((name for start, end, name in self._ranges.get(spot[0], ()) if start <= spot[1] <= end), None)

    def find_any(self, pointer: Pointer) -> str | None:
        """Return the id of the hunk that holds the line of a pointer, however wide its range."""
        return self.find((pointer.path, pointer.line)) if pointer.line is not None else None


def tally(predicted: Sequence[Pointer], human: Sequence[Pointer], hunks: Hunks) -> Mapping[str, Tally]:
    """Return by measure what agrees in one case.

    Lines are matched one to one. Of hunks and files each counts once; what is in none of them is one by itself.
    """
    ours, theirs = [one.spot for one in predicted], [one.spot for one in human]
    found = {
        name: Tally(len(match_spots(ours, theirs, within)), len(ours), len(theirs)) for name, within in WITHIN.items()
    }
    found["hunk"] = _sets(_hunks(predicted, hunks, "ours"), _hunks(human, hunks, "theirs"))
    found["file"] = _sets({one.path for one in predicted}, {one.path for one in human})
    return found


def agreement(tallies: Iterable[Tally]) -> Agreement:
    """Return the micro averages over cases with intervals by a bootstrap over them.

    Without a prediction precision is 0, and without a human comment recall: nothing was said that is right.
    """
    rows = np.array([tuple(one) for one in tallies], dtype=float).reshape(-1, 3)
    return Agreement(precision=ratio(precision(rows)), recall=ratio(recall(rows)), f1=ratio(f1(rows)))


def precision(rows: Table) -> Table:
    """Return, a row a case, what precision is a ratio of."""
    return np.column_stack([rows[:, 0], rows[:, 1]])


def recall(rows: Table) -> Table:
    """Return, a row a case, what recall is a ratio of."""
    return np.column_stack([rows[:, 0], rows[:, 2]])


def f1(rows: Table) -> Table:
    """Return, a row a case, what F1 is a ratio of."""
    return np.column_stack([2 * rows[:, 0], rows[:, 1] + rows[:, 2]])


def _hunks(pointers: Iterable[Pointer], hunks: Hunks, side: str) -> set[object]:
    found: set[object] = set()
    for index, one in enumerate(pointers):
        spot = one.spot
        name = hunks.find(spot) if spot is not None else None
        # a miss can equal nothing on the other side, not even another miss
        found.add(name if name is not None else (spot, side, index if spot is None else 0))
    return found


def _sets(ours: set[object] | set[RepoPath], theirs: set[object] | set[RepoPath]) -> Tally:
    return Tally(len(ours & theirs), len(ours), len(theirs))
