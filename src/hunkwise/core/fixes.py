"""Try fixes: the file that they make, and whether their tool has nothing more to say there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hunkwise.core.model import FileDiff, Finding, Hunk, Line
from hunkwise.core.suggest import Proposal

OVERLAP = "touches the lines of another fix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What is offered for comments, and why a fix of others is not, by fingerprint."""

    texts: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)


def apart(proposals: Iterable[Proposal]) -> tuple[tuple[Proposal, ...], tuple[Proposal, ...]]:
    """Return those that can be tried together, the earlier before the later, and those that overlap one of them."""
    together: list[Proposal] = []
    others: list[Proposal] = []
    for one in proposals:
        is_free = all(one.path != other.path or one.end < other.start or other.end < one.start for other in together)
        (together if is_free else others).append(one)
    return tuple(together), tuple(others)


def mended_text(text: str, proposals: Iterable[Proposal]) -> str:
    """Return a file's text with its fixes, which do not overlap, applied."""
    lines = text.split("\n")
    for one in sorted(proposals, key=lambda one: one.start, reverse=True):
        lines[one.start - 1 : one.end] = one.lines
    return "\n".join(lines)


def mended_file(file: FileDiff, proposals: Sequence[Proposal]) -> FileDiff:
    """Return the diff of a file as it is with its fixes."""
    return replace(file, hunks=tuple(_mended_hunk(hunk, proposals) for hunk in file.hunks))


def unmended(proposals: Sequence[Proposal], before: Sequence[Finding], after: Sequence[Finding]) -> Mapping[str, str]:
    """Return by fingerprint why fixes of one tool in one file are not good: they leave their finding, or bring another.

    before, after: what the tool says of the file without and with all of them.
    """
    found: dict[str, str] = {}
    ranges = {one.fingerprint: _range_after(one, proposals) for one in proposals}
    known = _rules_off(before, [range(one.start, one.end + 1) for one in proposals])
    left = _rules_off(after, list(ranges.values()))
    afar = Counter(one.source.rule for one in proposals if not one.start <= (one.source.location.start or 0) <= one.end)
    for one in proposals:
        rule = one.source.rule
        old = _rules_on(before, range(one.start, one.end + 1))
        new = _rules_on(after, ranges[one.fingerprint])
        brought = sorted(other for other in new if other != rule and new[other] > old[other])
        if new[rule] >= max(old[rule], 1) or (afar[rule] and left[rule] > known[rule] - afar[rule]):
            found[one.fingerprint] = f"leaves {rule} as it is"
        elif brought:
            found[one.fingerprint] = f"brings {', '.join(brought)}"
    if grown := sorted(rule for rule in left if left[rule] > known[rule]):
        reason = f"or one beside it brings {', '.join(grown)} to another line"
        found |= {one.fingerprint: reason for one in proposals if one.fingerprint not in found}
    return found


def _range_after(proposal: Proposal, proposals: Iterable[Proposal]) -> range:
    first = proposal.start + _shift(proposal.start, proposals)
    return range(first, first + len(proposal.lines))


def _shift(line: int, proposals: Iterable[Proposal]) -> int:
    return sum(len(one.lines) - (one.end - one.start + 1) for one in proposals if one.end < line)


def _rules_on(findings: Iterable[Finding], lines: range) -> Counter[str]:
    return Counter(finding.rule for finding in findings if finding.location.start in lines)


def _rules_off(findings: Iterable[Finding], ranges: Sequence[range]) -> Counter[str]:
    return Counter(one.rule for one in findings if not any(one.location.start in lines for lines in ranges))


def _mended_hunk(hunk: Hunk, proposals: Sequence[Proposal]) -> Hunk:
    lines: list[Line] = []
    for line in hunk.lines:
        if line.new is None:
            lines.append(line)
            continue
        shift = _shift(line.new, proposals)
        inside = next((one for one in proposals if one.start <= line.new <= one.end), None)
        if inside is None:
            lines.append(line._replace(new=line.new + shift))
            continue
        if line.old is not None:
            lines.append(line._replace(new=None))
        if line.new == inside.end:
            lines += [Line(None, inside.start + shift + at, text) for at, text in enumerate(inside.lines)]
    return replace(
        hunk,
        new_start=hunk.new_start + _shift(hunk.new_start, proposals),
        new_length=sum(line.new is not None for line in lines),
        lines=tuple(lines),
    )
