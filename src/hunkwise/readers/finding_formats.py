"""Tell the formats of reports of findings apart, by name or by what they begin with."""

from hunkwise.core.config import ReportFormat
from hunkwise.core.errors import ReportError
from hunkwise.readers.checkstyle import read_checkstyle
from hunkwise.readers.json_lines import PATHS, read_json_findings
from hunkwise.readers.json_object import JsonObject, read_json
from hunkwise.readers.rdjson import read_rdjson, read_rdjsonl
from hunkwise.readers.reading import Reading, Sources
from hunkwise.readers.sarif import read_sarif


def read_findings(data: bytes, form: ReportFormat | None, sources: Sources, tool: str) -> Reading:
    """Return what a report says; without a form, its beginning tells.

    tool: the name of a tool that the report does not name. Raises ReportError for what cannot be read.
    """
    match form or finding_format(data):
        case ReportFormat.SARIF:
            return read_sarif(data, sources)
        case ReportFormat.RDJSON:
            return read_rdjson(data, sources, tool)
        case ReportFormat.RDJSONL:
            return read_rdjsonl(data, sources, tool)
        case ReportFormat.CHECKSTYLE:
            return read_checkstyle(data, sources, tool)
        case ReportFormat.JSON_LINES:
            return read_json_findings(data, sources, tool)


def finding_format(data: bytes) -> ReportFormat:
    """Return the format of a report; raise ReportError where nothing tells."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise ReportError("it is empty; `format` would say what an empty report means")
    if start.startswith(b"<"):
        return ReportFormat.CHECKSTYLE
    if start.startswith(b"["):
        return ReportFormat.JSON_LINES
    if not start.startswith(b"{"):
        raise ReportError(f"it is none of {', '.join(ReportFormat)}")
    try:
        whole = JsonObject(read_json(data))
    except ReportError:
        first = JsonObject(read_json(start.splitlines()[0]), "line 1")
        return ReportFormat.RDJSONL if "path" in first.child("location") else ReportFormat.JSON_LINES
    if "runs" in whole or "version" in whole:
        return ReportFormat.SARIF
    if "diagnostics" in whole:
        return ReportFormat.RDJSON
    if "location" in whole and "path" in whole.child("location"):
        return ReportFormat.RDJSONL
    if "message" in whole or any(name in whole for name in PATHS):
        return ReportFormat.JSON_LINES
    raise ReportError(f"it is none of {', '.join(ReportFormat)}")
