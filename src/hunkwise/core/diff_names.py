"""File names in the headers of a diff: quoting, prefixes, and which of two spellings is the path."""

import re

from hunkwise.core.errors import DiffError
from hunkwise.core.model import RepoPath

DEV_NULL = "/dev/null"
_ESCAPES = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
_ESCAPE = re.compile(r"\\([0-7]{3}|.)", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_PREFIXES = frozenset("abciow12")


def unquote(name: str) -> str:
    """Undo git's C-style quoting of a name; a name that is not quoted comes back as it is."""
    match = _QUOTED.fullmatch(name)
    return _unescape(match.group(1)) if match else name


def header_name(rest: str) -> tuple[str, bool]:
    """Return the name after `--- ` or `+++ `, and whether its timestamp says that the file does not exist."""
    match = _QUOTED.match(rest)
    if match:
        return _unescape(match.group(1)), False
    name, _, stamp = rest.partition("\t")
    return name, stamp.startswith(("1970-01-01 0", "1969-12-31 ", "Thu Jan  1 0"))


def split_git_header(rest: str) -> tuple[str, str] | None:
    """Return the two names after `diff --git `, with their prefixes; None where they cannot be told apart."""
    match = _QUOTED.match(rest)
    if match:
        return _unescape(match.group(1)), unquote(rest[match.end() + 1 :])
    if rest.endswith('"') and ' "' in rest:
        left, _, right = rest.partition(' "')
        return left, unquote('"' + right)
    middle = len(rest) // 2
    if len(rest) % 2 and rest[middle] == " ":
        old, new = rest[:middle], rest[middle + 1 :]
        if old == new or strip_prefixes(old, new) != (old, new):
            return old, new
    found = re.fullmatch(r"([abciow12]/.+) ([abciow12]/.+)", rest)
    if found is None:
        found = re.fullmatch(r"(\S+) (\S+)", rest)
    return (found.group(1), found.group(2)) if found else None


def strip_prefixes(old: str, new: str) -> tuple[str, str]:
    """Take off `a/` and `b/`, git's other pairs of prefixes, or the two directories that `diff -r` was given."""
    if _has_prefixes(old, new):
        return (old if old == DEV_NULL else old[2:]), (new if new == DEV_NULL else new[2:])
    if old != new and DEV_NULL not in (old, new):
        first, _, below = old.partition("/")
        second, _, beneath = new.partition("/")
        if below and below == beneath and first != second:
            return below, beneath
    return old, new


def checked_path(name: str, line: int) -> RepoPath:
    """Return a name as a path of the repository; raise DiffError where it leads out of it."""
    path = name.removeprefix("./").lstrip("/") if name != DEV_NULL else ""
    parts = path.split("/")
    if not path or "\0" in path or ".." in parts or "." in parts or "" in parts[:-1]:
        raise DiffError(f"diff, line {line}: {name!r} is not a path inside a repository")
    return RepoPath(path)


def _has_prefixes(old: str, new: str) -> bool:
    if old == DEV_NULL or new == DEV_NULL:
        known = new if old == DEV_NULL else old
        return known[1:2] == "/" and known[0] in "abciow12"
    return old[1:2] == "/" == new[1:2] and old[0] != new[0] and old[0] in _PREFIXES and new[0] in _PREFIXES


def _unescape(body: str) -> str:
    if "\\" not in body:
        return body
    raw = bytearray()
    end = 0
    for match in _ESCAPE.finditer(body):
        raw += body[end : match.start()].encode("utf-8", "surrogateescape")
        code = match.group(1)
        raw.append(int(code, 8) & 255 if len(code) == 3 else _ESCAPES.get(code, ord(code[0]) & 255))
        end = match.end()
    raw += body[end:].encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "surrogateescape")
