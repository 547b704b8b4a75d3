"""Offer the definitions of names that the changed lines use: of the same file, of imported files, of the repository."""

from collections.abc import Iterator

from hunkwise.context.excerpts import excerpt, shown, touched
from hunkwise.context.languages import family
from hunkwise.context.search import Search, by_nearness, search_of
from hunkwise.context.used_names import names_used
from hunkwise.core.model import Change, Hunk, RepoPath
from hunkwise.core.outline import Outline, Scope
from hunkwise.core.ports import Workspace
from hunkwise.core.reader_ports import Outlines
from hunkwise.core.reading import ContextItem

NAMES = 40
"""Names of a hunk that are looked up in its own file and in what it imports."""
SEARCHED = 4
"""Names of a hunk that are searched for in the whole repository."""
FILES = 12
"""Other files that are parsed for one hunk."""
LINES = 30
"""Lines of a definition: a longer one is shown by its head."""
NAMELESS = frozenset({"c", "c++", "go", "ruby", "php", "shell"})
"""Languages whose imports do not say what they bring."""
MOST = 10
"""Definitions offered for one hunk."""


class Definitions:
    """Offers definitions, nearest first: what stands in the same file says most."""

    name = "definitions"
    order = 200

    def offer(self, hunk: Hunk, change: Change, workspace: Workspace, outlines: Outlines) -> tuple[ContextItem, ...]:
        outline = outlines.outline(hunk.path)
        if outline is None:
            return ()
        look = _Look(hunk, outline, workspace, outlines, search_of(workspace))
        found: list[ContextItem] = []
        for path, scope in look.all():
            found += _items(path, scope, look.search.lines(workspace, path), hunk)
            if len(found) >= MOST:
                break
        return tuple(found)


class _Look:
    """One hunk's search, which counts the files it opens."""

    def __init__(self, hunk: Hunk, outline: Outline, workspace: Workspace, outlines: Outlines, search: Search) -> None:
        self.hunk, self.outline, self.search = hunk, outline, search
        self._workspace, self._outlines = workspace, outlines
        self._opened: set[RepoPath] = set()

    def all(self) -> Iterator[tuple[RepoPath, Scope]]:
        names = names_used(self.hunk, self.outline)[:NAMES]
        around = {scope for number in touched(self.hunk) for scope in self.outline.around(number)}
        left = []
        for name in names:
            own = [scope for scope in self.outline.named(name) if scope not in around]
            # A sibling of what is changed is meant more often than the namesake in another class.
            own.sort(key=lambda scope: not any(scope.parent == one.parent for one in around))
            yield from ((self.hunk.path, scope) for scope in own[:1])
            if not any(self.outline.named(name)):
                left.append(name)
        unknown = []
        for name in left:
            imported = tuple(self._imported(name))
            yield from imported[:2]
            if not imported and not self._is_foreign(name):
                unknown.append(name)
        for name in unknown[:SEARCHED]:
            yield from self._searched(name)

    def _imported(self, name: str) -> Iterator[tuple[RepoPath, Scope]]:
        lines = self.search.lines(self._workspace, self.hunk.path)
        for start, end, words in self.outline.imports:
            text = "\n".join(lines[start - 1 : end])
            if name not in words and "*" not in text and family(self.outline.language) not in NAMELESS:
                continue
            for path in self.search.resolver.files(text, name, self.hunk.path, self.outline.language):
                for scope in self._named(path, name)[:1]:
                    yield path, scope

    def _searched(self, name: str) -> Iterator[tuple[RepoPath, Scope]]:
        hits = self.search.definitions(self._workspace, name, self.outline.language)
        for path in by_nearness((path for path, _ in hits), self.hunk.path)[:2]:
            at = {number for other, number in hits if other == path}
            yield from ((path, scope) for scope in self._named(path, name) if scope.line in at)

    def _named(self, path: RepoPath, name: str) -> tuple[Scope, ...]:
        if path not in self._opened and len(self._opened) >= FILES:
            return ()
        self._opened.add(path)
        outline = self._outlines.outline(path)
        return () if outline is None or path == self.hunk.path else tuple(outline.named(name))

    def _is_foreign(self, name: str) -> bool:
        """Return whether a name is imported from outside the repository, as far as its import says."""
        return any(name in words for _, _, words in self.outline.imports)


def _items(path: RepoPath, scope: Scope, lines: tuple[str, ...], hunk: Hunk) -> Iterator[ContextItem]:
    own = shown(hunk) if path == hunk.path else frozenset()
    end = scope.end if scope.end - scope.start < LINES else min(scope.head_end, scope.start + LINES - 1)
    start = scope.start if scope.line <= end else scope.line
    yield from excerpt(
        "definition",
        path,
        lines,
        start,
        max(end, min(scope.signature, start + LINES)),
        f"definition of {scope.name}",
        without=own,
    )
