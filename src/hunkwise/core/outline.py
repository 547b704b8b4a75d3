"""The shape of a source file as a parser saw it: plain data, so that it can come from another process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Scope(NamedTuple):
    """A definition: `kind` is `function` or `class`; lines `start` to `end` inclusive, of which the body begins at
    `body`; a docstring or the comment before it is part of it. `parent` is the index of the scope around it, or -1.
    """

    kind: str
    name: str
    start: int
    body: int
    end: int
    parent: int = -1


class Syntax(NamedTuple):
    """What a line is: the grammar's name of the outermost node that begins on it, and how deep in the tree it lies."""

    kind: str
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What is in a file; all lines are 1-based.

    scopes: in order of their start. imports: the inclusive ranges of import statements, and the words in them.
    names: the identifiers of each line that has any, in order.
    syntax: of each line on which a node begins. broken: inclusive ranges that did not parse.
    """

    language: str
    lines: int
    scopes: tuple[Scope, ...] = ()
    imports: tuple[tuple[int, int, tuple[str, ...]], ...] = ()
    names: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    syntax: Mapping[int, Syntax] = field(default_factory=dict)
    broken: tuple[tuple[int, int], ...] = ()

    def around(self, line: int) -> tuple[Scope, ...]:
        """Return the scopes that hold a line, innermost first."""
        return tuple(scope for scope in reversed(self.scopes) if scope.start <= line <= scope.end)
