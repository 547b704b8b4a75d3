"""What the lines of a comment become under a tool's fix."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hunkwise.core.model import Candidate, Change, Edit, Finding, Location, RepoPath, ReviewComment, Side
from hunkwise.core.places import is_open
from hunkwise.core.ports import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the lines of a comment become under the fix of one of its sources; empty removes them."""

    fingerprint: str
    source: Finding
    path: RepoPath
    start: int
    end: int
    text: str

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.removesuffix("\n").split("\n")) if self.text else ()


def propose(
    comments: Iterable[ReviewComment], change: Change, workspace: Workspace
) -> tuple[tuple[Proposal, ...], Mapping[str, str]]:
    """Return what the fixes of the comments would do, and why some cannot be offered, by fingerprint.

    A fix must touch only lines of its comment, all of them in the diff, change something, and leave Python parsable.
    """
    found, refused = [], {}
    for comment in comments:
        candidate = comment.scored.candidate
        fixed = [source for source in candidate.sources if source.fix is not None and source.fix.edits]
        if not fixed:
            continue
        reasons = []
        for source in fixed:
            proposal = _proposal(candidate, source, change, workspace)
            if isinstance(proposal, Proposal):
                found.append(proposal)
                break
            reasons.append(f"{source.tool}'s fix {proposal}")
        else:
            refused[candidate.fingerprint] = reasons[0]
    return tuple(found), refused


def still_parses(path: str, old: str, new: str) -> bool:
    """Return whether a file of Python parses, or did not before; other languages are left to their tools."""
    if not path.endswith((".py", ".pyi")):
        return True
    return _parses(new) or not _parses(old)


def _proposal(candidate: Candidate, source: Finding, change: Change, workspace: Workspace) -> Proposal | str:
    """Return what the fix would do, or in words what is wrong with it."""
    where = candidate.location
    if source.fix is None or where.side is not Side.HEAD or where.start is None or source.location.path != where.path:
        return "is for another place"
    if not _is_in_diff(where, change):
        return "is for lines that the diff does not show"
    try:
        text = workspace.read(where.path).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return "is for a file that cannot be read as text"
    end = max(where.end or where.start, where.start)
    replaced = _replace(text, where.start, end, source.fix.edits)
    if replaced is None:
        return "changes nothing, or more than the lines of the comment"
    if not still_parses(where.path, *replaced[:2]):
        return "leaves a file that does not parse"
    return Proposal(
        fingerprint=candidate.fingerprint, source=source, path=where.path, start=where.start, end=end, text=replaced[2]
    )


def _replace(text: str, start: int, end: int, edits: Sequence[Edit]) -> tuple[str, str, str] | None:
    """Return the old text, the new text, and the new text of the lines from start to end; None if edits leave them."""
    lines = text.split("\n")
    if end > len(lines) or not all(_is_within(edit, start, end) for edit in edits):
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


def _is_within(edit: Edit, start: int, end: int) -> bool:
    """Return whether an edit keeps to the lines, of which it may remove or replace the last one whole."""
    is_whole = (edit.end_line, edit.end_column) == (end + 1, 1) and (not edit.text or edit.text.endswith("\n"))
    if is_whole and not edit.text and edit.column != 1:
        return False
    return start <= edit.line <= end and edit.line <= edit.end_line and (edit.end_line <= end or is_whole)


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
