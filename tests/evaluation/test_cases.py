import json
import lzma
from pathlib import Path

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.evaluation.cases import CaseKind, HumanComment, read_cases

DIFF = """\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,2 +1,3 @@
 x = 1
+y = 2
 z = 3
"""
SHARED = Path(__file__).parents[3] / "shared" / "data"


def row(**members):
    return {"id": "o/r#1", "repo": "o/r", "pr": 1, "diff": DIFF} | members


def comment(**members):
    return {"path": "a.py", "line": 2, "comment": "Why two?"} | members


@pytest.fixture
def write(tmp_path):
    def write(*rows, name="cases.jsonl"):
        path = tmp_path / name
        path.write_text("".join(one if isinstance(one, str) else json.dumps(one) + "\n" for one in rows))
        return path

    return write


def test_row_becomes_a_case(write):
    """What a row says is there, as values."""
    found = read_cases([write(row(comments=[comment()], language="python", scope="*.py"))])
    (case,) = found.cases
    assert (case.id, case.repository, case.number, case.language, case.scope) == ("o/r#1", "o/r", 1, "python", "*.py")
    assert case.comments == (HumanComment(path="a.py", line=2, text="Why two?"),)
    assert [file.path for file in case.change().files] == ["a.py"]
    assert found.problems == ()


def test_broken_lines_are_named_and_the_rest_goes_on(write):
    """No JSON, a wrong member, a missing one, a diff that is none, a case that is there twice: each is one line."""
    path = write(
        "{\n",
        row(id="x", pr="one"),
        {"repo": "o/r", "pr": 3},
        row(id="y", diff="hello\n"),
        row(),
        row(),
    )
    found = read_cases([path])
    assert [case.id for case in found.cases] == ["o/r#1"]
    starts = [problem.partition(": ")[0] for problem in found.problems]
    assert starts == [f"cases.jsonl, line {number}" for number in (1, 2, 3, 4, 6)]
    assert "not JSON" in found.problems[0]
    assert "pr: " in found.problems[1]
    assert "diff: Field required" in found.problems[2]
    assert "no unified diff" in found.problems[3]
    assert "there already, in cases.jsonl, line 5" in found.problems[4]


def test_file_without_a_case_is_refused(write):
    """An evaluation of nothing is an error that says why."""
    with pytest.raises(UsageError, match=r"line 1: it is not JSON"):
        read_cases([write("{\n")])
    with pytest.raises(UsageError, match="they are empty"):
        read_cases([write()])


def test_missing_file_is_named(tmp_path):
    """A path that is not there is a usage error, and so is one of trees."""
    with pytest.raises(UsageError, match=r"no\.jsonl: No such file"):
        read_cases([tmp_path / "no.jsonl"])
    with pytest.raises(UsageError, match="no directory of trees"):
        read_cases([tmp_path / "no.jsonl"], tmp_path / "trees")


def test_compressed_file_is_read(tmp_path):
    """A name that ends in .xz is decompressed."""
    path = tmp_path / "cases.jsonl.xz"
    path.write_bytes(lzma.compress(json.dumps(row()).encode()))
    assert len(read_cases([path]).cases) == 1


def test_only_other_people_count(write):
    """Comments of bots and of the author are kept, but not scored."""
    rows = [comment(), comment(line=1, is_bot=True), comment(line=3, self_comment_likely=True)]
    (case,) = read_cases([write(row(comments=rows))]).cases
    assert len(case.comments) == 3
    assert case.commented_lines == {("a.py", 2)}


def test_comment_on_a_removed_line_has_its_anchor(write):
    """Where `line` is missing, the head's line beside it counts; without either, it is nowhere."""
    rows = [comment(line=None, anchor_line=3), comment(line=None)]
    (case,) = read_cases([write(row(comments=rows))]).cases
    assert [one.line for one in case.comments] == [3, None]
    assert case.commented_lines == {("a.py", 3)}


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"comments": [comment()]}, CaseKind.COMMENTED),
        ({"comments": [comment(is_bot=True)]}, CaseKind.SILENT),
        ({}, CaseKind.SILENT),
        ({"revised": [["a.py", 2]]}, CaseKind.REVISED),
    ],
)
def test_kind_says_what_people_did(write, members, kind):
    """A case is commented, silent, or known by its revised lines alone."""
    (case,) = read_cases([write(row(**members))]).cases
    assert case.kind is kind


def test_same_files_have_the_same_digest(write):
    """The digest is that of the content, whatever the name."""
    one, two = read_cases([write(row())]), read_cases([write(row(), name="other.jsonl")])
    assert one.digest == two.digest
    assert one.digest != read_cases([write(row(language="java"))]).digest


def test_case_without_a_tree_is_a_bare_patch(write):
    """It is reviewed as a patch, on no repository."""
    (case,) = read_cases([write(row())]).cases
    request = case.request()
    assert (request.diff, request.stdin, request.base) == ("-", DIFF.encode(), None)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data")
def test_recorded_pull_requests_are_read():
    """All of pr_train is there, each with its tree."""
    found = read_cases([SHARED / "pr_train.jsonl"], SHARED / "trees")
    assert (len(found.cases), found.problems) == (261, ())
    assert all(case.tree is not None for case in found.cases)
    assert sum(len(case.scored) for case in found.cases) == 426
