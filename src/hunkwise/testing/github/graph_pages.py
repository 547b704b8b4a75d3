"""Pages and errors of GraphQL, as GitHub cuts and words them."""

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from graphql import GraphQLError

Node = dict[str, Any]
Item = TypeVar("Item")
_LONGEST_PAGE = 100


def denied(kind: str, words: str) -> "GraphQLError":
    """Return an error as GitHub types it."""
    from graphql import GraphQLError

    return GraphQLError(words, extensions={"type": kind})


def connection(name: str, items: Iterable[Item], show: Callable[[Item], Node], page: dict[str, Any]) -> Node:
    """Return a page of items; GitHub wants `first` or `last`, and no more than 100."""
    kept = list(items)
    first, last = page.get("first"), page.get("last")
    if first is None and last is None:
        words = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise denied("MISSING_PAGINATION_BOUNDARIES", words)
    asked, word = (first, "first") if first is not None else (last, "last")
    if not 0 <= (asked or 0) <= _LONGEST_PAGE:
        words = f"Requesting {asked} records on the `{name}` connection exceeds the `{word}` limit of 100 records."
        raise denied("EXCESSIVE_PAGINATION", words)
    start = _index(page["after"]) + 1 if page.get("after") else 0
    end = _index(page["before"]) if page.get("before") else len(kept)
    if first is not None:
        end = min(end, start + first)
    else:
        start = max(start, end - (last or 0))
    chosen = list(range(start, max(min(end, len(kept)), start)))
    nodes = [show(kept[index]) for index in chosen]
    return {
        "nodes": nodes,
        "edges": [{"cursor": _cursor(index), "node": node} for index, node in zip(chosen, nodes, strict=True)],
        "totalCount": len(kept),
        "pageInfo": {
            "hasNextPage": bool(chosen) and chosen[-1] + 1 < len(kept),
            "hasPreviousPage": start > 0,
            "startCursor": _cursor(chosen[0]) if chosen else None,
            "endCursor": _cursor(chosen[-1]) if chosen else None,
        },
    }


def _cursor(index: int) -> str:
    return base64.b64encode(f"cursor:v2:{index}".encode()).decode()


def _index(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("cursor:v2:"))
    except (binascii.Error, ValueError):
        raise denied("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.") from None
