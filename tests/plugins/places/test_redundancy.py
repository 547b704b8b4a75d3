from hunkwise.core.places import commentable
from hunkwise.plugins.places.redundancy import Redundancy
from hunkwise.testing import FakeWorkspace, make_change
from hunkwise.testing.places import check_features


def columns(files):
    change = make_change(files)
    return Redundancy().features(commentable(change), change, FakeWorkspace.of(files), ())


def test_the_contract_of_providers_is_kept():
    """The columns are the same for every change, and finite."""
    check_features(Redundancy())


def test_moved_text_brings_nothing_new():
    """A hunk whose lines only changed places has no new tokens."""
    found = columns({"a.py": ("alpha\nbeta\n", "beta\nalpha\n")})
    assert set(found["hunk_new_tokens"]) == {0.0}


def test_lines_that_leave_another_hunk_are_moved():
    """What one file loses and another gains is moved, and is new all the same."""
    found = columns({"a.py": ("keep\nalpha = 1\n", "keep\n"), "b.py": ("keep\n", "keep\nalpha = 1\n")})
    assert (found["hunk_moved"], found["hunk_new_tokens"]) == ([0.0, 1.0], [0.0, 3.0])


def test_the_second_of_two_equal_hunks_repeats_the_first():
    """The first hunk is like another one, the second is like an earlier one and has no words of its own."""
    found = columns({"a.py": "first_name\n", "b.py": "first_name\n"})
    assert found["hunk_like_earlier"] == [0.0, 1.0]
    assert found["hunk_like_other"] == [1.0, 1.0]
    assert found["hunk_new_words"] == [1.0, 0.0]


def test_an_empty_change_has_no_columns():
    """Nothing to describe is not an error."""
    assert columns({}) == {}
