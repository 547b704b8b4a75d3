"""Reading diffs that were not made by our own call of git."""

import pytest

from hunkwise.core.diff import parse_diff, parse_patch, rebuild_added
from hunkwise.core.errors import DiffError
from hunkwise.core.model import FileDiff, Kind, Line, RepoPath, Status

HEADER = b"diff --git a/x.py b/x.py\nindex 1111111..2222222 100644\n--- a/x.py\n+++ b/x.py\n"


def only(diff: bytes) -> FileDiff:
    (file,) = parse_diff(diff)
    return file


def test_lines_carry_their_numbers() -> None:
    """Each line knows its number before and after; what stands behind `@@` is not looked at."""
    file = only(HEADER + b"@@ -3,3 +3,3 @@ def secret():\n a\n-b\n+c\n d\n")
    assert file.hunks[0].lines == (Line(3, 3, "a"), Line(4, None, "b"), Line(None, 4, "c"), Line(5, 5, "d"))
    assert file.hunks[0].id == "x.py:1"
    assert "secret" not in repr(file)


def test_an_empty_diff_has_no_files() -> None:
    """Nothing, or only blank lines, is a diff without files."""
    assert parse_diff(b"") == parse_diff(b"\n\n") == ()


@pytest.mark.parametrize("text", [b"hello\nworld\n", b"*** a/x\n--- b/x\n***************\n*** 1 ****\n"])
def test_what_is_no_unified_diff_is_refused(text: bytes) -> None:
    """Text without a hunk, and a context diff, are errors and never an empty change."""
    with pytest.raises(DiffError, match="no unified diff"):
        parse_diff(text)


def test_bare_hunks_take_the_path_that_is_given() -> None:
    """A patch of GitHub's API starts at `@@`, has no file header and no newline at its end."""
    file = parse_patch(RepoPath("a b/é.py"), b"@@ -1 +1,2 @@\n-x\n+y\n+--- z")
    assert file.path == "a b/é.py"
    assert [line.text for line in file.changed_lines()] == ["x", "y", "--- z"]


def test_bare_hunks_without_a_path_are_refused() -> None:
    """A hunk that belongs to no file names its line."""
    with pytest.raises(DiffError, match="line 1: a hunk without a file"):
        parse_diff(b"@@ -1 +1 @@\n-x\n+y\n")


@pytest.mark.parametrize("head", [b"diff --cc x.py", b"diff --combined x.py"])
def test_a_combined_diff_is_refused(head: bytes) -> None:
    """The diff of a merge against both parents is refused by name, with the way out."""
    diff = head + b"\nindex 1,2..3\n--- a/x.py\n+++ b/x.py\n@@@ -1,1 -1,1 +1,1 @@@\n- a\n -b\n++c\n"
    with pytest.raises(DiffError, match=r"combined diff.*git diff"):
        parse_diff(diff)


@pytest.mark.parametrize(
    ("hunk", "line"),
    [
        (b"@@ -1,2 +1,2 @@\n a\n-b\n+c\n+d\n", 9),
        (b"@@ -1,1 +1,1 @@\n-a\n+b\n-c\n", 8),
        (b"@@ -1,1 +1,1 @@\n-a\n+b\n tail\n", 8),
    ],
)
def test_a_hunk_longer_than_its_header_is_refused(hunk: bytes, line: int) -> None:
    """Lines beyond the header's count are an error with file and line, and are never left out."""
    with pytest.raises(DiffError, match=rf"line {line}, x\.py: the hunk has more lines"):
        parse_diff(HEADER + hunk)


@pytest.mark.parametrize("rest", [b"", b"diff --git a/y b/y\n", b"@@ -9 +9 @@\n-a\n+b\n", b"-- \n2.39.5\n"])
def test_a_truncated_hunk_is_refused(rest: bytes) -> None:
    """Fewer lines than the header's count are an error with file and line, whatever follows."""
    with pytest.raises(DiffError, match=r"line 5, x\.py: the hunk does not have the lines"):
        parse_diff(HEADER + b"@@ -1,5 +1,5 @@\n a\n-b\n+c\n" + rest)


def test_content_that_looks_like_a_header_is_content() -> None:
    """A removed `-- a/x` and an added `++ b/x` are lines, not the header of a file."""
    file = only(HEADER + b"@@ -1,2 +1,2 @@\n--- a/x.py\n-@@ -1 +1 @@\n+++ b/x.py\n+diff --git a/q b/q\n")
    assert [line.text for line in file.changed_lines()] == [
        "-- a/x.py",
        "@@ -1 +1 @@",
        "++ b/x.py",
        "diff --git a/q b/q",
    ]


def test_only_newlines_end_lines() -> None:
    """CR, form feed and U+2028 stay inside the line that has them."""
    file = only(HEADER + "@@ -0,0 +1,3 @@\n+a\rb\n+c\fd\n+e\u2028f\n".encode())
    assert [line.text for line in file.changed_lines()] == ["a\rb", "c\fd", "e\u2028f"]


def test_latin_1_lines_are_readable() -> None:
    """A line that is no UTF-8 is read as latin-1; its neighbours are not."""
    file = only(HEADER + b"@@ -1 +1,2 @@\n-x\n+caf\xe9\n+caf\xc3\xa9\n")
    assert [line.text for line in file.changed_lines()] == ["x", "café", "café"]


def test_carriage_returns_of_the_content_stay() -> None:
    """A change of line endings alone shows as a change."""
    file = only(HEADER + b"@@ -1 +1 @@\n-a\r\n+a\n")
    assert file.changed_lines() == (Line(1, None, "a\r"), Line(None, 1, "a"))


def test_a_diff_with_dos_line_ends_is_read() -> None:
    """Where the headers end in CRLF, the file was converted as a whole."""
    diff = HEADER + b"@@ -1,2 +1,2 @@\n-a\n+b\n \n"
    assert parse_diff(diff.replace(b"\n", b"\r\n")) == parse_diff(diff)


def test_blank_context_may_have_lost_its_space() -> None:
    """Mail programs strip trailing blanks; an empty line in a hunk is an empty context line."""
    file = only(HEADER + b"@@ -1,3 +1,3 @@\n-a\n+b\n\n c\n")
    assert file.hunks[0].lines[2:] == (Line(2, 2, ""), Line(3, 3, "c"))


def test_mail_around_the_diff_is_left_out() -> None:
    """The headers and the signature of `git format-patch` belong to no file."""
    mail = b"From 1111 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\n---\n x.py | 2 +-\n\n"
    file = only(mail + HEADER + b"@@ -1 +1 @@\n-a\n+b\n-- \n2.39.5\n\n")
    assert len(file.changed_lines()) == 2


def test_a_plain_diff_needs_no_git_header() -> None:
    """`diff -u` and `diff -ruN` give paths, additions and deletions too."""
    plain = (
        b"diff -ruN old/pkg/x.py new/pkg/x.py\n--- old/pkg/x.py\t2024-01-01 00:00:00 +0000\n"
        b"+++ new/pkg/x.py\t2024-01-02 00:00:00 +0000\n@@ -1 +1 @@\n-a\n+b\n"
        b"--- old/pkg/gone.py\t2024-01-01 00:00:00 +0000\n+++ new/pkg/gone.py\t1970-01-01 00:00:00.000000000 +0000\n"
        b"@@ -1 +0,0 @@\n-a\n"
        b"--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+a\n"
    )
    assert [(file.path, file.status) for file in parse_diff(plain)] == [
        ("pkg/x.py", Status.MODIFIED),
        ("pkg/gone.py", Status.DELETED),
        ("new.py", Status.ADDED),
    ]


def test_binary_files_are_known() -> None:
    """A binary file has no hunks, whether the diff carries its content or only says that it differs."""
    told = only(b"diff --git a/x.png b/x.png\nindex 1..2 100644\nBinary files a/x.png and b/x.png differ\n")
    carried = only(
        b"diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 1\nIcmZPo\n\nliteral 0\nHcmV?d\n\n"
    )
    plain = only(b"Binary files old/x.png and new/x.png differ\n")
    assert {file.kind for file in (told, carried, plain)} == {Kind.BINARY}
    assert (told.path, carried.path, plain.path) == ("x.png", "x", "x.png")


def test_a_series_of_patches_is_refused() -> None:
    """Two patches of one file cannot be one change: their line numbers mean different versions."""
    with pytest.raises(DiffError, match="twice"):
        parse_diff((HEADER + b"@@ -1 +1 @@\n-a\n+b\n") * 2)


def test_a_large_diff_is_refused_before_it_is_parsed() -> None:
    """The cap names the size and the way out."""
    with pytest.raises(DiffError, match=r"more than 0 MB.*smaller range"):
        parse_diff(HEADER, max_bytes=10)


@pytest.mark.parametrize("name", [b"../etc/passwd", b"/../x", b"x/../../y"])
def test_paths_stay_inside(name: bytes) -> None:
    """A patch cannot name a file outside the repository."""
    with pytest.raises(DiffError, match="not a path inside"):
        parse_diff(b"--- a/" + name + b"\n+++ b/" + name + b"\n@@ -0,0 +1 @@\n+x\n")


def test_added_files_are_rebuilt_byte_for_byte() -> None:
    """The content of an added file is known from its hunk: encoding, line ends and a missing last newline included."""
    new = b"diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+caf\xe9\r\n+end\n"
    assert rebuild_added(new) == {"n": b"caf\xe9\r\nend\n"}
    assert rebuild_added(new + b"\\ No newline at end of file\n") == {"n": b"caf\xe9\r\nend"}
    assert rebuild_added(b"diff --git a/e b/e\nnew file mode 100644\nindex 0000000..e69de29\n") == {"e": b""}


def test_the_marker_of_a_missing_newline_may_be_in_any_language() -> None:
    """GNU diff translates it."""
    file = only(
        HEADER + b"@@ -1 +1 @@\n-a\n\\ Kein Zeilenumbruch am Dateiende.\n+b\n\\ Kein Zeilenumbruch am Dateiende.\n"
    )
    assert [line.text for line in file.changed_lines()] == ["a", "b"]
