from pathlib import Path

from hunkwise.plugins.places.own_weights import read_weights, with_own_weights
from hunkwise.plugins.places.plain_scorer import PlainScorer
from hunkwise.plugins.places.ranker_weights import load_weights, shipped_text


def test_weights_of_a_file_are_read(tmp_path):
    """They are those that its text says."""
    path = tmp_path / "ranker.json"
    path.write_text(shipped_text())
    assert read_weights(path).points == load_weights().points


def test_another_scorer_has_no_use_for_them():
    """It stays as it is, and the file is not even read."""
    scorer = PlainScorer()
    assert with_own_weights(scorer, Path("nowhere")) is scorer
