import json
import lzma
from dataclasses import replace
from pathlib import Path

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.evaluation.cases import CaseKind, read_cases
from hunkwise.plugins.places.learned_scorer import LearnedScorer
from hunkwise.plugins.places.ranker_weights import load_weights, shipped_text
from hunkwise.testing.places import check_scorer
from hunkwise.training.ranker import as_text, commented_tables, fit, main, revised_tables

FIXTURE = Path(__file__).parents[1] / "samples" / "pr_fixture_12.jsonl"


def tables():
    return commented_tables(read_cases([FIXTURE]).cases)


@pytest.mark.slow
def test_a_fit_gives_the_same_bytes_again(tmp_path):
    """Whatever the order of the cases; and what was fitted can score."""
    rows = FIXTURE.read_text("utf-8").splitlines()
    revised = [
        {
            **row,
            "id": f"r{number}",
            "repo": "other/one",
            "comments": [],
            "revised": [[one["path"], one["anchor_line"]] for one in row["comments"]],
        }
        for number, row in enumerate(map(json.loads, rows))
        if row["added"] > 5
    ]
    written = []
    for name, order in (("a", 1), ("b", -1)):
        data = tmp_path / name
        data.mkdir()
        (data / "pr_train.jsonl").write_text("\n".join(rows[::order]), "utf-8")
        (data / "pr_train_quiet.jsonl").write_text(json.dumps({**json.loads(rows[0]), "comments": []}), "utf-8")
        lines = "\n".join(json.dumps(row) for row in revised[::order])
        (data / "pr_train_revised.jsonl.xz").write_bytes(lzma.compress(lines.encode()))
        assert main([str(data), "-o", str(data / "ranker.json")]) == 0
        stored = json.loads((data / "ranker.json").read_text("utf-8"))
        written.append({key: value for key, value in stored.items() if key != "data"})
    assert written[0] == written[1]
    check_scorer(LearnedScorer(load_weights((tmp_path / "a" / "ranker.json").read_text("utf-8"))))


def test_one_repository_is_too_few():
    """Nothing could be left out to see whether the fit holds elsewhere."""
    one = [table for table in tables() if table.repository == "psf/black"]
    with pytest.raises(UsageError, match="at least two repositories"):
        fit(one, (), one)


def test_unfinished_changes_teach_nothing():
    """A change of which a fifth or more was revised is left out."""
    case = max(read_cases([FIXTURE]).cases, key=lambda one: len(one.diff))
    added = [
        (file.path, line.new) for file in case.change().files for line in file.changed_lines() if line.new is not None
    ]
    few, many = (replace(case, kind=CaseKind.REVISED, revised=tuple(added[:count])) for count in (1, len(added) // 2))
    assert [len(revised_tables([one])) for one in (few, many)] == [1, 0]


def test_the_shipped_weights_name_their_data():
    """Each file that they come from is named with its hash, and no development data is among them."""
    stored = json.loads(shipped_text())
    assert sorted(stored["data"]) == ["pr_train.jsonl", "pr_train_quiet.jsonl", "pr_train_revised.jsonl.xz"]
    assert all(len(digest) == 64 for digest in stored["data"].values())


def test_weights_are_written_one_line_a_tree():
    """So that a refit can be compared line by line."""
    text = as_text({"line_trees": {"columns": [], "trees": [{"column": [0]}, {"column": [1]}]}}, {})
    assert text.count("\n") == 3
