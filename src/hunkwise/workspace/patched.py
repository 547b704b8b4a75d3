"""The little that a bare patch shows of the files around it: those that it adds."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from hunkwise.core.model import Location, RepoPath, Side
from hunkwise.workspace.private_tree import PrivateTree, private_directory


class PatchWorkspace:
    """Holds the files that a patch adds, by path; nothing else can be read."""

    is_complete = False

    def __init__(self, added: Mapping[RepoPath, bytes]) -> None:
        self._added = dict(sorted(added.items()))
        self._directory: Path | None = None
        self.left_out: Mapping[RepoPath, str] = {}

    def read(self, path: RepoPath, side: Side = Side.HEAD) -> bytes:
        """Return an added file's bytes; raise FileNotFoundError for any other."""
        if side is Side.BASE or path not in self._added:
            raise FileNotFoundError(f"{path} is not in the patch as a whole")
        return self._added[path]

    def paths(self, side: Side = Side.HEAD) -> tuple[RepoPath, ...]:
        """Return the paths of the added files, sorted."""
        return tuple(self._added) if side is Side.HEAD else ()

    def grep(self, text: str, side: Side = Side.HEAD) -> tuple[Location, ...]:
        """Return the lines of the added files that contain the fixed text."""
        if not text or "\n" in text or side is Side.BASE:
            return ()
        wanted = text.encode("utf-8", "surrogateescape")
        return tuple(
            Location(path=path, side=side, start=number, end=number)
            for path, content in self._added.items()
            for number, line in enumerate(content.split(b"\n"), 1)
            if wanted in line
        )

    def attributes(self, paths: Sequence[RepoPath], side: Side) -> Mapping[RepoPath, frozenset[str]]:
        """Return nothing: a patch does not say what attributes hold."""
        return {}

    def directory(self, *, private: bool = False) -> str:
        """Return a private directory with the added files."""
        if self._directory is None:
            self._directory = private_directory("hunkwise-patch-")
            tree = PrivateTree(self._directory)
            for path in tree.accept({path: len(content) for path, content in self._added.items()}):
                tree.write(path, self._added[path])
            self.left_out = tree.left_out
        return str(self._directory)

    def close(self) -> None:
        """Remove the private directory."""
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None
