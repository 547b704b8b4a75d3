"""Findings as JSON: one object a line, or a list of them, with the names that most tools use."""

from collections.abc import Iterable

from hunkwise.core.errors import ReportError
from hunkwise.core.model import Finding
from hunkwise.readers.json_object import JsonObject, read_json, read_json_lines
from hunkwise.readers.reading import (
    Reading,
    Sources,
    category_of,
    keep,
    location,
    message_text,
    rule_name,
    severity_of,
    tool_name,
)

PATHS = ("path", "file", "filename", "filePath")
RULES = ("rule", "code", "rule_id", "ruleId", "check")


def read_json_findings(data: bytes, sources: Sources, tool: str) -> Reading:
    """Return the findings; tool: the name of one that does not say by which tool it is.

    Each has `path` and `message`, and may have `line`, `column`, `end_line`, `end_column`, `rule`, `severity`,
    `category`, `url` and `tool`. Columns count characters from 1; `end_column` is the first one after.
    """
    reading = Reading()
    for one in _objects(data):
        name = one.text(*PATHS)
        if not name:
            raise ReportError(f"{one.where} has no path")
        path = sources.find(name)
        if path is None:
            reading.lost.append(name)
            continue
        start, end = one.child("location"), one.child("end_location")
        rule = rule_name(one.text(*RULES))
        finding = Finding(
            tool=tool_name(one.text("tool"), tool),
            rule=rule,
            message=message_text(one.text("message", "text"), rule),
            location=location(
                path,
                _first(one.number("line", "row"), start.number("row", "line")),
                _first(one.number("end_line", "endLine"), end.number("row", "line")),
                _first(one.number("column", "col"), start.number("column")),
                _first(one.number("end_column", "endColumn"), end.number("column")),
            ),
            severity=severity_of(one.text("severity", "level")),
            category=category_of(one.text("category")),
            url=one.text("url"),
        )
        keep(reading, sources, finding)
    return reading


def _objects(data: bytes) -> Iterable[JsonObject]:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        value = read_json(data)
        assert isinstance(value, list)
        return [JsonObject(one, f"[{index}]") for index, one in enumerate(value)]
    return read_json_lines(data)


def _first(*numbers: int | None) -> int | None:
    return next((number for number in numbers if number is not None), None)
