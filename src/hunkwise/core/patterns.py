"""Gitignore patterns over repository paths."""

import re
from collections.abc import Iterable

from hunkwise.core.errors import UsageError
from hunkwise.core.model import RepoPath

STAR_AND_TEXT = re.compile(r"\[\^/\]\*((?:\\.|\[(?!\^/\]\*)[^\]]*\]|[^\\()\[\]{}*+?^$|.])+)(?=\[\^/\]\*)")
"""Of a pattern as pathspec translates it: a `*`, and what comes before the next one."""


class Patterns:
    """Matches paths against gitignore patterns, as git itself would; without patterns nothing matches."""

    def __init__(self, patterns: Iterable[str], option: str = "paths") -> None:
        """Take the patterns of a setting; raise UsageError for one that git would not understand."""
        from pathspec import GitIgnoreSpec

        given = tuple(patterns)
        for pattern in given:
            try:
                GitIgnoreSpec.from_lines([pattern])
            except ValueError as error:
                raise UsageError(f"{option}: {pattern!r} is not a gitignore pattern: {error}") from error
        self._spec = GitIgnoreSpec.from_lines(given)
        for one in self._spec.patterns:
            if one.regex is not None:
                # Before another star the first match is as good as any, and to try them all can take ages.
                one.regex = re.compile(STAR_AND_TEXT.sub(r"(?>[^/]*?\1)", one.regex.pattern))

    def match(self, path: RepoPath) -> bool:
        return self._spec.match_file(path)
