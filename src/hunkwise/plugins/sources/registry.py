"""Register the built-in sources, each imported only when asked for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Source


@hookimpl
def hunkwise_sources() -> "Sequence[Source]":
    """Return the git range and the patch."""
    from hunkwise.plugins.sources.git_range import GitRange
    from hunkwise.plugins.sources.patch import Patch

    return (GitRange(), Patch())
