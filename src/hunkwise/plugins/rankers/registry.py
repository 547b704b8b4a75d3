"""Register the built-in rankers, each imported only when asked for."""

from typing import TYPE_CHECKING

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Ranker


@hookimpl
def hunkwise_rankers() -> "tuple[Ranker, ...]":
    from hunkwise.plugins.rankers.duplicates import Duplicates
    from hunkwise.plugins.rankers.worth import Worth

    return (Duplicates(), Worth())
