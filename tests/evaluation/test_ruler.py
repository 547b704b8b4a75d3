import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunkwise.core.diff import parse_diff
from hunkwise.core.model import Change
from hunkwise.evaluation.contestants import SIMPLE
from hunkwise.evaluation.ruler import MEASURES, Hunks, Pointer, Tally, agreement, tally

DIFF = "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,42 @@\n x = 1\n{}\n z = 3\n".format(
    "\n".join(f"+y = {number}" for number in range(40))
)
CHANGE = Change(id="o/r#1", files=parse_diff(DIFF.encode()))
HUNKS = Hunks(CHANGE)
HUMAN = [Pointer("a.py", 5), Pointer("a.py", 20)]


def scored(predicted, human=HUMAN):
    return {name: agreement([one]) for name, one in tally(predicted, human, HUNKS).items()}


def test_planted_perfect_one_scores_one():
    """Who says exactly what people said has precision, recall and F1 of 1 by every measure."""
    found = scored(HUMAN)
    assert {(one.precision.value, one.recall.value, one.f1.value) for one in found.values()} == {(1.0, 1.0, 1.0)}
    assert tuple(found) == MEASURES


def test_silent_one_scores_zero():
    """Who says nothing has 0 everywhere, precision too: it is defined."""
    found = scored([])
    assert {(one.precision.value, one.recall.value, one.f1.value) for one in found.values()} == {(0.0, 0.0, 0.0)}


def test_whole_file_is_not_rewarded():
    """A comment on the whole file, or on a range that holds it all, hits no line and no hunk."""
    for one in (Pointer("a.py", None), Pointer("a.py", 42, 1), Pointer("a.py", 20, 10)):
        found = scored([one])
        assert [found[name].f1.value for name in ("exact", "±1", "±3", "hunk")] == [0.0, 0.0, 0.0, 0.0]
    assert scored([Pointer("a.py", 20, 11)])["exact"].f1.value > 0


def test_every_line_pays_with_precision():
    """A comment on every line finds all and is right in 2 of 40."""
    found = scored([Pointer(*spot) for spot in SIMPLE["every-line"](CHANGE)])["exact"]
    assert (found.recall.value, found.precision.value) == (1.0, 0.05)
    assert found.f1.value < 0.1


def test_human_comment_without_a_line_is_a_miss_for_everybody():
    """It stays in the denominator of recall."""
    found = scored(HUMAN, [*HUMAN, Pointer("a.py", None)])
    assert found["exact"].recall.value == pytest.approx(2 / 3)
    assert found["hunk"].recall.value == pytest.approx(1 / 2)


def test_two_nowheres_do_not_agree():
    """A comment on the file and a prediction on the file have no hunk in common; they have the file."""
    found = scored([Pointer("a.py", None)], [Pointer("a.py", None)])
    assert found["hunk"].f1.value == 0.0
    assert found["file"].f1.value == 1.0


def test_line_outside_the_diff_is_its_own_hunk():
    """It can be right for nobody, and each counts against precision."""
    found = tally([Pointer("a.py", 900), Pointer("a.py", 901)], HUMAN, HUNKS)["hunk"]
    assert found == Tally(0, 2, 1)


def test_measures_are_micro_averages():
    """Pairs are summed over cases before they are divided."""
    found = agreement([Tally(1, 1, 1), Tally(0, 3, 1)])
    assert (found.precision.value, found.recall.value) == (0.25, 0.5)
    assert found.f1.value == pytest.approx(2 / 6)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=8))
def test_interval_holds_what_can_be(rows):
    """Every figure and both ends of its interval are shares."""
    tallies = [Tally(min(row), row[0], row[1]) for row in rows]
    found = agreement(tallies)
    for gain in (found.precision, found.recall, found.f1):
        assert 0 <= gain.low <= gain.high <= 1
        assert 0 <= gain.value <= 1


def test_interval_is_the_same_each_time():
    """The bootstrap is seeded."""
    tallies = [Tally(int(one), 2, 2) for one in np.arange(20) % 3]
    assert agreement(tallies) == agreement(tallies)
