"""Which file of the repository a report means, whose names may be absolute, of another machine, or from a subfolder."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from hunkwise.core.model import RepoPath

DRIVE = re.compile(r"[A-Za-z]:[\\/]")


class Match(NamedTuple):
    """The files that a name may mean: one if it is clear, none if it is not of this repository."""

    paths: tuple[RepoPath, ...]

    @property
    def path(self) -> RepoPath | None:
        return self.paths[0] if len(self.paths) == 1 else None


class PathIndex:
    """The files of a repository, to be found by the ends of their paths.

    root: the directory on this machine that holds them.
    """

    def __init__(self, paths: Iterable[RepoPath], root: str) -> None:
        self._by_name: dict[str, list[RepoPath]] = defaultdict(list)
        for path in sorted(set(paths)):
            self._by_name[posixpath.basename(path)].append(path)
        self._roots = tuple(dict.fromkeys((str(Path(root).absolute()), str(Path(root).resolve()))))

    def find(self, names: Iterable[str], folder: str = "") -> Match:
        """Return what the first of these names means that means anything; folder: where the report is.

        A relative name is one from the report's folder or one above it, else the end of a path. An absolute one lies
        in the root, else the longest end of it that is a path of the repository counts.
        """
        for name in names:
            match = self._find(_posix(name), folder)
            if match.paths:
                return match
        return Match(())

    def _find(self, name: str, folder: str) -> Match:
        if name.startswith("/") or DRIVE.match(name):
            inside = self._inside(name)
            if inside is not None:
                known = self._known(inside)
                return Match((known,) if known is not None else ())
            ends = [path for path in self._by_name.get(posixpath.basename(name), ()) if name.endswith(f"/{path}")]
            return Match((max(ends, key=len),) if ends else ())
        for above in _ancestors(folder):
            found = self._known(posixpath.normpath(posixpath.join(above, name)))
            if found is not None:
                return Match((found,))
        end = posixpath.normpath(name)
        if end.startswith("../") or end in (".", ".."):
            return Match(())
        ending = [path for path in self._by_name.get(posixpath.basename(end), ()) if path.endswith(f"/{end}")]
        for above in _ancestors(folder):
            near = [path for path in ending if not above or path.startswith(f"{above}/")]
            if near:
                return Match(tuple(near))
        return Match(())

    def _inside(self, name: str) -> str | None:
        clean = posixpath.normpath(name)
        for root in self._roots:
            if clean.startswith(f"{root.rstrip('/')}/"):
                return clean[len(root.rstrip("/")) + 1 :]
        return None

    def _known(self, path: str) -> RepoPath | None:
        return next((one for one in self._by_name.get(posixpath.basename(path), ()) if one == path), None)


def path_of_uri(uri: str) -> str:
    """Return the path in a `file:` URI or in a relative reference, percent-decoded; `""` for any other scheme.

    Bytes that are not UTF-8 are kept as surrogate escapes; a drive of Windows loses the slash before it.
    """
    if DRIVE.match(uri):
        return uri
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):", uri)
    if scheme and scheme[1].lower() != "file":
        return ""
    rest = uri[scheme.end() :] if scheme else uri
    if rest.startswith("//"):
        rest = "/" + rest[2:].partition("/")[2]
    rest = re.split(r"[?#]", rest, maxsplit=1)[0]
    path = unquote_to_bytes(rest.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogateescape")
    return path[1:] if DRIVE.match(path[1:]) else path


def _posix(name: str) -> str:
    if "\\" in name and ("/" not in name or DRIVE.match(name)):
        return name.replace("\\", "/")
    return name


def _ancestors(folder: str) -> Iterable[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
