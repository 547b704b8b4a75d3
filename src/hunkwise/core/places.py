"""The lines of a change that take a comment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hunkwise.core.model import Change, FileDiff, Hunk, Kind, Line, Location, Place, Status


def commentable(change: Change) -> tuple[Place, ...]:
    """Return a place for each added line, and for the context line next to a pure deletion, in diff order.

    Those are where people comment: see LOCATION in the explanation of the benchmark.
    """
    return tuple(
        Place(location=Location(path=file.path, start=number, end=number), hunk=hunk.id)
        for file in change.files
        if is_open(file)
        for hunk in file.hunks
        for number in place_numbers(hunk)
    )


def place_numbers(hunk: Hunk) -> tuple[int, ...]:
    """Return the head's numbers of a hunk's commentable lines, ascending."""
    return tuple(sorted(set(_numbers(hunk))))


def is_open(file: FileDiff) -> bool:
    """Return whether a comment can be about this file: it is reviewed, and its head exists."""
    return file.kind.is_reviewed and file.status is not Status.DELETED


def included(change: Change) -> Change:
    """Return the change without the files that the configuration leaves out: what they hold makes no place likelier."""
    return replace(change, files=tuple(file for file in change.files if file.kind is not Kind.EXCLUDED))


def with_features(places: Sequence[Place], columns: Mapping[str, Sequence[float]]) -> tuple[Place, ...]:
    """Return the places with the columns added to their features."""
    if not columns:
        return tuple(places)
    names = sorted(columns)
    return tuple(
        replace(place, features={**place.features, **dict(zip(names, row, strict=True))})
        for place, row in zip(places, zip(*(columns[name] for name in names), strict=True), strict=True)
    )


def with_probabilities(places: Sequence[Place], probabilities: Iterable[float]) -> tuple[Place, ...]:
    """Return the places with their probabilities."""
    return tuple(
        replace(place, probability=probability) for place, probability in zip(places, probabilities, strict=True)
    )


def _numbers(hunk: Hunk) -> Iterator[int]:
    for block, before, after in _blocks(hunk.lines):
        added = [line.new for line in block if line.old is None and line.new is not None]
        neighbour = after or before
        if added:
            yield from added
        elif neighbour is not None and neighbour.new is not None:
            yield neighbour.new


def _blocks(lines: Sequence[Line]) -> Iterator[tuple[list[Line], Line | None, Line | None]]:
    block: list[Line] = []
    before: Line | None = None
    for line in lines:
        if line.old is None or line.new is None:
            block.append(line)
            continue
        if block:
            yield block, before, line
            block = []
        before = line
    if block:
        yield block, before, None
