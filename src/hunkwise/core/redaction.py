"""Take secrets out of a report, so that no form of it shows to more readers what should never have been written."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from hunkwise.core.masking import (
    HIDDEN,
    KEY_BEGINS,
    hide,
    is_about_secret,
    is_key_body,
    is_own,
    is_telling,
    masked,
    without_quotes,
)
from hunkwise.core.model import (
    Candidate,
    Change,
    Failure,
    FileDiff,
    Finding,
    Hunk,
    Line,
    Location,
    RepoPath,
    Report,
    ReviewComment,
    Side,
)

MOST = 200
"""Values that are hidden beyond their own lines, those of the best comments first."""
SPREAD = 50
"""A finding over more lines than this is about its first ones."""

_Spot = tuple[RepoPath, Side, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Secrets:
    """Where secrets stand: their lines, the lines of keys' bodies, and what to hide wherever it is repeated.

    hidden: what was hidden in each line. values: what is hidden everywhere, the longest first.
    """

    lines: Mapping[_Spot, tuple[Finding, ...]]
    hidden: Mapping[_Spot, tuple[str, ...]]
    bodies: frozenset[_Spot]
    values: tuple[str, ...]

    def clean(self, text: str) -> str:
        return hide(text, self.values)

    def is_on(self, where: Location) -> bool:
        return any(spot in self.lines or spot in self.bodies for spot in _spots(where))


def redacted(report: Report) -> Report:
    """Return the report with secrets hidden: in the lines of the change, in messages, texts and fixes."""
    told = [source for one in report.comments for source in one.scored.candidate.sources if is_about_secret(source)]
    if not told:
        return report
    secrets = _secrets(report, told)
    return replace(
        report,
        change=replace(report.change, files=tuple(_file(file, secrets) for file in report.change.files)),
        comments=tuple(_comment(comment, secrets) for comment in report.comments),
        focus=tuple(replace(one, reasons=tuple(map(secrets.clean, one.reasons))) for one in report.focus),
        cover=tuple(replace(one, reason=secrets.clean(one.reason)) for one in report.cover),
        failures=tuple(_failure(one, secrets) for one in report.failures),
        notes=tuple(map(secrets.clean, report.notes)),
    )


def _secrets(report: Report, told: Sequence[Finding]) -> _Secrets:
    lines: dict[_Spot, tuple[Finding, ...]] = {}
    candidates = [one.scored.candidate for one in report.comments]
    moved = [one.location for one in candidates if any(map(is_about_secret, one.sources))]
    for finding in told:
        for spot in _spots(finding.location):
            lines[spot] = (*lines.get(spot, ()), finding)
    for where in moved:
        for spot in _spots(where):
            lines.setdefault(spot, ())
    texts = dict(_texts(report.change))
    for candidate in candidates:
        if candidate.location.start is not None:
            spot = (candidate.location.path, candidate.location.side, candidate.location.start)
            texts.setdefault(spot, candidate.code)
    bodies = _bodies(texts, lines)
    hidden = {spot: masked(texts.get(spot, ""), lines[spot])[1] for spot in lines}
    hidden |= {spot: (texts[spot].strip(),) for spot in bodies}
    telling = dict.fromkeys(text for found in hidden.values() for text in found if is_telling(text))
    values = tuple(sorted(list(telling)[:MOST], key=_longest_first))
    return _Secrets(lines=lines, hidden=hidden, bodies=bodies, values=values)


def _spots(where: Location) -> Iterator[_Spot]:
    if where.start is not None:
        for number in range(where.start, min(max(where.end or 0, where.start), where.start + SPREAD) + 1):
            yield where.path, where.side, number


def _texts(change: Change) -> Iterator[tuple[_Spot, str]]:
    for file in change.files:
        for hunk in file.hunks:
            for line in hunk.lines:
                for spot in _spots_of(file, line):
                    yield spot, line.text


def _spots_of(file: FileDiff, line: Line) -> Iterator[_Spot]:
    if line.new is not None:
        yield file.path, Side.HEAD, line.new
    if line.old is not None:
        yield file.old_path or file.path, Side.BASE, line.old


def _bodies(texts: Mapping[_Spot, str], lines: Iterable[_Spot]) -> frozenset[_Spot]:
    """Return the lines of private keys whose first line a finding names, as far as the diff shows them."""
    found: set[_Spot] = set()
    ordered: dict[tuple[RepoPath, Side], list[int]] = defaultdict(list)
    for path, side, number in sorted(texts):
        ordered[path, side].append(number)
    for path, side, first in lines:
        if KEY_BEGINS.search(texts.get((path, side, first), "")):
            numbers = ordered[path, side]
            for number in numbers[bisect_right(numbers, first) :]:
                text = texts[path, side, number]
                if (path, side, number) in found or "-----END" in text or not is_key_body(text):
                    break
                found.add((path, side, number))
    return frozenset(found)


def _longest_first(text: str) -> tuple[int, str]:
    return -len(text), text


def _file(file: FileDiff, secrets: _Secrets) -> FileDiff:
    return replace(file, hunks=tuple(_hunk(file, hunk, secrets) for hunk in file.hunks))


def _hunk(file: FileDiff, hunk: Hunk, secrets: _Secrets) -> Hunk:
    """Return the hunk masked; lines that give way to a secret may hold the one before it."""
    lines: list[Line] = []
    for is_changed, run in groupby(hunk.lines, key=lambda line: line.is_added or line.is_removed):
        block = tuple(run)
        is_replaced = is_changed and any(spot in secrets.lines for line in block for spot in _spots_of(file, line))
        lines += [_line(file, line, secrets, must_mask=is_replaced and line.is_removed) for line in block]
    return replace(hunk, lines=tuple(lines))


def _line(file: FileDiff, line: Line, secrets: _Secrets, *, must_mask: bool) -> Line:
    spots = tuple(_spots_of(file, line))
    if any(spot in secrets.bodies for spot in spots):
        text = line.text
        return line._replace(text=text[: len(text) - len(text.lstrip())] + HIDDEN) if text.strip() else line
    findings = [finding for spot in spots for finding in secrets.lines.get(spot, ())]
    if must_mask or any(spot in secrets.lines for spot in spots):
        return line._replace(text=masked(line.text, findings)[0])
    return line._replace(text=secrets.clean(line.text))


def _comment(comment: ReviewComment, secrets: _Secrets) -> ReviewComment:
    candidate = comment.scored.candidate
    wheres = (candidate.location, *(source.location for source in candidate.sources))
    if any(map(secrets.is_on, wheres)):
        return _comment_on_secret(comment, secrets)
    suggestion = comment.suggestion
    cleaned = replace(
        candidate,
        message=secrets.clean(candidate.message),
        code=secrets.clean(candidate.code),
        sources=tuple(_source(source, source.message, secrets) for source in candidate.sources),
    )
    return replace(
        comment,
        scored=replace(comment.scored, candidate=cleaned, why=tuple(map(secrets.clean, comment.scored.why))),
        text=secrets.clean(comment.text),
        unoffered=secrets.clean(comment.unoffered),
        suggestion=None if suggestion is not None and secrets.clean(suggestion) != suggestion else suggestion,
    )


def _comment_on_secret(comment: ReviewComment, secrets: _Secrets) -> ReviewComment:
    """Return a comment on a secret's line: neither its words nor its fix repeat the secret, its columns are gone."""
    candidate = comment.scored.candidate
    findings = tuple(source for source in candidate.sources if is_about_secret(source))
    code, in_code = masked(candidate.code, findings)
    wheres = (candidate.location, *(source.location for source in candidate.sources))
    told = {text for where in wheres for spot in _spots(where) for text in secrets.hidden.get(spot, ())}
    own = sorted((text for text in told.union(in_code) if is_own(text)), key=_longest_first)

    def clean(text: str) -> str:
        text = secrets.clean(hide(text, own))
        return without_quotes(text, code) if findings else text

    cleaned = Candidate(
        fingerprint=candidate.fingerprint,
        location=replace(candidate.location, column=None, end_column=None),
        message=secrets.clean(clean(candidate.message)),
        rule=candidate.rule,
        severity=candidate.severity,
        category=candidate.category,
        sources=tuple(
            replace(_source(source, clean(source.message), secrets), fix=None) for source in candidate.sources
        ),
        place=candidate.place,
        code=code,
    )
    why = tuple(map(secrets.clean, comment.scored.why))
    return replace(
        comment,
        scored=replace(comment.scored, candidate=cleaned, why=why),
        text=clean(comment.text),
        suggestion=None,
        unoffered=clean(comment.unoffered),
    )


def _source(source: Finding, message: str, secrets: _Secrets) -> Finding:
    fix = source.fix
    if fix is not None and any(secrets.clean(edit.text) != edit.text for edit in fix.edits):
        fix = None
    return replace(source, message=secrets.clean(message), fix=fix)


def _failure(failure: Failure, secrets: _Secrets) -> Failure:
    return replace(failure, message=secrets.clean(failure.message), hint=secrets.clean(failure.hint))
