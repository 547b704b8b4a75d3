"""Cobertura's coverage XML, which coverage.py and many others write."""

import posixpath
import re

from hunkwise.core.errors import ReportError
from hunkwise.readers.line_coverage import FileCoverage, Tally, number, runs
from hunkwise.readers.xml_events import xml_events

CONDITIONS = re.compile(r"\((\d{1,9})/(\d{1,9})\)")


def read_cobertura(data: bytes) -> tuple[FileCoverage, ...]:
    """Return the files of a report; their names are relative to one of its sources, which may be anywhere."""
    tallies: dict[str, Tally] = {}
    sources: list[str] = []
    file, method = "", ""
    method_lines: list[int] = []
    for tag in xml_events(data):
        match tag.name:
            case "source" if not tag.is_start and tag.text.strip():
                sources.append(tag.text.strip())
            case "class" if tag.is_start:
                file = tag.attributes.get("filename", "")
                if not file:
                    raise ReportError("a class has no filename")
                tallies.setdefault(file, Tally())
            case "method" if tag.is_start:
                method, method_lines = tag.attributes.get("name", ""), []
            case "method":
                if method_lines:
                    # istanbul gives only the first line of a method
                    start, end = min(method_lines), max(method_lines)
                    tallies[file].function(method, start, end if end > start else None)
                method = ""
            case "line" if tag.is_start and file:
                line = number(tag.attributes.get("number"), "the number of a line")
                tallies[file].line(line, runs(tag.attributes.get("hits"), f"the hits of line {line}"))
                if found := CONDITIONS.search(tag.attributes.get("condition-coverage", "")):
                    tallies[file].branch(line, int(found[1]), int(found[2]))
                if method:
                    method_lines.append(line)
    return tuple(
        tally.coverage(*(posixpath.join(source, name) for source in sources), name) for name, tally in tallies.items()
    )
