"""The native JSON format of Jenkins' Warnings Next Generation plugin."""

from html import escape

from hunkwise.core.model import Report, ReviewComment
from hunkwise.core.ports import RenderOptions
from hunkwise.core.text import json_text, printable, valid_text
from hunkwise.plugins.sinks.excerpt import target
from hunkwise.plugins.sinks.severity import WARNINGS_NG
from hunkwise.plugins.sinks.wording import say_message, say_reasons, say_rule, web_url


class WarningsNgSink:
    """What Jenkins reads as `issues.json`."""

    name = "warnings-ng"
    description = "issues.json, for Jenkins' Warnings plugin"

    def render(self, report: Report, options: RenderOptions) -> bytes:
        """Return the comments as issues; the description is HTML, as Jenkins shows it."""
        return (json_text({"issues": [_issue(comment) for comment in report.kept]}) + "\n").encode()


def _issue(comment: ReviewComment) -> dict[str, object]:
    candidate = comment.scored.candidate
    where = target(candidate)
    issue: dict[str, object] = {
        "fileName": valid_text(where.path),
        "severity": WARNINGS_NG[candidate.severity],
        "message": say_message(comment),
        "description": _description(comment),
        "category": candidate.category.value,
        "type": say_rule(candidate),
        "fingerprint": printable(candidate.fingerprint),
    }
    if where.start is not None:
        issue["lineStart"] = where.start
        issue["lineEnd"] = max(where.start, where.end or where.start)
        if where.column is not None:
            issue["columnStart"] = where.column
            if where.end_column is not None and where.end_column > 1:
                issue["columnEnd"] = where.end_column - 1
    return issue


def _description(comment: ReviewComment) -> str:
    parts = [f"<p>{escape(say_reasons(comment))}</p>"]
    if comment.suggestion:
        code = printable(comment.suggestion, keep="\n\t")
        parts.append(f"<p>Suggestion:</p><pre><code>{escape(code)}</code></pre>")
    if url := web_url(comment.scored.candidate):
        parts.append(f'<p><a href="{escape(url)}">{escape(url)}</a></p>')
    return "".join(parts)
