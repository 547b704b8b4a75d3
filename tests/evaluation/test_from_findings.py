import json

import pytest

from hunkwise.evaluation.cases import read_cases
from hunkwise.evaluation.from_findings import contestant_of
from hunkwise.evaluation.review_row import Reviewed
from hunkwise.plugins.manager import load_plugins


@pytest.fixture
def plugins():
    return load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""})


def sarif(line, path="a.py"):
    place = {"physicalLocation": {"artifactLocation": {"uri": path}, "region": {"startLine": line}}}
    result = {"ruleId": "R1", "message": {"text": "Mind the gap."}, "locations": [place]}
    return json.dumps({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Other"}}, "results": [result]}]})


def rdjson(line, path="a.py"):
    place = {"path": path, "range": {"start": {"line": line}}}
    return json.dumps({"source": {"name": "other"}, "diagnostics": [{"message": "Mind the gap.", "location": place}]})


def answers(rows):
    return {row.case: row for row in rows if isinstance(row, Reviewed)}


@pytest.mark.parametrize(("form", "ending"), [(sarif, ".sarif"), (rdjson, ".rdjson"), (rdjson, ".json")])
@pytest.mark.parametrize("has_trees", [True, False])
def test_reports_become_comments(recorded, plugins, tmp_path, form, ending, has_trees):
    """What another tool says on a line of the diff is its comment, with a tree at hand or without."""
    cases, trees = recorded(prs=1)
    (tmp_path / f"o+one+1{ending}").write_text(form(10))
    read = read_cases([cases], trees if has_trees else None)
    rows, _ = contestant_of(read, tmp_path, "other", plugins)
    (comment,) = answers(rows)["o/one#1"].comments
    assert (comment.path, comment.line, comment.text, comment.is_kept) == ("a.py", 10, "Mind the gap.", True)


def test_absolute_names_of_another_machine_are_found(recorded, plugins, tmp_path):
    """The end of a path tells which file of the repository it is."""
    cases, trees = recorded(prs=1)
    (tmp_path / "o+one+1.sarif").write_text(sarif(10, "file:///home/runner/work/one/a.py"))
    rows, _ = contestant_of(read_cases([cases], trees), tmp_path, "other", plugins)
    assert len(answers(rows)["o/one#1"].comments) == 1


def test_missing_and_broken_reports_are_named_and_the_rest_goes_on(recorded, plugins, tmp_path):
    """A case without a report has no answer, which is not the same as silence."""
    cases, trees = recorded(prs=1)
    (tmp_path / "o+one+1.sarif").write_text("{")
    (tmp_path / "o+two+1.sarif").write_text(sarif(10))
    rows, problems = contestant_of(read_cases([cases], trees), tmp_path, "other", plugins)
    found = answers(rows)
    assert "o+one+1.sarif" in found["o/one#1"].problem
    assert "there is no report" in found["o/three#1"].problem
    assert found["o/two#1"].problem == ""
    assert [problem.partition(":")[0] for problem in problems] == ["o/one#1", "o/three#1"]


def test_finding_off_the_diff_is_kept_and_not_scored(make_repo, plugins, tmp_path):
    """No host takes a comment there."""
    repo = make_repo(tmp_path / "trees" / "o+r")
    lines = [f"x = {number}\n" for number in range(60)]
    repo.write("a.py", "".join(lines))
    repo.git("update-ref", "refs/pull/1/base", repo.commit())
    repo.write("a.py", "".join(["y = 1\n", *lines]))
    repo.git("update-ref", "refs/pull/1/head", repo.commit())
    diff = repo.git("diff", "refs/pull/1/base", "refs/pull/1/head").decode()
    cases = tmp_path / "cases.jsonl"
    cases.write_text(json.dumps({"repo": "o/r", "pr": 1, "diff": diff, "comments": []}) + "\n")
    (tmp_path / "o+r+1.sarif").write_text(sarif(50))
    rows, _ = contestant_of(read_cases([cases], tmp_path / "trees"), tmp_path, "other", plugins)
    assert [one.decision for one in answers(rows)["o/r#1"].comments] == ["off the diff"]
