"""Text that is safe to show."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkwise.core.text import display_path, json_text, printable, uri_path, valid_text, xml_text

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


@pytest.mark.parametrize("text", ["def f(x):", "Größe", "日本語", "мир", "x ≤ y", "🎉", "👩‍💻", "❤️", "नमस्ते"])
def test_printable_keeps_what_people_write(text):
    """Letters of any script, symbols and joined emoji pass unchanged."""
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b31m", "\\x9b31m"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\u202eevil", "\\u202eevil"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("a\u200bb", "a\\u200bb"),
        ("a\u200db", "a\\u200db"),
        ("a\ufe0fb", "a\\ufe0fb"),
        ("\u3164", "\\u3164"),
        ("\u2028", "\\u2028"),
        ("\xa0", "\\xa0"),
        ("\udcff", "\\xff"),
        ("\ud800", "\\ud800"),
        ("\ue000", "\\ue000"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_printable_escapes_what_is_not_plainly_visible(text, shown):
    """Controls, bidi marks, zero-width and blank characters, separators, private use and surrogates show as escapes."""
    assert printable(text) == shown


@given(ANY_TEXT)
def test_printable_leaves_no_control_format_or_surrogate(text):
    """Of the categories C and Z only the space is left, and the joiners of emoji."""
    for character in printable(text):
        assert unicodedata.category(character)[0] not in "CZ" or character in " \u200d"


def test_printable_keeps_what_it_is_told_to():
    """`keep` names characters that pass."""
    assert printable("a\nb\tc", keep="\n") == "a\nb\\tc"


def test_a_path_shows_on_one_line():
    """A newline in a name cannot forge a second line."""
    assert display_path("a\nb.py") == "a\\nb.py"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("src/a b.py", "src/a%20b.py"),
        ("ü/\udcff.py", "%C3%BC/%FF.py"),
        ("a:b?c#d%e", "a%3Ab%3Fc%23d%25e"),
        ("a\\b", "a%5Cb"),
    ],
)
def test_a_uri_has_the_bytes_of_the_path(path, uri):
    """All but unreserved characters are percent-encoded, byte by byte."""
    assert uri_path(path) == uri


@given(ANY_TEXT)
def test_xml_text_can_stand_in_xml(text):
    """Nothing is left that XML 1.0 forbids."""
    for character in xml_text(text):
        code = ord(character)
        assert code in (0x9, 0xA) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


@given(ANY_TEXT)
def test_json_text_is_exact_and_safe_to_print(text):
    """Reading it back gives the text, save surrogates; what is printed has no control or format character."""
    written = json_text({"a": [text]})
    assert json.loads(written.encode()) == {"a": [valid_text(text)]}
    for character in written.replace("\n", ""):
        assert unicodedata.category(character)[0] not in "CZ" or character in " \u200d"


def test_json_text_has_a_word_for_everything():
    """A number that is not finite is null, and an object its `str`."""
    assert (
        json_text({"a": float("nan"), "b": 1j, "c": (True, None)}, indent=None) == '{"a":null,"b":"1j","c":[true,null]}'
    )
