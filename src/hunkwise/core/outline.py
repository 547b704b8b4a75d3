"""The shape of a source file as a parser saw it: plain data, so that it can come from another process."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Scope(NamedTuple):
    """A definition: `kind` is `function` or `class`; all numbers are lines, 1-based and inclusive.

    start: with the comment, the decorators and the attributes before it. body: the first line after its signature and
    its docstring, at most `end`. parent: the index of the scope around it, or -1. line: where its name is.
    signature: the last line of the signature.
    """

    kind: str
    name: str
    start: int
    body: int
    end: int
    parent: int = -1
    line: int = 0
    signature: int = 0

    @property
    def head_end(self) -> int:
        """The last line of what describes it: the signature, or the docstring after it."""
        return max(self.signature or self.start, self.body - 1)


class Syntax(NamedTuple):
    """What a line is: the grammar's name of the outermost node that begins on it, and how deep in the tree it lies.

    A node that only holds others, such as a block, is passed over; a line without a named node has the kind of its
    first token, such as `}`.
    """

    kind: str
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What is in a file; all lines are 1-based.

    scopes: in order of their start. imports: the inclusive ranges of import statements, and the words in them.
    names: the identifiers of each line that has any, in order.
    syntax: of each line on which a node begins. broken: inclusive ranges that did not parse, or were not looked at.
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

    def named(self, name: str) -> Iterator[Scope]:
        """Yield the scopes of this name, in order."""
        return (scope for scope in self.scopes if scope.name == name)
