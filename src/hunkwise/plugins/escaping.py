"""Make outside text inert in Markdown: it is shown as it is, links to nothing, calls nobody and commands no bot."""

import re
from collections.abc import Sequence

from hunkwise.core.masking import without_tokens
from hunkwise.core.text import printable

LONGEST_LINE = 4000
"""Characters of a line of code that are shown."""
CODE_SPAN = re.compile(r"(?<!`)`(?!`)([^`\n]+)(?<!`)`(?!`)")
ACTIVE = re.compile(r"[\\`*_\[\]|~$]")
ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
LINKED = re.compile(r"(@|#|\bGH-|://|\bwww\.)(?=\S)|(:)(?=[a-z0-9+\\_-]{1,50}:)", re.IGNORECASE)
"""What GitHub and GitLab turn into a mention, a reference, a link or an emoji by themselves.

An empty comment behind it prevents that, also for bots, which read the text as it is written.
"""
OBJECT_NAME = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{7,64}(?![0-9A-Za-z])", re.IGNORECASE)
"""What GitHub may take for a commit; six digits are none."""
BREAK = "<!-- -->"
BLOCK = re.compile(r"^( *)([-+=#/]|&gt;|\d+(?=[.)]))")
"""What means something at the start of a line only: to Markdown, or, as a slash, to bots and to GitLab."""


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, tokens aside; code between single backticks stays code."""
    return "\n".join(_escape_line(line) for line in printable(without_tokens(text), keep="\n").split("\n"))


def one_line(text: str) -> str:
    """Return text as `escape` does, on one line of Markdown, so that only its first word can begin a line."""
    return escape(text.strip()).replace("\n", "<br>")


def code_span(text: str) -> str:
    """Return the text as code on one line, whatever backticks are in it."""
    shown = printable(without_tokens(text))
    ticks = "`" * (_longest_run(shown) + 1)
    pad = " " if shown[:1] in ("`", " ", "") or shown[-1:] in ("`", " ") else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def fence(lines: Sequence[str], language: str) -> str:
    """Return a fenced block that no backticks in the lines can end."""
    # all at once, since a private key goes over several lines
    plain = without_tokens("\n".join(lines)).split("\n") if lines else ()
    shown = [_shorten(printable(line, keep="\t")) for line in plain]
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
    escaped = ACTIVE.sub(r"\\\g<0>", text).translate(ENTITIES)
    return OBJECT_NAME.sub(_break_up, LINKED.sub(rf"\g<0>{BREAK}", escaped))


def _break_up(match: re.Match[str]) -> str:
    return BREAK.join(match[0][at : at + 6] for at in range(0, len(match[0]), 6))


def _escape_block(match: re.Match[str]) -> str:
    mark = match[2]
    return mark + "\\" if mark[0].isdigit() else mark if mark == "&gt;" else "\\" + mark


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _shorten(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1].rstrip() + "…"
