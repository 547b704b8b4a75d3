"""Find the files that an import names, by their paths alone."""

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence

from hunkwise.context.languages import family
from hunkwise.core.model import RepoPath

MOST = 5
"""Files that one import is taken to mean at most: a package of Go has many."""
_PYTHON_FROM = re.compile(r"\bfrom\s+(\.*)([\w.]*)\s+import\s+(.*)", re.DOTALL)
_PYTHON_IMPORT = re.compile(r"^\s*import\s+(.*)", re.DOTALL)
_JAVA = re.compile(r"import\s+(?:static\s+)?(\w+(?:\.\w+)*)(\.\*)?")
_QUOTED = re.compile(r"""["'`]([^"'`\n]+)["'`]""")
_SCRIPTS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".d.ts")


class Resolver:
    """Resolves imports against the paths of a repository."""

    def __init__(self, paths: Sequence[RepoPath]) -> None:
        self._paths = frozenset(paths)
        self._by_name: dict[str, list[RepoPath]] = {}
        self._by_folder: dict[str, list[RepoPath]] = {}
        for path in paths:
            folder, _, name = path.rpartition("/")
            self._by_name.setdefault(name, []).append(path)
            self._by_folder.setdefault(folder, []).append(path)

    def files(self, text: str, name: str, importer: RepoPath, language: str) -> tuple[RepoPath, ...]:
        """Return the files that an import statement may take a name from, likeliest first.

        text: the statement. importer: the file that it stands in.
        """
        ways: dict[str, Callable[[str, str, str], Iterator[str]]] = {
            "python": self._python,
            "java": self._java,
            "kotlin": self._java,
            "scala": self._java,
            "javascript": self._script,
            "ts": self._script,
            "tsx": self._script,
            "go": self._go,
            "c": self._quoted,
            "c++": self._quoted,
            "ruby": self._quoted,
            "php": self._quoted,
            "shell": self._quoted,
        }
        way = ways.get(family(language))
        if way is None:
            return ()
        found = dict.fromkeys(RepoPath(path) for path in way(text, name, importer) if path != importer)
        return tuple(path for path in found if path in self._paths)[:MOST]

    def _python(self, text: str, name: str, importer: str) -> Iterator[str]:
        folder = posixpath.dirname(importer)
        if match := _PYTHON_FROM.search(text):
            dots, module, _ = match.groups()
            parts = [part for part in module.split(".") if part]
            if dots:
                for _ in dots[1:]:
                    folder = posixpath.dirname(folder)
                yield from self._module(posixpath.join(folder, *parts), name)
            else:
                yield from self._absolute(parts, name)
        elif match := _PYTHON_IMPORT.search(text):
            for one in match[1].split(","):
                yield from self._absolute(one.split(" as ")[0].strip().split("."), "")

    def _absolute(self, parts: list[str], name: str) -> Iterator[str]:
        """Yield modules of this name below any folder, the shallowest first: `src/` and the like are passed over."""
        if not parts or not all(part.isidentifier() for part in parts):
            return
        tails = [f"{'/'.join((*parts, name))}.py"] if name else []
        tails += [f"{'/'.join(parts)}.py", f"{'/'.join(parts)}/__init__.py"]
        for tail in tails:
            yield from self._ending(tail)

    def _module(self, path: str, name: str) -> Iterator[str]:
        yield from (f"{path}/{name}.py", f"{path}.py", f"{path}/__init__.py")

    def _java(self, text: str, name: str, importer: str) -> Iterator[str]:
        match = _JAVA.search(text)
        if match is None:
            return
        parts = match[1].split(".")
        suffix = posixpath.splitext(importer)[1] or ".java"
        if match[2]:
            parts = [*parts, name]
        # A static import, or an inner class, names something inside a class.
        for length in (len(parts), len(parts) - 1):
            if length > 1:
                yield from self._ending("/".join(parts[:length]) + suffix)

    def _script(self, text: str, name: str, importer: str) -> Iterator[str]:
        for quoted in _QUOTED.findall(text):
            if not quoted.startswith("."):
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(importer), quoted))
            yield path
            stem = re.sub(r"\.[mc]?jsx?$", "", path)
            for end in _SCRIPTS:
                yield from (path + end, stem + end, f"{path}/index{end}")

    def _go(self, text: str, name: str, importer: str) -> Iterator[str]:
        for quoted in _QUOTED.findall(text):
            parts = quoted.split("/")
            # The longest end of the import that is a folder here: what comes before names the module.
            for start in range(len(parts)):
                folder = "/".join(parts[start:])
                if folder in self._by_folder:
                    files = self._by_folder[folder]
                    yield from (path for path in files if path.endswith(".go") and not path.endswith("_test.go"))
                    break

    def _quoted(self, text: str, name: str, importer: str) -> Iterator[str]:
        for quoted in _QUOTED.findall(text):
            ends = ("", ".rb") if importer.endswith(".rb") else ("",)
            for end in ends:
                path = quoted.removeprefix("./") + end
                yield posixpath.normpath(posixpath.join(posixpath.dirname(importer), path))
                yield from self._ending(path.lstrip("./"))

    def _ending(self, tail: str) -> Iterator[str]:
        files = self._by_name.get(tail.rpartition("/")[2], ())
        yield from sorted(
            (path for path in files if path == tail or path.endswith(f"/{tail}")), key=lambda path: (len(path), path)
        )
