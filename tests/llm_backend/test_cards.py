from dataclasses import replace

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
