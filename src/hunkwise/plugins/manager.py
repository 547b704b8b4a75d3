"""Find and load plugins, and call what they bring one by one, so that none can take the review down."""

import importlib.util
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import TypeVar, cast

import pluggy

from hunkwise.core.errors import HunkwiseError, UsageError
from hunkwise.core.model import Failure
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
from hunkwise.plugins import hookspecs

T = TypeVar("T")
LOAD_VARIABLE = "HUNKWISE_LOAD_PLUGINS"
HOOKS = tuple(sorted(name for name in vars(hookspecs) if name.startswith("hunkwise_")))


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginInfo:
    """A loaded plugin; `origin` is its distribution or file, `hooks` the names it implements."""

    name: str
    version: str
    origin: str
    hooks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provided:
    """An object that a plugin brought through a hook."""

    plugin: str
    item: object

    @property
    def name(self) -> str:
        return str(getattr(self.item, "name", ""))


def guarded(who: str, stage: str, call: Callable[[], T]) -> T | Failure:
    """Call a plugin's code; whatever it raises becomes a `Failure` that names it."""
    try:
        return call()
    except HunkwiseError as error:
        return Failure(who=who, stage=stage, message=str(error))
    except Exception as error:  # noqa: BLE001  the plugin boundary
        return Failure(who=who, stage=stage, message=f"{type(error).__name__}: {error}")


class Plugins:
    """The typed facade over all loaded plugins; objects come sorted by name, built-in ones first."""

    def __init__(self, manager: pluggy.PluginManager, infos: Iterable[PluginInfo], failures: Iterable[Failure]) -> None:
        self._manager = manager
        self.infos = tuple(sorted(infos, key=lambda info: (info.origin != "built-in", info.name)))
        self.failures: list[Failure] = list(failures)
        self._provided: dict[str, tuple[Provided, ...]] = {}

    def sources(self) -> tuple[Source, ...]:
        return cast("tuple[Source, ...]", self._items("hunkwise_sources"))

    def analyzers(self) -> tuple[Analyzer | Inspector, ...]:
        return cast("tuple[Analyzer | Inspector, ...]", self._items("hunkwise_analyzers"))

    def grammars(self) -> tuple[Grammar, ...]:
        return cast("tuple[Grammar, ...]", self._items("hunkwise_grammars"))

    def features(self) -> tuple[FeatureProvider, ...]:
        return cast("tuple[FeatureProvider, ...]", self._items("hunkwise_features"))

    def scorers(self) -> tuple[PlaceScorer, ...]:
        return cast("tuple[PlaceScorer, ...]", self._items("hunkwise_scorers"))

    def rankers(self) -> tuple[Ranker, ...]:
        found = cast("tuple[Ranker, ...]", self._items("hunkwise_rankers"))
        return tuple(sorted(found, key=lambda ranker: (ranker.order, ranker.name)))

    def sinks(self) -> Mapping[str, Sink]:
        return {sink.name: sink for sink in cast("tuple[Sink, ...]", self._items("hunkwise_sinks"))}

    def publishers(self) -> tuple[Publisher, ...]:
        return cast("tuple[Publisher, ...]", self._items("hunkwise_publishers"))

    def commands(self) -> tuple[Command, ...]:
        return cast("tuple[Command, ...]", self._items("hunkwise_commands"))

    def provided(self, hook: str) -> tuple[Provided, ...]:
        """Return what each plugin brought through a hook, with the plugin's name."""
        if hook not in self._provided:
            self._provided[hook] = tuple(self._collect(hook))
        return self._provided[hook]

    def _items(self, hook: str) -> tuple[object, ...]:
        return tuple(provided.item for provided in self.provided(hook))

    def _collect(self, hook: str) -> Iterable[Provided]:
        origins = {info.name: info.origin != "built-in" for info in self.infos}
        implementations = getattr(self._manager.hook, hook).get_hookimpls()
        found: dict[str, Provided] = {}
        for implementation in sorted(
            implementations, key=lambda one: (origins.get(one.plugin_name, True), one.plugin_name)
        ):
            plugin = implementation.plugin_name
            items = guarded(plugin, hook, partial(_items_of, implementation.function))
            if isinstance(items, Failure):
                self.failures.append(items)
                continue
            for item in items:
                provided = Provided(plugin=plugin, item=item)
                if not provided.name:
                    self.failures.append(Failure(who=plugin, stage=hook, message=f"{item!r} has no name"))
                elif provided.name in found:
                    message = f"{provided.name!r} is taken by plugin {found[provided.name].plugin!r}"
                    self.failures.append(Failure(who=plugin, stage=hook, message=message, hint="give it another name"))
                else:
                    found[provided.name] = provided
        return sorted(found.values(), key=lambda one: (origins.get(one.plugin, True), one.name))


def load_plugins(files: Iterable[Path] = (), environ: Mapping[str, str] = os.environ) -> Plugins:
    """Load the built-ins, installed entry points and the named `.py` files.

    `HUNKWISE_LOAD_PLUGINS` names, by commas, the only entry points to load beside the built-ins; empty loads none.
    Raises UsageError for a file that is not there; a plugin that fails to load becomes a failure.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    infos: list[PluginInfo] = []
    failures: list[Failure] = []
    wanted = environ.get(LOAD_VARIABLE)
    names = None if wanted is None else {name.strip() for name in wanted.split(",") if name.strip()}
    for point in sorted(entry_points(group=hookspecs.PROJECT), key=lambda one: (not _is_builtin(one), one.name)):
        if not _is_builtin(point) and names is not None and point.name not in names:
            continue
        origin = "built-in" if _is_builtin(point) else _distribution(point)
        version = point.dist.version if point.dist else ""
        _register(manager, point.name, version, origin, point.load, infos, failures)
    for name in sorted((names or set()) - {info.name for info in infos} - {one.who for one in failures}):
        hint = "`hunkwise plugins` lists what is installed"
        failures.append(
            Failure(
                who=name,
                stage="load",
                message=f"no plugin of this name is installed ({LOAD_VARIABLE})",
                hint=hint,
            )
        )
    for file in files:
        if not file.is_file():
            raise UsageError(f"plugin file {file} does not exist")
        _register(manager, file.stem, "", str(file), partial(_load_file, file), infos, failures)
    return Plugins(manager, infos, failures)


def _register(
    manager: pluggy.PluginManager,
    name: str,
    version: str,
    origin: str,
    load: Callable[[], object],
    infos: list[PluginInfo],
    failures: list[Failure],
) -> None:
    def register() -> None:
        plugin = load()
        manager.register(plugin, name=name)
        unknown = [hook for hook in dir(plugin) if hook.startswith("hunkwise_") and hook not in HOOKS]
        if unknown:
            manager.unregister(name=name)
            raise UsageError(f"unknown hook {', '.join(unknown)}; there are {', '.join(HOOKS)}")

    outcome = guarded(name, "load", register)
    if isinstance(outcome, Failure):
        failures.append(outcome)
        return
    plugin = manager.get_plugin(name)
    hooks = tuple(hook for hook in HOOKS if hasattr(plugin, hook))
    infos.append(PluginInfo(name=name, version=version, origin=origin, hooks=hooks))


def _items_of(implementation: Callable[[], Iterable[object]]) -> tuple[object, ...]:
    return tuple(implementation())


def _is_builtin(point: EntryPoint) -> bool:
    return point.dist is not None and point.dist.name == hookspecs.PROJECT


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else ""


def _load_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"hunkwise_plugin_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
