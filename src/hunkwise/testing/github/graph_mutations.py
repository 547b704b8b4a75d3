"""What GraphQL changes: threads resolved and answered, comments hidden."""

from collections.abc import Callable
from typing import Any

from hunkwise.testing.github.answers import Refused, forbidden
from hunkwise.testing.github.graph import Graph, unknown
from hunkwise.testing.github.graph_pages import Node
from hunkwise.testing.github.reviewing import announce_thread, create_reply
from hunkwise.testing.github.state import Pull, Repository, Thread

Given = dict[str, Any]


def resolve_review_thread(graph: Graph, given: Given) -> Node:
    """Resolve a thread; an App needs to write contents for it."""
    return _resolution(graph, given, graph.actor.login)


def unresolve_review_thread(graph: Graph, given: Given) -> Node:
    """Open a resolved thread again."""
    return _resolution(graph, given, None)


def minimize_comment(graph: Graph, given: Given) -> Node:
    """Hide a comment or a review."""
    return _hidden(graph, given, str(given["classifier"]).lower().replace("_", "-"), "minimizedComment")


def unminimize_comment(graph: Graph, given: Given) -> Node:
    """Show what was hidden."""
    return _hidden(graph, given, None, "unminimizedComment")


def add_reply(graph: Graph, given: Given) -> Node:
    """Answer in a thread."""
    repository, pull, thread = _thread(graph, given["pullRequestReviewThreadId"])
    graph.require(repository, "pull_requests", "write")
    parent = pull.comments.get(thread.id)
    if parent is None:
        raise Refused(422, "The first comment of this thread was deleted.")
    reply = create_reply(graph.world, repository, pull, graph.author, parent, given["body"])
    return _payload(given, comment=graph.comment_node(repository, pull, reply))


MUTATIONS: dict[str, Callable[[Graph, Given], Node]] = {
    "resolveReviewThread": resolve_review_thread,
    "unresolveReviewThread": unresolve_review_thread,
    "minimizeComment": minimize_comment,
    "unminimizeComment": unminimize_comment,
    "addPullRequestReviewThreadReply": add_reply,
}


def _thread(graph: Graph, id: str) -> tuple[Repository, Pull, Thread]:
    repository, pull, found = graph.find(id)
    if not isinstance(found, Thread):
        raise unknown(id)
    return repository, pull, found


def _resolution(graph: Graph, given: Given, resolved_by: str | None) -> Node:
    repository, pull, thread = _thread(graph, given["threadId"])
    if graph.actor.app is not None or graph.actor.login != pull.author:
        graph.require(repository, "contents", "write")
    thread.resolved_by = resolved_by
    action = "resolved" if resolved_by else "unresolved"
    announce_thread(graph.world, repository, pull, thread, action, graph.author.login)
    return _payload(given, thread=graph.thread_node(repository, pull, thread))


def _hidden(graph: Graph, given: Given, reason: str | None, name: str) -> Node:
    repository, pull, found = graph.find(given["subjectId"])
    if isinstance(found, Pull | Thread):
        raise unknown(given["subjectId"])
    graph.require(repository, "pull_requests", "write")
    if graph.actor.app is None:
        graph.require(repository, "contents", "write" if found.user != graph.actor.login else "read")
    elif pull.is_locked:
        raise forbidden()
    found.minimized = reason
    return _payload(given, **{name: graph.node(given["subjectId"])})


def _payload(given: Given, **nodes: Node) -> Node:
    return {"clientMutationId": given.get("clientMutationId"), **nodes}
