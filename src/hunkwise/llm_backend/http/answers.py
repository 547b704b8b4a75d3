"""What an answer of a server says about the labels of a task; anything else in it is passed over."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from hunkwise.core.reading import Reading, Written

Json = Any
SURE = 0.9
"""The probability of a label that was merely named; the others share the rest."""
MARKS = " \t\r\n\u2581\u0120\u010a\"'`*[](){}.:|"
"""What may stand around a label: blanks, also as some vocabularies write them, and marks."""


def choice_of(answer: Json) -> Mapping[str, Json] | None:
    """Return the first choice of a chat completion, or None where there is none."""
    choices = _get(answer, "choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else None


def text_of(answer: Json) -> str:
    """Return the text of a chat completion; empty where it has none."""
    content = _get(_get(choice_of(answer), "message"), "content")
    return content if isinstance(content, str) else ""


def tokens_of(answer: Json, kind: str) -> int:
    """Return how many tokens went in (`prompt`) or came out (`completion`), 0 where the server does not say."""
    count = _get(_get(answer, "usage"), f"{kind}_tokens")
    return count if isinstance(count, int) and not isinstance(count, bool) and 0 <= count < 2**31 else 0


def written_from(answer: Json) -> Written:
    """Return the text of a chat completion, and whether it ran into its limit."""
    return Written(
        text=text_of(answer).strip(),
        is_cut=_get(choice_of(answer), "finish_reason") == "length",
        read=tokens_of(answer, "prompt"),
        tokens=tokens_of(answer, "completion"),
    )


def shares_from_logprobs(answer: Json, labels: Sequence[str]) -> tuple[float, ...] | None:
    """Return one share a label, which sum to 1, from the top log-probabilities of the first token.

    A label that is not among them gets its part of what they leave over, but no more than the smallest of them.
    None where the answer has no log-probabilities, or none of a label.
    """
    masses: dict[str, float] = {}
    listed = []
    for token, logprob in _top_of(answer):
        listed.append(math.exp(logprob))
        if (label := token.strip(MARKS)) in labels:
            masses[label] = masses.get(label, 0.0) + listed[-1]
    if not masses or not sum(masses.values()):
        return None
    missing = sum(label not in masses for label in labels)
    floor = min(max(0.0, 1.0 - sum(listed)) / missing, min(listed)) if missing else 0.0
    return _normalised([max(masses.get(label, floor), 1e-9) for label in labels])


def shares_from_text(answer: Json, labels: Sequence[str]) -> tuple[float, ...] | None:
    """Return one share a label: `SURE` for the one that the text names, as `{"line": label}` or alone; else None."""
    text = text_of(answer)
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = text
    line = said.get("line") if isinstance(said, dict) else said
    named = str(line).strip(MARKS) if isinstance(line, str | int) else ""
    if named not in labels:
        return None
    if len(labels) == 1:
        return (1.0,)
    return tuple(SURE if label == named else (1 - SURE) / (len(labels) - 1) for label in labels)


def without_bias(shares: Sequence[float], bias: Sequence[float]) -> tuple[float, ...]:
    """Return the shares with what the model prefers without any content divided out."""
    return _normalised([share / max(one, 1e-9) for share, one in zip(shares, bias, strict=True)])


def joined(readings: Sequence[Reading]) -> Reading:
    """Return one reading of a task that was read in parts: each part says how much a place outweighs "nothing".

    A part that says for certain that there is something, or nothing, counts with a billionth of doubt.
    """
    if len(readings) == 1:
        return readings[0]
    odds = [one / max(part.none, 1e-9) for part in readings for one in part.probabilities]
    *places, none = _normalised([*odds, 1.0])
    return Reading(tuple(places), none, sum(part.tokens for part in readings))


def _top_of(answer: Json) -> list[tuple[str, float]]:
    content = _get(_get(choice_of(answer), "logprobs"), "content")
    first = content[0] if isinstance(content, list) and content else None
    found = []
    top = _get(first, "top_logprobs")
    for entry in top if isinstance(top, list) else ():
        token, logprob = _get(entry, "token"), _get(entry, "logprob")
        is_number = isinstance(logprob, int | float) and not isinstance(logprob, bool)
        if isinstance(token, str) and is_number and math.isfinite(logprob) and logprob <= 0.01:
            found.append((token, float(logprob)))
    return found


def _get(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def _normalised(weights: Sequence[float]) -> tuple[float, ...]:
    total = math.fsum(weights)
    return tuple(weight / total for weight in weights)
