"""What was read from a report of findings, and the files that give its places their meaning."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum

from hunkwise.core.model import Category, Finding, Location, RepoPath, Severity
from hunkwise.readers.report_paths import PathIndex

LONGEST_MESSAGE = 4000
SHORT = {"semgrep-oss": "semgrep", "semgrep-pro": "semgrep"}
"""Tools whose reports call them otherwise than their users do."""
CHECKSTYLE = "com.puppycrawl.tools.checkstyle."


class Unit(Enum):
    """In what a tool counts columns."""

    CHARACTERS = "characters"
    UTF16 = "UTF-16 code units"
    BYTES = "bytes of UTF-8"


@dataclass(slots=True)
class Reading:
    """The findings of a report; of its results, those that its own marks suppress are apart.

    named: the files that the report says it is about. lost: names, or places, that this repository does not have.
    trouble: why the tool itself says that it did not succeed.
    """

    findings: list[Finding] = field(default_factory=list)
    suppressed: list[Finding] = field(default_factory=list)
    named: set[RepoPath] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def add(self, other: "Reading") -> None:
        """Add what another report says."""
        self.findings += other.findings
        self.suppressed += other.suppressed
        self.named |= other.named
        self.lost += other.lost
        self.trouble += other.trouble


class Sources:
    """The files of the repository, as a report that lies in `folder` may name them."""

    def __init__(self, index: PathIndex, read: Callable[[RepoPath], bytes], folder: str = "") -> None:
        self._index, self._read, self._folder = index, read, folder
        self._lines: dict[RepoPath, list[str]] = {}

    def within(self, folder: str) -> "Sources":
        """Return the same files for a report in another folder."""
        found = Sources(self._index, self._read, folder)
        found._lines = self._lines
        return found

    def find(self, *names: str) -> RepoPath | None:
        """Return the one file that the names mean, if there is one."""
        return self._index.find(filter(None, names), self._folder).path

    def lines(self, path: RepoPath) -> list[str]:
        """Return the lines of a file; none where it is not at hand."""
        if path not in self._lines:
            try:
                text = self._read(path).decode("utf-8", "replace")
            except OSError:
                text = ""
            self._lines[path] = text.split("\n")
        return self._lines[path]

    def column(self, path: RepoPath, line: int, column: int | None, unit: Unit) -> int | None:
        """Return a column in characters."""
        lines = self.lines(path)
        if column is None or unit is Unit.CHARACTERS or line > len(lines):
            return column
        text = lines[line - 1]
        if unit is Unit.BYTES:
            return len(text.encode("utf-8", "surrogatepass")[: column - 1].decode("utf-8", "ignore")) + 1
        units = text.encode("utf-16-le", "surrogatepass")[: 2 * (column - 1)]
        return len(units.decode("utf-16-le", "ignore")) + max(column - 1 - len(text.encode("utf-16-le")) // 2, 0) + 1

    def place(self, path: RepoPath, offset: int, unit: Unit) -> tuple[int, int]:
        """Return the line and the column of an offset into a file, which counts from 0."""
        text = "\n".join(self.lines(path))
        if unit is Unit.UTF16:
            before = text.encode("utf-16-le", "surrogatepass")[: 2 * offset].decode("utf-16-le", "ignore")
        elif unit is Unit.BYTES:
            before = text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore")
        else:
            before = text[:offset]
        return before.count("\n") + 1, len(before) - before.rfind("\n")

    def placed(self, finding: Finding) -> Finding | None:
        """Return the finding within the lines that its file has, or None where it begins after them."""
        where = finding.location
        if where.start is None:
            return finding
        lines = self.lines(where.path)
        count = len(lines) - (lines[-1] == "" and len(lines) > 1)
        if where.start > count:
            return None
        end = where.end if where.end is not None and where.end >= where.start else where.start
        if end > count:
            return replace(finding, location=replace(where, end=count, end_column=None))
        return replace(finding, location=replace(where, end=end))


def keep(reading: Reading, sources: Sources, finding: Finding, *, is_suppressed: bool = False) -> None:
    """Add a finding to a reading, or what it names to what is lost."""
    placed = sources.placed(finding)
    if placed is None:
        reading.lost.append(f"{finding.location.path}:{finding.location.start}")
        return
    (reading.suppressed if is_suppressed else reading.findings).append(placed)
    reading.named.add(finding.location.path)


def tool_name(said: str, otherwise: str) -> str:
    """Return a tool's name as it stands before the dot of a rule: in small letters, without blanks or dots."""
    name = re.sub(r"[^a-z0-9_+-]+", "-", said.lower()).strip("-")[:60]
    return SHORT.get(name, name) or otherwise


def rule_name(rule: str) -> str:
    """Return a rule's name; a class of Checkstyle by the name that its users know."""
    if rule.startswith(CHECKSTYLE):
        return rule.rpartition(".")[2].removesuffix("Check")
    return " ".join(rule.split())[:200] or "result"


def message_text(text: str, rule: str) -> str:
    """Return the message of a result, or its rule where it has none."""
    return text.strip()[:LONGEST_MESSAGE] or rule


def location(
    path: RepoPath, start: int | None, end: int | None = None, column: int | None = None, end_column: int | None = None
) -> Location:
    """Return a location from numbers that may be missing, zero or the wrong way round."""
    if start is None or start < 1:
        return Location(path=path)
    end = end if end is not None and end > start else start
    if end > start and end_column == 1:
        # up to the start of a line is up to the end of the one before
        end, end_column = end - 1, None
    column = column if column is not None and column >= 1 else None
    if end_column is not None and (column is None or end_column < 1 or (end == start and end_column < column)):
        end_column = None
    return Location(path=path, start=start, end=end, column=column, end_column=end_column)


SEVERITIES = {
    "critical": Severity.CRITICAL,
    "blocker": Severity.CRITICAL,
    "fatal": Severity.CRITICAL,
    "error": Severity.HIGH,
    "high": Severity.HIGH,
    "major": Severity.MEDIUM,
    "warning": Severity.MEDIUM,
    "warn": Severity.MEDIUM,
    "medium": Severity.MEDIUM,
    "moderate": Severity.MEDIUM,
    "low": Severity.LOW,
    "minor": Severity.LOW,
    "note": Severity.LOW,
    "style": Severity.LOW,
    "info": Severity.LOW,
    "information": Severity.LOW,
    "hint": Severity.INFO,
    "ignore": Severity.INFO,
    "none": Severity.INFO,
}
"""The words of many tools for our severities, in small letters."""


def severity_of(word: str, otherwise: Severity = Severity.MEDIUM) -> Severity:
    """Return the severity that a tool's word stands for."""
    return SEVERITIES.get(word.strip().lower(), otherwise)


CATEGORIES = {
    **{category.value: category for category in Category},
    "correctness": Category.BUG,
    "errorprone": Category.BUG,
    "error prone": Category.BUG,
    "problem": Category.BUG,
    "type": Category.TYPES,
    "best practices": Category.MAINTAINABILITY,
    "design": Category.MAINTAINABILITY,
    "complexity": Category.MAINTAINABILITY,
    "code style": Category.STYLE,
    "layout": Category.STYLE,
    "test": Category.TESTS,
}


def category_of(*words: str) -> Category:
    """Return the first category that one of a tool's words stands for; without one, that of a bug."""
    return next((CATEGORIES[word.lower()] for word in words if word.lower() in CATEGORIES), Category.BUG)
