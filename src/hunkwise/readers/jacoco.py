"""JaCoCo's coverage XML of Java, Kotlin and other code for the JVM."""

import posixpath
from collections import defaultdict

from hunkwise.core.errors import ReportError
from hunkwise.readers.line_coverage import MOST, FileCoverage, Tally, number
from hunkwise.readers.xml_events import xml_events

CONSTRUCTOR, STATIC = "<init>", "<clinit>"


def read_jacoco(data: bytes) -> tuple[FileCoverage, ...]:
    """Return the files of a report, by package and name: where the package's folder is, the report does not say."""
    tallies: dict[str, Tally] = {}
    methods: dict[str, dict[int, str]] = defaultdict(dict)
    package = file = kind = ""
    for tag in xml_events(data):
        if not tag.is_start:
            continue
        match tag.name:
            case "package":
                package = tag.attributes.get("name", "")
            case "class":
                kind = tag.attributes.get("name", "").rpartition("/")[2]
                file = posixpath.join(package, tag.attributes.get("sourcefilename", ""))
            case "method" if "line" in tag.attributes:
                name = _said(tag.attributes.get("name", ""), kind)
                if name:
                    methods[file][number(tag.attributes["line"], "the line of a method")] = name
            case "sourcefile":
                if "name" not in tag.attributes:
                    raise ReportError("a source file has no name")
                file = posixpath.join(package, tag.attributes["name"])
                tallies.setdefault(file, Tally())
            case "line":
                if file not in tallies:
                    raise ReportError("a line stands outside of a source file")
                _add_line(
                    tallies[file], {name: number(text, f"{name!r} of a line") for name, text in tag.attributes.items()}
                )
    for name, tally in tallies.items():
        starts = sorted(methods[name])
        for start, following in zip(starts, [*starts[1:], MOST], strict=False):
            tally.function(methods[name][start], start, following - 1)
    return tuple(tally.coverage(name) for name, tally in tallies.items())


def _add_line(tally: Tally, counts: dict[str, int]) -> None:
    if "nr" not in counts or "ci" not in counts:
        raise ReportError("a line has no number or no count of instructions")
    tally.line(counts["nr"], counts["ci"] > 0)
    branches = counts.get("mb", 0) + counts.get("cb", 0)
    if branches:
        tally.branch(counts["nr"], counts.get("cb", 0), branches)


def _said(method: str, kind: str) -> str:
    if method == CONSTRUCTOR:
        return kind.replace("$", ".")
    return "" if method == STATIC or method.startswith("lambda$") else method
