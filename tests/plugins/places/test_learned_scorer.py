import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunkwise.core.config import FocusMode
from hunkwise.core.errors import UsageError
from hunkwise.core.focus import APART, pick_focus
from hunkwise.core.model_reading import P_LINE
from hunkwise.core.places import commentable, with_features, with_probabilities
from hunkwise.plugins.places.learned_scorer import LearnedScorer
from hunkwise.plugins.places.ranker_weights import load_weights, shipped_text
from hunkwise.plugins.places.registry import hunkwise_features
from hunkwise.testing import FakeWorkspace, make_change, make_place
from hunkwise.testing.places import check_scorer

SCORER = LearnedScorer()
CODE = (
    "import os\n\n\ndef load(path, retries=3):\n    if not path:\n        raise ValueError('no path')\n"
    "    for attempt in range(retries):\n        try:\n            return open(path).read()\n"
    "        except OSError:\n            continue\n    return None\n"
)


def described(files):
    change = make_change(files)
    places = commentable(change)
    columns = {}
    for provider in hunkwise_features():
        columns |= provider.features(places, change, FakeWorkspace.of(files), ())
    return with_features(places, columns)


def scored(files):
    places = described(files)
    return with_probabilities(places, SCORER.score(places))


def test_the_contract_of_scorers_is_kept():
    """Probabilities with and without features, the same each time, and reasons in words."""
    check_scorer(SCORER)
    check_scorer(SCORER, described({"a.py": CODE}))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 60)), unique=True, max_size=40), st.randoms())
def test_the_order_of_the_places_does_not_matter(spots, random):
    """Shuffled places get the same probabilities, each in 0 to 1."""
    places = [make_place("a.py", 100 * hunk + line, hunk=str(hunk), features={"run": line}) for hunk, line in spots]
    known = dict(zip(((one.hunk, one.location.start) for one in places), SCORER.score(places), strict=True))
    random.shuffle(places)
    again = dict(zip(((one.hunk, one.location.start) for one in places), SCORER.score(places), strict=True))
    assert again == known
    assert all(0 <= probability <= 1 for probability in known.values())


def test_a_change_without_places_has_no_scores():
    """An empty change is not an error."""
    assert SCORER.score([]) == ()


def test_a_single_place_has_a_probability():
    """All of the change is in it."""
    (place,) = scored({"a.py": "x = compute()\n"})
    assert 0.2 < place.probability < 1


@pytest.mark.parametrize("path", ["a.zig", "Makefile", "a.unknown", "a.kt", "a.go", "a.ts"])
def test_any_language_can_be_scored(path):
    """The features need no parser: a language that nobody knows is scored like any other."""
    assert len({place.probability for place in scored({path: CODE})}) > 5


def test_no_place_is_sure_in_a_very_long_hunk():
    """Beside a small file, none of its 2,000 lines is: the hundredth pick of a hunk is no surer than the first."""
    long = "".join(f"def name_{number}(value):\n    return value + {number}\n\n\n" for number in range(500))
    places = scored({"long.py": long, "a.py": CODE})
    assert max(place.probability for place in places if place.location.path == "long.py") < 0.1


def test_places_around_a_pick_are_less_likely():
    """The likeliest places are more than six lines apart once those near a likelier one are passed over."""
    places = scored({"a.py": CODE, "b.py": CODE.replace("load", "save")})
    lines = [(one.location.path, one.location.start) for one in pick_focus(places, 10, lambda place: ("why",))]
    for path, line in lines:
        assert all(path != other or line == at or abs(line - at) > APART for other, at in lines)


def test_a_copy_of_an_earlier_hunk_is_less_likely():
    """What the change has shown before needs no second look."""
    places = scored({"a.py": CODE, "b.py": CODE})
    best = {path: max(one.probability for one in places if one.location.path == path) for path in ("a.py", "b.py")}
    assert best["b.py"] < best["a.py"]


def test_a_language_model_moves_the_line():
    """P(line) of a model that may be used raises the place it points at, and is a reason."""
    plain = described({"a.py": CODE})
    pointed = [
        *plain[:4],
        make_place("a.py", 5, hunk=plain[4].hunk, features={**plain[4].features, P_LINE: 0.9}),
        *plain[5:],
    ]
    assert SCORER.score(pointed)[4] > SCORER.score(plain)[4]
    assert "the language model points here" in SCORER.explain(pointed[4])


def test_reasons_are_about_what_raised_the_place():
    """The same features that are typical of any place explain nothing."""
    assert SCORER.explain(make_place(features=dict(load_weights().typical))) == ()
    assert SCORER.explain(scored({"a.py": CODE})[4])


def test_prose_is_not_explained():
    """The weights were learned from code alone."""
    assert SCORER.explain(make_place(features={"is_text": 1.0, "is_branch": 1.0})) == ()


def test_quiet_names_one_place_at_most():
    """Both modes have their point in the weights, and quiet asks for more."""
    quiet, thorough = SCORER.points[FocusMode.QUIET], SCORER.points[FocusMode.THOROUGH]
    assert quiet.most == 1
    assert quiet.probability > thorough.probability


def test_weights_of_another_form_are_refused():
    """Weights that an older or a newer version wrote are named as such."""
    with pytest.raises(UsageError, match="not of schema 1"):
        load_weights(shipped_text().replace('"schema":1', '"schema":0', 1))


def test_no_training_library_is_needed_to_score():
    """Scoring imports none of what the extra `train` brings."""
    code = (
        "import sys; sys.modules.update(lightgbm=None, sklearn=None, scipy=None)\n"
        "from hunkwise.plugins.places.learned_scorer import LearnedScorer\n"
        "from hunkwise.testing import make_place\n"
        "print(len(LearnedScorer().score([make_place()])))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"1\n"
