"""The report as Markdown, for a comment on a pull request or a file; all outside text is escaped."""

from collections.abc import Iterator, Sequence

from hunkwise.core.model import Report, ReviewComment
from hunkwise.core.ports import RenderOptions
from hunkwise.core.text import printable
from hunkwise.plugins.escaping import code_span, escape, fence
from hunkwise.plugins.sinks.excerpt import anchor, excerpt, replaced_lines, suggestion_diff
from hunkwise.plugins.sinks.summary import conclude, summary_rows
from hunkwise.plugins.sinks.wording import (
    explained,
    held_back,
    say_message,
    say_place,
    say_reasons,
    say_unoffered,
    shorten,
)

LONGEST = 4000
"""Characters of a message that are shown."""


class MarkdownSink:
    """Markdown as GitHub and GitLab read it."""

    name = "markdown"
    description = "Markdown, for a comment or a file"

    def render(self, report: Report, options: RenderOptions) -> bytes:
        """Return the comments, best first, between the conclusion and what was reviewed by whom."""
        blocks = [f"### Hunkwise: {escape(conclude(report).text)}"]
        if report.focus:
            blocks.append("**Look here first**")
            blocks.append("\n".join(_focus(report)))
        for comment in report.kept:
            blocks += _comment(report, comment)
            if comment.unoffered and options.explain:
                blocks.append(f"<sub>{escape(shorten(say_unoffered(comment), LONGEST))}</sub>")
        blocks += _details("What was reviewed", tuple(_summary(report, options)))
        if options.explain:
            for decision, comments in held_back(report).items():
                items = tuple(f"- {escape(explained(comment))}" for comment in comments)
                blocks += _details(f"Held back: {decision.value} ({len(items)})", items)
        return ("\n\n".join(blocks) + "\n").encode()


def _focus(report: Report) -> Iterator[str]:
    for focus in report.focus:
        yield f"- {code_span(say_place(focus.location))} {escape(', '.join(map(printable, focus.reasons)))}".rstrip()


def _comment(report: Report, comment: ReviewComment) -> Iterator[str]:
    candidate = comment.scored.candidate
    yield f"#### {code_span(say_place(anchor(candidate)))} · {candidate.severity.label}"
    shown = excerpt(report.change, candidate)
    if shown.lines:
        yield fence([f"{line.mark}{line.text}" for line in shown.lines], "diff")
    message = say_message(comment)
    yield escape(shorten(message, LONGEST)).replace("\n", "  \n")
    if comment.suggestion is not None:
        old = replaced_lines(report.change, comment) or ()
        new = comment.suggestion.removesuffix("\n").split("\n") if comment.suggestion else []
        yield "Suggestion:"
        yield fence([f"{mark}{text}" for mark, text in suggestion_diff(old, new)], "diff")
    yield f"<sub>{escape(shorten(say_reasons(comment), LONGEST))}</sub>"


def _summary(report: Report, options: RenderOptions) -> Iterator[str]:
    if report.description:
        yield f"- {escape(printable(report.description))} · {report.trust.value}"
    for row in summary_rows(report, verbose=options.verbose, explain=True):
        for item in row.items:
            yield f"- **{row.label}**: {escape(item)}"


def _details(title: str, items: Sequence[str]) -> tuple[str, ...]:
    if not items:
        return ()
    return f"<details><summary>{title}</summary>", "\n".join(items), "</details>"
