"""Read a report back from its JSON, which anybody may have written: strictly, and no more than is used."""

import math
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from hunkwise.core.errors import ReportError, UsageError
from hunkwise.core.model import (
    SCHEMA_VERSION,
    Candidate,
    Category,
    Change,
    Cover,
    Decision,
    Edit,
    Failure,
    FileDiff,
    Finding,
    Fix,
    Focus,
    Kind,
    Location,
    Place,
    RepoPath,
    Report,
    ReviewComment,
    Scored,
    Severity,
    Sha,
    Side,
    State,
    Status,
    Trust,
    Verdict,
)
from hunkwise.core.text import valid_text
from hunkwise.github.values import OBJECT
from hunkwise.readers.json_object import JsonObject, read_json

LARGEST = 64 * 2**20
"""Bytes of a report."""
MOST: Mapping[str, int] = {
    "change.files": 20_000,
    "comments": 50_000,
    "cover": 1_000_000,
    "failures": 2_000,
    "focus": 1_000,
    "notes": 2_000,
    "resolved": 50_000,
    "why": 100,
    "reasons": 100,
    "sources": 1_000,
    "edits": 1_000,
}
SEVERITIES = {severity.label: severity for severity in Severity}

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


def read_report(file: Path) -> Report:
    """Return the report in a file; raise UsageError where it cannot be read or is no report."""
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"cannot read the report {file}: {error.strerror}") from error
    try:
        return parse_report(data)
    except ReportError as error:
        raise UsageError(
            f"{file} is no report of Hunkwise: {error}; `hunkwise review --format json` makes one"
        ) from error


def parse_report(data: bytes) -> Report:
    """Return the report in JSON; raise ReportError where it is none. What is not known is passed over."""
    if len(data) > LARGEST:
        raise ReportError(f"it is larger than {LARGEST // 2**20} MB")
    top = JsonObject(read_json(data))
    if top.number("schema") != SCHEMA_VERSION:
        raise ReportError(f"its schema is {top.text('schema') or 'not given'}, and this version reads {SCHEMA_VERSION}")
    change = top.child("change")
    return Report(
        change=Change(
            id=_text(change, "id"),
            base=_sha(change, "base"),
            head=_sha(change, "head"),
            since=_sha(change, "since"),
            notes=_texts(change, "notes"),
            files=_all(change, "files", _file, "change.files"),
        ),
        description=_text(top, "description"),
        trust=_one_of(Trust, top, "trust"),
        comments=_all(top, "comments", _comment),
        focus=_all(top, "focus", _focus),
        resolved=_texts(top, "resolved"),
        cover=_all(top, "cover", _cover),
        failures=_all(top, "failures", _failure),
        notes=_texts(top, "notes"),
        manifest=_manifest(top.child("manifest")),
    )


def _file(one: JsonObject) -> FileDiff:
    old = _text(one, "old_path")
    return FileDiff(
        path=_path(one),
        old_path=RepoPath(old) if old else None,
        status=_one_of(Status, one, "status"),
        kind=_one_of(Kind, one, "kind"),
        reason=_text(one, "reason"),
        language=_text(one, "language"),
    )


def _comment(one: JsonObject) -> ReviewComment:
    verdict = one.child("verdict")
    fingerprint = _text(one, "fingerprint")
    if not fingerprint:
        raise ReportError(f"{one.where} has no fingerprint")
    candidate = Candidate(
        fingerprint=fingerprint,
        location=_location(one.child("location")),
        message=_text(one, "message"),
        rule=_text(one, "rule"),
        severity=_severity(one),
        category=_one_of(Category, one, "category"),
        sources=_all(one, "sources", _finding),
        place=_place(one.child("place")) if "place" in one else None,
        code=_text(one, "code"),
    )
    return ReviewComment(
        scored=Scored(
            candidate=candidate,
            score=_share(one, "score"),
            why=_texts(one, "why"),
            duplicate_of=_text(one, "duplicate_of") or None,
        ),
        verdict=Verdict(_one_of(Decision, verdict, "decision"), _text(verdict, "reason")),
        text=_text(one, "text"),
        generated_by=_text(one, "generated_by"),
        suggestion=_text(one, "suggestion") if "suggestion" in one else None,
        unoffered=_text(one, "unoffered"),
    )


def _finding(one: JsonObject) -> Finding:
    return Finding(
        tool=_text(one, "tool"),
        rule=_text(one, "rule"),
        message=_text(one, "message"),
        severity=_severity(one),
        category=_one_of(Category, one, "category"),
        location=_location(one.child("location")),
        url=_text(one, "url"),
        fix=_fix(one.child("fix")) if "fix" in one else None,
    )


def _fix(one: JsonObject) -> Fix:
    return Fix(edits=_all(one, "edits", _edit), description=_text(one, "description"))


def _edit(one: JsonObject) -> Edit:
    numbers = [_line(one, name) for name in ("line", "column", "end_line", "end_column")]
    line, column, end_line, end_column = (number or 1 for number in numbers)
    return Edit(line, column, end_line, end_column, _text(one, "text"))


def _place(one: JsonObject) -> Place:
    return Place(
        location=_location(one.child("location")), hunk=_text(one, "hunk"), probability=_share(one, "probability")
    )


def _focus(one: JsonObject) -> Focus:
    return Focus(
        location=_location(one.child("location")),
        probability=_share(one, "probability"),
        reasons=_texts(one, "reasons"),
    )


def _cover(one: JsonObject) -> Cover:
    start, end = _line(one, "start"), _line(one, "end")
    if start is None or end is None or end < start:
        raise ReportError(f"{one.where} has no range of lines")
    return Cover(
        path=_path(one),
        side=_one_of(Side, one, "side"),
        start=start,
        end=end,
        reviewer=_text(one, "reviewer"),
        state=_one_of(State, one, "state"),
        reason=_text(one, "reason"),
    )


def _failure(one: JsonObject) -> Failure:
    return Failure(
        who=_text(one, "who"), stage=_text(one, "stage"), message=_text(one, "message"), hint=_text(one, "hint")
    )


def _location(one: JsonObject) -> Location:
    start, end = _line(one, "start"), _line(one, "end")
    if start is not None and end is not None and end < start:
        raise ReportError(f"{one.where} ends before it starts")
    return Location(
        path=_path(one),
        side=_one_of(Side, one, "side"),
        start=start,
        end=end,
        column=_line(one, "column"),
        end_column=_line(one, "end_column"),
    )


def _manifest(one: JsonObject) -> Mapping[str, object]:
    """Return what a summary says of the sandbox; all else in it concerns the run alone."""
    return {
        name: value
        for name, value in (("sandbox", _text(one, "sandbox")), ("unsandboxed", list(_texts(one, "unsandboxed"))))
        if value
    }


def _all(one: JsonObject, name: str, read: Callable[[JsonObject], T], limit: str = "") -> tuple[T, ...]:
    values = one.values(name)
    most = MOST[limit or name]
    if len(values) > most:
        raise ReportError(f"it has {len(values):,} {name}, and {most:,} are read at most")
    return tuple(read(child) for child in one.children(name))


def _texts(one: JsonObject, name: str) -> tuple[str, ...]:
    values = one.values(name)
    if len(values) > MOST.get(name, 2_000):
        raise ReportError(f"it has {len(values):,} {name}, and {MOST.get(name, 2_000):,} are read at most")
    if not all(isinstance(value, str) for value in values):
        raise ReportError(f"{name} is to hold texts alone")
    return tuple(map(valid_text, one.texts(name)))


def _text(one: JsonObject, name: str) -> str:
    return valid_text(one.text(name))


def _path(one: JsonObject) -> RepoPath:
    path = _text(one, "path")
    if not path:
        raise ReportError(f"{one.where} has no path")
    return RepoPath(path)


def _sha(one: JsonObject, name: str) -> Sha | None:
    text = one.text(name)
    if text and not OBJECT.fullmatch(text):
        raise ReportError(f"{one.where}.{name} is not the name of a commit")
    return Sha(text) if text else None


def _line(one: JsonObject, name: str) -> int | None:
    number = one.number(name)
    if number is not None and number < 1:
        raise ReportError(f"{one.where}.{name} is {number}, and lines and columns begin with 1")
    return number


def _share(one: JsonObject, name: str) -> float:
    text = one.text(name)
    try:
        value = float(text or 0)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise ReportError(f"{one.where}.{name} is not between 0 and 1")
    return value


def _severity(one: JsonObject) -> Severity:
    text = one.text("severity")
    if text not in SEVERITIES:
        raise ReportError(f"{one.where}.severity is {text[:40]!a}; there are {', '.join(SEVERITIES)}")
    return SEVERITIES[text]


def _one_of(kind: type[E], one: JsonObject, name: str) -> E:
    text = one.text(name)
    try:
        return kind(text)
    except ValueError:
        raise ReportError(f"{one.where or 'it'}.{name} is {text[:40]!a}; there are {', '.join(kind)}") from None
