import random
from dataclasses import replace

import pytest

from hunkwise.testing import check_ranker, make_scored


class Ranker:
    """Scores by severity, and orders by score."""

    name = "example"
    order = 5

    def rank(self, scored):
        rated = [replace(one, score=one.candidate.severity / 4, why=("severity",)) for one in scored]
        return sorted(rated, key=lambda one: (-one.score, one.candidate.fingerprint))


def each(**changes):
    """Return a rank that changes the fields of each candidate."""
    return lambda self, scored: [
        replace(one, **{key: value(one) if callable(value) else value for key, value in changes.items()})
        for one in scored
    ]


def test_a_good_ranker_passes():
    """A ranker that keeps the rules passes."""
    check_ranker(Ranker())


def in_place(self, scored):
    if isinstance(scored, list):
        scored.reverse()
    return scored


def remembering(self, scored):
    self.calls = getattr(self, "calls", 0) + 1
    return [replace(one, score=1 / self.calls) for one in scored]


def shuffling(self, scored):
    return random.sample(list(scored), k=len(scored))


def crossed(self, scored):
    prints = [one.candidate.fingerprint for one in scored]
    return [replace(one, duplicate_of=prints[-1 - n]) for n, one in enumerate(scored)] if len(prints) > 1 else scored


BROKEN = {
    "stumbles over nothing": (
        lambda self, scored: [max(scored, key=lambda one: one.score), *scored[1:]],
        "no candidates",
    ),
    "drops one": (lambda self, scored: scored[1:], r"dropped a\.py:E1:1 .*; a ranker keeps every candidate"),
    "drops duplicates": (lambda self, scored: [one for one in scored if not one.duplicate_of], "dropped twin"),
    "repeats": (lambda self, scored: [*scored, *scored], "added or repeated"),
    "adds": (lambda self, scored: [*scored, make_scored(fingerprint="new")], "added or repeated new"),
    "changes the message": (
        lambda self, scored: [replace(one, candidate=replace(one.candidate, message="!")) for one in scored],
        "changed the candidate .*; change score and why only",
    ),
    "scores in percent": (each(score=40), r"the score 40 .*; scores lie in \[0, 1\]"),
    "scores below nothing": (each(score=-0.1), r"the score -0\.1"),
    "scores not a number": (each(score=float("nan")), "the score nan"),
    "scores with a word": (each(score="high"), "the score 'high'"),
    "gives one reason as a text": (each(why="severity"), "the reasons 'severity' .*; they are a tuple of texts"),
    "is its own duplicate": (each(duplicate_of=lambda one: one.candidate.fingerprint), "a duplicate of itself"),
    "marks in a circle": (crossed, "a duplicate of itself"),
    "marks what is not there": (each(duplicate_of="nowhere"), "a duplicate of what is not there"),
    "sorts in place": (in_place, "changed the sequence it was given"),
    "remembers": (remembering, "gave two answers to one question"),
    "shuffles": (shuffling, "gave two answers to one question"),
    "returns None": (lambda self, scored: None, "returned NoneType; return a sequence"),
    "returns a generator": (lambda self, scored: (one for one in scored), "returned generator; return a sequence"),
    "returns candidates": (lambda self, scored: [one.candidate for one in scored], "return Scored objects"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_ranker_is_told(case):
    """Each rule that a ranker breaks is an AssertionError that says which."""
    rank, words = BROKEN[case]
    with pytest.raises(AssertionError, match=words):
        check_ranker(type("Changed", (Ranker,), {"rank": rank})())


def test_given_samples_are_checked_too():
    """A rule that only a given sample breaks is told."""
    picky = type("Picky", (Ranker,), {"rank": lambda self, scored: [one for one in scored if one.score != 0.123]})()
    check_ranker(picky)
    with pytest.raises(AssertionError, match=r"dropped odd \(sample 1\)"):
        check_ranker(picky, [[make_scored(fingerprint="odd", score=0.123)]])


def test_a_ranker_needs_its_order():
    """A ranker without an order is refused by the shape of its hook."""
    bare = type("Bare", (), {"name": "bare", "rank": Ranker.rank})()
    with pytest.raises(AssertionError, match="'bare' is no Ranker: it lacks order"):
        check_ranker(bare)
