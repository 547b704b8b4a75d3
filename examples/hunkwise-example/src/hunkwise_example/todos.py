"""Report TODO and FIXME comments that a change adds without saying which issue they belong to."""

import re
from collections.abc import Sequence

from hunkwise import AnalyzerInputs, Category, FileDiff, FileOutcome, Finding, Line, Location, Severity, State, hookimpl

MARK = re.compile(r"(?:#|//|/\*|--|;|<!--)\s*(TODO|FIXME|XXX)\b")
ISSUE = re.compile(r"#\d+|\b[A-Z][A-Z0-9]+-\d+\b|https?://\S+")


class Todos:
    """Reads the added lines of each file; needs no outside tool."""

    name = "todos"

    def inspect(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        return tuple(
            FileOutcome(tool=self.name, path=file.path, state=State.REVIEWED, findings=tuple(self._findings(file)))
            for file in files
        )

    def _findings(self, file: FileDiff) -> list[Finding]:
        marked = [(line, MARK.search(line.text)) for line in file.changed_lines() if line.is_added]
        return [self._finding(file, line, mark[1]) for line, mark in marked if mark and not ISSUE.search(line.text)]

    def _finding(self, file: FileDiff, line: Line, word: str) -> Finding:
        return Finding(
            tool=self.name,
            rule="without-issue",
            message=f"This {word} names no issue, so nobody will find it again; add the issue's number or do it now.",
            location=Location(path=file.path, start=line.new, end=line.new),
            severity=Severity.LOW,
            category=Category.MAINTAINABILITY,
        )


@hookimpl
def hunkwise_analyzers() -> list[Todos]:
    return [Todos()]
