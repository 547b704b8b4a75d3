import json
import os
from pathlib import Path

import pytest

from hunkwise.core.errors import ModelError
from hunkwise.evaluation.encoder import MINILM, Encoder, bert_score, open_encoder

RECORDED = Path(__file__).parents[1] / "samples" / "bertscore" / "recorded.json"
STORE = Path(os.environ.get("HUNKWISE_MODELS_DIR") or Path(__file__).parents[2] / ".models") / ".encoders"


@pytest.fixture(scope="module")
def encoder():
    """Return the known encoder where it was converted before; no test fetches it."""
    if not (STORE / MINILM.name / "model.bin").is_file():
        pytest.skip(f"needs the encoder {MINILM.name} in {STORE}; scripts/models --encoder brings it")
    return Encoder(STORE / MINILM.name)


@pytest.mark.model
def test_scores_are_those_of_bert_score(encoder):
    """Precision, recall and F1 of the recorded pairs agree with bert-score 0.3.13 to the fourth digit."""
    rows = json.loads(RECORDED.read_text("utf-8"))
    ours = encoder.vectors([row["candidate"] for row in rows])
    theirs = encoder.vectors([row["reference"] for row in rows])
    for row, one, two in zip(rows, ours, theirs, strict=True):
        expected = (row["precision"], row["recall"], row["f1"])
        assert bert_score(one, two) == pytest.approx(expected, abs=1e-4), row["candidate"]


@pytest.mark.model
def test_empty_text_scores_zero(encoder):
    """There is nothing to compare, and it is no error."""
    one, two = encoder.vectors(["", "Why?"])
    assert bert_score(one, two) == (0.0, 0.0, 0.0)


@pytest.mark.model
def test_batches_change_nothing(encoder):
    """A text has the same vectors alone and beside longer ones."""
    texts = ["Why?", "What if the list is empty, or holds nothing but None?"]
    together = encoder.vectors(texts)
    alone = Encoder(STORE / MINILM.name).vectors(texts[:1])
    assert bert_score(together[0], alone[0]) == pytest.approx((1.0, 1.0, 1.0), abs=1e-5)


def test_unknown_encoder_is_named(tmp_path):
    """The error says which one there is."""
    with pytest.raises(ModelError, match="all-minilm-l6-v2 alone is known"):
        open_encoder("no-such", tmp_path, {})


def test_folder_that_is_no_bert_is_named(tmp_path):
    """The error says what it is."""
    (tmp_path / "llama").mkdir()
    (tmp_path / "llama" / "config.json").write_text('{"model_type": "llama"}')
    with pytest.raises(ModelError, match="is no BERT with GELU, but llama"):
        open_encoder(str(tmp_path / "llama"), tmp_path / "store", {})
