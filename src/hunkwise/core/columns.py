"""Turn the columns of tools that count bytes into ours, which count characters."""

from dataclasses import dataclass, field

from hunkwise.core.model import RepoPath
from hunkwise.core.ports import Workspace


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns in the head's files, each read when it is first asked about; a missing one is empty."""

    workspace: Workspace
    _lines: dict[RepoPath, list[bytes]] = field(default_factory=dict)

    def character(self, path: RepoPath, line: int | None, byte: int | None) -> int | None:
        """Return the column of the character at a column of UTF-8 bytes; both count from 1."""
        if line is None or byte is None:
            return None
        before = self._line(path, line)[: byte - 1]
        return byte if before.isascii() else len(before.decode("utf-8", "replace")) + 1

    def is_ascii(self, path: RepoPath, line: int | None) -> bool:
        """Tell whether bytes and characters are the same thing in a line."""
        return line is None or self._line(path, line).isascii()

    def _line(self, path: RepoPath, line: int) -> bytes:
        if path not in self._lines:
            try:
                self._lines[path] = self.workspace.read(path).split(b"\n")
            except FileNotFoundError:
                self._lines[path] = []
        lines = self._lines[path]
        return lines[line - 1] if 0 < line <= len(lines) else b""
