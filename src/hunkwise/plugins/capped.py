"""How many findings of one tool in one file count: a file made to have hundreds of thousands must not end a review."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from hunkwise.core.cover import changed_ranges
from hunkwise.core.model import FileDiff, FileOutcome, Finding, Side

MOST = 1000


def capped(outcome: FileOutcome, file: FileDiff | None) -> FileOutcome:
    """Return the outcome with at most `MOST` findings: those on changed lines first, then the severest; it says so."""
    if len(outcome.findings) <= MOST:
        return outcome
    lines = [line for side, start, end in _ranges(file) if side is Side.HEAD for line in range(start, end + 1)]

    def order(finding: Finding) -> tuple[object, ...]:
        place = finding.location
        return not _touches(finding, lines), -finding.severity, place.start or 0, place.column or 0, finding.rule

    said = f"{len(outcome.findings)} findings, of which {MOST} count: on changed lines first, then the severest"
    kept = tuple(sorted(outcome.findings, key=order)[:MOST])
    return replace(outcome, findings=kept, reason="; ".join(filter(None, (outcome.reason, said))))


def _ranges(file: FileDiff | None) -> tuple[tuple[Side, int, int], ...]:
    return changed_ranges(file) if file else ()


def _touches(finding: Finding, lines: Sequence[int]) -> bool:
    start = finding.location.start or 0
    at = bisect_left(lines, start)
    return at < len(lines) and lines[at] <= (finding.location.end or start)
