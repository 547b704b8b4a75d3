"""Scores as JSON: every figure with the ends of its interval."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from hunkwise.core.reading import Gain
from hunkwise.evaluation.figures import Scores

SCHEMA = 1
DIGITS = 4


def render_json(scores: Scores) -> bytes:
    """Return the scores as JSON, the same bytes for the same scores."""
    table = {"schema": SCHEMA, **plain(scores)}
    return json.dumps(table, indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def plain(value: Any) -> Any:
    """Return a value as tables, lists and rounded numbers; a figure with an interval is `{value, low, high}`."""
    if isinstance(value, Gain):
        return {name: round(getattr(value, name), DIGITS) for name in ("value", "low", "high")}
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: plain(one) for name, one in value._asdict().items()}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    return round(value, DIGITS) if isinstance(value, float) else value
