"""All loaded plugins behind typed methods, one for each hook."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, cast, overload

import pluggy

from hunkwise.core.errors import UsageError
from hunkwise.core.failure import Failure
from hunkwise.plugins.guard import guarded
from hunkwise.plugins.shapes import PORTS, flaw_of

if TYPE_CHECKING:
    from hunkwise.core.ports import (
        Analyzer,
        Command,
        FeatureProvider,
        Grammar,
        Inspector,
        PlaceScorer,
        Publisher,
        Ranker,
        Sink,
        Source,
    )
    from hunkwise.core.reader_ports import Backend, ContextProvider

T_co = TypeVar("T_co", covariant=True)
HOOKS = tuple(sorted(PORTS))
BUILT_IN = "built-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginInfo:
    """A loaded plugin; `origin` is `built-in`, its distribution or its file, `hooks` the names it implements."""

    name: str
    version: str
    origin: str
    hooks: tuple[str, ...]

    @property
    def is_builtin(self) -> bool:
        return self.origin == BUILT_IN


@dataclass(frozen=True, slots=True, kw_only=True)
class Provided(Generic[T_co]):
    """An object that a plugin brought through a hook, under the name by which users know it."""

    plugin: str
    name: str
    item: T_co
    is_builtin: bool = False


class Plugins:
    """The typed facade over all loaded plugins.

    Objects come in ascending `order` where they have one, built-in ones first, by name.
    Hooks are called when first asked for; `failures` grows by what goes wrong then.
    """

    def __init__(self, manager: pluggy.PluginManager, infos: Iterable[PluginInfo], failures: Iterable[Failure]) -> None:
        self._manager = manager
        self.infos = tuple(sorted(infos, key=lambda info: (not info.is_builtin, info.name)))
        self.failures: list[Failure] = list(failures)
        self._provided: dict[str, tuple[Provided[object], ...]] = {}

    def sources(self) -> "tuple[Source, ...]":
        return tuple(one.item for one in self.provided("hunkwise_sources"))

    def analyzers(self) -> "tuple[Analyzer | Inspector, ...]":
        return tuple(one.item for one in self.provided("hunkwise_analyzers"))

    def grammars(self) -> "tuple[Grammar, ...]":
        return tuple(one.item for one in self.provided("hunkwise_grammars"))

    def contexts(self) -> "tuple[ContextProvider, ...]":
        return tuple(one.item for one in self.provided("hunkwise_contexts"))

    def backends(self) -> "tuple[Backend, ...]":
        return tuple(one.item for one in self.provided("hunkwise_backends"))

    def features(self) -> "tuple[FeatureProvider, ...]":
        return tuple(one.item for one in self.provided("hunkwise_features"))

    def scorers(self) -> "tuple[PlaceScorer, ...]":
        return tuple(one.item for one in self.provided("hunkwise_scorers"))

    def rankers(self) -> "tuple[Ranker, ...]":
        return tuple(one.item for one in self.provided("hunkwise_rankers"))

    def sinks(self) -> "Mapping[str, Sink]":
        return {one.name: one.item for one in self.provided("hunkwise_sinks")}

    def publishers(self) -> "tuple[Publisher, ...]":
        return tuple(one.item for one in self.provided("hunkwise_publishers"))

    def commands(self) -> "tuple[Command, ...]":
        return tuple(one.item for one in self.provided("hunkwise_commands"))

    def scorer(self, name: str | None = None) -> "PlaceScorer":
        """Return the one place scorer that is active.

        It is the one of this name, else a stranger's if there is exactly one, else the built-in one.
        Raises UsageError for a name that no scorer has, and where nothing decides.
        """
        known = {one.name: one for one in self.provided("hunkwise_scorers")}
        if name:
            if name not in known:
                raise UsageError(f"no place scorer is named {name!r}; {nearest(name, known, 'there are')}")
            return known[name].item
        strangers = [one for one in known.values() if not one.is_builtin]
        builtin = [one for one in known.values() if one.is_builtin]
        if len(strangers) == 1 or not builtin:
            if len(strangers) != 1:
                raise UsageError(f"{len(strangers)} place scorers and none built in; name one by the setting `scorer`")
            return strangers[0].item
        return builtin[0].item

    def provides(self, plugin: str) -> Mapping[str, tuple[str, ...]]:
        """Return the names of what a plugin brings, by hook."""
        found = {hook: tuple(one.name for one in self.provided(hook) if one.plugin == plugin) for hook in HOOKS}
        return {hook: names for hook, names in found.items() if names}

    @overload
    def provided(self, hook: Literal["hunkwise_sources"]) -> "tuple[Provided[Source], ...]": ...
    @overload
    def provided(self, hook: Literal["hunkwise_analyzers"]) -> "tuple[Provided[Analyzer | Inspector], ...]": ...
    @overload
    def provided(self, hook: Literal["hunkwise_grammars"]) -> "tuple[Provided[Grammar], ...]": ...
    @overload
    def provided(self, hook: Literal["hunkwise_contexts"]) -> "tuple[Provided[ContextProvider], ...]": ...
    @overload
    def provided(self, hook: Literal["hunkwise_backends"]) -> "tuple[Provided[Backend], ...]": ...
    @overload
    def provided(self, hook: Literal["hunkwise_features"]) -> "tuple[Provided[FeatureProvider], ...]": ...
    @overload
    def provided(self, hook: Literal["hunkwise_scorers"]) -> "tuple[Provided[PlaceScorer], ...]": ...
    @overload
    def provided(self, hook: Literal["hunkwise_rankers"]) -> "tuple[Provided[Ranker], ...]": ...
    @overload
    def provided(self, hook: Literal["hunkwise_sinks"]) -> "tuple[Provided[Sink], ...]": ...
    @overload
    def provided(self, hook: Literal["hunkwise_publishers"]) -> "tuple[Provided[Publisher], ...]": ...
    @overload
    def provided(self, hook: Literal["hunkwise_commands"]) -> "tuple[Provided[Command], ...]": ...
    @overload
    def provided(self, hook: str) -> tuple[Provided[object], ...]: ...
    def provided(self, hook: str) -> tuple[Provided[object], ...]:
        """Return what each plugin brought through a hook, with the plugin's name."""
        if hook not in self._provided:
            self._provided[hook] = self._collect(hook)
        return self._provided[hook]

    def bringing(self, hook: str, items: Iterable[object]) -> "Plugins":
        """Return the same plugins, but that through this hook they bring just these: for ablations and trials."""
        other = Plugins(self._manager, self.infos, self.failures)
        given = (Provided(plugin="given", name=str(cast("Source", item).name), item=item) for item in items)
        other._provided = {**self._provided, hook: tuple(given)}
        return other

    def _collect(self, hook: str) -> tuple[Provided[object], ...]:
        functions = {one.plugin_name: one.function for one in getattr(self._manager.hook, hook).get_hookimpls()}
        found: dict[str, Provided[object]] = {}
        for info in self.infos:
            if info.name not in functions:
                continue
            items = guarded(info.name, hook, partial(_items_of, hook, functions[info.name]))
            if isinstance(items, Failure):
                self.failures.append(items)
                continue
            for item in items:
                one = guarded(info.name, hook, partial(_provide, hook, info, item, found))
                if isinstance(one, Failure):
                    self.failures.append(one)
                else:
                    found[one.name] = one
        return tuple(
            sorted(found.values(), key=lambda one: (getattr(one.item, "order", 0), not one.is_builtin, one.name))
        )


def nearest(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return a hint: the known name that is most like this one, or all of them."""
    from difflib import get_close_matches

    known = list(known)
    close = get_close_matches(name, known, n=1)
    return f"the nearest is {close[0]}" if close else f"{otherwise} {', '.join(known) or 'none'}"


def _items_of(hook: str, implementation: Callable[[], Iterable[object]]) -> tuple[object, ...]:
    items: object = implementation()
    if isinstance(items, str | bytes | Mapping) or not isinstance(items, Iterable):
        raise UsageError(f"{hook} returned {_kind_of(items)}; return a list of objects, which may be empty")
    return tuple(items)


def _provide(hook: str, info: PluginInfo, item: object, found: Mapping[str, Provided[object]]) -> Provided[object]:
    if flaw := flaw_of(hook, item):
        raise UsageError(flaw)
    name = str(cast("Source", item).name)
    if name in found:
        raise UsageError(f"{name!r} is taken by plugin {found[name].plugin!r}; give it another name")
    return Provided(plugin=info.name, name=name, item=item, is_builtin=info.is_builtin)


def _kind_of(value: object) -> str:
    return "None" if value is None else f"one {type(value).__name__}"
