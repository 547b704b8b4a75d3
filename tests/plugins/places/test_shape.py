from hunkwise.core.places import commentable
from hunkwise.plugins.places.shape import Shape
from hunkwise.testing import FakeWorkspace, make_change, make_finding
from hunkwise.testing.places import check_features


def columns(files, findings=()):
    change = make_change(files)
    return Shape().features(commentable(change), change, FakeWorkspace.of(files), findings)


def test_the_contract_of_providers_is_kept():
    """The columns are the same for every change, and finite."""
    check_features(Shape())


def test_each_place_has_one_number_in_each_column():
    """Columns are as long as there are places."""
    found = columns({"a.py": ("x\n", "x\ny\nz\n"), "b.py": "a\n"})
    assert {len(column) for column in found.values()} == {3}


def test_hunks_know_their_share_of_the_change():
    """Three of four added lines are in the largest hunk."""
    found = columns({"a.py": "1\n2\n3\n", "b.py": "4\n"})
    assert found["hunk_share"] == [0.75, 0.75, 0.75, 0.25]
    assert found["hunk_rank"] == [0, 0, 0, 1]
    assert found["is_largest"] == [1, 1, 1, 0]


def test_lines_know_where_in_their_hunk_they_are():
    """Position goes from 0 to 1."""
    found = columns({"a.py": "1\n2\n3\n"})
    assert (found["position"], found["from_end"]) == ([0.0, 0.5, 1.0], [2, 1, 0])


def test_a_run_is_the_added_lines_that_stand_together():
    """Context between two runs parts them."""
    found = columns({"a.py": ("x\n", "1\n2\nx\n3\n")})
    assert (found["run"], found["run_start"]) == ([2, 2, 1], [0, 1, 0])


def test_a_replaced_line_differs_from_an_inserted_one():
    """Only the run right after removed lines replaces them."""
    found = columns({"a.py": ("old\nx\n", "new\nx\nmore\n")})
    assert found["is_replacing"] == [1, 0]


def test_a_line_with_deeper_ones_below_opens_a_block():
    """Blank lines between do not count."""
    assert columns({"a.py": "if x:\n\n    y\n"})["is_opener"] == [1, 0, 0]


def test_tools_are_counted_once():
    """Two findings of one tool on a line are one tool."""
    found = columns({"a.py": "x\n"}, [make_finding(rule="A"), make_finding(rule="B"), make_finding(tool="other")])
    assert found["tools"] == [2.0]


def test_an_empty_change_has_no_columns():
    """Nothing to describe is not an error."""
    assert columns({}) == {}
