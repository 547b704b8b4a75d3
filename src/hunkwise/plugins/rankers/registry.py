"""Register the built-in rankers."""

from hunkwise.core.ports import Ranker
from hunkwise.plugins.hookspecs import hookimpl


@hookimpl
def hunkwise_rankers() -> tuple[Ranker, ...]:
    from hunkwise.plugins.rankers.duplicates import Duplicates
    from hunkwise.plugins.rankers.worth import Worth

    return (Duplicates(), Worth())
