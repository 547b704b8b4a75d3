from dataclasses import replace

import pytest

from hunkwise.core.card import CARD_NAME, parse_card
from hunkwise.core.errors import UsageError
from hunkwise.core.reading import Gain, ModelCard
from hunkwise.evaluation.blind_reading import Marks
from hunkwise.evaluation.model_card import marked_card, save_card, start_card, summary

CARD = ModelCard(
    model="tiny", identity="abc", prompts="p1", location=Gain(value=0.03, low=0.01, high=0.05), notes=("by hand",)
)
MARKS = Marks(written=30, unusable=21, messages=20, unusable_messages=4, withheld={"empty": 2, "generic": 5})


def test_marks_replace_those_of_an_earlier_reading():
    """A card tells of one reading, and keeps what else it says."""
    once = marked_card(CARD, replace(MARKS, unusable=1))
    twice = marked_card(once, MARKS)
    assert (twice.unusable, twice.texts, twice.may_write) == (0.7, 30, False)
    assert [note.startswith("texts: 21 of 30") for note in twice.notes] == [False, True]
    assert twice.location == CARD.location


def test_card_of_other_prompts_or_weights_is_not_gone_on_from(tmp_path):
    """What was measured with other prompts says nothing of these."""
    save_card(CARD, tmp_path / CARD_NAME)
    assert start_card("tiny", "abc", "p1", tmp_path) == CARD
    assert start_card("tiny", "abc", "p2", tmp_path) == ModelCard(model="tiny", identity="abc", prompts="p2")
    assert start_card("tiny", "def", "p1", tmp_path).location is None


def test_saved_card_is_whole_and_alone(tmp_path):
    """It is written beside and then put in place; a folder that cannot be written is named."""
    save_card(CARD, tmp_path / "new" / CARD_NAME)
    assert parse_card((tmp_path / "new" / CARD_NAME).read_text(), "card") == CARD
    assert [path.name for path in (tmp_path / "new").iterdir()] == [CARD_NAME]
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write the card"):
        save_card(CARD, tmp_path / "file" / CARD_NAME)


def test_summary_says_what_follows():
    """A person reads the figures and what the model may do."""
    text = summary(marked_card(CARD, MARKS))
    assert "+0.030 [+0.010, +0.050]: its places are used" in text
    assert "70% of 30: its texts are not shown" in text
