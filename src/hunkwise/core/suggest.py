"""What the lines of a comment become under a tool's fix."""

import ast
from collections.abc import Sequence
from itertools import pairwise

from hunkwise.core.model import Change, Edit, Location, ReviewComment, Side
from hunkwise.core.places import is_open
from hunkwise.core.ports import Workspace


def suggestion(comment: ReviewComment, change: Change, workspace: Workspace) -> str | None:
    """Return the text that replaces the comment's lines, or None where no fix stays within them.

    A fix must touch only lines of the comment, all of them in the diff, change something, and leave Python parsable.
    """
    location = comment.scored.candidate.location
    if location.side is not Side.HEAD or location.start is None or not _is_in_diff(location, change):
        return None
    for source in comment.scored.candidate.sources:
        if source.fix is None or not source.fix.edits or source.location.path != location.path:
            continue
        try:
            text = workspace.read(location.path).decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        replaced = _replace(text, location.start, location.end or location.start, source.fix.edits)
        if replaced is not None and _still_parses(location.path, *replaced):
            return replaced[2]
    return None


def _replace(text: str, start: int, end: int, edits: Sequence[Edit]) -> tuple[str, str, str] | None:
    """Return the old text, the new text, and the new text of the lines from start to end; None if edits leave them."""
    lines = text.split("\n")
    if end > len(lines) or any(not start <= edit.line <= edit.end_line <= end for edit in edits):
        return None
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)
    ordered = sorted(edits, key=lambda edit: (edit.line, edit.column))
    if any((one.end_line, one.end_column) > (other.line, other.column) for one, other in pairwise(ordered)):
        return None
    new = text
    for edit in reversed(ordered):
        first, last = offsets[edit.line - 1] + edit.column - 1, offsets[edit.end_line - 1] + edit.end_column - 1
        new = new[:first] + edit.text + new[last:]
    after = len(text) - offsets[end] if offsets[end] <= len(text) else 0
    block = new[offsets[start - 1] : len(new) - after]
    if offsets[end] <= len(text):
        block = block.removesuffix("\n")
    return None if new == text else (text, new, block)


def _still_parses(path: str, old: str, new: str, _: str) -> bool:
    if not path.endswith((".py", ".pyi")):
        return True
    return _parses(new) or not _parses(old)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _is_in_diff(location: Location, change: Change) -> bool:
    wanted = range(location.start or 0, (location.end or location.start or 0) + 1)
    return any(
        file.path == location.path
        and is_open(file)
        and any({line.new for line in hunk.lines}.issuperset(wanted) for hunk in file.hunks)
        for file in change.files
    )
