"""Commands to us in comments: read as data, from lines that their author wrote as such and nothing else."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

LONGEST = 65_536
"""Characters of a comment; what is longer comes from nobody's browser and commands nothing."""
OPEN = re.compile(r"(?:\s*(?:[-+*]|\d{1,9}[.)])(?=\s))*\s*(`{3,}|~{3,})(.*)")
"""A fence at any depth of lists: to take one for open that is not only makes us hear less."""
CLOSE = re.compile(r" *(`{3,}|~{3,})\s*")
QUOTE = re.compile(r"(?:\s*(?:[-+*]|\d{1,9}[.)])(?=\s))*\s*>")
ENCLOSING = re.compile(r"<(?:!--|(?:pre|code|blockquote|q|details|script|style|textarea|kbd|samp)\b)", re.I)
TICKS = re.compile(r"`+")


class Command(StrEnum):
    """What may be asked of us."""

    REVIEW = "review"
    FULL = "full"
    IGNORE = "ignore"
    PAUSE = "pause"
    RESUME = "resume"
    HELP = "help"


class _Line(NamedTuple):
    start: int
    text: str


def parse_command(body: str, name: str = "hunkwise") -> Command | None:
    """Return the first command of a comment, `/NAME WORD` on a line of its own, or None.

    It counts only outside quotes and code, before any comment of HTML and any element that quotes or folds, and only
    if nothing else is on its line: in doubt nothing is heard. Whether its author may is for the caller to ask.
    """
    if len(body) > LONGEST or f"/{name}" not in body.lower():
        return None
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    pattern = re.compile(rf" {{0,3}}/{re.escape(name)}[ \t]+([a-z]+)[ \t]*", re.IGNORECASE)
    for line in _spoken(body):
        found = pattern.fullmatch(line)
        if found and (word := found[1].lower()) in set(Command):
            return Command(word)
    return None


def _spoken(body: str) -> Iterator[str]:
    """Yield the lines of paragraphs that are no quote, code or comment."""
    for paragraph in _paragraphs(ENCLOSING.split(body, maxsplit=1)[0]):
        spans = _in_code(paragraph)
        starts = [start for start, _ in spans]
        for line in paragraph:
            before = bisect_right(starts, line.start)
            if not before or spans[before - 1][1] <= line.start:
                yield line.text


def _paragraphs(body: str) -> Iterator[Sequence[_Line]]:
    """Yield runs of lines that are text; a line that goes on after a quote belongs to the quote.

    A fence that is indented may be a list's, which ends it in ways of its own: where it is not closed at just its
    column, the rest counts as code.
    """
    fence, column = "", 0
    is_quote = False
    lines: list[_Line] = []
    start = 0
    for text in body.split("\n"):
        line, start = _Line(start, text), start + len(text) + 1
        if fence:
            indent = len(text) - len(text.lstrip(" "))
            if column and text.strip(" \t") and indent < column:
                return
            closing = CLOSE.fullmatch(text)
            if closing and closing[1].startswith(fence) and (indent == column if column else indent <= 3):
                fence = ""
            continue
        marker = OPEN.fullmatch(text)
        is_fence = marker is not None and not (marker[1][0] == "`" and "`" in marker[2])
        if is_fence or not text.strip(" \t") or QUOTE.match(text):
            yield lines
            lines = []
            is_quote = bool(QUOTE.match(text))
            fence, column = (marker[1], marker.start(1)) if is_fence and marker else ("", 0)
        elif not is_quote and (lines or not text.startswith(("    ", "\t"))):
            lines.append(line)
    yield lines


def _in_code(lines: Sequence[_Line]) -> list[tuple[int, int]]:
    """Return where the spans of code in a paragraph begin and end, in order."""
    runs = [(line.start + run.start(), len(run[0])) for line in lines for run in TICKS.finditer(line.text)]
    places: dict[int, list[int]] = defaultdict(list)
    for at, (_, length) in enumerate(runs):
        places[length].append(at)
    for found in places.values():
        found.reverse()
    spans = []
    at = 0
    while at < len(runs):
        start, length = runs[at]
        while places[length] and places[length][-1] <= at:
            places[length].pop()
        if places[length]:
            end = places[length][-1]
            spans.append((start, runs[end][0]))
            at = end
        at += 1
    return spans
