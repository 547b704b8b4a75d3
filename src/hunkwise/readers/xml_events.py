"""Read XML as a stream of its tags, without ever fetching or expanding anything."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.parsers import expat

from hunkwise.core.errors import ReportError

CHUNK = 2**18
DEEPEST = 64
"""Levels; the reports that are read here have fewer than ten."""
LONGEST_TEXT = 2**16
"""Characters of text in one element that are kept."""


class Tag(NamedTuple):
    """A start or an end of an element; `text` is what stands in it before its first child, known at its end."""

    name: str
    is_start: bool
    attributes: Mapping[str, str]
    text: str = ""


def xml_events(data: bytes) -> Iterator[Tag]:
    """Yield the tags of a document in order; namespaces are left out of the names.

    A declaration of the document's type may name a file, which is not fetched; one that declares entities is refused.
    Raises ReportError where it is not well-formed XML.
    """
    reader = _Reader()
    for start in range(0, len(data), CHUNK):
        yield from reader.feed(data[start : start + CHUNK], is_last=False)
    yield from reader.feed(b"", is_last=True)


class _Reader:
    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._refuse
        self._open: list[tuple[str, Mapping[str, str], list[str]]] = []
        self._found: list[Tag] = []

    def feed(self, data: bytes, *, is_last: bool) -> Iterator[Tag]:
        try:
            self._parser.Parse(data, is_last)
        except expat.ExpatError as error:
            raise ReportError(
                f"line {error.lineno}: it is not well-formed XML: {expat.ErrorString(error.code)}"
            ) from error
        except (ValueError, LookupError) as error:
            raise ReportError(f"its XML is in an encoding that is not read: {error}") from error
        yield from self._found
        self._found.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise ReportError(f"its XML is nested more than {DEEPEST} levels deep")
        local = name.rpartition(":")[2]
        self._open.append((local, attributes, []))
        self._found.append(Tag(local, True, attributes))

    def _end(self, _: str) -> None:
        name, attributes, text = self._open.pop()
        self._found.append(Tag(name, False, attributes, "".join(text)))

    def _characters(self, text: str) -> None:
        kept = self._open[-1][2]
        if sum(map(len, kept)) < LONGEST_TEXT:
            kept.append(text[:LONGEST_TEXT])

    def _refuse(self, name: str, *_: object) -> None:
        raise ReportError(f"its XML declares the entity {name[:40]!r}, which is refused")
