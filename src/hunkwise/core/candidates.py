"""Turn findings into candidates: where in the diff each one belongs, or that it belongs nowhere."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hunkwise.core.config import FilterMode
from hunkwise.core.fingerprint import fingerprints
from hunkwise.core.model import Candidate, Change, Finding, Location, Place, RepoPath, Side
from hunkwise.core.places import is_open

WIDEST = 10
"""A finding over more lines than this is about its first line only."""


@dataclass(slots=True)
class _FileLines:
    added: dict[int, str] = field(default_factory=dict)
    hunk_of: dict[int, str] = field(default_factory=dict)
    text: dict[int, str] = field(default_factory=dict)


def gather(
    findings: Iterable[Finding],
    places: Sequence[Place],
    change: Change,
    mode: FilterMode,
    read_line: Callable[[RepoPath, int], str],
) -> tuple[tuple[Candidate, ...], frozenset[str]]:
    """Return a candidate for each finding, in order of place, and the fingerprints of those off the diff.

    `read_line` gives the text of a head line that the diff does not show.
    """
    lines = _lines_of(change)
    place_at = {(place.location.path, place.location.start): place for place in places}
    located: list[tuple[Finding, Location, bool, str]] = []
    for finding in findings:
        known = lines.get(finding.location.path)
        # A place that a model points at takes a comment by definition, a line after a deletion too.
        is_place = not finding.message.strip() and (finding.location.path, finding.location.start) in place_at
        spot = finding.location if is_place else _spot(finding.location, known, mode)
        location = spot or finding.location
        located.append((finding, location, spot is not None, _code(location, known, read_line)))
    located.sort(key=lambda one: _order(one[0], one[1]))
    ids = fingerprints((one[1].path, f"{one[0].tool}.{one[0].rule}", one[3]) for one in located)
    off = {identity for identity, one in zip(ids, located, strict=True) if not one[2]}
    candidates = tuple(
        Candidate(
            fingerprint=identity,
            location=location,
            message=finding.message,
            rule=f"{finding.tool}.{finding.rule}",
            severity=finding.severity,
            category=finding.category,
            sources=(finding,),
            place=place_at.get((location.path, location.start)),
            code=code,
        )
        for identity, (finding, location, _, code) in zip(ids, located, strict=True)
    )
    return candidates, frozenset(off)


def _lines_of(change: Change) -> Mapping[RepoPath, _FileLines]:
    found: dict[RepoPath, _FileLines] = defaultdict(_FileLines)
    for file in change.files:
        if not is_open(file):
            continue
        known = found[file.path]
        for hunk in file.hunks:
            for line in hunk.lines:
                if line.new is not None:
                    known.hunk_of[line.new] = hunk.id
                    known.text[line.new] = line.text
                    if line.old is None:
                        known.added[line.new] = line.text
    return found


def _spot(location: Location, known: _FileLines | None, mode: FilterMode) -> Location | None:
    """Return where the comment goes under the filter mode, or None if it is off the diff."""
    if mode is FilterMode.NOFILTER:
        return location
    if known is None or location.side is not Side.HEAD:
        return None
    if mode is FilterMode.FILE:
        return location
    if location.start is None:
        return None
    lines = known.added if mode is FilterMode.ADDED else known.hunk_of
    end = max(location.end or location.start, location.start)
    if end - location.start >= WIDEST:
        end = location.start
    start = next((number for number in range(location.start, end + 1) if number in lines), None)
    if start is None:
        return None
    last = start
    while last < end and known.hunk_of.get(last + 1) == known.hunk_of[start]:
        last += 1
    if (start, last) == (location.start, location.end):
        return location
    column = location.column if start == location.start else None
    end_column = location.end_column if last == location.end else None
    return replace(location, start=start, end=last, column=column, end_column=end_column)


def _code(location: Location, known: _FileLines | None, read_line: Callable[[RepoPath, int], str]) -> str:
    if location.start is None:
        return ""
    if known is not None and location.start in known.text:
        return known.text[location.start]
    return read_line(location.path, location.start)


def _order(finding: Finding, location: Location) -> tuple[object, ...]:
    start, column = location.start or 0, location.column or 0
    return (location.path, start, column, finding.tool, finding.rule, finding.message, location.end or 0)
