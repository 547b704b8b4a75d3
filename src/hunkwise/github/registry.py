"""Register the source and the publisher of GitHub's pull requests, each imported only when asked for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Publisher, Source


@hookimpl
def hunkwise_sources() -> "Sequence[Source]":
    """Return the pull request."""
    from hunkwise.github.source import GitHubPull

    return (GitHubPull(),)


@hookimpl
def hunkwise_publishers() -> "Sequence[Publisher]":
    """Return the review of a pull request."""
    from hunkwise.github.publisher import GitHubReview

    return (GitHubReview(),)
