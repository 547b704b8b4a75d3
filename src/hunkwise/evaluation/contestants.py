"""Rules that read nothing but the shape of a diff: the floors that a reviewer must clear."""

import hashlib
import random
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from hunkwise.core.model import Change, RepoPath
from hunkwise.core.names import is_test
from hunkwise.evaluation.matching import Spot

PICKS = 3
TAILS = 2


class Block(NamedTuple):
    """The added lines of a hunk, ascending."""

    path: RepoPath
    added: tuple[int, ...]


def blocks(change: Change) -> tuple[Block, ...]:
    """Return the added lines of each hunk that has any, in the order of the diff."""
    found = (
        Block(file.path, tuple(line.new for line in hunk.lines if line.old is None and line.new is not None))
        for file in change.files
        for hunk in file.hunks
    )
    return tuple(block for block in found if block.added)


def largest(found: Sequence[Block], count: int) -> list[Block]:
    """Return the blocks with most added lines, largest first; of equals the earlier one."""
    return sorted(found, key=lambda block: -len(block.added))[:count]


def every_line(change: Change) -> tuple[Spot, ...]:
    """Return every added line."""
    return tuple((block.path, line) for block in blocks(change) for line in block.added)


def first_lines(change: Change) -> tuple[Spot, ...]:
    """Return the first added line of each hunk."""
    return tuple((block.path, block.added[0]) for block in blocks(change))


def middles(change: Change) -> tuple[Spot, ...]:
    """Return the middle added line of each of the three largest hunks."""
    return tuple((block.path, block.added[len(block.added) // 2]) for block in largest(blocks(change), PICKS))


def middle(change: Change) -> tuple[Spot, ...]:
    """Return the middle added line of the largest hunk."""
    return middles(change)[:1]


def tails(change: Change) -> tuple[Spot, ...]:
    """Return the last added line of each of the two largest hunks outside tests."""
    found = [block for block in blocks(change) if not is_test(block.path)]
    return tuple((block.path, block.added[-1]) for block in largest(found, TAILS))


def at_random(change: Change) -> tuple[Spot, ...]:
    """Return three added lines that a hash of the change draws, so that each change has its own, always the same."""
    lines = every_line(change)
    seed = hashlib.sha256(repr([*lines]).encode("utf-8", "surrogatepass")).digest()
    drawn = random.Random(seed).sample(range(len(lines)), min(PICKS, len(lines)))
    return tuple(lines[index] for index in sorted(drawn))


SIMPLE: Mapping[str, Callable[[Change], tuple[Spot, ...]]] = {
    "every-line": every_line,
    "first-of-hunks": first_lines,
    "middle-of-3-largest": middles,
    "middle-of-largest": middle,
    "last-of-2-largest": tails,
    "random-3": at_random,
}
"""The rules by their names, in the order in which tables show them."""
