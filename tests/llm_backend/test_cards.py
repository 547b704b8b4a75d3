import json
from dataclasses import replace
from importlib import resources

import pytest

from hunkwise.core.card import CARD_NAME, dump_card
from hunkwise.core.errors import ModelError
from hunkwise.core.reading import ModelCard
from hunkwise.llm_backend.cards import card_of, read_card, shipped_card

CARD = ModelCard(model="tiny", identity="abc")


def test_card_beside_the_weights_is_found(tmp_path):
    """It is the file `card.json` in the model's folder."""
    (tmp_path / CARD_NAME).write_text(dump_card(CARD))
    assert card_of("abc", tmp_path) == CARD


def test_card_of_other_weights_does_not_count(tmp_path):
    """A folder whose weights were replaced has no card."""
    (tmp_path / CARD_NAME).write_text(dump_card(replace(CARD, identity="def")))
    assert card_of("abc", tmp_path) is None


def test_model_without_a_card_has_none(tmp_path):
    """Not measured is no error."""
    assert card_of("abc", tmp_path) is None
    assert card_of("../secret") is None
    assert shipped_card("abc") is None


def test_unreadable_card_is_named(tmp_path):
    """A card that is no text, or not a file, is an error that names it."""
    (tmp_path / CARD_NAME).write_bytes(b"\xff")
    with pytest.raises(ModelError, match=r"card\.json cannot be read"):
        card_of("abc", tmp_path)
    with pytest.raises(ModelError, match="cannot be read"):
        read_card(tmp_path)


def test_embedded_model_comes_with_its_card():
    """The card that is shipped is of the weights that the embedded model has, and is as good as it was measured."""
    folder = resources.files("hunkwise.llm_backend") / "cards"
    cards = [file.name.removesuffix(".json") for file in folder.iterdir() if file.name.endswith(".json")]
    assert cards
    for identity in cards:
        card = shipped_card(identity)
        assert card.identity == identity
        assert card.hunks >= 200
        assert card.texts >= 30


def test_reading_of_a_shipped_card_gives_its_share():
    """Anyone can count again: the marks beside the card come to what it says."""
    folder = resources.files("hunkwise.llm_backend") / "cards"
    for file in folder.iterdir():
        if file.name.endswith(".reading.jsonl"):
            rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
            ours = [row for row in rows if row["source"] == "model"]
            card = shipped_card(file.name.removesuffix(".reading.jsonl"))
            assert sum(bool(row["guard"]) or not row["usable"] for row in ours) / len(ours) == card.unusable
            assert len(ours) == card.texts
