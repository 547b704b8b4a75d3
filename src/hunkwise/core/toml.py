"""Read TOML that nobody vouches for: within limits, beyond which tomllib takes the square of the time."""

import re
from typing import Any

LARGEST = 2**20
"""Bytes of a file."""
DEEPEST = 100
"""Parts of one key: tomllib walks, for each part of a dotted key, over all those before it."""
PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
TOO_DEEP = re.compile(rf"(?<![\w-])(?>(?:{PART}){{{DEEPEST}}})", re.ASCII)


def read_toml(content: bytes | str) -> dict[str, Any]:
    """Return the document; raise ValueError in words for what is too large, nested too deep or no TOML."""
    import tomllib

    if len(content) > LARGEST:
        raise ValueError(f"larger than {LARGEST} bytes")
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    if found := TOO_DEEP.search(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        raise ValueError(f"a key of more than {DEEPEST} parts (at line {line}, column {column})")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
