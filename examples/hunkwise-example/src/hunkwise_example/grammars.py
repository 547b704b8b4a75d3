"""Serve the grammars of the package tree-sitter-languages, whose own API does not work with tree-sitter >= 0.22."""

import ctypes
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from hunkwise import UsageError, hookimpl

SYMBOLS: Mapping[str, str] = {
    "bash": "bash",
    "c": "c",
    "c#": "c_sharp",
    "c++": "cpp",
    "go": "go",
    "java": "java",
    "javascript": "javascript",
    "kotlin": "kotlin",
    "php": "php",
    "python": "python",
    "ruby": "ruby",
    "rust": "rust",
    "scala": "scala",
    "shell": "bash",
    "ts": "typescript",
    "tsx": "tsx",
}
"""The symbol `tree_sitter_...` in the library, by the tag of identify."""


class TreeSitterLanguages:
    """Takes each grammar out of the wheel's library as the capsule that `tree_sitter.Language` wants."""

    name = "tree-sitter-languages"
    languages = tuple(SYMBOLS)

    def load(self, language: str) -> object:
        if language not in SYMBOLS:
            raise UsageError(f"{self.name} serves no {language!r}; there are {', '.join(SYMBOLS)}")
        pointer = getattr(_library(), f"tree_sitter_{SYMBOLS[language]}")
        pointer.restype = ctypes.c_void_p
        capsule = ctypes.pythonapi.PyCapsule_New
        capsule.restype, capsule.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
        return capsule(pointer(), b"tree_sitter.Language", None)


@cache
def _library() -> ctypes.CDLL:
    path = _path()
    if path is None:
        raise UsageError("the package tree-sitter-languages is not installed; pip install 'hunkwise-example[grammars]'")
    return ctypes.CDLL(str(path))


def _path() -> Path | None:
    spec = find_spec("tree_sitter_languages")
    path = Path(spec.origin).parent / "languages.so" if spec and spec.origin else None
    return path if path and path.is_file() else None


@hookimpl
def hunkwise_grammars() -> list[TreeSitterLanguages]:
    return [TreeSitterLanguages()] if _path() else []
