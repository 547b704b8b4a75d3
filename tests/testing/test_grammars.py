import ctypes

import pytest
import tree_sitter_python

from hunkwise.testing import check_grammar


def capsule():
    """Return Python's grammar as a capsule, whatever form its package gives."""
    return tree_sitter_python.language()


class Grammar:
    """Serves Python."""

    name = "example"
    languages = ("python",)

    def load(self, language):
        return {"python": capsule}[language]()


def test_a_good_grammar_passes():
    """A grammar that keeps the rules passes."""
    check_grammar(Grammar())


def new_capsule(pointer, name):
    make = ctypes.pythonapi.PyCapsule_New
    make.restype, make.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return make(pointer, name, None)


NAME = b"something.else"
BROKEN = {
    "serves nothing": ({"languages": ()}, r"serves \(\); `languages` is a tuple"),
    "serves a text": ({"languages": "python"}, "serves 'python'; `languages` is a tuple"),
    "does not serve": ({"languages": ("python", "java")}, r"load\('java'\) raised on loading: KeyError"),
    "gives a number": ({"load": lambda self, language: 7}, "returned int; return a capsule named tree_sitter.Language"),
    "gives a capsule of another name": (
        {"load": lambda self, language: new_capsule(ctypes.addressof(ctypes.c_int(1)), NAME)},
        "raised on making a tree_sitter.Language of it",
    ),
    "gives another language": (
        {"languages": ("java",), "load": lambda self, language: capsule()},
        r"load\('java'\) does not parse 'class A",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_grammar_is_told(case):
    """Each rule that a grammar breaks is an AssertionError that says which."""
    members, words = BROKEN[case]
    with pytest.raises(AssertionError, match=words):
        check_grammar(type("Changed", (Grammar,), members)())


def test_a_snippet_can_be_given():
    """A given snippet takes the place of ours; one that does not parse is told."""
    with pytest.raises(AssertionError, match=r"does not parse 'def \(:"):
        check_grammar(Grammar(), {"python": "def (:\n"})


def test_a_language_without_a_snippet_must_parse_nothing():
    """A language that has no snippet is loaded and parses empty text."""
    check_grammar(type("Other", (Grammar,), {"languages": ("xyz",), "load": lambda self, language: capsule()})())
