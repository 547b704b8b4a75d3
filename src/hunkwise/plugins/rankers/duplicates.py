"""The first ranker: mark candidates that say what another one says already."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from hunkwise.core.meaning import is_same_meaning
from hunkwise.core.model import Candidate, RepoPath, Scored

OFTEN = 2
"""So many comments of one rule in a file stand alone; from the next on, all join the first."""


class Duplicates:
    """Joins the same meaning at the same place across tools, and a rule that a file breaks over and over."""

    name = "duplicates"
    order = 0

    def rank(self, scored: Sequence[Scored]) -> tuple[Scored, ...]:
        leader: dict[str, str] = {}
        by_path: dict[RepoPath, list[Candidate]] = defaultdict(list)
        for one in scored:
            if one.duplicate_of is None:
                by_path[one.candidate.location.path].append(one.candidate)
        for candidates in by_path.values():
            leader |= _same_place(candidates)
            leader |= _repeated([one for one in candidates if one.fingerprint not in leader])
        return tuple(
            replace(one, duplicate_of=leader[one.candidate.fingerprint]) if one.candidate.fingerprint in leader else one
            for one in scored
        )


def _same_place(candidates: Sequence[Candidate]) -> dict[str, str]:
    """Return for each duplicate the candidate it joins: the severest, then the one with the shorter range."""
    found: dict[str, str] = {}
    leaders: list[Candidate] = []
    for candidate in sorted(candidates, key=_preference):
        leader = next((one for one in leaders if _overlaps(one, candidate) and _is_same(one, candidate)), None)
        if leader is None:
            leaders.append(candidate)
        else:
            found[candidate.fingerprint] = leader.fingerprint
    return found


def _is_same(one: Candidate, other: Candidate) -> bool:
    """Whether one need not be said beside the other: a place that a model points at has no meaning of its own."""
    return not one.message.strip() or not other.message.strip() or is_same_meaning(one, other)


def _repeated(candidates: Sequence[Candidate]) -> dict[str, str]:
    found: dict[str, str] = {}
    by_rule: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in sorted(candidates, key=lambda one: (one.location.start or 0, one.location.column or 0)):
        if candidate.message.strip():
            by_rule[candidate.rule].append(candidate)
    for same in by_rule.values():
        if len(same) > OFTEN:
            found |= {one.fingerprint: same[0].fingerprint for one in same[1:]}
    return found


def _preference(candidate: Candidate) -> tuple[object, ...]:
    start = candidate.location.start or 0
    width = (candidate.location.end or start) - start
    return (not candidate.message.strip(), -candidate.severity, width, start, candidate.rule, candidate.fingerprint)


def _overlaps(one: Candidate, other: Candidate) -> bool:
    if one.location.start is None or other.location.start is None:
        return one.location.start == other.location.start
    return one.location.start <= (other.location.end or other.location.start) and other.location.start <= (
        one.location.end or one.location.start
    )
