"""Offer the imports of a file that the changed lines use."""

from hunkwise.context.excerpts import added, excerpt, lines_of, shown
from hunkwise.core.model import Change, Hunk
from hunkwise.core.ports import Workspace
from hunkwise.core.reader_ports import Outlines
from hunkwise.core.reading import ContextItem

MOST = 15
"""Lines of imports offered for one hunk."""


class UsedImports:
    """Offers import statements that bring a name of the added lines."""

    name = "imports"
    order = 400

    def offer(self, hunk: Hunk, change: Change, workspace: Workspace, outlines: Outlines) -> tuple[ContextItem, ...]:
        outline = outlines.outline(hunk.path)
        if outline is None:
            return ()
        used = {name for number in added(hunk) for name in outline.names.get(number, ())}
        own = shown(hunk)
        wanted: set[int] = set()
        for start, end, words in outline.imports:
            numbers = set(range(start, min(end, start + MOST) + 1)) - own
            if used.intersection(words) and len(wanted | numbers) <= MOST:
                wanted |= numbers
        if not wanted:
            return ()
        lines = lines_of(workspace, hunk.path)
        others = frozenset(range(min(wanted), max(wanted) + 1)) - wanted
        origin = "imports that the change uses"
        return tuple(excerpt("imports", hunk.path, lines, min(wanted), max(wanted), origin, without=others))
