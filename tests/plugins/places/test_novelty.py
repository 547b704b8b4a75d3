from hunkwise.core.places import commentable
from hunkwise.plugins.places.novelty import Novelty
from hunkwise.testing import FakeWorkspace, make_change
from hunkwise.testing.places import check_features


def columns(files):
    change = make_change(files)
    return Novelty().features(commentable(change), change, FakeWorkspace.of(files), ())


def test_the_contract_of_providers_is_kept():
    """The columns are the same for every change, and finite."""
    check_features(Novelty())


def test_a_word_is_new_where_it_is_shown_first():
    """The second line with a word brings no new one."""
    found = columns({"a.py": ("old\n", "old\nfresh\nfresh\n")})
    assert found["new_to_hunk"] == [1.0, 0.0]


def test_a_word_of_an_earlier_file_is_new_to_its_own_alone():
    """What the change showed before, in another file, is not new to the change."""
    found = columns({"a.py": "shared\n", "b.py": "shared\n"})
    assert (found["new_to_file"], found["new_to_change"]) == ([1.0, 1.0], [1.0, 0.0])


def test_a_line_is_compared_to_those_it_replaces():
    """Half of the tokens are those of the removed line."""
    found = columns({"a.py": ("one two\n", "one three\n")})
    assert found["like_removed"] == [1 / 3]


def test_moved_text_has_no_new_tokens():
    """A line that only moved in its hunk brings nothing."""
    assert columns({"a.py": ("alpha\nbeta\n", "beta\nalpha\n")})["new_tokens"] == [0.0, 0.0]
