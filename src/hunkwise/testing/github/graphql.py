"""GraphQL, executed over GitHub's own schema; what that schema refuses is held against the request."""

import gzip
import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from hunkwise.testing.github.access import Actor
from hunkwise.testing.github.answers import Answer, Refused
from hunkwise.testing.github.graph import Graph
from hunkwise.testing.github.graph_mutations import MUTATIONS
from hunkwise.testing.github.graph_pages import denied
from hunkwise.testing.github.judge import Violation
from hunkwise.testing.github.world import World

if TYPE_CHECKING:
    from graphql import GraphQLError, GraphQLResolveInfo, GraphQLSchema

Report = Callable[[Violation], None]


@cache
def schema() -> "GraphQLSchema":
    """Return GitHub's schema, built once in a process: it takes half a second."""
    from graphql import build_ast_schema, parse

    packed = files("hunkwise.testing.github").joinpath("data/schema.graphql.gz").read_bytes()
    document = parse(gzip.decompress(packed).decode(), no_location=True)
    return build_ast_schema(document, assume_valid=True, assume_valid_sdl=True)


def answer(world: World, actor: Actor, body: bytes, number: int, report: Report) -> Answer:
    """Execute a request; what the schema has against it, and what the fake cannot do, goes to `report`."""
    from graphql import GraphQLError, execute_sync, parse, validate

    if actor.token is None:
        raise Refused(401, "This endpoint requires you to be authenticated.")
    query, variables, operation = _asked(body)
    try:
        document = parse(query)
    except GraphQLError as error:
        report(_violation("request", error.message))
        return Answer(body={"errors": [_formatted(error)]})
    if wrong := validate(schema(), document):
        for one in wrong:
            report(_violation("request", one.message))
        return Answer(body={"errors": [_formatted(one) for one in wrong]})
    done = execute_sync(
        schema(),
        document,
        root_value=_roots(Graph(world, actor, number)),
        variable_values=variables,
        operation_name=operation,
        field_resolver=_resolve,
    )
    for one in done.errors or ():
        if "type" not in (one.extensions or {}):
            report(_violation("request" if one.path is None else "fake", one.message))
    found: dict[str, object] = {"data": done.data}
    if done.errors:
        found["errors"] = [_formatted(one) for one in done.errors]
    return Answer(body=found)


def _asked(body: bytes) -> tuple[str, dict[str, Any], str | None]:
    try:
        found = json.loads(body)
    except ValueError:
        raise Refused(400, "Problems parsing JSON") from None
    if not isinstance(found, dict) or not isinstance(found.get("query"), str):
        raise Refused(400, "A query attribute must be specified and must be a string.")
    return found["query"], found.get("variables") or {}, found.get("operationName")


def _roots(graph: Graph) -> dict[str, Callable[..., object]]:
    mutations = {
        name: lambda info, mutation=mutation, **given: mutation(graph, given["input"])
        for name, mutation in MUTATIONS.items()
    }
    return {
        "repository": lambda info, owner, name, **_: graph.repository(owner, name),
        "node": lambda info, id: graph.node(id),
        "nodes": lambda info, ids: [graph.node(id) for id in ids],
        "viewer": lambda info: graph.viewer(),
        "rateLimit": lambda info, **_: graph.rate_limit(),
        **mutations,
    }


def _resolve(source: Any, info: "GraphQLResolveInfo[Any]", **arguments: Any) -> object:
    if info.field_name not in source:
        raise NotImplementedError(f"the fake GitHub does not know {info.parent_type.name}.{info.field_name}")
    value = source[info.field_name]
    try:
        return value(info, **arguments) if callable(value) else value
    except Refused as refused:
        words = [str(one) for one in refused.errors or () if isinstance(one, str)]
        kind = {403: "FORBIDDEN", 404: "NOT_FOUND"}.get(refused.status, "UNPROCESSABLE")
        raise denied(kind, ", ".join(words) or refused.message) from None


def _formatted(error: "GraphQLError") -> dict[str, object]:
    found: dict[str, object] = dict(error.formatted)
    extensions = found.pop("extensions", None)
    return (dict(extensions) if isinstance(extensions, dict) else {}) | found


def _violation(side: str, words: str) -> Violation:
    return Violation(method="POST", path="/graphql", side=side, words=words)
