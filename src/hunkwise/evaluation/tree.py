"""The files of a case at both ends, and what became of its lines afterwards: refs in a repository on disk."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hunkwise.core.errors import HunkwiseError
from hunkwise.core.model import RepoPath
from hunkwise.core.targets import is_utf8
from hunkwise.workspace.git import Repository, open_repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A repository with the base and the head of a pull request, and its end where it went on after the head."""

    directory: Path
    base: str
    head: str
    final: str | None = None


def find_tree(trees: Path, repository: str, number: int) -> Tree | None:
    """Return the refs of a pull request in OWNER+NAME.git, or in OWNER+NAME; None where they are not there."""
    name = repository.replace("/", "+")
    for directory in (trees / f"{name}.git", trees / name):
        refs = _refs(directory) if directory.is_dir() else frozenset()
        base, head, final = (f"refs/pull/{number}/{end}" for end in ("base", "head", "final"))
        if base in refs and head in refs:
            return Tree(directory=directory, base=base, head=head, final=final if final in refs else None)
    return None


def changed_later(tree: Tree) -> dict[RepoPath, frozenset[int]] | None:
    """Return, by path, the head's lines that were changed before the end; None where it ended at the head.

    An insertion touches its two neighbours. A comment counts as addressed when a line from one above it to one below
    is among them.
    """
    if tree.final is None:
        return None
    repository = open_repository(str(tree.directory))
    names = repository.run("diff", "--no-renames", "--name-only", "-z", tree.head, tree.final).split(b"\0")
    paths = [RepoPath(name.decode("utf-8", "surrogateescape")) for name in names if name]
    # one call a file, as the names in the headers of a diff are quoted
    return {path: _touched(repository, tree, path) for path in paths if is_utf8(path)}


def is_addressed(later: dict[RepoPath, frozenset[int]], path: RepoPath, line: int) -> bool:
    """Tell whether what a comment on this line asks for may have been done."""
    return not later.get(path, frozenset()).isdisjoint((line - 1, line, line + 1))


def _touched(repository: Repository, tree: Tree, path: RepoPath) -> frozenset[int]:
    diff = repository.run("diff", "-U0", "--no-color", "--no-ext-diff", tree.head, str(tree.final), "--", path)
    lines: set[int] = set()
    for match in re.finditer(rb"^@@ -(\d+)(?:,(\d+))? ", diff, re.MULTILINE):
        start, count = int(match[1]), int(match[2] or 1)
        lines.update(range(start, start + count) if count else (start, start + 1))
    return frozenset(lines)


@cache
def _refs(directory: Path) -> frozenset[str]:
    try:
        output = open_repository(str(directory)).run("for-each-ref", "--format=%(refname)", "refs/pull")
    except HunkwiseError:
        return frozenset()
    return frozenset(output.decode("utf-8", "replace").splitlines())
