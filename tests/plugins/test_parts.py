from dataclasses import replace

import pytest

from hunkwise.plugins.parts import describe_places, explain_place, rank_candidates, score_places
from hunkwise.testing import FakeWorkspace, make_change, make_place, make_scored

PLACES = (make_place(line=1), make_place(line=2))
SCORED = (make_scored(fingerprint="a"), make_scored(fingerprint="b"))


class Columns:
    name = "columns"

    def __init__(self, columns):
        self.columns = columns

    def features(self, places, change, workspace, findings):
        if isinstance(self.columns, Exception):
            raise self.columns
        return self.columns


class Scorer:
    name = "scorer"

    def __init__(self, scores):
        self.scores = scores

    def score(self, places):
        if isinstance(self.scores, Exception):
            raise self.scores
        return self.scores

    def explain(self, place):
        raise RuntimeError("no words")


class Ranks:
    order = 1

    def __init__(self, name, function):
        self.name, self.rank = name, function


def described(*columns):
    describe = describe_places([Columns(one) for one in columns])
    return describe(PLACES, make_change({}), FakeWorkspace(), ())


def test_columns_become_features():
    """Each provider adds its own."""
    places, failures = described({"a": [1.0, 2.0]}, {"b": [3.0, 4.0]})
    assert [place.features for place in places] == [{"a": 1.0, "b": 3.0}, {"a": 2.0, "b": 4.0}]
    assert failures == ()


@pytest.mark.parametrize("bad", [ValueError("x"), {"a": [1.0]}, None])
def test_a_provider_that_fails_adds_nothing(bad):
    """It is named, and the others' columns stay."""
    places, failures = described(bad, {"b": [3.0, 4.0]})
    assert [failure.who for failure in failures] == ["columns"]
    assert places[1].features == {"b": 4.0}


@pytest.mark.parametrize("bad", [ValueError("x"), [0.5], [0.5, 1.5], [0.5, float("nan")], None])
def test_a_scorer_that_fails_leaves_places_as_they_were(bad):
    """Wrong numbers are a failure, not a probability."""
    places, failures = score_places(Scorer(bad))(PLACES)
    assert places == PLACES
    assert [failure.who for failure in failures] == ["scorer"]


def test_a_scorer_without_words_gives_no_reasons():
    """Explaining may fail without harm."""
    assert explain_place(Scorer([]))(PLACES[0]) == ()


@pytest.mark.parametrize(
    "bad",
    [
        lambda scored: scored[:1],
        lambda scored: [*scored, scored[0]],
        lambda scored: [replace(one, score=7.0) for one in scored],
        lambda scored: None,
        lambda scored: 1 / 0,
    ],
)
def test_a_ranker_that_breaks_the_rules_is_not_used(bad):
    """Losing, repeating, or scoring beyond 1 is named, and the next ranker works on what was there before."""
    better = Ranks("better", lambda scored: [replace(one, score=0.9) for one in scored])
    ranked, failures = rank_candidates([Ranks("bad", bad), better])(SCORED)
    assert [one.score for one in ranked] == [0.9, 0.9]
    assert [failure.who for failure in failures] == ["bad"]
