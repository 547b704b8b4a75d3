"""Register the built-in sources."""

from collections.abc import Sequence

from hunkwise.core.ports import Source
from hunkwise.plugins.hookspecs import hookimpl
from hunkwise.plugins.sources.git_range import GitRange
from hunkwise.plugins.sources.patch import Patch


@hookimpl
def hunkwise_sources() -> Sequence[Source]:
    """Return the git range and the patch."""
    return (GitRange(), Patch())
