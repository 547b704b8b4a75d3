"""Checkstyle's XML, which a hundred linters write."""

from collections.abc import Mapping

from hunkwise.core.errors import ReportError
from hunkwise.core.model import Finding, RepoPath
from hunkwise.readers.reading import (
    CHECKSTYLE,
    Reading,
    Sources,
    keep,
    location,
    message_text,
    rule_name,
    severity_of,
    tool_name,
)
from hunkwise.readers.xml_events import xml_events


def read_checkstyle(data: bytes, sources: Sources, tool: str) -> Reading:
    """Return the errors of a report; it names also the files in which nothing was found.

    tool: the name where the source of an error, `tool.rule`, names none.
    """
    reading = Reading()
    path: RepoPath | None = None
    name = ""
    is_first = True
    for tag in xml_events(data):
        if is_first and tag.name != "checkstyle":
            raise ReportError(f"its root is <{tag.name[:40]}>, where <checkstyle> is wanted")
        is_first = False
        if not tag.is_start:
            continue
        if tag.name == "file":
            name = tag.attributes.get("name", "")
            path = sources.find(name)
            if path is not None:
                reading.named.add(path)
        elif tag.name == "error" and path is None:
            reading.lost.append(name or "an error outside of a file")
        elif tag.name == "error" and path is not None:
            keep(reading, sources, _finding(path, tag.attributes, tool))
    return reading


def _finding(path: RepoPath, attributes: Mapping[str, str], tool: str) -> Finding:
    name, rule = _source(attributes.get("source", ""), tool)
    return Finding(
        tool=name,
        rule=rule,
        message=message_text(attributes.get("message", ""), rule),
        location=location(path, _number(attributes, "line"), None, _number(attributes, "column")),
        severity=severity_of(attributes.get("severity", "")),
    )


def _source(source: str, tool: str) -> tuple[str, str]:
    """Return the tool and the rule that a source names: `eslint.rules.no-undef`, `ShellCheck.SC2086`."""
    if source.startswith(CHECKSTYLE):
        return "checkstyle", rule_name(source)
    name, dot, rule = source.partition(".")
    if not dot or not name.isidentifier() or " " in source:
        return tool, rule_name(source)
    return tool_name(name, tool), rule_name(rule.removeprefix("rules."))


def _number(attributes: Mapping[str, str], name: str) -> int | None:
    text = attributes.get(name, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 9:
        raise ReportError(f"the {name} of an error is {text[:40]!r}, where a number is wanted")
    return int(text)
