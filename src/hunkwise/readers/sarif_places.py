"""Where a result of SARIF is: its file, by URI, base and index, and its region, by lines or offsets."""

import posixpath
from collections.abc import Mapping

from hunkwise.core.errors import ReportError
from hunkwise.core.model import Edit, Location, RepoPath
from hunkwise.readers.json_object import JsonObject
from hunkwise.readers.reading import Sources, Unit, location
from hunkwise.readers.report_paths import path_of_uri

DEEPEST = 10
"""Bases of bases."""
UTF16_TOOLS = ("eslint",)
"""Tools that count UTF-16 code units without saying so; others that say nothing count characters."""


class Places:
    """Turns the artifact locations and regions of one run into ours."""

    def __init__(self, run: JsonObject, sources: Sources, tool: str) -> None:
        self._sources = sources
        self._bases = run.child("originalUriBaseIds")
        self._artifacts = run.children("artifacts")
        kind = run.text("columnKind") or ("utf16CodeUnits" if tool in UTF16_TOOLS else "")
        self._unit = Unit.UTF16 if kind == "utf16CodeUnits" else Unit.CHARACTERS

    def path(self, artifact: JsonObject) -> tuple[RepoPath | None, str]:
        """Return the file of the repository that an artifact location means, and the name that it has there."""
        uri, base = artifact.text("uri"), artifact.text("uriBaseId")
        index = artifact.number("index")
        if not uri and index is not None and 0 <= index < len(self._artifacts):
            found = self._artifacts[index].child("location")
            uri, base = found.text("uri"), found.text("uriBaseId")
        if not uri:
            return None, ""
        name = path_of_uri(uri)
        full = self._based(name, base, DEEPEST) if name and not name.startswith("/") else name
        return self._sources.find(full, name) if full else None, name or uri

    def artifacts(self) -> tuple[RepoPath, ...]:
        """Return the files that the run says it looked at; what it lists in another role is not among them."""
        looked_at = []
        for artifact in self._artifacts:
            roles = artifact.texts("roles")
            path, _ = self.path(artifact.child("location"))
            if path is not None and (not roles or "analysisTarget" in roles):
                looked_at.append(path)
        return tuple(looked_at)

    def location(self, path: RepoPath, region: JsonObject) -> Location:
        """Return the lines and columns of a region; the file itself where it has none."""
        start, end = region.number("startLine"), region.number("endLine")
        if start is None:
            return self._by_offset(path, region)
        last = end if end is not None else start
        if start < 1 or last < 1:
            return location(path, None)
        return location(
            path,
            start,
            last,
            self._sources.column(path, start, _column(region, "startColumn"), self._unit),
            self._sources.column(path, last, _column(region, "endColumn"), self._unit),
        )

    def edit(self, path: RepoPath, replacement: JsonObject) -> Edit | None:
        """Return a replacement of text as an edit; None where the region is not of text."""
        region = replacement.child("deletedRegion")
        text = replacement.child("insertedContent")
        if "binary" in text or "byteOffset" in region:
            return None
        start = region.number("startLine")
        if start is None:
            offset, length = region.number("charOffset"), region.number("charLength") or 0
            if offset is None or offset < 0 or length < 0:
                return None
            first = self._sources.place(path, offset, self._unit)
            return Edit(*first, *self._sources.place(path, offset + length, self._unit), text.text("text"))
        end = region.number("endLine") or start
        lines = self._sources.lines(path)
        if not 1 <= start <= end <= len(lines):
            return None
        column = self._sources.column(path, start, _column(region, "startColumn"), self._unit) or 1
        # without an end column a region reaches to the end of its line, the line's end not included
        last = self._sources.column(path, end, _column(region, "endColumn"), self._unit) or len(lines[end - 1]) + 1
        if (end, last) < (start, column):
            return None
        return Edit(start, column, end, last, text.text("text"))

    def _by_offset(self, path: RepoPath, region: JsonObject) -> Location:
        for name, length, unit in (
            ("charOffset", "charLength", self._unit),
            ("byteOffset", "byteLength", Unit.BYTES),
        ):
            offset, extent = region.number(name), region.number(length) or 0
            if offset is not None and offset >= 0 and extent >= 0:
                line, column = self._sources.place(path, offset, unit)
                end, end_column = self._sources.place(path, offset + extent, unit)
                return location(path, line, end, column, end_column)
        return location(path, None)

    def _based(self, name: str, base: str, depth: int) -> str:
        if not base or base not in self._bases:
            return name
        if depth == 0:
            raise ReportError(f"originalUriBaseIds: {base[:60]!r} is defined by itself")
        definition = self._bases.child(base)
        folder = path_of_uri(definition.text("uri"))
        if not folder.startswith("/"):
            folder = self._based(folder, definition.text("uriBaseId"), depth - 1)
        return posixpath.join(folder, name) if folder else name


def _column(region: JsonObject, name: str) -> int | None:
    column = region.number(name)
    return column if column is not None and column >= 1 else None


def message_of(message: JsonObject, strings: Mapping[str, str]) -> str:
    """Return the text of a message, with its arguments in their places and its links as plain words."""
    text = message.text("text") or strings.get(message.text("id"), "") or message.text("markdown")
    for index, argument in enumerate(message.values("arguments")):
        text = text.replace(f"{{{index}}}", str(argument))
    return text
