"""Which of our own files decide what analyzers say: those that run them, and all that these import."""

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("analyzers", "workspace", "readers")
FILES = ("plugins/analysis.py", "core/kinds.py")
"""Where to start; who calls them hands them a change and settings, which count by their values."""
ASIDE = ("core/config.py",)
"""It says what settings there are."""


def analysis_hash(package: Path) -> str:
    """Return the hash of all files that decide what analyzers say, data such as rules among them."""
    digest = hashlib.sha256()
    for file in sorted(analysis_sources(package)):
        digest.update(f"{file.relative_to(package)}\0".encode("utf-8", "surrogateescape"))
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def analysis_sources(package: Path) -> frozenset[Path]:
    """Return the files of the folders that run analyzers, and of what they import, wherever in the file they do."""
    open_ends = [
        *(file for folder in FOLDERS for file in (package / folder).rglob("*") if file.is_file()),
        *(package / name for name in FILES),
    ]
    found: set[Path] = set()
    while open_ends:
        file = open_ends.pop()
        if file in found or "__pycache__" in file.parts or file.relative_to(package).as_posix() in ASIDE:
            continue
        found.add(file)
        if file.suffix == ".py":
            open_ends += _imported(file, package)
    return frozenset(found)


def _imported(file: Path, package: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        elif isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        for name in names:
            first, *rest = name.split(".")
            if first == package.name and rest:
                path = package.joinpath(*rest)
                yield from (one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file())
