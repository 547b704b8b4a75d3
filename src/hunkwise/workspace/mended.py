"""The files around a change as they would be with fixes, in a directory of their own."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from hunkwise.core.model import Location, RepoPath, Side
from hunkwise.core.ports import Workspace
from hunkwise.workspace.private_tree import private_directory


class MendedWorkspace:
    """Another workspace with some of the head's files replaced; a context manager."""

    def __init__(self, inner: Workspace, texts: Mapping[RepoPath, str]) -> None:
        self._inner = inner
        self._texts = {path: text.encode("utf-8") for path, text in texts.items()}
        self._directory: Path | None = None

    def __enter__(self) -> "MendedWorkspace":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_complete(self) -> bool:
        return self._inner.is_complete

    def read(self, path: RepoPath, side: Side = Side.HEAD) -> bytes:
        """Return a file's bytes, with its fixes at the head."""
        return self._texts[path] if side is Side.HEAD and path in self._texts else self._inner.read(path, side)

    def paths(self, side: Side = Side.HEAD) -> tuple[RepoPath, ...]:
        """Return the paths of all files, sorted."""
        return self._inner.paths(side)

    def grep(self, text: str, side: Side = Side.HEAD) -> tuple[Location, ...]:
        """Return the lines that contain the fixed text, as they are without the fixes."""
        return self._inner.grep(text, side)

    def attributes(self, paths: Sequence[RepoPath], side: Side) -> Mapping[RepoPath, frozenset[str]]:
        """Return linguist's attributes of the paths."""
        return self._inner.attributes(paths, side)

    def directory(self, *, private: bool = False) -> str:
        """Return a directory like the inner one, with the fixes.

        private: of regular files only, which share their content with the inner one's; else links lead there.
        """
        if self._directory is None:
            source = Path(self._inner.directory(private=private))
            self._directory = private_directory("hunkwise-mended-")
            if private:
                shutil.copytree(source, self._directory, copy_function=_share, symlinks=True, dirs_exist_ok=True)
            else:
                self._link(source, self._directory, "")
            for path, content in self._texts.items():
                file = self._directory / path
                file.unlink()
                file.write_bytes(content)
                file.chmod(0o644)
        return str(self._directory)

    def close(self) -> None:
        """Remove what was made on disk; the inner workspace stays."""
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None

    def _link(self, source: Path, target: Path, folder: str) -> None:
        """Fill a folder with links, but for the folders that lead to a fixed file."""
        for entry in sorted(source.iterdir()):
            path = f"{folder}{entry.name}"
            if any(fixed.startswith(f"{path}/") for fixed in self._texts):
                (target / entry.name).mkdir()
                self._link(entry, target / entry.name, f"{path}/")
            elif path != ".git":
                (target / entry.name).symlink_to(entry.absolute())


def _share(source: str, target: str) -> str:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
    return target
