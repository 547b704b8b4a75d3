import pytest

from hunkwise.core.config import FocusMode
from hunkwise.core.focus import Point, pick_focus
from hunkwise.core.model import RepoPath
from hunkwise.core.places import with_probabilities
from hunkwise.evaluation.cases import Case, HumanComment
from hunkwise.plugins.places.place_model import PlaceModel
from hunkwise.training.operating import count, counted, named, picked, quiet_point, shown, thorough_point
from hunkwise.training.ranker import commented_tables

DIFF = """diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -0,0 +1,20 @@
""" + "".join(f"+line_{number}\n" for number in range(1, 21))


def table(*lines):
    comments = tuple(HumanComment(path=RepoPath("a.py"), line=line) for line in lines)
    (found,) = commented_tables([Case(id="c", repository="o/r", number=1, diff=DIFF, comments=comments)])
    return found


def test_each_comment_is_met_once():
    """Two picks near one comment are one hit; none is hit exactly."""
    found = count(table(5, 19), [3, 5])
    assert (found.picks, found.people, found.exact, found.near, found.hunks_met) == (2, 2, 0, 1, 1)


def test_a_perfect_pick_scores_one():
    """What people said, and nothing else."""
    assert count(table(5, 19), [4, 18]).scores == (1.0, 1.0, 1.0)


def test_no_picks_score_zero():
    """Silence on a commented change meets nobody."""
    assert count(table(5), []).scores == (0.0, 0.0, 0.0)


def test_a_comment_off_the_change_counts_as_missed():
    """It is in the number of people and of hunks, and nothing can meet it."""
    found = count(table(5, 500, None), [4])
    assert (found.people, found.near, found.hunks_told) == (3, 1, 3)


def test_the_quiet_point_leaves_the_surest_third():
    """Of ten changes three get a place."""
    some = [picked(table(5), [4], [(probability + 1) / 20]) for probability in range(10)]
    assert sum(bool(named(one, quiet_point(some))) for one in some) == pytest.approx(4, abs=1)


def test_small_changes_have_to_be_surer_where_people_are_silent_on_them():
    """What is as likely in small silent changes as in large commented ones is asked for more in the small ones."""
    small = DIFF.replace("+1,20", "+1,4").split("+line_5")[0]
    (silent,) = commented_tables([Case(id="s", repository="o/r", number=2, diff=small)])
    said = [picked(table(5), [4], [0.4 + index / 100]) for index in range(20)]
    unsaid = [picked(silent, [1], [0.4 + index / 100]) for index in range(20)]
    point = quiet_point(said, unsaid)
    assert point.growth > 0
    assert point.asked(4) > point.asked(20)
    assert quiet_point(said).growth == 0


def test_the_thorough_point_parts_right_from_wrong():
    """The fourth pick, at .3, meets nobody, the third, at .4, somebody."""
    some = [picked(table(1, 8, 14), [0, 7, 13, 19], [0.5, 0.5, 0.4, 0.3])] * 5
    point = thorough_point(some)
    assert 0.3 < point.probability <= 0.4
    assert counted(some, point).near == 15


@pytest.mark.parametrize("point", [Point(probability=0.35, least=2), Point(probability=0.5, most=1, growth=0.3)])
@pytest.mark.parametrize("chances", [(0.6, 0.4, 0.1), (0.3, 0.2, 0.1), (0.55, 0.5, 0.36)])
def test_what_is_named_is_what_a_review_names(point, chances):
    """The training counts the places that the focus shows."""
    known, index = table(5), [0, 8, 16]
    probabilities = [dict(zip(index, chances, strict=True)).get(place, 0.0) for place in range(len(known.places))]
    shown = pick_focus(with_probabilities(known.places, probabilities), 10, lambda place: ("why",), point)
    counted_as = [known.places[place].location for place in named(picked(known, index, chances), point)]
    assert counted_as == [one.location for one in shown]


TEXT = DIFF.replace("a.py", "notes.md") + DIFF.replace("a.py", "b.py").replace("+line", "+    if line")


@pytest.mark.parametrize("mode", list(FocusMode))
def test_places_that_a_review_passes_over_are_not_counted(mode):
    """What has no reasons, such as all in a text file, is named neither in a review nor here."""
    (known,) = commented_tables([Case(id="c", repository="o/r", number=1, diff=TEXT)])
    model = PlaceModel()
    places = with_probabilities(known.places, model.score(known.places))
    point = model.points[mode]
    focus = pick_focus(places, 10, model.explain, point)
    found = shown(model, known)
    assert [known.places[place].location for place in named(found, point)] == [one.location for one in focus]
    assert {known.places[place].location.path for place in found.chosen} == {"b.py"}
