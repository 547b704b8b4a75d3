import json

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.evaluation.cases import CaseKind, read_cases
from hunkwise.evaluation.from_github import convert_github
from hunkwise.evaluation.tree import changed_later

BASE = "".join(f"x = {number}\n" for number in range(1, 21))
HEAD = BASE.replace("x = 5\n", "x = 50\ny = 51\n")


@pytest.fixture
def clone(make_repo):
    """Return a clone with one pull request, which went on after the review and was merged, and its commits."""
    repo = make_repo("clone")
    repo.write("a.py", BASE)
    base = repo.commit("base")
    repo.git("checkout", "-q", "-b", "feature")
    repo.write("a.py", HEAD)
    head = repo.commit("work")
    repo.write("a.py", HEAD.replace("y = 51", "y = 52"))
    final = repo.commit("as asked")
    repo.git("update-ref", "refs/pull/7/head", final)
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "merge", "feature")
    return repo, base, head, final


def comment(head, **members):
    values = {
        "pull_request_url": "https://api.github.com/repos/o/r/pulls/7",
        "path": "a.py",
        "original_commit_id": head,
        "original_line": 6,
        "side": "RIGHT",
        "created_at": "2024-01-02T00:00:00Z",
        "body": "Why 51?",
        "user": {"login": "ann", "type": "User"},
    }
    return values | members


def export(tmp_path, *values, name="comments.json"):
    path = tmp_path / name
    path.write_text(json.dumps(values))
    return path


def only_case(clone, exported, tmp_path, **more):
    found = convert_github(clone.path, exported, trees=tmp_path / "trees", **more)
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"".join(found.rows))
    (case,) = read_cases([path], tmp_path / "trees").cases
    return case, found.problems


def test_case_is_what_the_reviewer_saw(clone, tmp_path):
    """The diff up to the commit of the first comment, from where the branch began, although it was merged since."""
    repo, base, head, _ = clone
    case, problems = only_case(repo, export(tmp_path, comment(head)), tmp_path)
    assert problems == ()
    assert (case.id, case.kind, case.language) == ("o/r#7", CaseKind.COMMENTED, "python")
    assert case.diff == repo.git("diff", "-U3", "-M", base, head).decode()
    assert [(one.path, one.line, one.text) for one in case.scored] == [("a.py", 6, "Why 51?")]


def test_tree_tells_what_became_of_the_lines(clone, tmp_path):
    """The repository that is made has base, head and end, and takes its objects from the clone."""
    repo, _, head, _ = clone
    case, _ = only_case(repo, export(tmp_path, comment(head)), tmp_path)
    assert case.tree is not None
    assert changed_later(case.tree) == {"a.py": frozenset({6})}


def test_replies_bots_later_rounds_and_authors_do_not_count(clone, tmp_path):
    """Only first words of other people on that commit do."""
    repo, _, head, final = clone
    exported = export(
        tmp_path,
        comment(head),
        comment(head, in_reply_to_id=1, body="Because."),
        comment(final, body="Later.", created_at="2024-02-01T00:00:00Z"),
        comment(head, user={"login": "lint[bot]", "type": "Bot"}),
        comment(head, user={"login": "author", "type": "User"}, created_at="2024-01-01T00:00:00Z"),
    )
    pulls = export(tmp_path, {"number": 7, "user": {"login": "author"}}, name="pulls.json")
    case, _ = only_case(repo, exported, tmp_path, pulls=pulls)
    assert [one.text for one in case.scored] == ["Why 51?"]
    assert len(case.comments) == 3


def test_comment_on_a_removed_line_is_anchored(clone, tmp_path):
    """It stands beside the line that took its place."""
    repo, _, head, _ = clone
    case, _ = only_case(repo, export(tmp_path, comment(head, side="LEFT", original_line=5)), tmp_path)
    assert [one.line for one in case.scored] == [5]


def test_pages_one_after_another_are_read(clone, tmp_path):
    """The client writes an array a page."""
    repo, _, head, _ = clone
    path = tmp_path / "pages.json"
    path.write_text(json.dumps([comment(head)]) + json.dumps([comment(head, body="And?")]))
    case, _ = only_case(repo, path, tmp_path)
    assert [one.text for one in case.scored] == ["Why 51?", "And?"]


def test_what_cannot_be_made_a_case_is_named(clone, tmp_path):
    """A commit that the clone lacks, an object that is no comment; the rest goes on."""
    repo, _, head, _ = clone
    lost = comment("0" * 40, pull_request_url="https://api.github.com/repos/o/r/pulls/8")
    _, problems = only_case(repo, export(tmp_path, comment(head), lost, {"path": "a.py"}), tmp_path)
    assert any("o/r#8: the clone does not have the commit 000000000000" in problem for problem in problems)
    assert any("comments.json, object 3: pull_request_url" in problem for problem in problems)


def test_export_without_a_case_is_refused(clone, tmp_path):
    """There is no empty file of cases."""
    repo, _, _, _ = clone
    with pytest.raises(UsageError, match="holds no review comment"):
        convert_github(repo.path, export(tmp_path))
