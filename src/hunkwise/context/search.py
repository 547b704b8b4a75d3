"""Look for names in the repository, with bounds: so many searches and files, and none for what is everywhere."""

import posixpath
import re
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from hunkwise.context.excerpts import lines_of
from hunkwise.context.languages import family, nodes_of
from hunkwise.context.resolution import Resolver
from hunkwise.core.kinds import language_of
from hunkwise.core.model import RepoPath
from hunkwise.core.ports import Workspace

MOST_PATHS = 50_000
"""Files of a repository; a larger one is not searched, only read."""
MOST_HITS = 800
"""A text that is on more lines is too common to say anything."""
MOST_SEARCHES = 400
"""Different texts looked for in one workspace."""


class Search:
    """What was found in a workspace, remembered."""

    def __init__(self, workspace: Workspace) -> None:
        self._found: dict[str, tuple[tuple[RepoPath, int], ...]] = {}
        self._common: set[str] = set()
        self._lines: dict[RepoPath, tuple[str, ...]] = {}
        self._languages: dict[RepoPath, str] = {}
        paths = workspace.paths()
        self.is_bounded = len(paths) <= MOST_PATHS
        self.resolver = Resolver(paths)

    def lines(self, workspace: Workspace, path: RepoPath) -> tuple[str, ...]:
        """Return a file's lines."""
        if path not in self._lines:
            if len(self._lines) >= 500:
                self._lines.clear()
            self._lines[path] = lines_of(workspace, path)
        return self._lines[path]

    def language(self, path: RepoPath) -> str:
        """Return the family of a file's language."""
        if path not in self._languages:
            self._languages[path] = family(language_of(path))
        return self._languages[path]

    def text(self, workspace: Workspace, text: str) -> tuple[tuple[RepoPath, int], ...]:
        """Return the path and number of each line with this text; none where there are too many."""
        if text not in self._found:
            if not self.is_bounded or len(self._found) >= MOST_SEARCHES or len(text) > 200 or "\0" in text:
                return ()
            hits = tuple((hit.path, hit.start) for hit in workspace.grep(text) if hit.start is not None)
            self._found[text] = hits if len(hits) <= MOST_HITS else ()
            if len(hits) > MOST_HITS:
                self._common.add(text)
        return self._found[text]

    def word(self, workspace: Workspace, name: str, after: str = "") -> tuple[tuple[RepoPath, int], ...]:
        """Return where this name stands by itself, followed by `after`."""
        return self._matching(workspace, name, re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$]){re.escape(after)}"))

    def definitions(self, workspace: Workspace, name: str, language: str) -> tuple[tuple[RepoPath, int], ...]:
        """Return the lines that look like a definition of this name in the files of this language."""
        nodes = nodes_of(language)
        # Where functions may begin with a capital letter, it is still more often a type that does.
        for forms in (nodes.type_definition, nodes.definition) if name[:1].isupper() else (nodes.definition,):
            if not forms:
                continue
            forms = tuple(form.format(name) for form in forms)
            pattern = re.compile(rf"(?:{'|'.join(map(re.escape, forms))})(?!(?<=[\w$])[\w$])")
            found = self._matching(workspace, name, pattern)
            if name in self._common:
                found = tuple(hit for form in forms[:2] for hit in self._matching(workspace, form, pattern))
            found = tuple(hit for hit in found if is_kindred(self.language(hit[0]), language))
            if found:
                return found
        return ()

    def _matching(self, workspace: Workspace, text: str, pattern: re.Pattern[str]) -> tuple[tuple[RepoPath, int], ...]:
        found = []
        for path, number in self.text(workspace, text):
            lines = self.lines(workspace, path)
            if number <= len(lines) and pattern.search(lines[number - 1][:2000]):
                found.append((path, number))
        return tuple(found)


_SEARCHES: WeakKeyDictionary[Workspace, Search] = WeakKeyDictionary()


def search_of(workspace: Workspace) -> Search:
    """Return the search of a workspace, the same for each provider."""
    try:
        found = _SEARCHES.get(workspace)
        if found is None:
            found = _SEARCHES[workspace] = Search(workspace)
    except TypeError:
        # A workspace of a plugin that cannot be a key: nothing is remembered.
        return Search(workspace)
    return found


def is_kindred(one: str, other: str) -> bool:
    """Return whether files of two languages can use each other's definitions."""
    groups = ({"javascript", "ts", "tsx"}, {"c", "c++"}, {"java", "kotlin", "scala"})
    one, other = family(one), family(other)
    return one == other or any(one in group and other in group for group in groups)


def by_nearness(paths: Iterable[RepoPath], origin: RepoPath) -> tuple[RepoPath, ...]:
    """Return the paths, each once, those with the most folders in common with `origin` first."""
    home = posixpath.dirname(origin).split("/")

    def distance(path: RepoPath) -> tuple[int, str]:
        folders = posixpath.dirname(path).split("/")
        same = next((at for at, (a, b) in enumerate(zip(home, folders, strict=False)) if a != b), None)
        common = min(len(home), len(folders)) if same is None else same
        return len(home) + len(folders) - 2 * common, path

    return tuple(sorted(set(paths), key=distance))
