"""Tell the formats of coverage reports apart, by what they begin with."""

from collections.abc import Callable, Mapping

from hunkwise.core.errors import ReportError
from hunkwise.readers.clover import read_clover
from hunkwise.readers.cobertura import read_cobertura
from hunkwise.readers.jacoco import read_jacoco
from hunkwise.readers.lcov import read_lcov
from hunkwise.readers.line_coverage import FileCoverage
from hunkwise.readers.xml_events import xml_events

READERS: Mapping[str, Callable[[bytes], tuple[FileCoverage, ...]]] = {
    "Cobertura": read_cobertura,
    "JaCoCo": read_jacoco,
    "LCOV": read_lcov,
    "Clover": read_clover,
}
MARKS = (b"TN:", b"SF:", b"VER:")
"""With what a tracefile of LCOV may begin."""


def read_coverage(data: bytes) -> tuple[FileCoverage, ...]:
    """Return the files of a coverage report; raise ReportError where it is none, or broken."""
    files = READERS[coverage_format(data)](data)
    if not files:
        raise ReportError("it names no file")
    return files


def coverage_format(data: bytes) -> str:
    """Return the name of a report's format; raise ReportError where it is none that is read here."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(MARKS):
        return "LCOV"
    if not start:
        raise ReportError("it is empty")
    if start.startswith(b"<") or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        root = next(xml_events(data))
        if root.name == "report":
            return "JaCoCo"
        if root.name == "coverage":
            return "Clover" if "clover" in root.attributes else "Cobertura"
        raise ReportError(f"its root is <{root.name[:40]}>, which is no coverage report")
    raise ReportError(f"it is none of {', '.join(READERS)}")
