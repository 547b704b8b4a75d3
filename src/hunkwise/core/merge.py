"""Decide which candidates become comments, and join what several sources say of one thing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hunkwise.core.model import Candidate, Decision, Finding, ReviewComment, Scored, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The budget of a review: at most `comments`, each with at least the score `floor`."""

    comments: int
    floor: float


def decide(
    ranked: Sequence[Scored],
    held_back: Mapping[str, Verdict],
    said_before: frozenset[str],
    limits: Limits,
    *,
    may_be_wordless: frozenset[str] = frozenset(),
) -> tuple[ReviewComment, ...]:
    """Give each candidate its verdict; kept ones come first, best first, then the others in the order they came.

    may_be_wordless: fingerprints of those that need no message of a tool: a model has words for them, or is asked.
    """
    by_id = {scored.candidate.fingerprint: scored for scored in ranked}
    joined = _joined(ranked, by_id, held_back)
    kept: list[ReviewComment] = []
    others: list[ReviewComment] = []
    for scored in sorted(ranked, key=_best_first):
        candidate = scored.candidate
        verdict = held_back.get(candidate.fingerprint) or _verdict(
            scored,
            by_id.get(scored.duplicate_of or ""),
            said_before,
            limits,
            len(kept),
            needs_words=candidate.fingerprint not in may_be_wordless,
        )
        if verdict.decision is Decision.KEPT:
            kept.append(ReviewComment(scored=joined[candidate.fingerprint], verdict=verdict))
        else:
            others.append(ReviewComment(scored=scored, verdict=verdict))
    return (*kept, *others)


def text_of(comment: ReviewComment) -> str:
    """Return what a kept comment says: its tool's own message, and where else the same holds."""
    candidate = comment.scored.candidate
    own = candidate.location.start
    elsewhere = sorted(
        {
            source.location.start
            for source in candidate.sources
            if source.location.start is not None
            and f"{source.tool}.{source.rule}" == candidate.rule
            and source.location.start != own
            and not _is_within(source.location.start, candidate)
        }
    )
    message = candidate.message.strip()
    if not elsewhere:
        return message
    numbers = ", ".join(str(number) for number in elsewhere)
    return f"{message}\nAlso on {'line' if len(elsewhere) == 1 else 'lines'} {numbers}."


def _is_within(line: int, candidate: Candidate) -> bool:
    start, end = candidate.location.start, candidate.location.end
    return start is not None and start <= line <= (end or start)


def _verdict(
    scored: Scored,
    leader: Scored | None,
    said_before: frozenset[str],
    limits: Limits,
    kept: int,
    *,
    needs_words: bool,
) -> Verdict:
    if scored.duplicate_of is not None:
        other = leader.candidate if leader else None
        where = f"{other.rule} on line {other.location.start}" if other else scored.duplicate_of
        return Verdict(Decision.DUPLICATE, f"joined into {where}")
    if scored.candidate.fingerprint in said_before:
        return Verdict(Decision.SAID_BEFORE, "an earlier review of this change says it")
    if needs_words and not scored.candidate.message.strip():
        return Verdict(Decision.NOTHING_TO_SAY, "no source has a message")
    if scored.score < limits.floor:
        return Verdict(Decision.LOW_RANK, f"score {scored.score:.2f} is below the floor of {limits.floor:.2f}")
    if kept >= limits.comments:
        return Verdict(Decision.OVER_BUDGET, f"the budget of {limits.comments} comments is spent on better ones")
    return Verdict(Decision.KEPT)


def _joined(
    ranked: Iterable[Scored], by_id: Mapping[str, Scored], held_back: Mapping[str, Verdict]
) -> Mapping[str, Scored]:
    sources: dict[str, list[Finding]] = defaultdict(list)
    for scored in ranked:
        target = _root(scored, by_id)
        if target != scored.candidate.fingerprint and scored.candidate.fingerprint not in held_back:
            sources[target] += scored.candidate.sources
    return {
        identity: replace(
            scored,
            candidate=replace(scored.candidate, sources=(*scored.candidate.sources, *sources.get(identity, ()))),
        )
        for identity, scored in by_id.items()
    }


def _root(scored: Scored, by_id: Mapping[str, Scored]) -> str:
    seen = set()
    while scored.duplicate_of and scored.duplicate_of in by_id and scored.candidate.fingerprint not in seen:
        seen.add(scored.candidate.fingerprint)
        scored = by_id[scored.duplicate_of]
    return scored.candidate.fingerprint


def _best_first(scored: Scored) -> tuple[object, ...]:
    location = scored.candidate.location
    return (-scored.score, location.path, location.start or 0, location.column or 0, scored.candidate.rule)
