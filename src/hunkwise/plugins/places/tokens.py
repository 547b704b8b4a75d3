"""Cut lines of any language into words, numbers and signs."""

import re
from collections.abc import Set

TOKEN = re.compile(r"[A-Za-z_]\w*|\d+|[^\s\w]")
WORD = re.compile(r"[A-Za-z_]\w{2,}")


def tokens_of(text: str) -> list[str]:
    """Return the tokens of a line, in order."""
    return TOKEN.findall(text)


def words_of(text: str) -> frozenset[str]:
    """Return the words of three letters or more: names and keywords alike."""
    return frozenset(WORD.findall(text))


def likeness(one: Set[str], other: Set[str]) -> float:
    """Return the share of what is in either that is in both (Jaccard), 0 where there is nothing."""
    together = len(one | other)
    return len(one & other) / together if together else 0.0
