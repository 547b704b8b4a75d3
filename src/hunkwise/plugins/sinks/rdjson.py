"""reviewdog's diagnostic formats: one document, or one diagnostic a line."""

from hunkwise.core.model import Change, Location, Report, ReviewComment, Severity, Side
from hunkwise.core.ports import RenderOptions
from hunkwise.core.text import json_text, printable, valid_text
from hunkwise.plugins.sinks.excerpt import line_text, target
from hunkwise.plugins.sinks.severity import RDJSON
from hunkwise.plugins.sinks.wording import say_message, web_url


class RdjsonSink:
    """reviewdog's `rdjson`."""

    name = "rdjson"
    description = "reviewdog's diagnostics, one JSON document"

    def render(self, report: Report, options: RenderOptions) -> bytes:
        """Return a DiagnosticResult."""
        worst = max((comment.scored.candidate.severity for comment in report.kept), default=Severity.INFO)
        value = {
            "source": {"name": "hunkwise"},
            "severity": RDJSON[worst],
            "diagnostics": [_diagnostic(report.change, comment) for comment in report.kept],
        }
        return (json_text(value) + "\n").encode()


class RdjsonlSink:
    """reviewdog's `rdjsonl`."""

    name = "rdjsonl"
    description = "reviewdog's diagnostics, one JSON object a line"

    def render(self, report: Report, options: RenderOptions) -> bytes:
        """Return one Diagnostic a line; nothing at all where no comment is kept."""
        lines = (json_text(_diagnostic(report.change, comment), indent=None) for comment in report.kept)
        return "".join(f"{line}\n" for line in lines).encode()


def _diagnostic(change: Change, comment: ReviewComment) -> dict[str, object]:
    candidate = comment.scored.candidate
    where = target(candidate)
    location: dict[str, object] = {"path": valid_text(where.path)}
    if where.start is not None:
        location["range"] = _range(change, where, where.start)
    diagnostic: dict[str, object] = {
        "message": say_message(comment),
        "location": location,
        "severity": RDJSON[candidate.severity],
    }
    if candidate.sources:
        first = candidate.sources[0]
        diagnostic["source"] = {"name": printable(first.tool)}
        url = web_url(candidate)
        if first.rule:
            diagnostic["code"] = {"value": printable(first.rule), **({"url": url} if url else {})}
    own = candidate.location
    if comment.suggestion is not None and own.start is not None and own.side is Side.HEAD:
        end = max(own.start, own.end or own.start)
        diagnostic["suggestions"] = [
            {
                "range": {"start": {"line": own.start}, "end": {"line": end}},
                "text": comment.suggestion.removesuffix("\n"),
            }
        ]
    return diagnostic


def _range(change: Change, where: Location, first: int) -> dict[str, object]:
    last = max(first, where.end or first)
    start, end = {"line": first}, {"line": last}
    if where.column is not None and (column := _bytes(change, where, first, where.column)):
        start["column"] = column
        if where.end_column is not None and (column := _bytes(change, where, last, where.end_column)):
            end["column"] = column
    return {"start": start, "end": end}


def _bytes(change: Change, where: Location, line: int, column: int) -> int | None:
    """Return a column as reviewdog counts it, in bytes of UTF-8, or None where the line is not at hand."""
    text = line_text(change, where.path, line)
    return None if text is None else len(text[: column - 1].encode("utf-8", "surrogatepass")) + 1
