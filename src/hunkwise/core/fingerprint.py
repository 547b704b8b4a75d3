"""Stable ids of comments: they survive pushes, since no line number enters them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable


def fingerprints(keys: Iterable[tuple[str, str, str]]) -> tuple[str, ...]:
    """Return 16 hex digits for each (path, rule, code), in order; equal keys differ by their ordinal.

    White space in the code does not count.
    """
    seen: dict[tuple[str, str, str], int] = defaultdict(int)
    found = []
    for path, rule, code in keys:
        key = (path, rule, " ".join(code.split()))
        text = "\0".join((*key, str(seen[key])))
        seen[key] += 1
        found.append(hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16])
    return tuple(found)
