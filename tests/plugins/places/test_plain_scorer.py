from hunkwise.plugins.places.plain_scorer import PlainScorer
from hunkwise.testing import make_place


def test_probabilities_are_probabilities():
    """Each score lies in 0 to 1, and all together they expect about two stops."""
    places = [make_place(line=line, features={"new_tokens": line}) for line in range(1, 50)]
    scores = PlainScorer().score(places)
    assert all(0 <= score <= 1 for score in scores)
    assert 1.5 < sum(scores) <= 2.0


def test_blank_lines_are_passed_over():
    """A reviewer stops at error handling rather than at an empty line."""
    blank, handling = PlainScorer().score(
        [make_place(line=1, features={"is_blank": 1}), make_place(line=2, features={"is_error_handling": 1})]
    )
    assert handling > 5 * blank


def test_reasons_are_plain_words():
    """The features that raised a place are what it is explained by."""
    place = make_place(features={"is_branch": 1.0, "is_largest": 1.0, "hunk_added": 12.0})
    assert PlainScorer().explain(place) == (
        "new or changed branch",
        "largest part of the change (12 added lines)",
    )


def test_prose_is_not_explained():
    """That a text is long is no reason to look there first."""
    assert PlainScorer().explain(make_place(features={"is_text": 1.0, "is_largest": 1.0, "hunk_added": 54.0})) == ()


def test_no_places_have_no_scores():
    """An empty change is not an error."""
    assert PlainScorer().score([]) == ()
