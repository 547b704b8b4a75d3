"""Make text safe to show: what draws nothing, moves the cursor or turns the line around is written as an escape."""

import json
import math
import re
import unicodedata
from collections.abc import Mapping

JOINERS = "\u200d\ufe0f"
"""Zero-width joiner and emoji selector: kept where they hold an emoji together."""
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Letters, marks and symbols by category that draw nothing."""
UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
"""What RFC 3986 lets stand in a path, and the slash."""
RARE = re.compile(r"[^\n -~]")
"""What may not be visible; all else is plain ASCII."""
SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def printable(text: str, keep: str = "") -> str:
    """Return the text with every character that is not plainly visible as a backslash escape, save those in `keep`.

    Visible are letters, marks, numbers, punctuation and symbols, the space, and the joiners inside an emoji.
    A byte that was not UTF-8 (a surrogate escape) shows as `\\xNN`. The result is for people: it is not reversible.
    """
    if text.isprintable() and text.isascii():
        return text
    shown = []
    for index, character in enumerate(text):
        if character in keep or _is_visible(text, index):
            shown.append(character)
        else:
            shown.append(_escape(character))
    return "".join(shown)


def display_path(path: str) -> str:
    """Return a path as people may read it, on one line."""
    return printable(path)


def uri_path(path: str) -> str:
    """Return the path's own bytes, percent-encoded, as a relative URI reference."""
    return "".join(chr(byte) if byte in UNRESERVED else f"%{byte:02X}" for byte in _bytes(path))


def xml_text(text: str) -> str:
    """Return the text without what XML 1.0 cannot carry; markup is the XML writer's business."""
    return printable(text, keep="\t\n")


def valid_text(text: str) -> str:
    """Return the text as valid Unicode: bytes that were not UTF-8 show as `\\xNN`, all else is unchanged."""
    if text.isascii():
        return text
    return "".join(_escape(character) if "\ud800" <= character <= "\udfff" else character for character in text)


def json_text(value: object, *, indent: int | None = 2) -> str:
    """Return JSON in which what is not plainly visible is escaped, so that it is safe to print and still exact.

    Keys stay in their order; surrogates are shown as `valid_text` does, since no other program could read them.
    What JSON has no word for becomes its `str`, and a number that is not finite null.
    """
    separators = (",", ": ") if indent is not None else (",", ":")
    text = json.dumps(_valid(value), ensure_ascii=False, indent=indent, separators=separators, allow_nan=False)
    if text.isascii():
        return text.replace("\x7f", "\\u007f")
    return RARE.sub(
        lambda found: found[0] if _is_visible(text, found.start()) else json.dumps(found[0])[1:-1], text
    ).replace("\x7f", "\\u007f")


def _bytes(path: str) -> bytes:
    return valid_text(path).encode() if _has_lone_surrogate(path) else path.encode("utf-8", "surrogateescape")


def _has_lone_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" and not "\udc80" <= character <= "\udcff" for character in text)


def _valid(value: object) -> object:
    if isinstance(value, str):
        return valid_text(value)
    if isinstance(value, Mapping):
        return {valid_text(str(key)): _valid(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_valid(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float):
        return value
    return valid_text(str(value))


def _is_visible(text: str, index: int) -> bool:
    character = text[index]
    if character in JOINERS:
        return index > 0 and (unicodedata.category(text[index - 1]) == "So" or text[index - 1] in JOINERS[1:])
    return character.isprintable() and character not in BLANKS and not _is_selector(character)


def _is_selector(character: str) -> bool:
    return unicodedata.category(character) == "Mn" and "VARIATION SELECTOR" in unicodedata.name(character, "")


def _escape(character: str) -> str:
    if character in SHORT:
        return SHORT[character]
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
