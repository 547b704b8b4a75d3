"""The report for a developer at a terminal: each comment under its code, then what was looked at and what was not."""

import re
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from hunkwise.core.model import Decision, Location, Report, ReviewComment, Severity
from hunkwise.core.ports import RenderOptions
from hunkwise.core.text import display_path, printable
from hunkwise.plugins.sinks.excerpt import Excerpt, anchor, excerpt, replaced_lines, suggestion_diff
from hunkwise.plugins.sinks.summary import Tone, conclude, summary_rows
from hunkwise.plugins.sinks.wording import (
    by_rule,
    explained,
    held_back,
    say_message,
    say_place,
    say_reasons,
    say_unoffered,
    shorten,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.syntax import Syntax
    from rich.text import Text

INDENT = "  "
NARROWEST = 40
READABLE = 100
"""Prose is wrapped at this column even on a wider terminal."""
LONGEST = 1200
"""Characters of a message that are shown; the JSON form has all of it."""
TAB = 4
SEVERITY_STYLE = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "bright_black",
}
TONE = {Tone.GOOD: ("✓", "green"), Tone.COMMENTS: ("•", "bold"), Tone.INCOMPLETE: ("!", "bold yellow")}
DIM = "bright_black"
CODE_SPAN = re.compile(r"`[^`\n]+`")


class TerminalSink:
    """What a person reads at a terminal."""

    name = "terminal"
    description = "for reading: comments under their code, best first"

    def render(self, report: Report, options: RenderOptions) -> bytes:
        """Return text of the given width, with ANSI colours only where `options.color` is set."""
        from rich.console import Console

        file = StringIO()
        console = Console(
            file=file,
            width=max(options.width, NARROWEST),
            color_system="standard" if options.color else None,
            force_terminal=options.color,
            no_color=not options.color,
            legacy_windows=False,
            _environ={},
        )
        for line in _Page(report, options, console).lines():
            line.rstrip()
            console.print(line, soft_wrap=True)
        return file.getvalue().encode()


class _Page:
    def __init__(self, report: Report, options: RenderOptions, console: "Console") -> None:
        self.report, self.options, self.console = report, options, console
        self.prose = min(console.width, READABLE)
        self.syntaxes: dict[str, Syntax] = {}

    def lines(self) -> Iterator["Text"]:
        if self.report.description and not self.options.is_announced:
            yield from self.wrap(f"{printable(self.report.description)} · {self.report.trust.value}", DIM, indent="")
            yield _text()
        if self.report.focus:
            yield from self.focus()
        for comment in self.report.kept:
            yield from self.comment(comment)
        if self.options.explain:
            yield from self.held_back()
        yield from self.summary()

    def focus(self) -> Iterator["Text"]:
        from rich.cells import cell_len

        yield _text("Look here first", "bold")
        places = [_tail(say_place(one.location), self.prose - len(INDENT)) for one in self.report.focus]
        reasons = [", ".join(map(printable, one.reasons)) for one in self.report.focus]
        column = max(map(cell_len, places)) + 2
        is_narrow = len(INDENT) + column + max(map(cell_len, reasons)) > self.prose
        for place, reason in zip(places, reasons, strict=True):
            head = _text(INDENT + place, "bold cyan")
            if is_narrow:
                yield head
                yield from self.wrap(reason, DIM, indent=INDENT * 2)
            else:
                yield head.append(" " * (column - cell_len(place)) + reason, DIM)
        yield _text()

    def comment(self, comment: ReviewComment) -> Iterator["Text"]:
        candidate = comment.scored.candidate
        yield self.rule(say_place(anchor(candidate)), candidate.severity)
        yield from self.code(comment)
        message = say_message(comment)
        yield _text()
        yield from self.wrap(shorten(message, LONGEST), code_style="bold")
        if len(message) > LONGEST:
            yield from self.wrap(f"{len(message) - LONGEST + 1:,} more characters in the json format", DIM)
        yield from self.suggestion(comment)
        yield from self.wrap(say_reasons(comment), DIM)
        if comment.unoffered and self.options.explain:
            yield from self.wrap(say_unoffered(comment), DIM)
        for url in self.urls(comment):
            yield from self.wrap(url, DIM)
        yield _text()

    def rule(self, place: str, severity: Severity) -> "Text":
        place = _tail(place, self.prose - len(severity.label) - 10)
        left = _text("── ", DIM).append(place, "bold").append(" ")
        right = _text(" ").append(severity.label, SEVERITY_STYLE[severity]).append(" ──", DIM)
        fill = self.prose - left.cell_len - right.cell_len
        return left.append("─" * max(2, fill), DIM).append_text(right)

    def code(self, comment: ReviewComment) -> Iterator["Text"]:
        candidate = comment.scored.candidate
        shown = excerpt(self.report.change, candidate)
        digits = _digits(shown)
        syntax = self.syntax(candidate.location.path)
        for line in shown.lines:
            pointer = "▸" if line.is_meant else " "
            colour = {"+": "green", "-": "red"}.get(line.mark, DIM)
            gutter = _text(f"{pointer} ", SEVERITY_STYLE[candidate.severity])
            gutter.append(f"{line.number:>{digits}} {line.mark} ", colour if line.mark != " " else DIM)
            code = _code(line.text, syntax if line.mark != "-" else None)
            if line.is_meant and (columns := _columns(candidate.location, line.text)):
                code.stylize("underline", *columns)
            yield self.crop(gutter.append_text(code))

    def suggestion(self, comment: ReviewComment) -> Iterator["Text"]:
        if comment.suggestion is None:
            return
        old = replaced_lines(self.report.change, comment) or ()
        new = comment.suggestion.removesuffix("\n").split("\n") if comment.suggestion else []
        yield _text()
        yield _text(f"{INDENT}Suggestion", "bold")
        digits = _digits(excerpt(self.report.change, comment.scored.candidate))
        for mark, text in suggestion_diff(old, new):
            line = _text(f"{INDENT}{'':{digits}} {mark} ", "green" if mark == "+" else "red")
            yield self.crop(line.append_text(_code(text, None)))
        yield _text()

    def urls(self, comment: ReviewComment) -> Sequence[str]:
        if not self.options.verbose:
            return ()
        return tuple(dict.fromkeys(printable(one.url) for one in comment.scored.candidate.sources if one.url))

    def held_back(self) -> Iterator["Text"]:
        for decision, comments in held_back(self.report).items():
            yield _text(f"Held back: {decision.value} ({len(comments):,})", "bold")
            for comment in comments if decision is not Decision.OFF_DIFF or self.options.verbose else ():
                yield from self.wrap(explained(comment), hanging=INDENT)
            if decision is Decision.OFF_DIFF and not self.options.verbose:
                yield from self.wrap(by_rule(comments), hanging=INDENT)
                yield from self.wrap("-v lists each of them", DIM)
            yield _text()

    def summary(self) -> Iterator["Text"]:
        rows = summary_rows(self.report, verbose=self.options.verbose, explain=self.options.explain)
        column = max((len(row.label) for row in rows), default=0) + 2
        if rows:
            yield _text("─" * self.prose, DIM)
        for row in rows:
            for item in row.items:
                label = row.label if item is row.items[0] else ""
                lines = self.wrap(item, indent=" " * column)
                for number, line in enumerate(lines):
                    if number == 0:
                        head = _text(f"{label:<{column}}", "bold red" if row.is_bad else "bold")
                        line = head.append_text(line[column:])
                    yield line
        if rows:
            yield _text()
        conclusion = conclude(self.report)
        sign, style = TONE[conclusion.tone]
        yield from self.wrap(f"{sign} {conclusion.text}", style, indent="", hanging=INDENT)

    def wrap(
        self, text: str, style: str = "", *, indent: str = INDENT, hanging: str = "", code_style: str = ""
    ) -> Iterator["Text"]:
        for paragraph in text.split("\n"):
            words = _text(paragraph.rstrip(), style)
            if code_style:
                words.highlight_regex(CODE_SPAN, code_style)
            room = max(self.prose - len(indent) - len(hanging), NARROWEST // 2)
            for number, line in enumerate(words.wrap(self.console, room)):
                yield _text(indent + (hanging if number else "")).append_text(line)

    def crop(self, line: "Text") -> "Text":
        line.truncate(self.console.width, overflow="ellipsis")
        return line

    def syntax(self, path: str) -> "Syntax | None":
        if not self.options.color:
            return None
        if path not in self.syntaxes:
            self.syntaxes[path] = _syntax(path)
        return self.syntaxes[path]


def _text(text: str = "", style: str = "") -> "Text":
    from rich.text import Text

    return Text().append(text, style)


def _digits(shown: Excerpt) -> int:
    return max((len(str(line.number)) for line in shown.lines), default=1)


def _tail(text: str, width: int) -> str:
    """Return the end of a text, which tells more of a path than its beginning."""
    from rich.cells import cell_len

    if cell_len(text) <= width:
        return text
    while cell_len(text) >= width:
        text = text[1:]
    return f"…{text}"


def _code(text: str, syntax: "Syntax | None") -> "Text":
    from rich.text import Text

    shown = _shown(text)
    if syntax is None:
        return Text(shown)
    highlighted = syntax.highlight(shown)
    highlighted.rstrip()
    return highlighted


def _columns(where: Location, text: str) -> tuple[int, int] | None:
    if where.column is None or where.end_column is None or where.end != where.start:
        return None
    return len(_shown(text[: where.column - 1])), len(_shown(text[: where.end_column - 1]))


def _shown(text: str) -> str:
    return printable(text.rstrip("\r\n"), keep="\t").expandtabs(TAB)


def _syntax(path: str) -> "Syntax":
    from rich.syntax import Syntax

    return Syntax("", Syntax.guess_lexer(display_path(path), "\n"), theme="ansi_dark")
