"""Hidden markers in what we post: what it is about, so that it is posted once, and proof that it is ours."""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from hunkwise.core.model import Sha

VERSION = 1
MOST_SAID = 300
"""Fingerprints that a review's marker lists; those of a review's comments are in the comments as well."""
MOST_TOOLS = 6
LONGEST = 700 + 33 * MOST_SAID
"""Characters of a marker, with fingerprints of up to 32 digits."""
MOST_LINES = 64
"""Lines that begin like a marker and are looked at, from the last one."""
BEGIN, END = "<!-- ", " -->"
IDENTITY = re.compile(r"[0-9a-f]{8,32}")
OBJECT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
TOOL = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")
APP = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_APP = 39
PARTS = re.compile(
    rf"hunkwise:{VERSION} (?P<kind>[a-z]{{4,8}}) app=(?P<app>[a-z0-9-]{{1,39}}) head=(?P<head>[0-9a-f]{{40,64}}|none) "
    r"key=(?P<key>[0-9a-f]{8,32}|none) complete=(?P<complete>[01]) by=(?P<by>[a-z0-9_.,-]{1,250}|none) "
    r"said=(?P<said>[0-9a-f,]{8,10000}|none) sig=(?P<sig>[0-9a-f]{32}|none)"
)


class MarkKind(StrEnum):
    """What carries a marker."""

    REVIEW = "review"
    COMMENT = "comment"
    REPLY = "reply"
    NOTICE = "notice"
    CHECK = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Whose markers these are and for which pull request; with a `key` they are signed.

    `app` keeps two installations apart on one pull request. `old_keys` still prove what they signed.
    A repository's name counts without its case.
    """

    repository: str
    number: int
    app: str = "hunkwise"
    key: bytes = b""
    old_keys: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.app) > LONGEST_APP or not APP.fullmatch(self.app):
            raise ValueError(
                f"{self.app!r:.80} is no name for markers: up to {LONGEST_APP} small letters, digits, single dashes"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a marker says.

    `key` is the fingerprint of a comment or of what a reply is about, else the hash of the configuration, or of a
    notice's subject. `by` are the tools that a comment speaks for, `said` the fingerprints that a review has said, in
    its comments and in its body.
    """

    kind: MarkKind
    key: str = ""
    head: Sha | None = None
    is_complete: bool = False
    by: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def identity(text: str) -> str:
    """Return the text if it can stand in a marker, being 8 to 32 hex digits, else 16 digits of its hash."""
    return text if IDENTITY.fullmatch(text) else sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def hidden(marks: Marks, mark: Mark) -> str:
    """Return the marker as a line of Markdown that is not shown; it belongs at the end of a body."""
    return f"{BEGIN}{plain(marks, mark)}{END}"


def plain(marks: Marks, mark: Mark) -> str:
    """Return the marker as text, for where nobody reads it."""
    unsigned = _unsigned(marks, mark)
    signature = _signature(marks.key, marks, unsigned) if marks.key else "none"
    return f"{unsigned} sig={signature}"


def find_mark(marks: Marks, kind: MarkKind, body: str) -> Mark | None:
    """Return the last marker of this kind in a body of our own account, or None.

    It stands alone on its line, and a wrong or missing signature makes it nothing if there is a key. Without one
    anybody's copy is as good as ours: look only into what our own account wrote.
    """
    return next((mark for mark in _marks(marks, kind, body)), None)


def read_mark(marks: Marks, kind: MarkKind, text: str) -> Mark | None:
    """Return what `plain` wrote, or None for anything else."""
    return _read(marks, kind, text) if len(text) <= LONGEST else None


def _marks(marks: Marks, kind: MarkKind, body: str) -> Iterable[Mark]:
    seen = 0
    end = len(body)
    while seen < MOST_LINES and (at := body.rfind(f"{BEGIN}hunkwise:", 0, end)) >= 0:
        end, seen = at, seen + 1
        if at and body[at - 1] not in "\r\n":
            continue
        line = re.split(r"[\r\n]", body[at : at + LONGEST + len(BEGIN) + len(END) + 2], maxsplit=1)[0].rstrip()
        if line.endswith(END) and (mark := read_mark(marks, kind, line[len(BEGIN) : -len(END)])):
            yield mark


def _read(marks: Marks, kind: MarkKind, text: str) -> Mark | None:
    found = PARTS.fullmatch(text)
    if not found or found["kind"] != kind or found["app"] != marks.app:
        return None
    unsigned = text[: found.start("sig") - len(" sig=")]
    if marks.key and not any(
        hmac.compare_digest(_signature(key, marks, unsigned), found["sig"]) for key in (marks.key, *marks.old_keys)
    ):
        return None
    said = () if found["said"] == "none" else tuple(found["said"].split(","))
    if len(said) > MOST_SAID or not all(map(IDENTITY.fullmatch, said)):
        return None
    return Mark(
        kind=kind,
        key="" if found["key"] == "none" else found["key"],
        head=None if found["head"] == "none" else Sha(found["head"]),
        is_complete=found["complete"] == "1",
        by=() if found["by"] == "none" else tuple(found["by"].split(",")),
        said=said,
    )


def _unsigned(marks: Marks, mark: Mark) -> str:
    head = mark.head if mark.head and OBJECT.fullmatch(mark.head) else "none"
    said = ",".join(map(identity, mark.said[:MOST_SAID])) or "none"
    # some of them would stand for all: a comment is gone only where each of its tools has nothing to say any more
    by = ",".join(mark.by) if len(mark.by) <= MOST_TOOLS and all(map(TOOL.fullmatch, mark.by)) else ""
    key = identity(mark.key) if mark.key else "none"
    return (
        f"hunkwise:{VERSION} {mark.kind} app={marks.app} head={head} key={key} "
        f"complete={mark.is_complete:d} by={by or 'none'} said={said}"
    )


def _signature(key: bytes, marks: Marks, unsigned: str) -> str:
    text = "\0".join((marks.repository.lower(), str(marks.number), unsigned))
    return hmac.new(key, text.encode("utf-8", "surrogateescape"), sha256).hexdigest()[:32]
