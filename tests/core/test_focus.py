from hunkwise.core.focus import LEAST_PLACES, pick_focus
from hunkwise.testing import make_place


def places(*heads):
    filler = [
        make_place("z.py", number, hunk=f"z{number}", probability=0.0) for number in range(100, 100 + LEAST_PLACES)
    ]
    return [*heads, *filler]


def picked(heads, limit=3, explain=lambda place: ("why",)):
    return [(focus.location.path, focus.location.start) for focus in pick_focus(places(*heads), limit, explain)]


def test_the_likeliest_come_first_one_a_hunk():
    """A second place in the same hunk waits for other hunks."""
    heads = [
        make_place("a.py", 1, hunk="a", probability=0.9),
        make_place("a.py", 20, hunk="a", probability=0.8),
        make_place("b.py", 1, hunk="b", probability=0.7),
    ]
    assert picked(heads, limit=2) == [("a.py", 1), ("b.py", 1)]


def test_a_small_change_has_no_focus():
    """What is read in one go needs no pointer."""
    assert pick_focus([make_place()], 3, lambda place: ("why",)) == ()


def test_a_place_without_a_reason_is_left_out():
    """A bare probability helps nobody."""
    assert picked([make_place(probability=0.9)], explain=lambda place: ()) == []
