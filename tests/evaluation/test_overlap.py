import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunkwise.evaluation.overlap import chrf, rouge_l


def test_same_text_scores_one():
    """And one without anything in common 0."""
    assert chrf("What if it is empty?", "What if it is empty?") == pytest.approx(1.0)
    assert rouge_l("What if it is empty?", "What if it is empty?") == 1.0
    assert (chrf("abc", "xyz"), rouge_l("abc", "xyz")) == (0.0, 0.0)


def test_longest_common_subsequence_keeps_the_order():
    """Of "the list is empty" and "is the list full", "the list" is the longest."""
    assert rouge_l("the list is empty", "is the list full") == pytest.approx(2 * 2 / 8)


def test_chrf_is_that_of_its_definition():
    """abcd against abc: of the orders 1 to 3, precision 3/4, 2/3, 1/2 and recall 1; F with a weight of 2."""
    precision = (3 / 4 + 2 / 3 + 1 / 2) / 3
    assert chrf("abcd", "abc") == pytest.approx(5 * precision / (4 * precision + 1))


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_scores_are_shares(ours, theirs):
    """Whatever the texts are, an empty one too."""
    assert 0 <= chrf(ours, theirs) <= 1 + 1e-9
    assert 0 <= rouge_l(ours, theirs) <= 1
