"""The lines of the diff around a comment, and what its suggestion would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hunkwise.core.model import Candidate, Change, Hunk, Line, Location, RepoPath, ReviewComment, Side


class Shown(NamedTuple):
    """A line to show: its number, `+`, `-` or a blank, its text, and whether the comment is about it."""

    number: int
    mark: str
    text: str
    is_meant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Lines around a comment; `has_more` says whether the range goes on beyond them."""

    lines: tuple[Shown, ...]
    has_more: bool = False


def anchor(candidate: Candidate) -> Location:
    """Return where the comment goes: its place in the diff if it has one, else where the finding is."""
    return candidate.place.location if candidate.place else candidate.location


def target(candidate: Candidate) -> Location:
    """Return the range at the head that a program should mark; a finding on removed lines has only the file.

    It is the finding's own range where it begins at the comment's place, else that place.
    """
    place, own = candidate.place, candidate.location
    where = own if place is None or _begins_alike(own, place.location) else place.location
    return where if where.side is Side.HEAD else Location(path=where.path)


def line_text(change: Change, path: str, number: int) -> str | None:
    """Return a line of the head as the diff shows it, or None where it does not."""
    for line in _lines(change, Location(path=RepoPath(path), start=number)):
        if line.new == number:
            return line.text
    return None


def excerpt(change: Change, candidate: Candidate, *, context: int = 2, most: int = 7) -> Excerpt:
    """Return lines of the diff around a candidate, about `most`; off the diff its own line alone, where known."""
    where = anchor(candidate)
    if where.start is None:
        return Excerpt(lines=())
    meant = _range(candidate.location)
    if candidate.location.side is not where.side or not meant[0] <= where.start <= meant[1]:
        meant = _range(where)
    lines = _lines(change, where)
    middle = next((at for at, line in enumerate(lines) if _number(line, where.side) == where.start), None)
    if middle is None:
        if not candidate.code:
            return Excerpt(lines=())
        return Excerpt(lines=(Shown(where.start, " ", candidate.code, True),), has_more=meant[1] > meant[0])
    first, last = middle, middle
    inside = [at for at, line in enumerate(lines) if _is_between(_number(line, where.side), meant)]
    if inside[-1] - inside[0] + 1 + 2 * context <= most:
        first, last = inside[0], inside[-1]
    shown = lines[max(0, first - context) : last + context + 1]
    numbers = [number for line in shown if (number := _number(line, where.side)) is not None]
    return Excerpt(
        lines=tuple(_shown(line, where.side, meant) for line in shown),
        has_more=not (numbers[0] <= meant[0] and meant[1] <= numbers[-1]),
    )


def replaced_lines(change: Change, comment: ReviewComment) -> tuple[str, ...] | None:
    """Return the lines that the comment's suggestion replaces, or None where the diff does not show all of them."""
    where = comment.scored.candidate.location
    if where.start is None:
        return None
    start, end = _range(where)
    found = [line.text for line in _lines(change, where) if _is_between(_number(line, where.side), (start, end))]
    return tuple(found) if len(found) == end - start + 1 else None


def suggestion_diff(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return removed (`-`) and added (`+`) lines, without what both begin or end with."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return (
        *(("-", line) for line in old[head : len(old) - tail]),
        *(("+", line) for line in new[head : len(new) - tail]),
    )


def _begins_alike(one: Location, other: Location) -> bool:
    return (one.path, one.side, one.start) == (other.path, other.side, other.start)


def _lines(change: Change, where: Location) -> tuple[Line, ...]:
    hunk = _hunk(change, where)
    return hunk.lines if hunk else ()


def _hunk(change: Change, where: Location) -> Hunk | None:
    for file in change.files:
        if where.path in (file.path, file.old_path if where.side is Side.BASE else file.path):
            for hunk in file.hunks:
                if any(_number(line, where.side) == where.start for line in hunk.lines):
                    return hunk
    return None


def _shown(line: Line, side: Side, meant: tuple[int, int]) -> Shown:
    mark = "+" if line.is_added else "-" if line.is_removed else " "
    number = line.new if line.new is not None else line.old or 0
    return Shown(number, mark, line.text, _is_between(_number(line, side), meant))


def _number(line: Line, side: Side) -> int | None:
    return line.new if side is Side.HEAD else line.old


def _range(where: Location) -> tuple[int, int]:
    start = where.start or 1
    return start, max(start, where.end or start)


def _is_between(number: int | None, bounds: tuple[int, int]) -> bool:
    return number is not None and bounds[0] <= number <= bounds[1]
