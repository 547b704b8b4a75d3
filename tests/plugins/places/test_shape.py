from hunkwise.core.places import commentable
from hunkwise.plugins.places.shape import Shape
from hunkwise.testing import FakeWorkspace, make_change, make_finding


def columns(files, findings=()):
    change = make_change(files)
    return Shape().features(commentable(change), change, FakeWorkspace.of(files), findings)


def test_each_place_has_one_number_in_each_column():
    """Columns are as long as there are places."""
    found = columns({"a.py": ("x\n", "x\ny\nz\n"), "b.py": "a\n"})
    assert {len(column) for column in found.values()} == {3}


def test_lines_are_flagged_by_what_they_are():
    """Imports, branches, signatures and error handling are told apart."""
    found = columns({"a.py": "import os\ndef f(x):\n    if x:\n        raise ValueError\n\n"})
    assert [found[name] for name in ("is_import", "is_signature", "is_branch", "is_error_handling", "is_blank")] == [
        [1, 0, 0, 0, 0],
        [0, 1, 0, 0, 0],
        [0, 0, 1, 0, 0],
        [0, 0, 0, 1, 0],
        [0, 0, 0, 0, 1],
    ]


def test_moved_text_brings_nothing_new():
    """A line that only moved in its hunk has no new tokens."""
    found = columns({"a.py": ("alpha\nbeta\n", "beta\nalpha\n")})
    assert (found["new_tokens"], found["hunk_new_tokens"]) == ([0.0, 0.0], [0.0, 0.0])


def test_tools_are_counted_once():
    """Two findings of one tool on a line are one tool."""
    found = columns({"a.py": "x\n"}, [make_finding(rule="A"), make_finding(rule="B"), make_finding(tool="other")])
    assert found["tools"] == [2.0]


def test_an_empty_change_has_no_columns():
    """Nothing to describe is not an error."""
    assert columns({}) == {}
