"""The files of a pull request as GitHub lists them, and whether the list is whole."""

from collections.abc import Iterable, Mapping
from typing import Any

from hunkwise.core.diff import parse_patch
from hunkwise.core.errors import DiffError
from hunkwise.core.model import FileDiff, RepoPath, Status
from hunkwise.github.values import a_map, a_text, an_optional_text

LISTED = 3000
"""Files that GitHub lists at most."""
STATUS = {
    "added": Status.ADDED,
    "removed": Status.DELETED,
    "renamed": Status.RENAMED,
    "copied": Status.COPIED,
}


def listed_files(items: Iterable[Any]) -> tuple[FileDiff, ...] | None:
    """Return the files, or None where one has no patch though it may have lines, or the list may be cut.

    A file without a patch may be binary, only moved, too long for GitHub, or one of too many: GitHub tells the last
    from a binary one by nothing.
    """
    found: dict[str, FileDiff] = {}
    for item in items:
        value = a_map(item, "a file")
        file = _file(value)
        if file is None:
            return None
        found[file.path] = file
    return tuple(found.values()) if len(found) < LISTED else None


def _file(value: Mapping[str, Any]) -> FileDiff | None:
    path = RepoPath(a_text(value.get("filename"), "filename"))
    status = STATUS.get(an_optional_text(value.get("status")), Status.MODIFIED)
    moved = status in (Status.RENAMED, Status.COPIED)
    old = RepoPath(an_optional_text(value.get("previous_filename"))) if moved else None
    patch = an_optional_text(value.get("patch"))
    if not patch:
        return FileDiff(path=path, old_path=old, status=status) if moved and value.get("changes") == 0 else None
    try:
        hunks = parse_patch(path, patch.encode("utf-8", "surrogatepass")).hunks
    except (DiffError, UnicodeEncodeError):
        return None
    lines = [line for hunk in hunks for line in hunk.lines]
    if (sum(line.is_added for line in lines), sum(line.is_removed for line in lines)) != (
        value.get("additions"),
        value.get("deletions"),
    ):
        return None
    return FileDiff(path=path, old_path=old, status=status, hunks=hunks)
