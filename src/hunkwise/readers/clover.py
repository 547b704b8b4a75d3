"""Clover's coverage XML, which OpenClover and istanbul write."""

from hunkwise.core.errors import ReportError
from hunkwise.readers.line_coverage import FileCoverage, Tally, number, runs
from hunkwise.readers.xml_events import xml_events


def read_clover(data: bytes) -> tuple[FileCoverage, ...]:
    """Return the files of a report; those of its tests, which Clover lists apart, are left out."""
    found: list[FileCoverage] = []
    tally, names = Tally(), [""]
    is_file = is_test = False
    for tag in xml_events(data):
        match tag.name:
            case "testproject":
                is_test = tag.is_start
            case "file" if tag.is_start and not is_test:
                names = [name for name in (tag.attributes.get("path"), tag.attributes.get("name")) if name]
                if not names:
                    raise ReportError("a file has no name")
                tally, is_file = Tally(), True
            case "file" if is_file:
                # istanbul's `name` is the last part of `path`, which alone would match too much
                found.append(tally.coverage(names[0]))
                is_file = False
            case "line" if tag.is_start and is_file:
                _add_line(tally, tag.attributes.get("type", "stmt"), dict(tag.attributes))
    return tuple(found)


def _add_line(tally: Tally, kind: str, attributes: dict[str, str]) -> None:
    line = number(attributes.get("num"), "the number of a line")
    if kind == "cond" and "count" not in attributes:
        ways = [runs(attributes.get(name), f"the {name} of line {line}") for name in ("truecount", "falsecount")]
        tally.branch(line, sum(ways), 2)
        tally.line(line, any(ways))
        return
    tally.line(line, runs(attributes.get("count"), f"the count of line {line}"))
    if kind == "cond" and {"truecount", "falsecount"} <= attributes.keys():
        # istanbul counts ways, where OpenClover counts how often each was taken
        taken, missed = (number(attributes[name], f"the {name} of line {line}") for name in ("truecount", "falsecount"))
        tally.branch(line, taken, taken + missed) if taken + missed else None
    if kind == "method":
        name = (attributes.get("signature") or attributes.get("name") or "").partition("(")[0].split(" ")[-1]
        if name:
            tally.function(name, line)
