"""Offer the tests that mention what a hunk changes."""

import posixpath
import re
from collections.abc import Iterator

from hunkwise.context.excerpts import excerpt
from hunkwise.context.search import Search, by_nearness, is_kindred, search_of
from hunkwise.context.used_names import SHORTEST, called_as, definitions_changed
from hunkwise.core.model import Change, Hunk, RepoPath
from hunkwise.core.names import is_test
from hunkwise.core.outline import Scope
from hunkwise.core.ports import Workspace
from hunkwise.core.reader_ports import Outlines
from hunkwise.core.reading import ContextItem

DEFINITIONS = 2
TESTS = 3
"""Tests offered for one hunk."""
FILES = 3
"""Test files that are parsed for each changed definition."""
LINES = 25
"""Lines of a test: of a longer one, those from its beginning, or around the mention."""


class SiblingTests:
    """Offers whole tests, those of the file's own test file first."""

    name = "tests"
    order = 500

    def offer(self, hunk: Hunk, change: Change, workspace: Workspace, outlines: Outlines) -> tuple[ContextItem, ...]:
        outline = outlines.outline(hunk.path)
        if outline is None or is_test(hunk.path):
            return ()
        search = search_of(workspace)
        found: dict[ContextItem, None] = {}
        for scope, _ in definitions_changed(hunk, outline)[:DEFINITIONS]:
            name = called_as(scope, outline)
            if len(name) < SHORTEST or name.startswith(("(", "__")):
                continue
            for path, numbers in _mentions(name, hunk.path, outline.language, workspace, search):
                lines = search.lines(workspace, path)
                for test, number in _tests(path, numbers, name, outlines):
                    start, end = _shown(test, number)
                    items = excerpt("test", path, lines, start, end, f"test {test.name}, which mentions {name}")
                    found |= dict.fromkeys(items)
                    if len(found) >= TESTS:
                        return tuple(found)
        return tuple(found)


def _mentions(
    name: str, path: RepoPath, language: str, workspace: Workspace, search: Search
) -> Iterator[tuple[RepoPath, list[int]]]:
    """Yield the test files that mention a name, with the lines: the file's own test first, then the nearest."""
    by_path: dict[RepoPath, list[int]] = {}
    for test, number in search.word(workspace, name):
        if is_test(test) and is_kindred(search.language(test), language):
            by_path.setdefault(test, []).append(number)
    near = by_nearness(by_path, path)
    for test in sorted(near, key=lambda test: not _is_namesake(test, path))[:FILES]:
        yield test, by_path[test]


def _shown(test: Scope, number: int) -> tuple[int, int]:
    """Return the lines of a test that are shown, from its beginning where that holds the mention."""
    is_near = test.end - test.start < LINES or number - test.start < LINES
    start = test.start if is_near else test.line
    return start, min(test.end, start + LINES - 1)


def _tests(path: RepoPath, numbers: list[int], name: str, outlines: Outlines) -> list[tuple[Scope, int]]:
    """Return the outermost functions around these lines with the first of them: those named after it come first."""
    outline = outlines.outline(path)
    if outline is None:
        return []
    found: dict[Scope, int] = {}
    for number in numbers:
        functions = [scope for scope in outline.around(number) if scope.kind == "function"]
        if functions:
            found.setdefault(functions[-1], number)
    return sorted(found.items(), key=lambda item: _squeezed(name) not in _squeezed(item[0].name))


def _squeezed(name: str) -> str:
    return name.replace("_", "").lower()


def _is_namesake(test: RepoPath, path: RepoPath) -> bool:
    stem = posixpath.splitext(posixpath.basename(path))[0].strip("_").lower()
    words = re.sub(r"(^test_?|[_.-]?(tests?|spec|it|testcase)$)", "", posixpath.basename(test).split(".")[0].lower())
    return words == stem
