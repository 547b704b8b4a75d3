"""Halve the score of what is said about tests and examples, so that it comes after what is said about the product."""

import os
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatch

from hunkwise import Scored, hookimpl

VARIABLE = "HUNKWISE_EXAMPLE_QUIET_PATHS"
DEFAULT = "tests/*,*/tests/*,examples/*"


class QuietPaths:
    """Runs after the built-in rankers; the variable HUNKWISE_EXAMPLE_QUIET_PATHS has patterns of its own."""

    name = "quiet-paths"
    order = 200

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = tuple(patterns)

    def rank(self, scored: Sequence[Scored]) -> Sequence[Scored]:
        lowered = [self._lowered(one) if self._is_quiet(one) else one for one in scored]
        return sorted(lowered, key=lambda one: -one.score)

    def _is_quiet(self, scored: Scored) -> bool:
        return any(fnmatch(scored.candidate.location.path, pattern) for pattern in self.patterns)

    def _lowered(self, scored: Scored) -> Scored:
        return replace(scored, score=scored.score / 2, why=(*scored.why, "quiet path"))


@hookimpl
def hunkwise_rankers() -> list[QuietPaths]:
    patterns = os.environ.get(VARIABLE, DEFAULT).split(",")
    return [QuietPaths([pattern.strip() for pattern in patterns if pattern.strip()])]
