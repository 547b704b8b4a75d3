"""Read a report back from its JSON, which anybody may have written: strictly, and no more than is used."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from hunkwise.core.config import Level
from hunkwise.core.errors import ReportError, UsageError
from hunkwise.core.model import (
    Candidate,
    Category,
    Change,
    Cover,
    Failure,
    FileDiff,
    Finding,
    Fix,
    Focus,
    Location,
    Place,
    Report,
    ReviewComment,
    Scored,
    Severity,
    Side,
    State,
    Trust,
    Verdict,
)
from hunkwise.plugins.github.markers import OBJECT

LARGEST = 64 * 2**20
"""Bytes of a report."""

Sha = Annotated[str, Field(pattern=f"^({OBJECT.pattern})$")]
Named = Annotated[str, Field(min_length=1)]
Number = Annotated[int, Field(ge=1, le=2**31)]
Share = Annotated[float, Field(ge=0, le=1)]
Grade = Annotated[Level, AfterValidator(lambda level: Severity[level.name])]


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
    try:
        report: Report = _adapter().validate_json(data, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where, got = ".".join(map(str, first["loc"])), first["input"]
        shown = f", got {ascii(got)[:40]}" if where and not isinstance(got, dict | list) else ""
        raise ReportError(f"{where}{': ' if where else ''}{first['msg']}{shown}") from error
    return report


def _most(number: int) -> Any:
    """Return the bound of a list; its first wrong item ends the reading."""
    return Field(max_length=number, fail_fast=True)


def _into(make: Callable[..., object]) -> AfterValidator:
    """Turn a row into the value whose fields have the same names."""
    return AfterValidator(lambda row: make(**vars(row)))


Texts = Annotated[tuple[str, ...], _most(2_000)]
Reasons = Annotated[tuple[str, ...], _most(100)]


@dataclass
class _Lines:
    path: Named
    side: Side
    start: Number | None
    end: Number | None
    column: Number | None
    end_column: Number | None


def _location(row: _Lines) -> Location:
    if row.start is not None and row.end is not None and row.end < row.start:
        raise ValueError("it ends before it starts")
    return Location(**vars(row))


Where = Annotated[_Lines, AfterValidator(_location)]


@dataclass
class _Finding:
    tool: str
    rule: str
    message: str
    location: Where
    severity: Grade
    category: Category
    url: str
    fix: Fix | None


@dataclass
class _Place:
    location: Where
    hunk: str
    probability: Share


@dataclass
class _Comment:
    fingerprint: Named
    location: Where
    message: str
    rule: str
    severity: Grade
    category: Category
    sources: Annotated[tuple[Annotated[_Finding, _into(Finding)], ...], _most(1_000)]
    place: Annotated[_Place, _into(Place)] | None
    code: str
    score: Share
    why: Reasons
    duplicate_of: str | None
    verdict: Verdict
    text: str
    generated_by: str
    suggestion: str | None
    unoffered: str


def _comment(**row: Any) -> ReviewComment:
    candidate, scored = (
        {one.name: row.pop(one.name) for one in fields(kind) if one.name in row} for kind in (Candidate, Scored)
    )
    return ReviewComment(scored=Scored(candidate=Candidate(**candidate), **scored), **row)


@dataclass
class _Focus:
    location: Where
    probability: Share
    reasons: Reasons


@dataclass
class _Cover:
    path: Named
    side: Side
    start: Number
    end: Number
    reviewer: str
    state: State
    reason: str


@dataclass
class _Change:
    id: str
    base: Sha | None
    head: Sha | None
    since: Sha | None
    notes: Texts
    files: Annotated[tuple[FileDiff, ...], _most(20_000)]


@dataclass
class _Manifest:
    """What a summary says of the sandbox; all else in it concerns the run alone."""

    sandbox: str = ""
    unsandboxed: Texts = ()


@dataclass
class _Report:
    schema: Literal[1]
    description: str
    trust: Trust
    change: Annotated[_Change, _into(Change)]
    focus: Annotated[tuple[Annotated[_Focus, _into(Focus)], ...], _most(1_000)]
    comments: Annotated[tuple[Annotated[_Comment, _into(_comment)], ...], _most(50_000)]
    resolved: Annotated[tuple[str, ...], _most(50_000)]
    cover: Annotated[tuple[Annotated[_Cover, _into(Cover)], ...], _most(1_000_000)]
    failures: Annotated[tuple[Failure, ...], _most(2_000)]
    notes: Texts
    manifest: Annotated[_Manifest, AfterValidator(lambda row: {name: one for name, one in vars(row).items() if one})]


@cache
def _adapter() -> TypeAdapter[Any]:
    return TypeAdapter(Annotated[_Report, _into(Report)])
