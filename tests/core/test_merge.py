from hunkwise.core.merge import Limits, decide, text_of
from hunkwise.core.model import Decision, Verdict
from hunkwise.testing import make_finding, make_scored

LIMITS = Limits(comments=2, floor=0.3)


def scored(name, score=0.5, line=1, **more):
    return make_scored(make_finding(f"message {name}", line=line), fingerprint=name, score=score, **more)


def decisions(ranked, held_back=None, said=frozenset()):
    comments = decide(ranked, held_back or {}, said, LIMITS)
    return {comment.scored.candidate.fingerprint: comment.verdict.decision for comment in comments}


def test_the_best_are_kept_within_the_budget():
    """The budget goes to the highest scores; the others say so."""
    assert decisions([scored("a", 0.4), scored("b", 0.9), scored("c", 0.8)]) == {
        "b": Decision.KEPT,
        "c": Decision.KEPT,
        "a": Decision.OVER_BUDGET,
    }


def test_the_floor_holds_back():
    """A score below the floor is not said even where the budget is free."""
    assert decisions([scored("a", 0.29)]) == {"a": Decision.LOW_RANK}


def test_every_candidate_leaves_with_a_verdict():
    """Suppressed, said before, duplicate: each is still in the result."""
    held_back = {"a": Verdict(Decision.SUPPRESSED, "noqa")}
    ranked = [scored("a", 0.9), scored("b", 0.9), scored("c", 0.9, duplicate_of="d"), scored("d", 0.8)]
    assert decisions(ranked, held_back, frozenset({"b"})) == {
        "a": Decision.SUPPRESSED,
        "b": Decision.SAID_BEFORE,
        "c": Decision.DUPLICATE,
        "d": Decision.KEPT,
    }


def test_a_duplicate_lends_its_source_to_the_one_it_joins():
    """What two tools say becomes one comment that names both."""
    comments = decide([scored("a", 0.9), scored("b", 0.5, line=7, duplicate_of="a")], {}, frozenset(), LIMITS)
    assert [source.message for source in comments[0].scored.candidate.sources] == ["message a", "message b"]
    assert text_of(comments[0]) == "message a\nAlso on line 7."


def test_a_suppressed_duplicate_lends_nothing():
    """A held-back candidate is not mentioned by the one it would have joined."""
    held_back = {"b": Verdict(Decision.SUPPRESSED, "noqa")}
    comments = decide([scored("a"), scored("b", duplicate_of="a")], held_back, frozenset(), LIMITS)
    assert len(comments[0].scored.candidate.sources) == 1


def test_a_cycle_of_duplicates_ends():
    """Two candidates that name each other as the leader do not hang the review."""
    assert set(decisions([scored("a", duplicate_of="b"), scored("b", duplicate_of="a")]).values()) == {
        Decision.DUPLICATE
    }
