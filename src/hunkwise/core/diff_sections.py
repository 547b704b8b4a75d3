"""Cut a diff into files and hunks of the length that their headers state, before anything is read into them."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from hunkwise.core.diff_names import DEV_NULL, checked_path, header_name, split_git_header, strip_prefixes, unquote
from hunkwise.core.errors import DiffError
from hunkwise.core.model import RepoPath

_HUNK = re.compile(r"@@ -(\d{1,10})(?:,(\d{1,10}))? \+(\d{1,10})(?:,(\d{1,10}))? @@")
_COMBINED = ("diff --cc ", "diff --combined ", "@@@ ")
_BINARY = re.compile(r"Binary files? (.+?) (?:and (.+) differ|differs?|has changed)$")
_SIGNATURE = re.compile(r"\d+\.\d+")


class RawHunk(NamedTuple):
    """A hunk as written: the numbers of its header and its lines, each with its mark."""

    old_start: int
    old_length: int
    new_start: int
    new_length: int
    lines: list[str]
    ends_without_newline: bool


@dataclass(slots=True)
class Section:
    """One file of a diff, with all that its header says; `line` is where it starts, 1-based."""

    line: int
    git: str | None = None
    names: tuple[str, str] | None = None
    is_missing: tuple[bool, bool] = (False, False)
    moved_from: str | None = None
    moved_to: str | None = None
    is_copy: bool = False
    is_new: bool = False
    is_deleted: bool = False
    is_binary: bool = False
    old_mode: str | None = None
    new_mode: str | None = None
    hunks: list[RawHunk] = field(default_factory=list)

    def paths(self) -> tuple[RepoPath | None, RepoPath | None]:
        """Return the path before and after; None on a side where the file does not exist."""
        if self.moved_from is not None and self.moved_to is not None:
            return checked_path(self.moved_from, self.line), checked_path(self.moved_to, self.line)
        names = self.names or (split_git_header(self.git) if self.git is not None else None)
        if names is None:
            raise DiffError(f"diff, line {self.line}: cannot tell the file's name from {self.git!r}")
        old, new = strip_prefixes(*names)
        if self.git is not None and DEV_NULL in (old, new):
            both = split_git_header(self.git)
            if both is not None and both[0] == both[1]:
                old, new = names
        is_old = not (self.is_new or old == DEV_NULL or self.is_missing[0])
        is_new = not (self.is_deleted or new == DEV_NULL or self.is_missing[1])
        return (
            checked_path(old, self.line) if is_old else None,
            checked_path(new, self.line) if is_new else None,
        )


def split_sections(text: str, path: RepoPath | None = None) -> list[Section]:
    """Cut the text of a diff at its files and hunks; with a `path`, it may start at a hunk of that file.

    Raises DiffError where a hunk does not have the lines that its header states, or for a combined diff.
    """
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    sections: list[Section] = []
    current: Section | None = None
    if path is not None:
        current = Section(line=1, names=(f"a/{path}", f"b/{path}"))
        sections.append(current)
    at, count = 0, len(lines)
    while at < count:
        line = lines[at]
        if line.startswith("@@ -"):
            if current is None:
                raise DiffError(f"diff, line {at + 1}: a hunk without a file before it")
            at = _read_hunk(lines, at, current)
            continue
        if line.startswith("diff --git "):
            current = Section(line=at + 1, git=line[11:])
            sections.append(current)
        elif line.startswith("--- ") and at + 1 < count and lines[at + 1].startswith("+++ "):
            if current is None or current.names is not None or current.is_binary:
                current = Section(line=at + 1)
                sections.append(current)
            (old, old_missing), (new, new_missing) = header_name(line[4:]), header_name(lines[at + 1][4:])
            current.names, current.is_missing = (old, new), (old_missing, new_missing)
            at += 1
        elif line.startswith(_COMBINED):
            raise DiffError(
                f"diff, line {at + 1}: a combined diff of a merge ({line.split(' ')[0]} {line.split(' ')[1]}…) cannot "
                "be reviewed; make it against one parent: git diff -m --first-parent, or git diff BASE HEAD"
            )
        elif line.startswith("Binary file"):
            current = _read_binary(line, at, current, sections)
        elif current is not None and current.git is not None and current.names is None:
            _read_extended(line, current)
        at += 1
    return [section for section in sections if section.git is not None or section.hunks or section.is_binary]


def _read_hunk(lines: list[str], at: int, section: Section) -> int:
    header = _HUNK.match(lines[at])
    if header is None:
        raise DiffError(f"diff, line {at + 1}: {lines[at][:80]!r} is not the header of a hunk")
    old_start, new_start = int(header[1]), int(header[3])
    old_length = 1 if header[2] is None else int(header[2])
    new_length = 1 if header[4] is None else int(header[4])
    old, new = old_length, new_length
    body: list[str] = []
    start = at
    at += 1
    count = len(lines)
    bare_end = False
    while (old > 0 or new > 0) and at < count:
        line = lines[at]
        mark = line[:1]
        if mark == "+":
            new -= 1
        elif mark == "-":
            old -= 1
        elif mark == " ":
            old -= 1
            new -= 1
        elif mark == "" or line == "\r":
            old -= 1
            new -= 1
            line = " " + line
        elif mark == "\\":
            at += 1
            continue
        else:
            break
        body.append(line)
        at += 1
    if old or new:
        raise DiffError(f"{_where(section, start)}: the hunk does not have the lines that its header states{_CUT}")
    if at < count and lines[at].startswith("\\"):
        bare_end = bool(body) and body[-1][0] != "-"
        at += 1
    if _goes_on(lines, at):
        raise DiffError(f"{_where(section, at)}: the hunk has more lines than its header states{_CUT}")
    section.hunks.append(RawHunk(old_start, old_length, new_start, new_length, body, bare_end))
    return at


_CUT = "; the diff was cut or edited, make it anew"


def _goes_on(lines: list[str], at: int) -> bool:
    if at >= len(lines) or lines[at][:1] not in ("+", "-", " "):
        return False
    line = lines[at]
    following = lines[at + 1] if at + 1 < len(lines) else ""
    if line.startswith("--- ") and following.startswith("+++ "):
        return not (at + 2 < len(lines) and lines[at + 2].startswith(("@@ -", "diff ")))
    return not (line.rstrip() == "--" and (not following or _SIGNATURE.match(following)))


def _where(section: Section, at: int) -> str:
    names = section.names or ("", "")
    name = names[0] if names[1] == DEV_NULL else names[1]
    return f"diff, line {at + 1}, {name[2:] if name[1:2] == '/' else name}"


def _read_binary(line: str, at: int, current: Section | None, sections: list[Section]) -> Section | None:
    match = _BINARY.match(line)
    if match is None:
        return current
    if current is None or current.git is None or current.hunks:
        current = Section(line=at + 1, names=(match[1], match[2] or match[1]))
        sections.append(current)
    current.is_binary = True
    return current


def _read_extended(line: str, section: Section) -> None:
    word, _, rest = line.partition(" ")
    if line.startswith("old mode "):
        section.old_mode = line[9:]
    elif line.startswith("new mode "):
        section.new_mode = line[9:]
    elif line.startswith("new file mode "):
        section.is_new, section.new_mode = True, line[14:]
    elif line.startswith("deleted file mode "):
        section.is_deleted, section.old_mode = True, line[18:]
    elif line.startswith(("rename from ", "copy from ")):
        section.moved_from, section.is_copy = unquote(rest.partition(" ")[2]), word == "copy"
    elif line.startswith(("rename to ", "copy to ")):
        section.moved_to = unquote(rest.partition(" ")[2])
    elif word == "index":
        mode = rest.partition(" ")[2]
        if mode and section.old_mode is None and section.new_mode is None:
            section.old_mode = section.new_mode = mode
    elif line == "GIT binary patch":
        section.is_binary = True
