"""Check that a grammar plugin keeps its contract."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from hunkwise.core.ports import Grammar
from hunkwise.testing.words import called, require, require_shape

SNIPPETS = {
    "python": "def add(a, b):\n    return a + b\n",
    "java": "class A {\n  int add(int a, int b) { return a + b; }\n}\n",
    "javascript": "function add(a, b) {\n  return a + b;\n}\n",
    "ts": "function add(a: number, b: number): number {\n  return a + b;\n}\n",
    "tsx": "const a = <b>{1}</b>;\n",
    "kotlin": "fun add(a: Int, b: Int): Int {\n  return a + b\n}\n",
    "go": "package a\n\nfunc add(a int, b int) int {\n\treturn a + b\n}\n",
    "c": "int add(int a, int b) {\n  return a + b;\n}\n",
    "c++": "int add(int a, int b) {\n  return a + b;\n}\n",
    "ruby": "def add(a, b)\n  a + b\nend\n",
    "rust": "fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n",
    "shell": "add() {\n  echo $(($1 + $2))\n}\n",
}


def check_grammar(grammar: Grammar, snippets: Mapping[str, str] | None = None) -> None:
    """Require that each language loads under the installed tree-sitter and parses a snippet without errors.

    A language that has neither a snippet here nor a given one must still parse empty text.
    Raises AssertionError in words; a grammar of another ABI may end the interpreter.
    """
    name = require_shape("hunkwise_grammars", grammar)
    languages = grammar.languages
    texts = isinstance(languages, tuple) and all(isinstance(one, str) and one for one in languages)
    require(texts and bool(languages), f"{name} serves {languages!r}; `languages` is a tuple of identify's tags")
    try:
        tree_sitter: Any = import_module("tree_sitter")
    except ImportError as error:
        raise AssertionError(
            "tree-sitter is not installed, which grammars are checked with: pip install tree-sitter"
        ) from error
    known = {**SNIPPETS, **(snippets or {})}
    for language in languages:
        _check_language(tree_sitter, grammar, language, known.get(language, ""))


def _check_language(tree_sitter: Any, grammar: Grammar, language: str, snippet: str) -> None:
    what = f"{grammar.name}.load({language!r})"
    capsule = called(what, "loading", lambda: grammar.load(language))
    capsuled = type(capsule).__name__ == "PyCapsule"
    require(capsuled, f"{what} returned {type(capsule).__name__}; return a capsule named tree_sitter.Language")
    loaded = called(what, "making a tree_sitter.Language of it", lambda: tree_sitter.Language(capsule))
    tree = called(what, "parsing", lambda: tree_sitter.Parser(loaded).parse(snippet.encode()))
    root = tree.root_node
    require(not root.has_error, f"{what} does not parse {snippet!r}: {root}")
    require(not snippet or root.child_count > 0, f"{what} sees nothing in {snippet!r}")
