"""Build the values of a review from as little as a test cares for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from hunkwise.core.model import (
    Candidate,
    Category,
    Change,
    Cover,
    Decision,
    Failure,
    FileDiff,
    FileOutcome,
    Finding,
    Fix,
    Focus,
    Hunk,
    Kind,
    Line,
    Location,
    Place,
    RepoPath,
    Report,
    ReviewComment,
    Scored,
    Severity,
    Side,
    State,
    Status,
    Trust,
    Verdict,
)

CONTEXT_LINES = 3
BeforeAfter = tuple[str | None, str | None]
Files = Mapping[str, str | BeforeAfter]
"""Texts by path: before and after, None where the file is absent; a single text is an added file."""


def make_change(source: str | Files, *, id: str = "example") -> Change:
    """Build a change from a unified diff, or from the texts of its files before and after."""
    if isinstance(source, str):
        return Change(id=id, files=_parse(source))
    return Change(id=id, files=tuple(make_file(path, *before_after(texts)) for path, texts in sorted(source.items())))


def make_file(
    path: str,
    old: str | None,
    new: str | None,
    *,
    old_path: str | None = None,
    kind: Kind = Kind.CODE,
    reason: str = "",
    language: str | None = None,
) -> FileDiff:
    """Build what happened to one file from its texts, None where it is absent; the language follows from the name."""
    if old is None and new is None:
        raise ValueError(f"{path}: a file must exist before or after the change")
    return FileDiff(
        path=RepoPath(path),
        old_path=RepoPath(old_path) if old_path else None,
        status=_status(old, new, old_path),
        hunks=_hunks(path, _lines(old), _lines(new)),
        kind=kind,
        reason=reason,
        language=language_of(path) if language is None else language,
    )


def make_location(
    path: str = "a.py", line: int | None = 1, *, end: int | None = None, side: Side = Side.HEAD
) -> Location:
    """Build a location of one line, of the lines up to `end`, or, without a line, of the file itself."""
    return Location(path=RepoPath(path), side=side, start=line, end=line if end is None else end)


def make_finding(
    message: str = "Name `x` is not defined",
    *,
    path: str = "a.py",
    line: int | None = 1,
    end: int | None = None,
    tool: str = "example",
    rule: str = "E1",
    severity: Severity = Severity.MEDIUM,
    category: Category = Category.BUG,
    url: str = "",
    fix: Fix | None = None,
) -> Finding:
    """Build a finding."""
    return Finding(
        tool=tool,
        rule=rule,
        message=message,
        location=make_location(path, line, end=end),
        severity=severity,
        category=category,
        url=url,
        fix=fix,
    )


def make_outcome(
    path: str = "a.py",
    findings: Iterable[Finding] = (),
    *,
    tool: str = "example",
    state: State = State.REVIEWED,
    reason: str = "",
) -> FileOutcome:
    """Build what became of a file under a tool."""
    return FileOutcome(tool=tool, path=RepoPath(path), state=state, reason=reason, findings=tuple(findings))


def make_place(
    path: str = "a.py",
    line: int = 1,
    *,
    hunk: str = "a.py:1",
    features: Mapping[str, float] | None = None,
    probability: float = 0.5,
) -> Place:
    """Build a commentable line."""
    return Place(location=make_location(path, line), hunk=hunk, features=dict(features or {}), probability=probability)


def make_candidate(
    finding: Finding | None = None, *, fingerprint: str = "", place: Place | None = None, code: str = "x = y"
) -> Candidate:
    """Build the candidate that a finding makes, at a place of its own unless one is given."""
    finding = finding or make_finding()
    where = finding.location
    if place is None and where.start is not None:
        place = make_place(where.path, where.start)
    return Candidate(
        fingerprint=fingerprint or f"{where.path}:{finding.rule}:{where.start}",
        location=where,
        message=finding.message,
        rule=f"{finding.tool}.{finding.rule}",
        severity=finding.severity,
        category=finding.category,
        sources=(finding,),
        place=place,
        code=code,
    )


def make_scored(
    finding: Finding | None = None,
    *,
    fingerprint: str = "",
    score: float = 0.5,
    why: Sequence[str] = (),
    duplicate_of: str | None = None,
) -> Scored:
    """Build a scored candidate from a finding."""
    candidate = make_candidate(finding, fingerprint=fingerprint)
    return Scored(candidate=candidate, score=score, why=tuple(why), duplicate_of=duplicate_of)


def make_comment(
    finding: Finding | None = None,
    *,
    decision: Decision = Decision.KEPT,
    reason: str = "",
    score: float = 0.5,
    text: str | None = None,
    suggestion: str | None = None,
) -> ReviewComment:
    """Build a comment from a finding; a kept one says the finding's message unless a text is given."""
    scored = make_scored(finding, score=score)
    if text is None:
        text = scored.candidate.message if decision is Decision.KEPT else ""
    return ReviewComment(scored=scored, verdict=Verdict(decision, reason), text=text, suggestion=suggestion)


def make_report(
    comments: Iterable[ReviewComment] = (),
    *,
    change: Change | None = None,
    failures: Iterable[Failure] = (),
    focus: Iterable[Focus] = (),
    cover: Iterable[Cover] = (),
    notes: Iterable[str] = (),
    trust: Trust = Trust.OWN,
) -> Report:
    """Build a report; without a change, over one added Python file of three lines."""
    return Report(
        change=change or make_change({"a.py": "x = 1\ny = x\nz = y\n"}),
        description="example: before and after",
        trust=trust,
        comments=tuple(comments),
        failures=tuple(failures),
        focus=tuple(focus),
        cover=tuple(cover),
        notes=tuple(notes),
    )


def before_after(texts: str | BeforeAfter) -> BeforeAfter:
    """Return a file's texts before and after; a single text is an added file."""
    return (None, texts) if isinstance(texts, str) else texts


def language_of(path: str) -> str:
    """Return the tag that `identify` gives a file of this name, or nothing."""
    from identify.identify import tags_from_filename

    tags = sorted(tags_from_filename(path) - {"text", "binary", "header"})
    return str(tags[0]) if tags else ""


def _status(old: str | None, new: str | None, old_path: str | None) -> Status:
    if old is None:
        return Status.ADDED
    if new is None:
        return Status.DELETED
    return Status.RENAMED if old_path else Status.MODIFIED


def _lines(text: str | None) -> list[str]:
    return (text or "").removesuffix("\n").split("\n") if text else []


def _hunks(path: str, old: list[str], new: list[str]) -> tuple[Hunk, ...]:
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT_LINES)
    return tuple(_hunk(f"{path}:{number}", path, group, old, new) for number, group in enumerate(groups, start=1))


def _hunk(id: str, path: str, group: Sequence[tuple[str, int, int, int, int]], old: list[str], new: list[str]) -> Hunk:
    lines: list[Line] = []
    for tag, old_from, old_to, new_from, new_to in group:
        if tag == "equal":
            lines += [Line(old_from + i + 1, new_from + i + 1, old[old_from + i]) for i in range(old_to - old_from)]
        else:
            lines += [Line(i + 1, None, old[i]) for i in range(old_from, old_to)]
            lines += [Line(None, i + 1, new[i]) for i in range(new_from, new_to)]
    old_from, old_to, new_from, new_to = group[0][1], group[-1][2], group[0][3], group[-1][4]
    return Hunk(
        id=id,
        path=RepoPath(path),
        old_start=old_from + (old_to > old_from),
        old_length=old_to - old_from,
        new_start=new_from + (new_to > new_from),
        new_length=new_to - new_from,
        lines=tuple(lines),
    )


def _parse(diff: str) -> tuple[FileDiff, ...]:
    from hunkwise.core.diff import parse_diff

    files = parse_diff(diff.encode("utf-8", "surrogateescape"))
    return tuple(replace(file, language=language_of(file.path)) for file in files)
