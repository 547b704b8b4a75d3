import math

import numpy as np
import pytest

from hunkwise.evaluation.lines import feature_matrix, hunk_lines, telling_hunks
from hunkwise.testing import make_place

PLACES = [
    make_place("a.py", line, hunk=hunk, features={"position": position, "new_tokens": line})
    for line, hunk, position in [(1, "a:1", 0.0), (2, "a:1", 1.0), (9, "a:2", 0.0), (10, "a:2", 1.0), (20, "a:3", 0.0)]
]
COMMENTED = {("a.py", 2), ("a.py", 20), ("b.py", 9)}


def test_only_hunks_with_both_kinds_tell():
    """A hunk without a comment, and one that is commented everywhere, say nothing about which line."""
    assert telling_hunks(PLACES, COMMENTED) == ("a:1",)


def test_score_is_the_logarithm_of_the_probability():
    """A probability of zero is a small one, so that the logarithm exists."""
    (hunk,) = hunk_lines("case", "o/r", PLACES, COMMENTED, {("a.py", 1): 0.0, ("a.py", 2): 0.5})
    assert hunk.scores == pytest.approx([math.log(1e-6), math.log(0.5)])
    assert hunk.is_commented.tolist() == [False, True]


def test_hunk_that_was_not_read_is_left_out():
    """A hunk with a place that the model gave no probability is not measured."""
    assert hunk_lines("case", "o/r", PLACES, COMMENTED, {("a.py", 2): 0.5}) == ()


def test_features_are_columns_by_name():
    """Counts are damped, and the position may matter by its square."""
    found = feature_matrix(PLACES[:2])
    assert found == pytest.approx(np.array([[math.log(2), 0, 0], [math.log(3), math.log(2), 1]]))
