from hunkwise.core.model import RepoPath
from hunkwise.evaluation.cases import Case
from hunkwise.training.tables import short_runs, table_of

PATH = RepoPath("a.py")
DIFF = "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,4 @@\n x\n+one\n+two\n y\n"


def table(*told):
    return table_of(Case(id="c", repository="o/r", number=1, diff=DIFF), told)


def test_long_runs_are_left_out():
    """Six lines in a row were written anew, two in a row were looked at again."""
    assert short_runs([(PATH, line) for line in (1, 2, 10, 11, 12, 13, 14, 15)], 5) == {(PATH, 1), (PATH, 2)}


def test_a_comment_counts_at_the_nearest_place_of_its_hunk():
    """One on the context after the added lines counts at the last of them."""
    assert table((PATH, 4)).told.tolist() == [0.0, 1.0]


def test_a_comment_off_the_change_counts_nowhere():
    """It is among the people, and on no hunk."""
    found = table((PATH, 99), None)
    assert (found.told.tolist(), found.hunks_told) == ([0.0, 0.0], ("", ""))


def test_a_change_without_places_has_no_table():
    """A deleted file takes no comment."""
    diff = "diff --git a/a.py b/a.py\ndeleted file mode 100644\n--- a/a.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
    assert table_of(Case(id="c", repository="o/r", number=1, diff=diff), ()) is None


def test_a_column_that_is_not_there_is_zero():
    """Tables of older features can be asked for newer ones."""
    assert table().take(["run", "unheard_of"]).tolist() == [[2.0, 0.0], [2.0, 0.0]]
