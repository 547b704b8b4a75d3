from dataclasses import replace
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunkwise.core.model import Hunk, Line
from hunkwise.core.places import place_numbers
from hunkwise.core.reading import Reading
from hunkwise.core.windows import Window, join, split


def count(text):
    return len(text.split())


def make_hunk(kinds, words=1):
    """Build a hunk from `+`, `-` and blanks."""
    lines, old, new = [], 0, 0
    for kind in kinds:
        old += kind != "+"
        new += kind != "-"
        lines.append(Line(None if kind == "+" else old, None if kind == "-" else new, "word " * words))
    return Hunk(id="a.py:1", path="a.py", old_start=1, old_length=old, new_start=1, new_length=new, lines=tuple(lines))


def test_a_small_hunk_is_one_window():
    """What fits is not split."""
    hunk = make_hunk(" +- ")
    assert (Window(hunk.lines, (2,)),) == split(hunk, 10, 100, 5, count)


def test_windows_overlap():
    """A window begins some lines before the end of the one before it."""
    windows = split(make_hunk("+" * 20), 8, 100, 2, count)
    assert [(1, 8), (7, 14), (13, 20)] == [(window.places[0], window.places[-1]) for window in windows]


def test_a_window_without_places_is_left_out():
    """A stretch of context alone is not read."""
    windows = split(make_hunk("+" + " " * 50 + "+"), 10, 10, 0, count)
    assert [(1,), (52,)] == [window.places for window in windows]


def test_a_line_that_is_too_long_is_a_window_of_its_own():
    """No line is lost for its length."""
    windows = split(make_hunk("+++", words=50), 10, 10, 1, count)
    assert [(1,), (2,), (3,)] == [window.places for window in windows]


def test_what_no_tokenizer_takes_is_not_counted():
    """A byte that was not UTF-8 reaches the counter as a question mark."""
    counted = []
    hunk = make_hunk("+")
    odd = replace(hunk, lines=(Line(None, 1, "a\udcffé"),))
    split(odd, 1, 10, 0, lambda text: counted.append(text) or 1)
    assert [" a?é\n"] == counted


def test_limits_that_hold_nothing_are_refused():
    """A window of no places is a mistake of the caller."""
    with pytest.raises(ValueError, match="0 places"):
        split(make_hunk("+"), 0, 10, 1, count)


def test_one_reading_stays_as_it_is():
    """Joining a single window changes nothing."""
    places, reading = join([Window((), (3, 5))], [Reading((0.2, 0.3), 0.5, 7)])
    assert ((3, 5), Reading((0.2, 0.3), 0.5, 7)) == (places, reading)


def test_overlaps_are_averaged():
    """A place in two windows has the mean of both before all are shared out."""
    places, reading = join(
        [Window((), (1, 2)), Window((), (2, 3))], [Reading((0.2, 0.2), 0.6, 5), Reading((0.4, 0.1), 0.5, 6)]
    )
    assert (1, 2, 3) == places
    assert isclose(reading.none, 0.3)
    assert isclose(reading.probabilities[1] / reading.probabilities[0], 0.3 / 0.2)
    assert 11 == reading.tokens


def test_windows_that_all_say_nothing_say_nothing():
    """Where no place has a share, there is nothing to say."""
    places, reading = join([Window((), (1,)), Window((), (2,))], [Reading((0.0,), 1.0), Reading((0.0,), 1.0)])
    assert ((0.0, 0.0), 1.0) == (reading.probabilities, reading.none)
    assert (1, 2) == places


@settings(max_examples=300, deadline=None)
@given(
    kinds=st.text("+- ", min_size=1, max_size=80),
    words=st.integers(1, 6),
    limits=st.tuples(st.integers(1, 20), st.integers(1, 60), st.integers(0, 8)),
    random=st.randoms(use_true_random=False),
)
def test_every_place_is_in_a_window(kinds, words, limits, random):
    """Whatever the limits, each commentable line is read, no window is over them, and the joined reading sums to 1."""
    hunk = make_hunk(kinds, words)
    windows = split(hunk, *limits, count)
    assert set(place_numbers(hunk)) == {place for window in windows for place in window.places}
    for window in windows:
        assert len(window.places) <= limits[0]
        assert count(" ".join(line.text for line in window.lines)) <= limits[1] or len(window.lines) == 1
        assert set(window.places) <= {line.new for line in window.lines}
    readings = []
    for window in windows:
        weights = [random.random() + 1e-6 for _ in range(len(window.places) + 1)]
        readings.append(Reading(tuple(one / sum(weights) for one in weights[1:]), weights[0] / sum(weights)))
    if windows:
        places, reading = join(windows, readings)
        assert place_numbers(hunk) == places
        assert isclose(sum(reading.probabilities) + reading.none, 1.0)
        assert all(0 <= one <= 1 for one in (*reading.probabilities, reading.none))
