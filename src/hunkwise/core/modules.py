"""How the modules of a repository of Python are named, from the paths of its files alone."""

import posixpath
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from hunkwise.core.model import RepoPath
from hunkwise.core.targets import is_utf8

SOURCES = "src"
PACKAGE_FILES = ("__init__.py", "__init__.pyi")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleLayout:
    """The directories that are packages, and those that names of modules start from, besides the root."""

    packages: frozenset[str]
    bases: tuple[str, ...]

    def module(self, path: RepoPath) -> str:
        """Return the full name of a file's module; raise ValueError for a package that nobody could import."""
        prefix = self._prefix(posixpath.dirname(path)) or ""
        stem = stem_of(path)
        return prefix if stem == "__init__" and prefix else _joined(prefix, stem)

    def _prefix(self, directory: str) -> str | None:
        if not directory or directory in self.bases:
            return ""
        parent, name = posixpath.dirname(directory), _name_of(directory)
        if directory in self.packages:
            if not name.isidentifier():
                raise ValueError(f"{directory} is not the name of a package")
            return _joined(self._prefix(parent) or "", name)
        prefix = self._prefix(parent) if name.isidentifier() else None
        return None if prefix is None else _joined(prefix, name)


def lay_out(targets: Iterable[RepoPath], paths: Collection[RepoPath], reserved: Collection[str]) -> ModuleLayout:
    """Return the layout of a repository with these paths, with the bases that the targets need.

    reserved: names of modules that must not lie in a base, because they would hide the library's.
    """
    packages = {posixpath.dirname(path) for path in paths if posixpath.basename(path) in PACKAGE_FILES}
    bases = set()
    if SOURCES not in packages and any(path.startswith(f"{SOURCES}/") for path in paths):
        bases.add(SOURCES)
    for directory in {posixpath.dirname(path) for path in targets} & packages:
        base = directory
        while base in packages and _name_of(base).isidentifier():
            base = posixpath.dirname(base)
        if is_utf8(base) and ":" not in base:
            bases.add(base)
    hiding = {posixpath.dirname(path) for path in paths if stem_of(path) in reserved}
    return ModuleLayout(packages=frozenset(packages), bases=tuple(sorted(bases - hiding - {""})))


def stem_of(path: str) -> str:
    """Return a file's name without the suffix of Python."""
    return posixpath.basename(path).removesuffix(".py").removesuffix(".pyi")


def _name_of(directory: str) -> str:
    return posixpath.basename(directory).removesuffix("-stubs")


def _joined(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name
