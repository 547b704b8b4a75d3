"""The last ranker: the probability that saying a candidate is worth a reader's time, with its reasons.

The numbers are judgements, not fitted: a learned ranker replaces them through the same hook.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from hunkwise.core.meaning import family
from hunkwise.core.model import Candidate, Category, Scored, Severity
from hunkwise.core.model_reading import P_LINE
from hunkwise.core.names import is_test, is_test_data

PRIOR = {
    Severity.CRITICAL: 0.9,
    Severity.HIGH: 0.75,
    Severity.MEDIUM: 0.5,
    Severity.LOW: 0.25,
    Severity.INFO: 0.1,
}
FACTOR = {Category.STYLE: 0.6, Category.DOCUMENTATION: 0.6, Category.SECURITY: 1.1, Category.BUG: 1.1}
PRECISE = frozenset(("typos.typo",))
"""Rules that were right each time they were read: their kind does not count against them (decision 0005)."""
IN_TESTS = {Category.SECURITY: 0.3, Category.TYPES: 0.35, Category.MAINTAINABILITY: 0.7, Category.PERFORMANCE: 0.5}
"""What matters less in test code, where nobody attacks and nothing is kept for long."""
ON_PURPOSE = family("bandit.B113") | {"ruff.B018"}
"""What tests do on purpose: requests without a timeout to a server of the test, and expressions alone, to see what they
raise (decision 0023). A comparison alone is none of these: there an assertion is missing."""
ON_PURPOSE_IN_TESTS = 0.3
IN_TEST_DATA = 0.2
"""What tests read is odd on purpose: undefined names in a formatter's samples are no defects."""
AGREEMENT = 0.35
"""Each further tool that says the same closes this share of the gap to certainty."""
REPETITION = 0.9
"""Each earlier comment of the same rule in the change makes the next one worth this share."""


class Worth:
    """Scores by severity, kind of claim, agreement between tools, repetition, and the place's own probability."""

    name = "worth"
    order = 100

    def rank(self, scored: Sequence[Scored]) -> tuple[Scored, ...]:
        agreeing: dict[str, set[str]] = defaultdict(set)
        for one in scored:
            if one.duplicate_of is not None:
                agreeing[one.duplicate_of] |= {source.tool for source in one.candidate.sources}
        often: dict[str, int] = defaultdict(int)
        found = []
        for one in scored:
            candidate = one.candidate
            score, why = _score(candidate, agreeing[candidate.fingerprint], often[candidate.rule])
            if one.duplicate_of is None:
                often[candidate.rule] += 1
            found.append(replace(one, score=round(score, 4), why=(*one.why, *why)))
        return tuple(found)


def _pointed(candidate: Candidate, earlier: int) -> tuple[float, tuple[str, ...]]:
    """Score a place that a model points at by its own P(line | hunk), and the less the more often it points."""
    probability = candidate.place.features.get(P_LINE, 0.0) if candidate.place else 0.0
    return min(probability * REPETITION**earlier, 0.99), (f"P(line) {probability:.2f}",)


def _in_tests(candidate: Candidate) -> float:
    if candidate.rule in ON_PURPOSE:
        return ON_PURPOSE_IN_TESTS
    return IN_TESTS.get(candidate.category, 1.0)


def _score(candidate: Candidate, agreeing: set[str], earlier: int) -> tuple[float, tuple[str, ...]]:
    factor = 1.0 if candidate.rule in PRECISE else FACTOR.get(candidate.category, 1.0)
    if not candidate.message.strip():
        return _pointed(candidate, earlier)
    score = PRIOR[candidate.severity] * factor
    why = [f"{candidate.severity.label} severity"]
    others = sorted(agreeing - {source.tool for source in candidate.sources})
    if others:
        score = 1 - (1 - min(score, 1.0)) * (1 - AGREEMENT) ** len(others)
        why.append(f"{' and '.join(others)} {'agrees' if len(others) == 1 else 'agree'}")
    if earlier:
        score *= REPETITION**earlier
        why.append(f"said {earlier} time{'s' if earlier > 1 else ''} before in this change")
    if is_test_data(candidate.location.path):
        score *= IN_TEST_DATA
        why.append("in test data")
    elif is_test(candidate.location.path) and (share := _in_tests(candidate)) < 1:
        score *= share
        why.append("in test code")
    if candidate.place is not None and candidate.place.probability:
        score *= 0.95 + 0.1 * candidate.place.probability
    return min(max(score, 0.0), 0.99), tuple(why)
