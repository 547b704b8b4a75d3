import subprocess

import pytest

from hunkwise.core.cover import changed_ranges
from hunkwise.core.errors import DiffError
from hunkwise.core.model import Decision, Line, Side, Status
from hunkwise.testing import (
    make_change,
    make_comment,
    make_file,
    make_finding,
    make_location,
    make_outcome,
    make_report,
    make_scored,
)

BEFORE = "".join(f"line {n}\n" for n in range(1, 21))
AFTER = BEFORE.replace("line 3\n", "third\n").replace("line 18\n", "")


def test_a_change_of_texts_has_the_hunks_of_git(tmp_path):
    """The hunks of before and after texts are those that `git diff` prints for them."""
    (tmp_path / "a.txt").write_text(BEFORE)
    (tmp_path / "b.txt").write_text(AFTER)
    run = subprocess.run(
        ["git", "diff", "--no-index", "--no-color", "a.txt", "b.txt"], cwd=tmp_path, capture_output=True, text=True
    )
    (theirs,) = make_change(run.stdout).files
    (ours,) = make_change({"b.txt": (BEFORE, AFTER)}).files
    assert [(h.old_start, h.old_length, h.new_start, h.new_length, h.lines) for h in theirs.hunks] == [
        (h.old_start, h.old_length, h.new_start, h.new_length, h.lines) for h in ours.hunks
    ]


def test_status_follows_from_the_texts():
    """A text that is absent before makes an added file, one that is absent after a deleted one."""
    change = make_change({"a.py": "x\n", "b.py": ("x\n", None), "c.py": ("x\n", "y\n")})
    assert [file.status for file in change.files] == [Status.ADDED, Status.DELETED, Status.MODIFIED]


def test_a_file_without_both_texts_is_refused():
    """A file that exists neither before nor after is an error, not an empty file."""
    with pytest.raises(ValueError, match=r"a\.py: a file must exist"):
        make_file("a.py", None, None)


def test_an_added_file_starts_at_line_zero_before():
    """An added file's hunk follows git: nothing before, so old_start is 0."""
    (hunk,) = make_file("a.py", None, "x\ny\n").hunks
    assert (hunk.old_start, hunk.old_length, hunk.new_start, hunk.new_length) == (0, 0, 1, 2)
    assert hunk.lines == (Line(None, 1, "x"), Line(None, 2, "y"))


def test_changed_ranges_agree_with_the_texts():
    """The lines that the core counts as changed are those that differ."""
    file = make_file("a.py", BEFORE, AFTER)
    assert changed_ranges(file) == ((Side.BASE, 3, 3), (Side.BASE, 18, 18), (Side.HEAD, 3, 3))


def test_the_language_follows_from_the_name():
    """A file's language is the tag that identify gives its name; it can be set."""
    assert [make_file(path, "", "x").language for path in ("a.py", "A.java", "nothing")] == ["python", "java", ""]
    assert make_file("a.py", "", "x", language="java").language == "java"


def test_a_renaming_diff_keeps_the_old_name():
    """A diff that renames a file gives both of its names."""
    (file,) = make_change(
        "diff --git a/a.py b/b.py\nrename from a.py\nrename to b.py\n--- a/a.py\n+++ b/b.py\n@@ -1 +1 @@\n-x\n+y\n"
    ).files
    assert (file.status, file.old_path, file.path) == (Status.RENAMED, "a.py", "b.py")


def test_text_that_is_no_diff_is_refused():
    """Text that names no file is an error, not an empty change."""
    with pytest.raises(DiffError, match="no unified diff"):
        make_change("hello\n")


def test_locations_reach_from_a_file_to_a_range():
    """A location without a line is the file, one without an end is one line."""
    places = [make_location(line=None), make_location(line=2), make_location(line=2, end=4)]
    assert [(where.start, where.end) for where in places] == [(None, None), (2, 2), (2, 4)]


def test_a_kept_comment_says_what_its_finding_says():
    """A kept comment has the finding's message as its text; one that is held back has none."""
    assert make_comment(make_finding("no")).text == "no"
    assert make_comment(make_finding("no"), decision=Decision.LOW_RANK).text == ""


def test_a_report_knows_what_it_kept():
    """A report built of comments tells the kept from the others."""
    kept = make_comment(make_finding(line=2))
    assert make_report([kept, make_comment(decision=Decision.DUPLICATE)]).kept == (kept,)


def test_outcome_and_scored_carry_the_finding():
    """What is built from a finding carries that finding."""
    finding = make_finding(path="b.py", line=7)
    assert make_outcome("b.py", [finding]).findings == (finding,)
    assert make_scored(finding).candidate.sources == (finding,)
    assert make_scored(finding).candidate.place.location.start == 7
