import json

import pytest

from hunkwise.core.card import dump_card, parse_card
from hunkwise.core.errors import ModelError
from hunkwise.core.reading import Gain, ModelCard

CARD = ModelCard(
    model="tiny",
    identity="abc",
    prompts="p1",
    data="d1",
    changes=3,
    hunks=7,
    location=Gain(value=0.012, low=-0.01, high=0.03),
    alone=Gain(value=0.5, low=0.4, high=0.6),
    unusable=0.25,
    texts=30,
    command="hunkwise model bench tiny",
    figures={"AUC of position": Gain(value=0.5, low=0.45, high=0.55)},
    notes=("one", "two"),
)


def test_card_comes_back_as_it_was():
    """What is written is read again, the same."""
    assert parse_card(dump_card(CARD), "card.json") == CARD


def test_card_without_measures_comes_back():
    """A model that was only partly measured has a card as well."""
    card = ModelCard(model="tiny", identity="abc")
    assert parse_card(dump_card(card), "card.json") == card


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"schema": 2}, "has not the schema 1"),
        ({"hunks": "7"}, "hunks is missing"),
        ({"texts": True}, "texts is missing"),
        ({"identity": ""}, "identity is empty"),
        ({"unusable": 1.5}, "unusable is not between 0 and 1"),
        ({"location": {"value": 1}}, "location is not a value with its interval"),
        ({"alone": {"value": 1, "low": float("nan"), "high": float("inf")}}, "alone is not a value"),
        ({"figures": {"x": 1}}, "x is not a value with its interval"),
    ],
)
def test_broken_card_is_named(change, why):
    """What is wrong with it, where it lies and the way out are in the error."""
    text = json.dumps(json.loads(dump_card(CARD)) | change)
    with pytest.raises(ModelError, match=rf"model card /m/card\.json .*{why}.*model bench"):
        parse_card(text, "/m/card.json")


def test_text_that_is_no_json_is_named():
    """A cut file is an error, not a traceback."""
    with pytest.raises(ModelError, match="not JSON"):
        parse_card(dump_card(CARD)[:40], "card.json")
    with pytest.raises(ModelError, match="not the schema"):
        parse_card("[]", "card.json")
