"""Ask all context providers about a hunk, each guarded: one that fails is not asked again."""

from collections.abc import Sequence

from hunkwise.core.errors import PluginError
from hunkwise.core.failure import Failure
from hunkwise.core.model import Change, Hunk
from hunkwise.core.ports import Workspace
from hunkwise.core.reader_ports import ContextProvider, Outlines
from hunkwise.core.reading import ContextItem
from hunkwise.plugins.guard import guarded


class Offers:
    """The offers of the providers around the hunks of one change; `failures` grows by what goes wrong."""

    def __init__(
        self, providers: Sequence[ContextProvider], change: Change, workspace: Workspace, outlines: Outlines
    ) -> None:
        self._providers = sorted(providers, key=lambda one: one.order)
        self._change, self._workspace, self._outlines = change, workspace, outlines
        self._failures: dict[str, Failure] = {}

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Return the first failure of each provider that had one."""
        return tuple(self._failures.values())

    def of(self, hunk: Hunk) -> tuple[ContextItem, ...]:
        """Return what is offered for a hunk, in the order in which it is packed."""
        found: list[ContextItem] = []
        for provider in self._providers:
            if provider.name in self._failures:
                continue

            def call(provider: ContextProvider = provider) -> tuple[ContextItem, ...]:
                items = tuple(provider.offer(hunk, self._change, self._workspace, self._outlines))
                for item in items:
                    if not isinstance(item, ContextItem):
                        raise PluginError(
                            provider.name, "offer", f"it offered {type(item).__name__}; offer ContextItem"
                        )
                return items

            outcome = guarded(provider.name, "offer", call)
            if isinstance(outcome, Failure):
                self._failures[provider.name] = outcome
            else:
                found += outcome
        return tuple(found)
