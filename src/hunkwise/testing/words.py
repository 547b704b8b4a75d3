"""Turn what a plugin does wrong into an AssertionError in plain words."""

from collections.abc import Callable
from typing import TypeVar

from hunkwise.core.model import Failure
from hunkwise.plugins.guard import guarded
from hunkwise.plugins.shapes import flaw_of

T = TypeVar("T")


def require(fact: bool, words: str) -> None:
    """Raise AssertionError with these words unless the fact holds; works under `python -O` too."""
    if not fact:
        raise AssertionError(words)


def called(what: str, doing: str, call: Callable[[], T]) -> T:
    """Return what the plugin's code returns; what it raises becomes an AssertionError that says on what."""
    outcome = guarded(what, doing, call)
    if isinstance(outcome, Failure):
        where = f" ({outcome.hint})" if outcome.hint else ""
        raise AssertionError(f"{what} raised on {doing}: {outcome.message}{where}")
    return outcome


def require_shape(hook: str, item: object) -> str:
    """Require that an object is what its hook asks for; return its name."""
    flaw = called("the object", "a look at its members", lambda: flaw_of(hook, item))
    require(not flaw, flaw)
    name = str(getattr(item, "name", ""))
    require(name == name.strip() and not set(name) & set(" \t\n,"), f"the name {name!r} has spaces or commas in it")
    return name
