"""Offer the callers of what a hunk changes: of a changed signature first."""

from collections.abc import Iterator

from hunkwise.context.excerpts import excerpt, shown
from hunkwise.context.search import Search, by_nearness, is_kindred, search_of
from hunkwise.context.used_names import SHORTEST, UNIVERSAL, called_as, definitions_changed
from hunkwise.core.model import Change, Hunk, RepoPath
from hunkwise.core.names import is_test
from hunkwise.core.outline import Outline, Scope
from hunkwise.core.ports import Workspace
from hunkwise.core.reader_ports import Outlines
from hunkwise.core.reading import ContextItem

DEFINITIONS = 3
"""Changed definitions of a hunk whose callers are looked for."""
CALLERS = 4
"""Callers offered of each."""
FILES = 6
"""Files that are parsed for each."""
NEAR = 3
"""Lines shown before and after the call."""


class Callers:
    """Offers calls, with the lines around them; those in tests are another provider's."""

    name = "callers"
    order = 300

    def offer(self, hunk: Hunk, change: Change, workspace: Workspace, outlines: Outlines) -> tuple[ContextItem, ...]:
        outline = outlines.outline(hunk.path)
        if outline is None or is_test(hunk.path):
            return ()
        search = search_of(workspace)
        found: dict[ContextItem, None] = {}
        for scope, _ in definitions_changed(hunk, outline)[:DEFINITIONS]:
            name = called_as(scope, outline)
            if len(name) < SHORTEST or name in UNIVERSAL or name.startswith(("(", "__")):
                continue
            for path, number, around in _calls(name, scope, outline, hunk, workspace, outlines, search):
                start, end = max(number - NEAR, around.start if around else 1), number + NEAR
                origin = f"{f'{around.name}, which' if around else 'a place that'} uses {name}"
                own = shown(hunk) if path == hunk.path else frozenset()
                end = min(end, around.end) if around else end
                lines = search.lines(workspace, path)
                for item in excerpt("caller", path, lines, start, end, origin, without=own):
                    found[item] = None
        return tuple(found)


def _calls(
    name: str, scope: Scope, outline: Outline, hunk: Hunk, workspace: Workspace, outlines: Outlines, search: Search
) -> Iterator[tuple[RepoPath, int, Scope | None]]:
    after = "" if outline.language in ("shell", "ruby", "bash") or scope.kind == "class" else "("
    by_path: dict[RepoPath, list[int]] = {}
    for path, number in search.word(workspace, name, after):
        if is_test(path) or not is_kindred(search.language(path), outline.language):
            continue
        if path == hunk.path and scope.start <= number <= scope.end:
            continue
        by_path.setdefault(path, []).append(number)
    count = 0
    for path in by_nearness(by_path, hunk.path)[:FILES]:
        other = outlines.outline(path)
        last_end = 0
        for number in by_path[path]:
            around = next(iter(other.around(number)), None) if other else None
            is_definition = around is not None and around.line <= number <= around.signature and around.name == name
            is_import = other is not None and any(start <= number <= end for start, end, _ in other.imports)
            if is_definition or is_import or number <= last_end:
                continue
            yield path, number, around
            last_end = around.end if around and around.kind == "function" else number + NEAR
            count += 1
            if count == CALLERS:
                return
