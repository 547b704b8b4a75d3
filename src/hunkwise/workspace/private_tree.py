"""Write files that nobody vouches for into a private directory: regular files only, below it, within limits."""

import os
import tempfile
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hunkwise.core.model import RepoPath
from hunkwise.workspace.sandbox.system import lend


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a private tree may hold; sizes are in bytes, `depth` counts the parts of a path."""

    files: int = 200_000
    file_size: int = 20 * 2**20
    total_size: int = 2 * 2**30
    depth: int = 64
    path_length: int = 2048


def reason_to_refuse(path: RepoPath, limits: Limits) -> str:
    """Return why a path must not be written, or an empty string."""
    raw = os.fsencode(path)
    parts = path.split("/")
    if len(parts) > limits.depth:
        return f"deeper than {limits.depth} directories"
    if len(raw) > limits.path_length or any(len(os.fsencode(part)) > 255 for part in parts):
        return "the name is too long"
    if "\0" in path or any(part in ("", ".", "..") for part in parts):
        return "the path leads out of the tree"
    if any(_is_git_directory(part) for part in parts):
        return "the path names a git directory"
    return ""


def private_directory(prefix: str) -> Path:
    """Return a new directory that nobody but this user and the tools can read."""
    directory = Path(tempfile.mkdtemp(prefix=prefix))
    lend(directory)
    return directory


class PrivateTree:
    """Writes files below a directory that only this process fills, never through a link."""

    def __init__(self, root: Path, limits: Limits | None = None) -> None:
        self._root = root
        self._limits = limits or Limits()
        self.left_out: dict[RepoPath, str] = {}

    def accept(self, sizes: Mapping[RepoPath, int]) -> list[RepoPath]:
        """Return which files, given with their sizes, may be written, and note the others in `left_out`."""
        accepted: list[RepoPath] = []
        total = 0
        for path, size in sizes.items():
            reason = reason_to_refuse(path, self._limits)
            if not reason and size > self._limits.file_size:
                reason = f"larger than {_megabytes(self._limits.file_size)}"
            if not reason and len(accepted) >= self._limits.files:
                reason = f"beyond the first {self._limits.files} files"
            if not reason and total + size > self._limits.total_size:
                reason = f"beyond the first {_megabytes(self._limits.total_size)} of all files"
            if reason:
                self.left_out[path] = reason
            else:
                accepted.append(path)
                total += size
        return accepted

    def write(self, path: RepoPath, content: bytes, is_executable: bool = False) -> None:
        """Write an accepted file, or note in `left_out` why it was not written."""
        directory, _, name = path.rpartition("/")
        try:
            parent = self._open(directory)
            try:
                descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, dir_fd=parent)
            finally:
                os.close(parent)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                os.fchmod(descriptor, 0o755 if is_executable else 0o644)
        except OSError as error:
            self.left_out[path] = error.strerror or "not written"

    def _open(self, directory: str) -> int:
        """Return a descriptor of a directory of the tree, made if it is not there."""
        descriptor = os.open(self._root, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
        for part in filter(None, directory.split("/")):
            try:
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=descriptor)
                    os.chmod(part, 0o755, dir_fd=descriptor)
                inner = os.open(part, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=descriptor)
            finally:
                os.close(descriptor)
            descriptor = inner
        return descriptor


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.3g} MB"


def _is_git_directory(part: str) -> bool:
    plain = "".join(character for character in part if unicodedata.category(character) != "Cf")
    plain = plain.partition(":")[0].rstrip(". ").casefold()
    return plain in (".git", "git~1")
