"""Say what an object lacks to be what its hook asks for, so that nothing half-made gets into a review."""

from collections.abc import Mapping

PORTS: Mapping[str, tuple[str, ...]] = {
    "hunkwise_sources": ("Source",),
    "hunkwise_analyzers": ("Analyzer", "Inspector"),
    "hunkwise_grammars": ("Grammar",),
    "hunkwise_contexts": ("ContextProvider",),
    "hunkwise_backends": ("Backend",),
    "hunkwise_features": ("FeatureProvider",),
    "hunkwise_scorers": ("PlaceScorer",),
    "hunkwise_rankers": ("Ranker",),
    "hunkwise_sinks": ("Sink",),
    "hunkwise_publishers": ("Publisher",),
    "hunkwise_commands": ("Command",),
}
"""The names of the protocols of each hook; an object meets one of them."""


def ports_of(hook: str) -> tuple[type, ...]:
    """Return the protocols of a hook."""
    if hook == "hunkwise_commands":
        # all that start-up asks for, and the other ports are dear to import
        from hunkwise.core.command import Command

        return (Command,)
    from hunkwise.core import ports, reader_ports

    return tuple(getattr(ports, name, None) or getattr(reader_ports, name) for name in PORTS[hook])


def members(port: type) -> tuple[str, ...]:
    """Return the names that a protocol asks for, sorted."""
    methods = {name for name, value in vars(port).items() if callable(value) and not name.startswith("_")}
    return tuple(sorted(methods | set(port.__annotations__)))


def flaw_of(hook: str, item: object) -> str:
    """Return in words why this object is not what the hook asks for, or nothing if it is."""
    if isinstance(item, type):
        return f"{item.__name__} is a class; return an object of it: {item.__name__}()"
    name = getattr(item, "name", None)
    if not isinstance(name, str) or not name:
        return f"{_shown(item)} has no name; give it `name`, a text that is not empty"
    lacking = {port.__name__: [one for one in members(port) if not hasattr(item, one)] for port in ports_of(hook)}
    if all(lacking.values()):
        return f"{name!r} is no " + " and no ".join(
            f"{port}: it lacks {', '.join(names)}" for port, names in lacking.items()
        )
    order = getattr(item, "order", 0)
    if "order" in members(ports_of(hook)[0]) and not isinstance(order, int):
        return f"the order of {name!r} is {order!r}; it must be a whole number"
    return ""


def _shown(item: object) -> str:
    return f"an object of {type(item).__module__}.{type(item).__qualname__}"
