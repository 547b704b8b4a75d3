"""Register the built-in context providers, each imported only when asked for."""

from typing import TYPE_CHECKING

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.reader_ports import ContextProvider


@hookimpl
def hunkwise_contexts() -> "tuple[ContextProvider, ...]":
    from hunkwise.context.callers import Callers
    from hunkwise.context.definitions import Definitions
    from hunkwise.context.enclosing import Enclosing
    from hunkwise.context.sibling_tests import SiblingTests
    from hunkwise.context.used_imports import UsedImports

    return (Enclosing(), Definitions(), Callers(), UsedImports(), SiblingTests())
