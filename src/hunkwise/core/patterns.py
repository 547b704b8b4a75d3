"""Gitignore patterns over repository paths."""

from collections.abc import Iterable

from hunkwise.core.model import RepoPath


class Patterns:
    """Matches paths against gitignore patterns, as git itself would; without patterns nothing matches."""

    def __init__(self, patterns: Iterable[str]) -> None:
        from pathspec import GitIgnoreSpec

        self._spec = GitIgnoreSpec.from_lines(patterns)

    def match(self, path: RepoPath) -> bool:
        return self._spec.match_file(path)
