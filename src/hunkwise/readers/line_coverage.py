"""What a coverage report says of a file: which of its lines run in a test, and which do not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hunkwise.core.errors import ReportError

MOST = 10**9
"""The greatest line number or count that is believed."""

UNNAMED = ("(", "<")
"""With what tools begin the name that they make up for a function that has none."""


class Function(NamedTuple):
    """A function of a file, by its lines; where `end` is not known, only its first line is."""

    name: str
    start: int
    end: int | None = None


class Branches(NamedTuple):
    """How many ways a line may go on, and how many of them a test takes."""

    taken: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCoverage:
    """A file of a report; `lines` are those with code, and whether a test runs them.

    names: what the report may call the file, the surest first; absolute, or relative to what only its maker knows.
    """

    names: tuple[str, ...]
    lines: Mapping[int, bool]
    branches: Mapping[int, Branches] = field(default_factory=dict)
    functions: tuple[Function, ...] = ()

    def function_of(self, start: int, end: int) -> str:
        """Return the name of the innermost function that holds all these lines, or begins among them; else nothing."""
        holding = [one for one in self.functions if one.end is not None and one.start <= start and end <= one.end]
        if holding:
            return max(holding, key=lambda one: one.start).name
        beginning = [one.name for one in self.functions if one.end is None and start - 1 <= one.start <= end]
        return beginning[0] if len(beginning) == 1 else ""

    def are_apart(self, line: int, following: int) -> bool:
        """Return whether one function ends and another begins between two lines without code between them."""
        if any(one.end is not None and one.start <= line and following <= one.end for one in self.functions):
            return False
        return any(line < one.start <= following for one in self.functions)


@dataclass(slots=True)
class Tally:
    """A file of a report while it is read; a line runs if any of its counts says so."""

    lines: dict[int, bool] = field(default_factory=dict)
    branches: dict[int, Branches] = field(default_factory=dict)
    functions: dict[tuple[str, int], int | None] = field(default_factory=dict)

    def line(self, number: int, runs: bool) -> None:
        self.lines[number] = runs or self.lines.get(number, False)

    def branch(self, number: int, taken: int, total: int) -> None:
        before = self.branches.get(number, Branches(0, 0))
        self.branches[number] = Branches(max(taken, before.taken), max(total, before.total))

    def function(self, name: str, start: int, end: int | None = None) -> None:
        if name and not name.startswith(UNNAMED):
            self.functions[name, start] = end

    def coverage(self, *names: str) -> FileCoverage:
        return FileCoverage(
            names=tuple(dict.fromkeys(names)),
            lines=self.lines,
            branches=self.branches,
            functions=tuple(Function(name, start, end) for (name, start), end in self.functions.items()),
        )


def merged(parts: Iterable[FileCoverage]) -> FileCoverage:
    """Return what several reports say of one file: a line runs if one of them says so."""
    tally = Tally()
    names: list[str] = []
    for part in parts:
        names += part.names
        for number, runs in part.lines.items():
            tally.line(number, runs)
        for number, branches in part.branches.items():
            tally.branch(number, *branches)
        for function in part.functions:
            tally.function(*function)
    return tally.coverage(*names)


def number(text: str | None, what: str) -> int:
    """Return a line number or count; raise ReportError where the text is none."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) > MOST:
        raise ReportError(f"{what} is {'missing' if text is None else repr(text[:40])}, where a number is wanted")
    return int(text)


def runs(text: str | None, what: str) -> bool:
    """Return whether a count, which some tools let overflow or round, is more than none."""
    try:
        return float(text or "") > 0
    except ValueError:
        raise ReportError(f"{what} is {(text or '')[:40]!r}, where a count is wanted") from None
