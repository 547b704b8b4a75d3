"""A tried fix as a block that GitHub can apply: it replaces just the lines that the comment is on."""

import re

from hunkwise.core.masking import without_tokens
from hunkwise.core.model import Change, ReviewComment, Side
from hunkwise.core.text import printable
from hunkwise.plugins.escaping import LONGEST_LINE, fence
from hunkwise.plugins.github.places import Anchor
from hunkwise.plugins.sinks.excerpt import replaced_lines, suggestion_diff

LONGEST = 10_000
"""Characters of a suggestion."""
LONGEST_PREVIEW = 20_000
COMMANDING = re.compile(r"\s*(/[A-Za-z][\w-]*(\s|$)|@[\w/-]+\s+\w|<!--\s*hunkwise)")
"""A line that a bot may take for a command, or that looks like a marker of ours."""


def suggestion_block(comment: ReviewComment, where: Anchor, change: Change) -> str:
    """Return the block that GitHub offers to apply, or nothing where it would not be just the comment's fix.

    The anchor must be the whole range of the comment at the head, and the diff must show it. The text must change
    something, hide nothing, command nobody, and be the fix of a tool: no text of a model gets here.
    """
    lines = suggested_lines(comment)
    own = comment.scored.candidate.location
    if lines is None or own.start is None or where.line is None or where.side is not Side.HEAD:
        return ""
    if own.side is not Side.HEAD or own.path != where.path:
        return ""
    if (where.start or where.line, where.line) != (own.start, max(own.start, own.end or own.start)):
        return ""
    old = replaced_lines(change, comment)
    return "" if old is None or old == lines or any(map(_is_dangerous, lines)) else fence(lines, "suggestion")


def suggestion_preview(comment: ReviewComment, change: Change) -> str:
    """Return the suggestion as a diff that nothing applies, or nothing where there is none."""
    lines = suggested_lines(comment)
    old = replaced_lines(change, comment)
    if lines is None or old is None or old == lines:
        return ""
    shown = fence([f"{mark}{text}" for mark, text in suggestion_diff(old, lines)], "diff")
    return shown if len(shown) <= LONGEST_PREVIEW else ""


def suggested_lines(comment: ReviewComment) -> tuple[str, ...] | None:
    """Return the lines that a tool's fix puts in place of the comment's, none where it removes them; None without."""
    text = comment.suggestion
    if text is None or len(text) > LONGEST or not any(source.fix for source in comment.scored.candidate.sources):
        return None
    return tuple(text.removesuffix("\n").split("\n")) if text else ()


def _is_dangerous(line: str) -> bool:
    return (
        len(line) > LONGEST_LINE or printable(without_tokens(line), keep="\t") != line or bool(COMMANDING.match(line))
    )
