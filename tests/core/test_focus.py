from hunkwise.core.focus import USUAL, Point, pick_focus
from hunkwise.testing import make_place


def picked(places, limit=3, explain=lambda place: ("why",), point=None):
    return [(focus.location.path, focus.location.start) for focus in pick_focus(places, limit, explain, point)]


PLACES = [
    make_place("a.py", 1, hunk="a", probability=0.9),
    make_place("a.py", 7, hunk="a", probability=0.8),
    make_place("a.py", 8, hunk="a", probability=0.7),
    make_place("b.py", 1, hunk="b", probability=0.3),
]


def test_the_likeliest_come_first_and_are_apart():
    """A place six lines from a pick is not picked, one seven lines from it is."""
    assert picked(PLACES) == [("a.py", 1), ("a.py", 8), ("b.py", 1)]


def test_no_more_are_named_than_asked_for():
    """The limit holds, and none means none."""
    assert (picked(PLACES, limit=1), picked(PLACES, limit=0)) == ([("a.py", 1)], [])


def test_unlikely_places_are_not_named():
    """What the mode asks of a place is its least probability."""
    assert picked(PLACES, point=Point(probability=0.5)) == [("a.py", 1), ("a.py", 8)]


def test_a_mode_may_name_fewer():
    """A mode that names one place names the likeliest."""
    assert picked(PLACES, point=Point(most=1)) == [("a.py", 1)]


def test_a_small_change_may_have_no_focus():
    """A mode may ask for so many lines that a pointer is worth having."""
    assert picked(PLACES, point=Point(least_places=5)) == []


def test_a_mode_may_name_the_likeliest_however_unlikely():
    """Two are named, the third must be likely enough."""
    assert picked(PLACES, point=Point(probability=0.95, least=2)) == [("a.py", 1), ("a.py", 8)]


def test_a_small_change_may_have_to_be_surer():
    """What is asked for falls with the size of the change, and is the plain probability at the usual size."""
    point = Point(probability=0.5, growth=0.5)
    assert point.asked(5) > point.asked(USUAL) == 0.5 > point.asked(500) > 0
    assert picked(PLACES, point=Point(probability=0.75, growth=0.5)) == [("a.py", 1)]


def test_a_place_without_a_reason_is_left_out():
    """A bare probability helps nobody."""
    assert picked(PLACES, explain=lambda place: ()) == []
