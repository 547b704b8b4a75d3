"""Which handler answers which method and path, and what permission it takes."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from hunkwise.testing.github.answers import Answer
from hunkwise.testing.github.asked import Call

Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A handler with its paths; needs: `permission:level`, several permissions by `|`; `app` for a JWT."""

    method: str
    pattern: re.Pattern[str]
    needs: str
    handler: Handler


_ROUTES: list[Route] = []


def route(method: str, template: str, *, needs: str = "") -> Callable[[Handler], Handler]:
    """Add a handler; `{name}` in the template is one segment of the path, `{name*}` the rest of it.

    A segment that ends in `_number` or `_id` takes digits only, so that no number stands in the way of a word.
    """

    def add(handler: Handler) -> Handler:
        shape = re.escape(template).replace(r"\{", "{").replace(r"\}", "}")
        shape = re.sub(r"\{(\w+_(?:number|id))\}", r"(?P<\1>[0-9]+)", shape)
        shape = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", shape)
        shape = re.sub(r"\{(\w+)\\\*\}", r"(?P<\1>.*)", shape)
        pattern = re.compile(shape)
        _ROUTES.append(Route(method=method, pattern=pattern, needs=needs, handler=handler))
        return handler

    return add


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """Return the route of a request, and what the path says."""
    for one in _ROUTES:
        if one.method == method and (match := one.pattern.fullmatch(path)):
            return one, match.groupdict()
    return None
