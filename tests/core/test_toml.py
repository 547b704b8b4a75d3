"""Reading TOML within limits."""

import time

import pytest

from hunkwise.core.toml import DEEPEST, LARGEST, read_toml

DEEP = ".".join(["a"] * 20_000)
QUOTED = " . ".join(['"a b"', "'c.d'"] * 10_000)


def test_toml_is_read():
    """What tomllib reads is read, from bytes with a mark of their order or from text."""
    assert read_toml(b'\xef\xbb\xbfa.b = "c.d"\n') == read_toml('a.b = "c.d"\n') == {"a": {"b": "c.d"}}


@pytest.mark.parametrize("text", [
    f'x = "{"a b. " * 5000}"\n',
    f'x = """\n{"a b. " * 5000}"""\n',
    "x = [" + '"a.b",' * 5000 + "]\n",
    "# " + "a. b " * 5000 + "\n",
    ".".join(["a"] * DEEPEST) + " = 1\n",
])  # fmt: skip
def test_long_texts_are_no_keys(text):
    """Sentences, lists and comments may have as many dots as they like."""
    assert len(read_toml(text)) in (0, 1)


@pytest.mark.parametrize("text", [
    f"{DEEP} = 1\n", f"[{DEEP}]\n", f"x = {{{DEEP} = 1}}\n", f"{QUOTED} = 1\n", f"x = {{{QUOTED} = 1}}\n",
    f"# fine\n{'a' * 100}.{DEEP} = 1\n",
], ids=["key", "table", "inline", "quoted", "quoted-inline", "long"])  # fmt: skip
def test_a_long_dotted_key_is_refused_at_once(text):
    """Its cost would be the square of its length; the error says where it is."""
    started = time.monotonic()
    with pytest.raises(ValueError, match=rf"a key of more than {DEEPEST} parts \(at line [12], column [0-9]+\)"):
        read_toml(text)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "{a=" * 100_000], ids=["list", "table"])
def test_deep_nesting_is_a_value_error(text):
    """Not the interpreter's recursion error."""
    with pytest.raises(ValueError, match="nested too deep"):
        read_toml(text)


def test_a_large_file_is_refused():
    """The size is capped before anything is read."""
    with pytest.raises(ValueError, match="larger than"):
        read_toml(b"#" * (LARGEST + 1))


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, '"' * 1_000_000, "'a" * 500_000, "a " * 500_000, "a. " * 300_000 + '"']
)
def test_looking_for_long_keys_is_fast(text):
    """The search takes time in proportion to the text, whatever is in it."""
    started = time.monotonic()
    with pytest.raises(ValueError):
        read_toml(text)
    assert time.monotonic() - started < 2
