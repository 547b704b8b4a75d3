"""What of a change is new since it was reviewed last."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from hunkwise.core.model import Candidate, Change, Decision, FileDiff, Location, Place, RepoPath, Side, Verdict
from hunkwise.core.places import is_open, place_numbers

Fresh = Mapping[RepoPath, frozenset[int]]


def fresh_lines(since: Iterable[FileDiff]) -> Fresh:
    """Return the head's lines that changed, by file, given what differs between the head reviewed last and this one.

    Next to lines that were only removed, it is the line on which a comment on that would be.
    """
    return {
        file.path: frozenset(number for hunk in file.hunks for number in place_numbers(hunk))
        for file in since
        if file.hunks
    }


def is_fresh(change: Change, where: Location) -> bool:
    """Return whether a place at the head is new since the last review; all is where there was none."""
    if change.fresh is None or where.side is not Side.HEAD:
        return True
    lines = change.fresh.get(where.path, frozenset())
    if where.start is None:
        return bool(lines)
    return any(number in lines for number in range(where.start, max(where.end or 0, where.start) + 1))


def fresh_places(change: Change, places: Sequence[Place]) -> Sequence[Place]:
    """Return those of the places that are new."""
    return [place for place in places if is_fresh(change, place.location)] if change.fresh is not None else places


def stale_hunks(change: Change) -> frozenset[str]:
    """Return the ids of the hunks that take comments and have no new line."""
    if change.fresh is None:
        return frozenset()
    return frozenset(
        hunk.id
        for file in change.files
        if is_open(file)
        for hunk in file.hunks
        if not change.fresh.get(file.path, frozenset()).intersection(place_numbers(hunk))
    )


def not_new(candidates: Iterable[Candidate], change: Change) -> Mapping[str, Verdict]:
    """Return verdicts for what is on lines that the last review has seen, unless it was said: that is told apart."""
    if change.fresh is None:
        return {}
    said = {prior.fingerprint for prior in change.prior}
    at = f" at {change.since[:12]}" if change.since else ""
    verdict = Verdict(Decision.NOT_NEW, f"the line is as it was in the last review{at}")
    return {
        one.fingerprint: verdict
        for one in candidates
        if one.fingerprint not in said and not is_fresh(change, one.location)
    }


def no_longer_found(candidates: Iterable[Candidate], change: Change, asked: AbstractSet[str]) -> tuple[str, ...]:
    """Return the fingerprints of open earlier comments that nothing says any more.

    asked: who has looked at the whole change again; what another one said may still be so.
    """
    found = {one.fingerprint for one in candidates}
    return tuple(
        sorted(
            one.fingerprint
            for one in change.prior
            if one.state == "open" and one.fingerprint not in found and one.by and set(one.by) <= asked
        )
    )
