"""Find and load plugins, so that none can take the review down."""

import importlib.util
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

import pluggy

from hunkwise.core.errors import UsageError
from hunkwise.core.failure import Failure
from hunkwise.plugins import hookspecs
from hunkwise.plugins.facade import BUILT_IN, HOOKS, PluginInfo, Plugins, Provided, nearest
from hunkwise.plugins.guard import guarded

__all__ = [
    "HOOKS",
    "LOAD_VARIABLE",
    "PluginInfo",
    "Plugins",
    "Provided",
    "guarded",
    "load_plugins",
    "register_plugins",
]

LOAD_VARIABLE = "HUNKWISE_LOAD_PLUGINS"


def load_plugins(files: Iterable[Path] = (), environ: Mapping[str, str] = os.environ) -> Plugins:
    """Load the built-ins, installed entry points and the named `.py` files.

    `HUNKWISE_LOAD_PLUGINS` names, by commas, the only entry points to load beside the built-ins; empty loads none.
    Raises UsageError for a file that is not there; a plugin that fails to load becomes a failure.
    """
    registry = _Registry()
    wanted = environ.get(LOAD_VARIABLE)
    names = None if wanted is None else {name.strip() for name in wanted.split(",") if name.strip()}
    points = sorted(entry_points(group=hookspecs.PROJECT), key=lambda one: (not _is_builtin(one), one.name))
    for point in points:
        if _is_builtin(point) or names is None or point.name in names:
            registry.add(point.name, _version(point), _origin(point), point.load)
    for name in sorted((names or set()) - {point.name for point in points}):
        message = f"no plugin of this name is installed ({LOAD_VARIABLE})"
        hint = nearest(name, [point.name for point in points], "`hunkwise plugins` lists what is installed:")
        registry.failures.append(Failure(who=name, stage="load", message=message, hint=hint))
    for file in files:
        if not file.is_file():
            raise UsageError(f"plugin file {file} does not exist")
        registry.add(file.stem, "", str(file), partial(_load_file, file))
    return registry.plugins()


def register_plugins(plugins: Mapping[str, object]) -> Plugins:
    """Load plugins that are at hand, such as modules, by name: for tests and for programs that use Hunkwise."""
    registry = _Registry()
    for name, plugin in sorted(plugins.items()):
        registry.add(name, "", "given", partial(_same, plugin))
    return registry.plugins()


class _Registry:
    def __init__(self) -> None:
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs)
        self.infos: dict[str, PluginInfo] = {}
        self.failures: list[Failure] = []

    def add(self, name: str, version: str, origin: str, load: Callable[[], object]) -> None:
        hooks = guarded(name, "load", partial(self._register, name, load))
        if isinstance(hooks, Failure):
            self.failures.append(hooks)
        else:
            self.infos[name] = PluginInfo(name=name, version=version, origin=origin, hooks=hooks)

    def plugins(self) -> Plugins:
        return Plugins(self.manager, self.infos.values(), self.failures)

    def _register(self, name: str, load: Callable[[], object]) -> tuple[str, ...]:
        if name in self.infos:
            raise UsageError(f"the plugin name {name!r} is taken by {self.infos[name].origin}; rename one of the two")
        plugin = load()
        if other := self.manager.get_name(plugin):
            raise UsageError(f"it is the same object as the plugin {other!r}; remove one of the two entry points")
        hooks = _hooks_of(plugin)
        try:
            self.manager.register(plugin, name=name)
        except pluggy.PluginValidationError as error:
            self.manager.unregister(name=name)
            raise UsageError(" ".join(str(error).split())) from error
        return hooks


def _hooks_of(plugin: object) -> tuple[str, ...]:
    found = []
    for name in dir(plugin):
        value = getattr(plugin, name, None)
        options = getattr(value, f"{hookspecs.PROJECT}_impl", None)
        if options is None:
            if name in HOOKS and callable(value):
                raise UsageError(f"{name} is not marked; put @hookimpl above it")
            continue
        hook = options.get("specname") or name
        if hook not in HOOKS:
            raise UsageError(f"unknown hook {hook}; {nearest(hook, HOOKS, 'there are')}")
        if options.get("wrapper") or options.get("hookwrapper"):
            raise UsageError(f"{name} is a wrapper, which no hook here takes; return your objects")
        found.append(hook)
    if not found:
        raise UsageError(f"it implements no hook; there are {', '.join(HOOKS)}")
    return tuple(sorted(found))


def _same(plugin: object) -> object:
    return plugin


def _is_builtin(point: EntryPoint) -> bool:
    return point.dist is not None and point.dist.name == hookspecs.PROJECT


def _version(point: EntryPoint) -> str:
    return point.dist.version if point.dist else ""


def _origin(point: EntryPoint) -> str:
    if _is_builtin(point):
        return BUILT_IN
    return point.dist.name if point.dist else ""


def _load_file(path: Path) -> ModuleType:
    name = f"hunkwise_plugin_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path} is not a Python file; its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
