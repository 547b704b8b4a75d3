"""A workspace that is made from texts, without git."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from hunkwise.core.model import Location, RepoPath, Side
from hunkwise.testing.builders import Files, before_after
from hunkwise.workspace.sandbox.system import lend

Contents = Mapping[str, str | bytes]


class FakeWorkspace:
    """The files around a change, from dicts; `directory()` writes the head's files to a directory of its own."""

    def __init__(
        self,
        head: Contents | None = None,
        base: Contents | None = None,
        *,
        attributes: Mapping[str, Iterable[str]] | None = None,
        is_complete: bool = True,
    ) -> None:
        self._sides = {Side.HEAD: _encoded(head or {}), Side.BASE: _encoded(base or {})}
        self._attributes = {path: frozenset(names) for path, names in (attributes or {}).items()}
        self._is_complete = is_complete
        self._directory: tempfile.TemporaryDirectory[str] | None = None

    @classmethod
    def of(cls, files: Files) -> Self:
        """Build it from the same texts as `make_change`, before and after."""
        texts = {path: before_after(both) for path, both in files.items()}
        return cls(
            head={path: new for path, (_, new) in texts.items() if new is not None},
            base={path: old for path, (old, _) in texts.items() if old is not None},
        )

    @property
    def is_complete(self) -> bool:
        """Whether whole files can be read."""
        return self._is_complete

    def read(self, path: RepoPath, side: Side = Side.HEAD) -> bytes:
        """Return a file's bytes; raise FileNotFoundError where it is not at hand."""
        try:
            return self._sides[side][path]
        except KeyError:
            raise FileNotFoundError(f"{path} is not at the {side}") from None

    def paths(self, side: Side = Side.HEAD) -> tuple[RepoPath, ...]:
        """Return the paths of all files, sorted."""
        return tuple(sorted(self._sides[side]))

    def grep(self, text: str, side: Side = Side.HEAD) -> tuple[Location, ...]:
        """Return the lines that contain the fixed text, by path and line."""
        wanted = text.encode("utf-8", "surrogateescape")
        return tuple(
            Location(path=path, side=side, start=number, end=number)
            for path in self.paths(side)
            for number, line in enumerate(self._sides[side][path].split(b"\n"), start=1)
            if wanted in line
        )

    def attributes(self, paths: Sequence[RepoPath], side: Side) -> Mapping[RepoPath, frozenset[str]]:
        """Return the attributes that were given for these paths."""
        return {path: self._attributes[path] for path in paths if path in self._attributes}

    def directory(self, *, private: bool = False) -> str:
        """Return a directory with the head's files, written when first asked for."""
        if self._directory is None:
            self._directory = tempfile.TemporaryDirectory(prefix="hunkwise-")
            lend(Path(self._directory.name))
            for path, content in self._sides[Side.HEAD].items():
                target = Path(self._directory.name, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        return self._directory.name

    def close(self) -> None:
        """Remove the directory, if it was made."""
        if self._directory is not None:
            self._directory.cleanup()
            self._directory = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _encoded(contents: Contents) -> dict[RepoPath, bytes]:
    return {
        RepoPath(path): text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
        for path, text in contents.items()
    }
