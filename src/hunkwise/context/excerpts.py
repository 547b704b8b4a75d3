"""Cut pieces of source files into context items."""

from collections.abc import Callable, Collection, Iterator

from hunkwise.core.model import Hunk, RepoPath, Side
from hunkwise.core.ports import Workspace
from hunkwise.core.reading import ContextItem

LINE_LENGTH = 400
"""Characters of a line that are shown; what is longer is data."""


def lines_of(workspace: Workspace, path: RepoPath, side: Side = Side.HEAD) -> tuple[str, ...]:
    """Return a file's lines as a diff counts them, none where it is not at hand."""
    try:
        text = workspace.read(path, side).decode("utf-8", "replace")
    except OSError:
        return ()
    lines = text.removeprefix("\ufeff").split("\n")
    return tuple(line.removesuffix("\r") for line in (lines[:-1] if lines[-1] == "" else lines))


def shown(hunk: Hunk) -> frozenset[int]:
    """Return the head's numbers of the lines that a hunk shows."""
    return frozenset(line.new for line in hunk.lines if line.new is not None)


def touched(hunk: Hunk) -> tuple[int, ...]:
    """Return the head's numbers of the added lines and of those around a pure deletion, ascending."""
    new = frozenset(added(hunk))
    found = set(new)
    before: int | None = None
    is_deletion = False
    for line in hunk.lines:
        if line.old is None:
            is_deletion = False
        elif line.new is None:
            is_deletion = is_deletion or before is None or before not in new
        elif is_deletion:
            found |= {line.new} if before is None else {before, line.new}
            is_deletion = False
        before = before if line.new is None else line.new
    if is_deletion and before is not None:
        found.add(before)
    return tuple(sorted(found))


def added(hunk: Hunk) -> tuple[int, ...]:
    """Return the head's numbers of the added lines, ascending."""
    return tuple(line.new for line in hunk.lines if line.old is None and line.new is not None)


def excerpt(
    kind: str,
    path: RepoPath,
    lines: tuple[str, ...],
    start: int,
    end: int,
    origin: str,
    *,
    without: Collection[int] = (),
) -> Iterator[ContextItem]:
    """Yield the lines from `start` to `end`, without those given, as one item a stretch; blank ones give none."""
    for first, last in stretches(lambda number: number not in without, max(start, 1), min(end, len(lines))):
        while first <= last and not lines[first - 1].strip():
            first += 1
        while first <= last and not lines[last - 1].strip():
            last -= 1
        if first <= last:
            text = "\n".join(line[:LINE_LENGTH] for line in lines[first - 1 : last])
            yield ContextItem(kind=kind, path=path, start=first, end=last, text=text, origin=origin)


def stretches(holds: Callable[[int], bool], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the inclusive ranges of numbers for which something holds."""
    first: int | None = None
    for number in range(start, end + 1):
        if holds(number):
            first = number if first is None else first
        elif first is not None:
            yield first, number - 1
            first = None
    if first is not None:
        yield first, end
