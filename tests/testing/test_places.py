import pytest

from hunkwise.testing import check_features, check_scorer


class Scorer:
    """Gives every place an even chance."""

    name = "example"

    def score(self, places):
        return [0.5 for _ in places]

    def explain(self, place):
        return ("even",)


class Features:
    """Counts findings on each line."""

    name = "example"

    def features(self, places, change, workspace, findings):
        return {"findings": [float(sum(f.location.start == p.location.start for f in findings)) for p in places]}


def remembering(self, *args):
    self.calls = getattr(self, "calls", 0) + 1
    return [1 / self.calls for _ in args[0]]


BROKEN_SCORERS = {
    "is short": ({"score": lambda self, places: [0.5] * (len(places) - 1)}, "gave 0 numbers for 1 places"),
    "stumbles over nothing": (
        {"score": lambda self, places: [max(p.probability for p in places)] * len(places)},
        "no places",
    ),
    "scores in percent": (
        {"score": lambda self, places: [50 for _ in places]},
        r"gave 50; probabilities lie in \[0, 1\]",
    ),
    "is no number": ({"score": lambda self, places: [float("nan") for _ in places]}, "gave nan"),
    "remembers": ({"score": remembering}, "gave two answers to one question"),
    "explains with a text": ({"explain": lambda self, place: "even"}, "returned 'even'; return a tuple of texts"),
    "explains with nothing": ({"explain": lambda self, place: None}, "returned None; return a tuple of texts"),
    "asks for a feature": ({"explain": lambda self, place: (str(place.features["added"]),)}, "KeyError: 'added'"),
}
BROKEN_FEATURES = {
    "returns rows": (lambda self, places, *_: [[1.0] for _ in places], "returned list; return columns by name"),
    "is short": (lambda self, places, *_: {"x": [1.0]}, "has 1 numbers in 'x' for 6 places"),
    "is infinite": (lambda self, places, *_: {"x": [float("inf") for _ in places]}, "has inf in 'x'"),
    "is a word": (lambda self, places, *_: {"x": ["a" for _ in places]}, "has 'a' in 'x'"),
    "has no columns": (lambda self, places, *_: {}, "has no columns on all places"),
    "has a column per finding": (
        lambda self, places, change, workspace, findings: {
            name: [0.0 for _ in places] for name in ["all", *(f.rule for f in findings)]
        },
        "has other columns on no findings: E1",
    ),
    "has others for nothing": (
        lambda self, places, *_: {"x" if places else "y": [0.0 for _ in places]},
        "has other columns on no places: x, y",
    ),
    "reads what is not at hand": (
        lambda self, places, change, workspace, findings: {
            "x": [float(len(workspace.read(p.location.path))) for p in places]
        },
        "raised on a bare patch: FileNotFoundError",
    ),
    "remembers": (lambda self, *args: {"x": remembering(self, *args)}, "gave two answers to one question"),
}


def test_good_ones_pass():
    """A scorer and a provider that keep the rules pass."""
    check_scorer(Scorer())
    check_features(Features())


@pytest.mark.parametrize("case", BROKEN_SCORERS)
def test_a_broken_scorer_is_told(case):
    """Each rule that a scorer breaks is an AssertionError that says which."""
    members, words = BROKEN_SCORERS[case]
    with pytest.raises(AssertionError, match=words):
        check_scorer(type("Changed", (Scorer,), members)())


@pytest.mark.parametrize("case", BROKEN_FEATURES)
def test_a_broken_provider_is_told(case):
    """Each rule that a feature provider breaks is an AssertionError that says which."""
    features, words = BROKEN_FEATURES[case]
    with pytest.raises(AssertionError, match=words):
        check_features(type("Changed", (Features,), {"features": features})())
