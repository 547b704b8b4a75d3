"""The outlines of the files around a change: made when first asked for, kept by content."""

import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from types import TracebackType
from typing import TYPE_CHECKING, Self

from hunkwise.context.grammars import WHEELS, PluginGrammar, plugin_grammars
from hunkwise.context.languages import family
from hunkwise.context.pool import TIMEOUT, WorkerPool
from hunkwise.core.errors import ToolError
from hunkwise.core.kinds import language_of
from hunkwise.core.model import Change, RepoPath, Side
from hunkwise.core.outline import Outline
from hunkwise.core.ports import Sandbox, Workspace

if TYPE_CHECKING:
    from hunkwise.plugins.facade import Plugins

SIZE_LIMIT = 2**20
"""Bytes; a larger file is not parsed."""


class ParsedOutlines:
    """Outlines over a workspace, parsed in worker processes; may be asked from several threads.

    brought: the grammars of plugins, as `plugin_grammars` returns them. sandbox: confines the workers.
    languages: of paths where the name does not say it, as `FileDiff.language` has them.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        brought: Mapping[str, PluginGrammar] | None = None,
        languages: Mapping[RepoPath, str] | None = None,
        sandbox: Sandbox | None = None,
        size_limit: int = SIZE_LIMIT,
        timeout: float = TIMEOUT,
        workers: int | None = None,
    ) -> None:
        self._workspace = workspace
        self._brought = brought or {}
        self._languages = languages or {}
        self._size_limit = size_limit
        files = tuple(sorted({one.file for one in self._brought.values() if one.file}))
        self._pool = WorkerPool(workers, sandbox=sandbox, timeout=timeout, readable=files)
        self._lock = threading.Lock()
        self._by_path: dict[tuple[RepoPath, Side], Outline | None] = {}
        self._by_content: dict[tuple[str, bytes], Outline | None] = {}
        self._notes: dict[RepoPath, str] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """Which files have no outline although their language has a grammar, and why."""
        return tuple(f"{path}: no outline: {reason}" for path, reason in sorted(self._notes.items()))

    @property
    def starts(self) -> int:
        """How many workers were started so far."""
        return self._pool.starts

    def outline(self, path: RepoPath, side: Side = Side.HEAD) -> Outline | None:
        """Return the outline of a file, or None where it has no grammar, is missing, or could not be parsed."""
        key = (path, side)
        if key not in self._by_path:
            self._by_path[key] = self._outline(path, side)
        return self._by_path[key]

    def prepare(self, paths: Iterable[RepoPath], side: Side = Side.HEAD) -> None:
        """Make the outlines of many files, side by side."""
        with ThreadPoolExecutor(self._pool.size) as threads:
            for _ in threads.map(lambda path: self.outline(path, side), paths):
                pass

    def close(self) -> None:
        """End the workers."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _outline(self, path: RepoPath, side: Side) -> Outline | None:
        language = self._languages.get(path) or language_of(path)
        if language and not self._has_grammar(language):
            return None
        try:
            content = self._workspace.read(path, side)
        except OSError:
            return None
        if not language:
            language = language_of(path, content[:200].split(b"\n")[0].decode("utf-8", "replace"))
            if not self._has_grammar(language):
                return None
        if len(content) > self._size_limit:
            self._notes[path] = f"{len(content)} bytes, more than {self._size_limit}"
            return None
        key = (language, sha256(content).digest())
        if key not in self._by_content:
            self._by_content[key] = self._parsed(path, language, content)
        return self._by_content[key]

    def _parsed(self, path: RepoPath, language: str, content: bytes) -> Outline | None:
        try:
            return self._pool.parse(language, content, self._brought.get(language))
        except ToolError as error:
            self._notes[path] = str(error).removeprefix("tree-sitter: ")
            return None

    def _has_grammar(self, language: str) -> bool:
        return language in self._brought or family(language) in WHEELS


def outlines_around(
    change: Change, workspace: Workspace, plugins: "Plugins", sandbox: Sandbox | None = None
) -> ParsedOutlines:
    """Return the outlines of the files around a change, with the grammars that plugins bring."""
    languages = {file.path: file.language for file in change.files if file.language}
    return ParsedOutlines(workspace, brought=plugin_grammars(plugins), languages=languages, sandbox=sandbox)
