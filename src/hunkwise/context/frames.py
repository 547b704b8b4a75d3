"""What goes between a review and its parsing workers: frames of JSON and bytes, read without trust."""

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from hunkwise.context.grammars import PluginGrammar
from hunkwise.core.outline import Outline, Scope, Syntax

HEADER = struct.Struct(">II")
"""Lengths of the JSON and of the bytes after it."""


def pack_frame(head: Mapping[str, object], body: bytes = b"") -> bytes:
    """Return a frame as bytes."""
    text = json.dumps(head, separators=(",", ":")).encode("ascii")
    return HEADER.pack(len(text), len(body)) + text + body


def read_frame(read: Callable[[int], bytes], limit: int) -> tuple[dict[str, Any], bytes]:
    """Read a frame by a function that returns exactly so many bytes; raise ValueError for what is none."""
    lengths = HEADER.unpack(read(HEADER.size))
    if sum(lengths) > limit:
        raise ValueError(f"a frame of {sum(lengths)} bytes")
    head = json.loads(read(lengths[0]))
    if not isinstance(head, dict):
        raise ValueError("a frame without an object")
    return head, read(lengths[1])


def request(language: str, content: bytes, brought: PluginGrammar | None) -> bytes:
    """Return the frame that asks for an outline."""
    return pack_frame({"language": language, "grammar": asdict(brought) if brought else None}, content)


def outline_as_json(outline: Outline) -> dict[str, object]:
    """Return an outline as plain data."""
    return {
        "lines": outline.lines,
        "scopes": outline.scopes,
        "imports": outline.imports,
        "names": list(outline.names.items()),
        "syntax": [(line, *syntax) for line, syntax in outline.syntax.items()],
        "broken": outline.broken,
    }


def outline_from_json(language: str, data: Mapping[str, Any]) -> Outline:
    """Return the outline; raise ValueError where the data is not one: who made it has read hostile bytes."""
    try:
        lines = _number(data["lines"])
        return Outline(
            language=language,
            lines=lines,
            scopes=tuple(_scope(row, index, lines) for index, row in enumerate(data["scopes"])),
            imports=tuple((_number(start), _number(end), _words(words)) for start, end, words in data["imports"]),
            names={_number(line): _words(words) for line, words in data["names"]},
            syntax={_number(line): Syntax(_word(kind), _number(depth)) for line, kind, depth in data["syntax"]},
            broken=tuple((_number(start), _number(end)) for start, end in data["broken"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not an outline: {type(error).__name__}") from error


def _scope(row: Any, index: int, lines: int) -> Scope:
    scope = Scope(*row)
    for number in (scope.start, scope.body, scope.end, scope.line, scope.signature):
        _number(number)
    if not (type(scope.parent) is int and -1 <= scope.parent < index and scope.start <= scope.end <= max(lines, 1)):
        raise ValueError(f"a scope with odd numbers: {row!r:.200}")
    return scope._replace(kind=_word(scope.kind), name=_word(scope.name))


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"not a number: {value!r:.100}")
    return value


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"not a text: {value!r:.100}")
    return value


def _words(values: Any) -> tuple[str, ...]:
    return tuple(_word(value) for value in values)
