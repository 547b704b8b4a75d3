"""Parse files for a review, one after the other, in a process of its own that may die of them.

Started by `WorkerPool`; reads requests from standard input, writes answers to what was standard output, and ends with
its parent, whose end closes its input.
"""

import os
import resource
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hunkwise.context.frames import outline_as_json, pack_frame, read_frame
from hunkwise.context.grammars import PluginGrammar, load_grammar
from hunkwise.context.languages import nodes_of
from hunkwise.context.walk import outline_of

CPU_SECONDS = 10
"""Processor time that one file may take."""
WRITTEN = 2**16
"""Bytes of a file: of its standard error, the only one that it can write to when confined."""
MEMORY = 2**30
"""Bytes of address space."""
REQUEST_LIMIT = 64 * 2**20


def main() -> None:
    """Answer requests until the input ends."""
    answers = os.dup(1)
    # What a grammar of a plugin prints must not get between the frames.
    os.dup2(2, 1)
    _limit("AS", MEMORY)
    _limit("CORE", 0)
    _limit("FSIZE", WRITTEN)
    read = _reader(0)
    parsers: dict[str, Any] = {}
    while True:
        try:
            head, content = read_frame(read, REQUEST_LIMIT)
        except EOFError:
            return
        _write(answers, pack_frame(_answer(head, content, parsers)))


def _answer(head: dict[str, Any], content: bytes, parsers: dict[str, Any]) -> dict[str, object]:
    language = head["language"]
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(spent.ru_utime + spent.ru_stime) + CPU_SECONDS + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))
    try:
        if language not in parsers:
            parsers[language] = _parser(language, head["grammar"])
        tree = parsers[language].parse(content)
        return {"outline": outline_as_json(outline_of(tree, content, language, nodes_of(language)))}
    except MemoryError:
        return {"error": "it takes too much memory", "is_final": True}
    except Exception as error:  # noqa: BLE001  a grammar is a plugin's; the review is told in words
        return {"error": f"{type(error).__name__}: {error}"}


def _parser(language: str, brought: dict[str, str] | None) -> Any:
    from tree_sitter import Language, Parser

    capsule = load_grammar(language, PluginGrammar(**brought) if brought else None)
    return Parser(Language(capsule))


def _limit(name: str, value: int) -> None:
    number = getattr(resource, f"RLIMIT_{name}")
    _, hard = resource.getrlimit(number)
    with suppress(ValueError, OSError):
        resource.setrlimit(number, (value, value) if hard < 0 or value <= hard else (hard, hard))


def _reader(descriptor: int) -> Callable[[int], bytes]:
    def read(count: int) -> bytes:
        found = bytearray()
        while len(found) < count:
            chunk = os.read(descriptor, min(count - len(found), 1 << 20))
            if not chunk:
                raise EOFError
            found += chunk
        return bytes(found)

    return read


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
