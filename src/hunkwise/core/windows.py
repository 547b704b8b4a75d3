"""Split a hunk that is too big for one look into overlapping windows, and join what was read in them."""

from collections.abc import Callable, Iterator, Sequence
from math import prod
from typing import NamedTuple

from hunkwise.core.model import Hunk, Line
from hunkwise.core.places import place_numbers
from hunkwise.core.reading import Reading

OVERLAP = 5
"""Lines that a window repeats of the one before it."""


class Window(NamedTuple):
    """A stretch of a hunk; `places` are the head's numbers of its commentable lines, ascending."""

    lines: tuple[Line, ...]
    places: tuple[int, ...]


def split(
    hunk: Hunk, limit_places: int, limit_tokens: int, overlap: int, count: Callable[[str], int]
) -> tuple[Window, ...]:
    """Return windows in order, which hold every commentable line at least once; one without any is left out.

    limit_places, limit_tokens: what one window has at most; a single line that has more tokens is a window of its own.
    Raises ValueError for limits below 1.
    """
    if limit_places < 1 or limit_tokens < 1 or overlap < 0:
        raise ValueError(f"a window of {limit_places} places, {limit_tokens} tokens and {overlap} lines of overlap")
    wanted = frozenset(place_numbers(hunk))
    costs = [count(countable(f" {line.text}\n")) for line in hunk.lines]
    is_place = [line.new in wanted if line.new is not None else False for line in hunk.lines]
    found = []
    for start, end in _ranges(costs, is_place, limit_places, limit_tokens, overlap):
        lines = hunk.lines[start:end]
        places = tuple(line.new for line in lines if line.new is not None and line.new in wanted)
        if places:
            found.append(Window(lines, places))
    return tuple(found)


def join(windows: Sequence[Window], readings: Sequence[Reading]) -> tuple[tuple[int, ...], Reading]:
    """Return all places of the windows, ascending, and the one reading of them.

    There is nothing to say if there is nothing to say in any window; the rest is shared by what the windows gave each
    place, of which a place that several of them hold takes the mean.
    """
    given: dict[int, list[float]] = {}
    for window, reading in zip(windows, readings, strict=True):
        for place, probability in zip(window.places, reading.probabilities, strict=True):
            given.setdefault(place, []).append(probability)
    places = tuple(sorted(given))
    means = [sum(given[place]) / len(given[place]) for place in places]
    tokens = sum(reading.tokens for reading in readings)
    total = sum(means)
    if not total:
        return places, Reading(tuple(0.0 for _ in places), 1.0, tokens)
    none = min(max(prod(reading.none for reading in readings), 0.0), 1.0)
    return places, Reading(tuple(mean / total * (1 - none) for mean in means), none, tokens)


def countable(text: str) -> str:
    """Return the text without what no tokenizer takes: the surrogates that stand for bytes that were not UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _ranges(
    costs: Sequence[int], is_place: Sequence[bool], limit_places: int, limit_tokens: int, overlap: int
) -> Iterator[tuple[int, int]]:
    start, covered = 0, 0
    while covered < len(costs):
        end, places, tokens = start, 0, 0
        while end < len(costs):
            fits = places + is_place[end] <= limit_places and tokens + costs[end] <= limit_tokens
            if not fits and end > start:
                break
            places, tokens, end = places + is_place[end], tokens + costs[end], end + 1
        if end > covered:
            yield start, end
            covered = end
            start = max(end - overlap, start + 1)
        else:
            # The overlap alone fills a window: begin later.
            start += 1
