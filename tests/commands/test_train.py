import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))

from team_history import history, on_the_smallest, row

FIXTURE = Path(__file__).parents[1] / "samples" / "pr_fixture_12.jsonl"
ALONE = ("--no-analyzers", "--no-llm", "--thorough", "--format", "json")


@pytest.fixture
def own(tmp_path):
    """Return the folder of the user's configuration."""
    folder = tmp_path / "home" / ".config" / "hunkwise"
    folder.mkdir(parents=True)
    return folder


def test_own_history_is_learned_and_used_where_the_user_says_so(hunkwise, own, tmp_path):
    """The weights that were written change where a review looks first; their path is relative to the user's file."""
    cases = tmp_path / "cases.jsonl"
    cases.write_text(history(200, on_the_smallest))
    code, said, _ = hunkwise("train", "ranker", "--from", cases, "-o", own / "ranker.json")
    assert code == 0
    assert "200 pull requests" in said
    assert f'ranker = "{own / "ranker.json"}"' in said
    stored = json.loads((own / "ranker.json").read_text())
    assert list(stored["data"]) == ["cases.jsonl"]
    assert stored["own_history"]["hunks"]["kept"] == "own"
    patch = tmp_path / "a.diff"
    patch.write_text(row(1000, 2)["diff"])
    first = []
    for text in ("", 'ranker = "ranker.json"\n'):
        (own / "config.toml").write_text(text)
        code, report, said = hunkwise("review", "--diff", patch, *ALONE)
        assert code in (0, 3), said
        first.append(json.loads(report)["focus"][0]["location"]["start"])
    assert first[0] < 80
    assert first[1] > 80


def test_too_few_pull_requests_are_declined(hunkwise, tmp_path):
    """Nothing is written."""
    code, _, said = hunkwise("train", "ranker", "--from", FIXTURE, "-o", tmp_path / "ranker.json")
    assert code == 2
    assert "12 pull requests that other people commented on are too few to learn from: 200 are needed" in said
    assert not (tmp_path / "ranker.json").exists()


def test_repository_cannot_name_weights(hunkwise, repo):
    """Only the user's own configuration may."""
    repo.write(".hunkwise.toml", 'ranker = "ranker.json"\n')
    repo.commit()
    code, _, said = hunkwise("review", "-C", repo.path, "--own", *ALONE)
    assert code == 2
    assert "ranker: only your own configuration file may hold this key" in said


@pytest.mark.parametrize("content", [None, b"\xff", b"[]", b"{}", b'{"schema": 1}'])
def test_file_without_weights_is_named(hunkwise, own, tmp_path, content):
    """A missing one, and one that holds something else."""
    if content is not None:
        (own / "ranker.json").write_bytes(content)
    (own / "config.toml").write_text('ranker = "ranker.json"\n')
    patch = tmp_path / "a.diff"
    patch.write_text(row(1, 2)["diff"])
    code, _, said = hunkwise("review", "--diff", patch, *ALONE)
    assert code == 2
    assert f"ranker: {own / 'ranker.json'}" in said
