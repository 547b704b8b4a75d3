"""The report as Markdown, for a comment on a pull request or a file; all outside text is escaped."""

import re
from collections.abc import Iterator, Sequence

from hunkwise.core.model import Report, ReviewComment
from hunkwise.core.ports import RenderOptions
from hunkwise.core.text import printable
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
"""Characters of a message, and of a line of code, that are shown."""
CODE_SPAN = re.compile(r"(?<!`)`(?!`)([^`\n]+)(?<!`)`(?!`)")
ACTIVE = re.compile(r"[\\`*_\[\]|~$]")
ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
LINKED = re.compile(r"(@|#|\bGH-|://|\bwww\.)(?=\S)", re.IGNORECASE)
"""What GitHub turns into a mention, a reference or a link by itself; an empty comment behind it prevents that."""
BLOCK = re.compile(r"^( *)([-+=#]|&gt;|\d+(?=[.)]))")


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


def escape(text: str) -> str:
    """Return text that Markdown shows as it is; code between single backticks stays code."""
    return "\n".join(_escape_line(line) for line in printable(text, keep="\n").split("\n"))


def code_span(text: str) -> str:
    """Return the text as code on one line, whatever backticks are in it."""
    shown = printable(text)
    ticks = "`" * (_longest_run(shown) + 1)
    pad = " " if shown[:1] in ("`", " ", "") or shown[-1:] in ("`", " ") else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def fence(lines: Sequence[str], language: str) -> str:
    """Return a fenced block that no backticks in the lines can end."""
    shown = [shorten(printable(line, keep="\t"), LONGEST) for line in lines]
    ticks = "`" * max(3, max(map(_longest_run, shown), default=0) + 1)
    return "\n".join((f"{ticks}{language}", *shown, ticks))


def _escape_line(line: str) -> str:
    parts = []
    last = 0
    for span in CODE_SPAN.finditer(line):
        parts += [_escape_words(line[last : span.start()]), f"`{span[1]}`" if span[1].strip() else "\\`\\`"]
        last = span.end()
    parts.append(_escape_words(line[last:]))
    return BLOCK.sub(_escape_block, "".join(parts).strip())


def _escape_words(text: str) -> str:
    return LINKED.sub(r"\1<!-- -->", ACTIVE.sub(r"\\\g<0>", text).translate(ENTITIES))


def _escape_block(match: re.Match[str]) -> str:
    mark = match[2]
    return mark + "\\" if mark[0].isdigit() else mark if mark == "&gt;" else "\\" + mark


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


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
