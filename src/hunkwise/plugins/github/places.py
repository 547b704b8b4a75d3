"""Which lines of a diff GitHub takes a comment on, and where on them a comment goes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hunkwise.core.model import Candidate, FileDiff, Hunk, Location, RepoPath, Side
from hunkwise.plugins.sinks.excerpt import anchor

LONGEST_RANGE = 12
"""Lines that a comment spans at most; a longer range is marked by its first line, beneath which it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where a comment goes: on lines `start` to `line` of a side, on one line without `start`, else on the file."""

    path: RepoPath
    side: Side = Side.HEAD
    line: int | None = None
    start: int | None = None


def by_path(files: Iterable[FileDiff]) -> Mapping[RepoPath, FileDiff]:
    """Return the files by their path at the head, which is the one that GitHub knows them by."""
    return {file.path: file for file in files}


def takes_comment(file: FileDiff, side: Side, line: int) -> bool:
    """Return whether a line takes a comment: at the head an added or a context line, at the base a removed one."""
    return any(_takes(hunk, side, line) for hunk in file.hunks)


def anchor_of(candidate: Candidate, files: Mapping[RepoPath, FileDiff], *, is_whole: bool = False) -> Anchor | None:
    """Return where the comment on a candidate goes, or None where its file is not in the diff.

    It goes to the candidate's own range where that begins at its place, else to its place. is_whole: keep a range
    however long it is.
    """
    place, own = anchor(candidate), candidate.location
    begins_alike = (place.path, place.side, place.start) == (own.path, own.side, own.start)
    return anchor_on(own if begins_alike else place, files, is_whole=is_whole)


def anchor_on(where: Location, files: Mapping[RepoPath, FileDiff], *, is_whole: bool = False) -> Anchor | None:
    """Return the anchor for a location: what of it lies in one hunk, else its file, else None."""
    file = files.get(where.path)
    if file is None and where.side is Side.BASE:
        file = next((one for one in files.values() if one.old_path == where.path), None)
    if file is None:
        return None
    if where.start is None:
        return Anchor(path=file.path)
    first, last = where.start, max(where.start, where.end or where.start)
    if last - first >= LONGEST_RANGE and not is_whole:
        last = first
    for side, start, end in _within(file, where.side, first, last):
        return Anchor(path=file.path, side=side, line=end, start=start if start < end else None)
    return Anchor(path=file.path)


def is_on_diff(found: Anchor, files: Mapping[RepoPath, FileDiff]) -> bool:
    """Return whether GitHub takes a comment there: both ends of a range in one hunk, in order."""
    file = files.get(found.path)
    if file is None:
        return False
    if found.line is None:
        return found.start is None
    if found.start is not None and found.start >= found.line:
        return False
    ends = (found.line, found.line if found.start is None else found.start)
    return any(all(_takes(hunk, found.side, end) for end in ends) for hunk in file.hunks)


def _within(file: FileDiff, side: Side, first: int, last: int) -> Iterator[tuple[Side, int, int]]:
    """Yield what each hunk has of a range, from the first; lines of the base that are still there, at the head."""
    for hunk in file.hunks:
        start, length = _bounds(hunk, side)
        if start > last or start + length <= first:
            continue
        lines = [line for line in hunk.lines if _is_between(line.new if side is Side.HEAD else line.old, first, last)]
        removed = [line.old for line in lines if line.new is None and line.old is not None]
        at_head = [line.new for line in lines if line.new is not None]
        if side is Side.BASE and removed:
            yield Side.BASE, removed[0], removed[-1]
        elif at_head:
            yield Side.HEAD, at_head[0], at_head[-1]


def _bounds(hunk: Hunk, side: Side) -> tuple[int, int]:
    if side is Side.HEAD:
        return hunk.new_start, hunk.new_length
    return hunk.old_start, hunk.old_length


def _takes(hunk: Hunk, side: Side, line: int) -> bool:
    start, length = _bounds(hunk, side)
    if not start <= line < start + length:
        return False
    if side is Side.HEAD:
        return any(one.new == line for one in hunk.lines)
    return any(one.old == line and one.new is None for one in hunk.lines)


def _is_between(number: int | None, first: int, last: int) -> bool:
    return number is not None and first <= number <= last
