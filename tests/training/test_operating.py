import pytest

from hunkwise.core.model import RepoPath
from hunkwise.evaluation.cases import Case, HumanComment
from hunkwise.training.operating import count, counted, picked, quiet_threshold, thorough_threshold
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


def test_the_quiet_threshold_leaves_the_surest_third():
    """Of ten changes three get a place."""
    some = [picked(table(5), [4], [probability / 10]) for probability in range(10)]
    assert sum(one.probability[0] >= quiet_threshold(some) for one in some) == pytest.approx(4, abs=1)


def test_the_thorough_threshold_parts_right_from_wrong():
    """Picks at .3 meet nobody, those at .4 all."""
    some = [picked(table(5), [4, 18], [0.4, 0.3])] * 5
    assert 0.3 < thorough_threshold(some) <= 0.4
    assert counted(some, thorough_threshold(some)).near == 5
