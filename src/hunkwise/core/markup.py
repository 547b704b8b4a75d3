"""XML that others wrote, read strictly: UTF-8, no entities of its own, nothing loaded from elsewhere, bounded depth."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import ExpatError, ParserCreate

from hunkwise.core.errors import ToolError
from hunkwise.core.ports import ToolResult
from hunkwise.core.targets import unbelievable

DEPTH = 100


class MarkupError(ValueError):
    """It is not XML, or XML that is not read; says why."""


def read_markup(content: bytes, *, may_name_a_type: bool = False) -> Element:
    """Return the root element; raise MarkupError for what is malformed, too deep or brings declarations.

    may_name_a_type: whether a DOCTYPE that only names a document type is passed over, instead of refused.
    """
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MarkupError("it is not UTF-8") from error
    builder = TreeBuilder()
    parser = ParserCreate("utf-8")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise MarkupError(f"it is nested deeper than {DEPTH}")
        builder.start(name, dict(attributes))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    def doctype(name: str, system: str | None, public: str | None, has_subset: int) -> None:
        if has_subset or not may_name_a_type:
            raise MarkupError("it has a DOCTYPE" + (" with declarations" if has_subset else ""))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
        return builder.close()
    except ExpatError as error:
        raise MarkupError(f"it is not XML ({error})") from error


def read_report(tool: str, root: str, result: ToolResult) -> Element:
    """Return the root of the XML that a tool printed; raise ToolError unless it is whole and has this name."""
    try:
        found = read_markup(result.stdout)
    except MarkupError as error:
        raise unbelievable(tool, f"its output cannot be read: {error}", result) from error
    if found.tag != root:
        raise unbelievable(tool, f"its output is a {found.tag!r:.40} and not a {root!r}", result)
    return found


def attribute(tool: str, element: Element, name: str, result: ToolResult) -> str:
    """Return an attribute that must be there; raise ToolError if it is not."""
    value = element.get(name)
    if value is None:
        raise unbelievable(tool, f"a {element.tag!r:.40} without {name!r}", result)
    return value


def number(tool: str, element: Element, name: str, result: ToolResult) -> int | None:
    """Return an attribute that counts from 1, or None where it is absent or no place; raise ToolError if it is odd."""
    value = element.get(name)
    if value is None:
        return None
    if not re.fullmatch(r"-?[0-9]{1,9}", value):
        raise ToolError(tool, f"{name!r} of a {element.tag!r:.40} is {value!r:.60}, which is no number")
    return int(value) if int(value) > 0 else None
