"""reviewdog's diagnostics: `rdjson`, one document, and `rdjsonl`, one diagnostic a line."""

from collections.abc import Iterable

from hunkwise.core.model import Edit, Finding, Fix, RepoPath, Severity
from hunkwise.readers.json_object import JsonObject, read_json, read_json_lines
from hunkwise.readers.reading import (
    Reading,
    Sources,
    Unit,
    keep,
    location,
    message_text,
    rule_name,
    severity_of,
    tool_name,
)

IN_CHARACTERS = ("ruff",)
"""Tools that count characters, against the protocol."""
NUMBERED = ("", "error", "warning", "info")
"""Severities by their numbers in the protocol."""


def read_rdjson(data: bytes, sources: Sources, tool: str) -> Reading:
    """Return the diagnostics of a document; tool: the name of one that none gives a source."""
    document = JsonObject(read_json(data))
    name = tool_name(document.child("source").text("name"), tool)
    return _read(document.children("diagnostics"), sources, name, _severity(document, Severity.MEDIUM))


def read_rdjsonl(data: bytes, sources: Sources, tool: str) -> Reading:
    """Return the diagnostics, one a line."""
    return _read(read_json_lines(data), sources, tool, Severity.MEDIUM)


def _read(diagnostics: Iterable[JsonObject], sources: Sources, tool: str, severity: Severity) -> Reading:
    reading = Reading()
    for one in diagnostics:
        where = one.child("location")
        path = sources.find(where.text("path"))
        if path is None:
            reading.lost.append(where.text("path") or "a diagnostic without a path")
            continue
        source = tool_name(one.child("source").text("name"), tool)
        unit = Unit.CHARACTERS if source in IN_CHARACTERS else Unit.BYTES
        start, column, end, end_column = _range(path, where.child("range"), sources, unit)
        code = one.child("code")
        rule = rule_name(code.text("value"))
        finding = Finding(
            tool=source,
            rule=rule,
            message=message_text(one.text("message"), rule),
            location=location(path, start, end, column, end_column),
            severity=_severity(one, severity),
            url=code.text("url"),
            fix=_fix(path, one, sources, unit),
        )
        keep(reading, sources, finding)
    return reading


def _range(
    path: RepoPath, place: JsonObject, sources: Sources, unit: Unit
) -> tuple[int | None, int | None, int | None, int | None]:
    start, end = place.child("start"), place.child("end")
    line, last = start.number("line"), end.number("line")
    column = sources.column(path, line, _column(start), unit) if line is not None and line >= 1 else None
    if last is None or last < 1:
        return line, column, line, None
    return line, column, last, sources.column(path, last, _column(end), unit)


def _fix(path: RepoPath, diagnostic: JsonObject, sources: Sources, unit: Unit) -> Fix | None:
    """Return all suggestions as one fix: each of them is a part of it; lines without columns are replaced whole."""
    edits = []
    for suggestion in diagnostic.children("suggestions"):
        line, column, last, end_column = _range(path, suggestion.child("range"), sources, unit)
        lines = sources.lines(path)
        if line is None or last is None or not 1 <= line <= last <= len(lines):
            return None
        if column is None and end_column is None:
            end_column = len(lines[last - 1]) + 1
        text = suggestion.text("text")
        edit = Edit(line, column or 1, last, end_column if end_column is not None else column or 1, text)
        if edit[:2] > edit[2:4]:
            return None
        edits.append(edit)
    return Fix(edits=tuple(edits)) if edits else None


def _column(position: JsonObject) -> int | None:
    column = position.number("column")
    return column if column is not None and column >= 1 else None


def _severity(one: JsonObject, otherwise: Severity) -> Severity:
    word = one.text("severity").lower()
    if word.isdigit():
        word = NUMBERED[int(word)] if int(word) < len(NUMBERED) else ""
    return severity_of(word, otherwise)
