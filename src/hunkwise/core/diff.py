"""Read a diff into values: unidiff parses the hunks, and what it gets wrong around them is mended here."""

import re
from collections.abc import Mapping, Sequence

from hunkwise.core.diff_sections import RawHunk, Section, split_sections
from hunkwise.core.errors import DiffError
from hunkwise.core.model import FileDiff, Hunk, Kind, Line, RepoPath, Status

MAX_BYTES = 50 * 2**20
_FIRST_HEADER = re.compile(rb"^(?:diff --git |--- |@@ -)[^\n]*", re.MULTILINE)


def parse_diff(diff: bytes, max_bytes: int = MAX_BYTES) -> tuple[FileDiff, ...]:
    """Return the files of a unified diff, in its order; an empty one has none.

    Raises DiffError for a diff that is larger than `max_bytes`, is cut or edited, or is no unified diff.
    """
    sections = parse_sections(diff, max_bytes)
    return _merge_type_changes([file_diff(section) for section in sections])


def parse_patch(path: RepoPath, patch: bytes, max_bytes: int = MAX_BYTES) -> FileDiff:
    """Return one file from bare hunks, such as those of `files[].patch` in GitHub's API."""
    sections = parse_sections(patch, max_bytes, path)
    if len(sections) > 1:
        raise DiffError(f"{path}: the patch of one file names another on line {sections[1].line}")
    return file_diff(sections[0]) if sections else FileDiff(path=path)


def rebuild_added(diff: bytes, max_bytes: int = MAX_BYTES) -> Mapping[RepoPath, bytes]:
    """Return the whole content of the files that a diff adds, byte for byte."""
    added: dict[RepoPath, bytes] = {}
    for section in parse_sections(diff, max_bytes):
        old, new = section.paths()
        if old is None and new is not None and not section.is_binary and section.new_mode in (None, "100644", "100755"):
            text = "\n".join(line[1:] for hunk in section.hunks for line in hunk.lines)
            if section.hunks and not section.hunks[-1].ends_without_newline:
                text += "\n"
            added[new] = text.encode("utf-8", "surrogateescape")
    return added


def parse_sections(diff: bytes, max_bytes: int, path: RepoPath | None = None) -> list[Section]:
    """Cut a diff into its files, decoded as UTF-8 with surrogate escapes."""
    if len(diff) > max_bytes:
        raise DiffError(
            f"the diff has {len(diff) / 2**20:.0f} MB, more than {max_bytes / 2**20:.0f} MB: review a smaller range, "
            "or leave large files out of the diff (git diff … -- ':!big.sql')"
        )
    first = _FIRST_HEADER.search(diff)
    if first is not None and first.group().endswith(b"\r"):
        diff = diff.replace(b"\r\n", b"\n")
    sections = split_sections(diff.decode("utf-8", "surrogateescape"), path)
    if not sections and path is None and diff.strip():
        raise DiffError("this is no unified diff: it has no file with a hunk; make one with git diff or diff -u")
    return sections


def file_diff(section: Section) -> FileDiff:
    """Read one file's header and hunks."""
    old, new = section.paths()
    path = new or old
    if path is None:
        raise DiffError(f"diff, line {section.line}: the file exists neither before nor after")
    old_mode, mode = section.old_mode, section.new_mode or section.old_mode or "100644"
    kind, reason = kind_of_mode(mode)
    if kind is Kind.CODE and section.is_binary:
        kind, reason = Kind.BINARY, "binary file"
    status = _status(section, old, new)
    moved = status in (Status.RENAMED, Status.COPIED)
    return FileDiff(
        path=path,
        old_path=old if moved else None,
        status=status,
        mode=mode,
        old_mode=old_mode if old is not None and new is not None and old_mode != mode else None,
        hunks=read_hunks(path, section.hunks),
        kind=kind,
        reason=reason,
    )


def kind_of_mode(mode: str) -> tuple[Kind, str]:
    """Return what a mode of git says about a file: a symbolic link, a submodule, or nothing."""
    if mode == "120000":
        return Kind.SYMLINK, "symbolic link"
    if mode == "160000":
        return Kind.SUBMODULE, "submodule"
    return Kind.CODE, ""


def read_hunks(path: RepoPath, raw_hunks: Sequence[RawHunk], first: int = 1) -> tuple[Hunk, ...]:
    """Let unidiff read the lines of a file's hunks; `first` is the ordinal of the first one in its id."""
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    raw_hunks = [raw for raw in raw_hunks if raw.lines]
    if not raw_hunks:
        return ()
    text = ["--- a/file", "+++ b/file"]
    for raw in raw_hunks:
        text.append(f"@@ -{raw.old_start},{raw.old_length} +{raw.new_start},{raw.new_length} @@")
        text += raw.lines
    try:
        (patched,) = PatchSet(text)
    except UnidiffParseError as error:
        raise DiffError(f"{path}: {error}") from error
    readable = str if _is_utf8(text) else _readable
    return tuple(
        Hunk(
            id=f"{path}:{number}",
            path=path,
            old_start=hunk.source_start,
            old_length=hunk.source_length,
            new_start=hunk.target_start,
            new_length=hunk.target_length,
            lines=tuple([Line(one.source_line_no, one.target_line_no, readable(one.value)) for one in hunk]),
        )
        for number, hunk in enumerate(patched, first)
    )


def _is_utf8(lines: Sequence[str]) -> bool:
    try:
        "".join(lines).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _readable(text: str) -> str:
    return text if _is_utf8((text,)) else text.encode("utf-8", "surrogateescape").decode("latin-1")


def _status(section: Section, old: RepoPath | None, new: RepoPath | None) -> Status:
    if old is None:
        return Status.ADDED
    if new is None:
        return Status.DELETED
    if section.moved_from is not None:
        return Status.COPIED if section.is_copy else Status.RENAMED
    if section.old_mode != section.new_mode and not section.hunks and not section.is_binary:
        return Status.MODE_CHANGED
    if not section.git and len(section.hunks) == 1 and section.hunks[0][:2] == (0, 0):
        return Status.ADDED
    return Status.MODIFIED


def _merge_type_changes(files: list[FileDiff]) -> tuple[FileDiff, ...]:
    merged: list[FileDiff] = []
    for file in files:
        last = merged[-1] if merged else None
        if (
            last is not None
            and last.path == file.path
            and last.status is Status.DELETED
            and file.status is Status.ADDED
        ):
            merged[-1] = type_change(last, file)
        else:
            merged.append(file)
    seen: set[RepoPath] = set()
    for file in merged:
        if file.path in seen:
            raise DiffError(f"the diff names {file.path!r} twice: give one diff, not a series of patches")
        seen.add(file.path)
    return tuple(merged)


def type_change(removed: FileDiff, added: FileDiff) -> FileDiff:
    """Join the two halves that git writes where a file becomes a symbolic link, or the other way round."""
    hunks = [
        Hunk(
            id=f"{added.path}:{number}",
            path=added.path,
            old_start=hunk.old_start,
            old_length=hunk.old_length,
            new_start=hunk.new_start,
            new_length=hunk.new_length,
            lines=hunk.lines,
        )
        for number, hunk in enumerate((*removed.hunks, *added.hunks), 1)
    ]
    return FileDiff(
        path=added.path,
        status=Status.TYPE_CHANGED,
        mode=added.mode,
        old_mode=removed.mode,
        hunks=tuple(hunks),
        kind=added.kind,
        reason=added.reason,
    )
