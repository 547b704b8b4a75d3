"""All modules that answer requests."""

from functools import cache
from importlib import import_module

_MODULES = (
    "apps",
    "checks",
    "conversation",
    "installations",
    "pulls",
    "reactions",
    "repositories",
    "review_comments",
    "reviews",
    "webhook_log",
)


@cache
def load() -> None:
    """Import them, so that their routes are known."""
    for name in _MODULES:
        import_module(f"hunkwise.testing.github.{name}")
