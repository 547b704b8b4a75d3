"""Find words that are a single token of a model's own vocabulary, to name lines with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from string import ascii_lowercase, ascii_uppercase, digits

from hunkwise.core.errors import ModelError

ANSWER = "Answer:"
"""How the model's turn begins; a label follows after a space."""
MOST = 26
"""Labels that are looked for: a hunk with more places is read in windows."""
FEWEST = 8
"""Labels below which a model cannot be used."""
NONE = ("none", "None", "nothing", "no", "zero", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """words: the labels, of which `ids` are the tokens that follow on `ANSWER`; the same of `none`."""

    words: tuple[str, ...]
    ids: tuple[int, ...]
    none: str
    none_id: int


def find_labels(encode: Callable[[str], Sequence[int]], name: str) -> Labels:
    """Return the labels: capitals first, then pairs of capitals, then small letters and digits.

    encode: gives the tokens of plain text. Raises ModelError where there are not enough.
    """
    opening = list(encode(ANSWER))
    none = next(((word, one) for word in NONE if (one := _single(encode, opening, word)) is not None), None)
    found: dict[int, str] = {}
    for word in _words():
        token = _single(encode, opening, word)
        if token is not None and token not in found and (none is None or token != none[1]):
            found[token] = word
        if len(found) == MOST:
            break
    if none is None or len(found) < FEWEST:
        raise ModelError(
            f"{name}: its vocabulary has {len(found)} words of one token to label lines with, and "
            f"{'none' if none is None else 'one'} for no line; it needs {FEWEST} and one: use another model"
        )
    return Labels(words=tuple(found.values()), ids=tuple(found), none=none[0], none_id=none[1])


def _words() -> Sequence[str]:
    pairs = ("".join(pair) for pair in product(ascii_uppercase, repeat=2))
    return (*ascii_uppercase, *pairs, *ascii_lowercase, *digits)


def _single(encode: Callable[[str], Sequence[int]], opening: list[int], word: str) -> int | None:
    tokens = list(encode(f"{ANSWER} {word}"))
    return tokens[-1] if tokens[:-1] == opening else None
