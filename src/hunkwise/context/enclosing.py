"""Offer the function and the class around a hunk: signature, docstring, and the lines nearest to the hunk."""

from collections.abc import Iterator

from hunkwise.context.excerpts import excerpt, lines_of, shown, touched
from hunkwise.core.model import Change, Hunk
from hunkwise.core.outline import Outline, Scope
from hunkwise.core.ports import Workspace
from hunkwise.core.reader_ports import Outlines
from hunkwise.core.reading import ContextItem

NEAR = 20
"""Lines of the function's body that are offered on each side of the hunk."""
HEAD_LINES = {"function": 30, "class": 12}
"""Lines of a signature and a docstring."""
FUNCTIONS, CLASSES = 3, 2
"""How many are offered for one hunk, innermost first."""


class Enclosing:
    """Offers what a hunk lies in, never its own lines again."""

    name = "enclosing"
    order = 100

    def offer(self, hunk: Hunk, change: Change, workspace: Workspace, outlines: Outlines) -> tuple[ContextItem, ...]:
        outline = outlines.outline(hunk.path)
        if outline is None or not hunk.lines:
            return ()
        lines, own = lines_of(workspace, hunk.path), shown(hunk)
        around = scopes_around(outline, touched(hunk))
        functions = [scope for scope in around if scope.kind == "function"][:FUNCTIONS]
        classes = [scope for scope in around if scope.kind == "class"][:CLASSES]
        found: list[ContextItem] = []
        for scope in functions:
            found += _head(scope, hunk, lines, own)
        for scope in functions[:1]:
            found += _near(scope, hunk, lines, own)
        for scope in classes:
            found += _head(scope, hunk, lines, own)
        return tuple(found)


def scopes_around(outline: Outline, numbers: tuple[int, ...]) -> tuple[Scope, ...]:
    """Return the scopes that hold any of the lines, each once: those with more of them first, then innermost."""
    count: dict[Scope, int] = {}
    for number in numbers:
        for scope in outline.around(number):
            count[scope] = count.get(scope, 0) + 1
    return tuple(sorted(count, key=lambda scope: (-count[scope], scope.end - scope.start, scope.start)))


def _head(scope: Scope, hunk: Hunk, lines: tuple[str, ...], own: frozenset[int]) -> Iterator[ContextItem]:
    most = HEAD_LINES[scope.kind]
    end = min(scope.head_end, scope.start + most - 1)
    # The signature counts more than a long comment before it.
    start = scope.start if scope.signature <= end else max(scope.start, scope.line)
    end = max(end, min(scope.signature, start + most - 1))
    yield from excerpt(
        "enclosing", hunk.path, lines, start, end, f"{scope.kind} {scope.name}, which the change is in", without=own
    )


def _near(scope: Scope, hunk: Hunk, lines: tuple[str, ...], own: frozenset[int]) -> Iterator[ContextItem]:
    head = {*range(scope.start, scope.head_end + 1)} | own
    first, last = min(own, default=hunk.new_start), max(own, default=hunk.new_start)
    what = f"in {scope.name}, "
    start = max(scope.head_end + 1, first - NEAR)
    yield from excerpt("enclosing", hunk.path, lines, start, first - 1, what + "before the change", without=head)
    end = min(scope.end, last + NEAR)
    yield from excerpt("enclosing", hunk.path, lines, last + 1, end, what + "after the change", without=head)
