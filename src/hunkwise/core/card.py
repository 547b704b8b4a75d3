"""Model cards as JSON: written by whoever measures a model, read by whoever runs it."""

import json
from collections.abc import Mapping

from hunkwise.core.errors import ModelError
from hunkwise.core.reading import Gain, ModelCard

CARD_SCHEMA = 1
CARD_NAME = "card.json"
"""The file beside a model's weights."""
_TEXTS = ("model", "identity", "prompts", "data", "command")
_COUNTS = ("changes", "hunks", "texts")
_GAINS = ("location", "alone")


def dump_card(card: ModelCard) -> str:
    """Return a card as JSON, the same text for the same card."""
    table: dict[str, object] = {"schema": CARD_SCHEMA}
    table |= {name: getattr(card, name) for name in (*_TEXTS, *_COUNTS)}
    table |= {name: _gain_table(getattr(card, name)) for name in _GAINS}
    table["unusable"] = card.unusable
    table["figures"] = {name: _gain_table(gain) for name, gain in sorted(card.figures.items())}
    table["notes"] = list(card.notes)
    return json.dumps(table, indent=2, ensure_ascii=False) + "\n"


def parse_card(text: str, where: str) -> ModelCard:
    """Return a card from its JSON; raise ModelError, which says where, for one that is broken or of a later form."""
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(where, f"it is not JSON: {error}") from error
    if not isinstance(table, dict) or table.get("schema") != CARD_SCHEMA:
        raise _broken(where, f"it has not the schema {CARD_SCHEMA}")
    for name, kind in (
        *((name, str) for name in _TEXTS),
        *((name, int) for name in _COUNTS),
        ("notes", list),
        ("figures", dict),
    ):
        if not isinstance(table.get(name), kind) or isinstance(table[name], bool):
            raise _broken(where, f"{name} is missing, or not of its type")
    if not table["identity"]:
        raise _broken(where, "identity is empty")
    unusable = table.get("unusable")
    if unusable is not None and not _is_share(unusable):
        raise _broken(where, "unusable is not between 0 and 1")
    return ModelCard(
        **{name: table[name] for name in (*_TEXTS, *_COUNTS)},
        location=_gain(table.get("location"), "location", where),
        alone=_gain(table.get("alone"), "alone", where),
        unusable=unusable,
        figures={
            name: gain for name, value in table["figures"].items() if (gain := _gain(value, name, where)) is not None
        },
        notes=tuple(str(note) for note in table["notes"]),
    )


def _gain_table(gain: Gain | None) -> Mapping[str, float] | None:
    if gain is None:
        return None
    return {"value": round(gain.value, 4), "low": round(gain.low, 4), "high": round(gain.high, 4)}


def _gain(value: object, name: str, where: str) -> Gain | None:
    if value is None:
        return None
    parts = [value.get(part) for part in ("value", "low", "high")] if isinstance(value, dict) else []
    numbers = [float(part) for part in parts if isinstance(part, int | float) and _is_number(part)]
    if len(numbers) != 3:
        raise _broken(where, f"{name} is not a value with its interval")
    return Gain(value=numbers[0], low=numbers[1], high=numbers[2])


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _broken(where: str, why: str) -> ModelError:
    return ModelError(f"the model card {where} cannot be read: {why}; `hunkwise model bench` writes a new one")
