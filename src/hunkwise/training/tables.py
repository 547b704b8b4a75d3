"""Turn cases into tables: the places of each change with their features, and where people looked twice."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hunkwise.core.kinds import classify
from hunkwise.core.model import Change, Place, RepoPath
from hunkwise.core.places import commentable, with_features
from hunkwise.evaluation.cases import Case
from hunkwise.plugins.places.picks import Layout, Numbers
from hunkwise.plugins.places.place_model import lay_out
from hunkwise.plugins.places.registry import hunkwise_features
from hunkwise.workspace.patched import PatchWorkspace

Spot = tuple[RepoPath, int]


@dataclass(frozen=True, slots=True)
class Table:
    """A change as numbers: one row a place, hunk by hunk.

    told: how many people stopped at each place. people: where, also off the diff. hunks_told: the hunks of these, ""
    for a comment on none. starts: the first place of each hunk.
    """

    case: str
    repository: str
    places: tuple[Place, ...]
    columns: tuple[str, ...]
    rows: Numbers
    layout: Layout
    starts: "np.ndarray[tuple[int], np.dtype[np.intp]]"
    told: Numbers
    people: tuple[Spot | None, ...]
    hunks_told: tuple[str, ...]

    def take(self, columns: Sequence[str]) -> Numbers:
        """Return the rows of these columns, 0 where the table has no such column."""
        index = {name: number for number, name in enumerate(self.columns)}
        empty = np.zeros(len(self.rows))
        return np.column_stack([self.rows[:, index[name]] if name in index else empty for name in columns])


def table_of(case: Case, told: Sequence[Spot | None]) -> Table | None:
    """Return the table of a case, None where nothing in it takes a comment."""
    change = case.change()
    change = replace(change, files=classify(change.files))
    bare = sorted(commentable(change), key=lambda one: (one.location.path, one.hunk, one.location.start or 0))
    if not bare:
        return None
    columns: dict[str, Sequence[float]] = {}
    for provider in hunkwise_features():
        columns |= provider.features(bare, change, PatchWorkspace({}), ())
    places = with_features(bare, columns)
    names = tuple(sorted(columns))
    layout = lay_out(places)
    counts, hunks = _attach(change, places, told)
    return Table(
        case=case.id,
        repository=case.repository,
        places=places,
        columns=names,
        rows=np.array([columns[name] for name in names], dtype=np.float64).T,
        layout=layout,
        starts=np.flatnonzero(np.diff(layout.hunk, prepend=-1)),
        told=counts,
        people=tuple(told),
        hunks_told=hunks,
    )


def short_runs(spots: Iterable[Spot], longest: int) -> frozenset[Spot]:
    """Return those lines that lie in runs of at most so many: a longer one was written anew, not looked at twice."""
    by_path: dict[RepoPath, set[int]] = defaultdict(set)
    for path, line in spots:
        by_path[path].add(line)
    return frozenset(
        (path, line)
        for path, lines in by_path.items()
        for run in _runs(sorted(lines))
        if len(run) <= longest
        for line in run
    )


def _runs(lines: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for line in lines:
        if run and line != run[-1] + 1:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _attach(change: Change, places: Sequence[Place], told: Sequence[Spot | None]) -> tuple[Numbers, tuple[str, ...]]:
    """Count each spot at the nearest place of its hunk; return the counts, and the hunk of each spot."""
    counts = np.zeros(len(places))
    by_hunk: dict[str, list[int]] = defaultdict(list)
    for index, place in enumerate(places):
        by_hunk[place.hunk].append(index)
    hunks = []
    for spot, often in Counter(told).items():
        identity = _hunk_of(change, spot)
        hunks += [identity] * often
        if spot is not None and by_hunk.get(identity):
            nearest = min(
                by_hunk[identity], key=lambda index: (abs((places[index].location.start or 0) - spot[1]), index)
            )
            counts[nearest] += often
    return counts, tuple(hunks)


def _hunk_of(change: Change, spot: Spot | None) -> str:
    if spot is not None:
        for file in change.files:
            for hunk in file.hunks if file.path == spot[0] else ():
                if hunk.new_start <= spot[1] < hunk.new_start + max(hunk.new_length, 1):
                    return hunk.id
    return ""
