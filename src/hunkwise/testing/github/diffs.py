"""The files of a pull request as GitHub lists them, and the lines of their hunks."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from hunkwise.testing.github import bare_git

_STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}
_HEADER = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True, slots=True, kw_only=True)
class HunkLine:
    """A line of a hunk: its numbers, None on a side that lacks it, and where it is below the patch's first header."""

    left: int | None
    right: int | None
    position: int
    hunk: int
    text: str

    def number(self, side: str) -> int | None:
        """Return the number under which it takes a comment on a side, None where it takes none."""
        if side == "LEFT":
            return self.left if self.right is None else None
        return self.right


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """A file of a diff; the patch is None for a binary or unchanged content."""

    path: str
    previous: str | None
    status: str
    sha: str
    additions: int
    deletions: int
    patch: str | None
    lines: tuple[HunkLine, ...] = field(default=(), repr=False)

    def find(self, line: int, side: str) -> HunkLine | None:
        """Return the line that takes a comment under this number, if any."""
        return next((one for one in self.lines if one.number(side) == line), None)

    def excerpt(self, until: HunkLine) -> str:
        """Return the hunk down to a line, as a comment shows it."""
        body = (self.patch or "").split("\n")
        headers = [index for index, text in enumerate(body) if text.startswith("@@")]
        return "\n".join(body[headers[until.hunk] : until.position + 1])


@lru_cache(maxsize=256)
def changed_files(path: Path, base: str, head: str) -> tuple[ChangedFile, ...]:
    """Return what differs between two commits, in git's order."""
    options = ("-M", "--no-ext-diff", "--no-textconv", "--no-color", "--full-index")
    raw = bare_git.git(path, "diff", *options, "--raw", "-z", "--numstat", "--no-abbrev", base, head)
    patches = _patches(bare_git.git(path, "diff", *options, "-p", base, head).decode("utf-8", "replace"))
    fields = raw.decode("utf-8", "replace").split("\0")
    records: list[tuple[str, str, str | None, str]] = []
    at = 0
    while at < len(fields) and fields[at].startswith(":"):
        _, _, old_sha, new_sha, status = fields[at][1:].split(" ")
        moved = status[0] in "RC"
        old_name, name = fields[at + 1], fields[at + (2 if moved else 1)]
        word = "changed" if status[0] == "M" and old_sha == new_sha else _STATUS[status[0]]
        records.append((word, name, old_name if moved else None, old_sha if status[0] == "D" else new_sha))
        at += 3 if moved else 2
    counts: list[tuple[int, int]] = []
    while at < len(fields) and fields[at]:
        added, deleted, name = fields[at].split("\t", 2)
        counts.append((0 if added == "-" else int(added), 0 if deleted == "-" else int(deleted)))
        at += 1 if name else 3
    return tuple(_file(record, count, patch) for record, count, patch in zip(records, counts, patches, strict=True))


def parse_hunks(patch: str) -> tuple[HunkLine, ...]:
    """Return the lines of a patch that starts at its first hunk header."""
    found: list[HunkLine] = []
    left = right = 0
    hunk = -1
    for position, text in enumerate(patch.split("\n")):
        if match := _HEADER.match(text):
            left, right, hunk = int(match[1]), int(match[2]), hunk + 1
            continue
        if text.startswith("\\"):
            continue
        sign = text[:1]
        found.append(
            HunkLine(
                left=None if sign == "+" else left,
                right=None if sign == "-" else right,
                position=position,
                hunk=hunk,
                text=text[1:],
            )
        )
        left += sign != "+"
        right += sign != "-"
    return tuple(found)


def _file(record: tuple[str, str, str | None, str], count: tuple[int, int], patch: str | None) -> ChangedFile:
    status, name, previous, sha = record
    return ChangedFile(
        path=name,
        previous=previous,
        status=status,
        sha=sha,
        additions=count[0],
        deletions=count[1],
        patch=patch,
        lines=parse_hunks(patch) if patch else (),
    )


def _patches(text: str) -> list[str | None]:
    found: list[str | None] = []
    for block in re.split(r"^diff --git ", text, flags=re.MULTILINE)[1:]:
        start = re.search(r"^@@ ", block, flags=re.MULTILINE)
        found.append(block[start.start() :].removesuffix("\n") if start else None)
    return found
