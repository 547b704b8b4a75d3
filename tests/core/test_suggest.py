from hunkwise.core.model import Edit, Fix
from hunkwise.core.suggest import propose
from hunkwise.testing import FakeWorkspace, make_change, make_comment, make_finding

FILES = {"a.py": ("a = 1\n", "a = 1\nb = is_none(a)\nc = 3\n")}


def suggested(*edits, line=2, end=None, files=FILES):
    finding = make_finding(line=line, end=end, fix=Fix(edits=edits))
    proposals, refused = propose([make_comment(finding)], make_change(files), FakeWorkspace.of(files))
    assert len(proposals) + len(refused) == 1
    return proposals[0].text if proposals else None


def test_a_fix_within_its_line_becomes_the_new_line():
    """The suggestion is the whole new text of the commented lines."""
    assert suggested(Edit(2, 5, 2, 15, "a is None")) == "b = a is None"


def test_several_edits_are_applied_together():
    """Edits count from the old text, whatever their order."""
    assert suggested(Edit(2, 5, 2, 12, "f"), Edit(2, 1, 2, 2, "d")) == "d = f(a)"


def test_a_fix_may_delete_its_line():
    """Removing a whole line suggests the empty text for two lines that become one."""
    assert suggested(Edit(2, 1, 3, 1, ""), line=2, end=3) == "c = 3"


def test_a_fix_may_end_where_the_next_line_begins():
    """A tool that removes or replaces a whole line counts the end of it as the start of the next."""
    assert suggested(Edit(2, 1, 3, 1, "")) == ""
    assert suggested(Edit(2, 1, 3, 1, "b = 2\n")) == "b = 2"
    assert suggested(Edit(2, 1, 3, 1, "b = 2")) is None
    assert suggested(Edit(2, 5, 3, 1, "")) is None


def test_a_fix_beyond_the_comment_is_not_offered():
    """An edit on another line would change what the comment does not show."""
    assert suggested(Edit(1, 1, 1, 2, "z")) is None


def test_a_fix_that_breaks_python_is_not_offered():
    """What no longer parses is never suggested."""
    assert suggested(Edit(2, 5, 2, 15, "(")) is None


def test_a_fix_off_the_diff_is_not_offered():
    """Lines that the diff does not show take no suggestion."""
    old = "".join(f"x{number} = {number}\n" for number in range(30))
    files = {"a.py": (old, old + "y = 1\n")}
    assert suggested(Edit(3, 1, 3, 3, "z2"), line=3, files=files) is None


def test_overlapping_edits_are_not_offered():
    """Edits that touch the same text cannot both be right."""
    assert suggested(Edit(2, 1, 2, 6, "x"), Edit(2, 5, 2, 9, "y")) is None


def test_a_comment_without_a_fix_has_no_suggestion():
    """No tool offers anything."""
    comment = make_comment(make_finding(line=2))
    assert propose([comment], make_change(FILES), FakeWorkspace.of(FILES)) == ((), {})
