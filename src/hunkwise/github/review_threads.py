"""The threads of review comments, which only GraphQL knows as threads."""

from collections.abc import Mapping
from typing import Any

from hunkwise.core.model import RepoPath
from hunkwise.github.account import is_actor
from hunkwise.github.api import Api
from hunkwise.github.values import a_list, a_map, a_number, a_text, an_optional_text
from hunkwise.plugins.github.port import GitHubError, Target, Thread

PAGES = 100
QUERY = """
query Threads($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 50, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id isResolved viewerCanResolve path
          comments(first: 50) {
            totalCount
            nodes { databaseId body author { __typename login } }
          }
        }
      }
    }
  }
}
"""
MUTATION_RESOLVE = """
mutation Resolve($thread: ID!) {
  resolveReviewThread(input: {threadId: $thread}) { thread { isResolved } }
}
"""


def read_threads(api: Api, target: Target, account: str) -> tuple[Thread, ...]:
    """Return the threads that an account began, oldest first."""
    owner, _, name = target.repository.partition("/")
    asked = f"reading the threads of {target.name}"
    found: dict[str, Thread] = {}
    after: str | None = None
    for _ in range(PAGES):
        variables = {"owner": owner, "name": name, "number": target.number, "after": after}
        data = api.query(QUERY, variables, asked=asked, needs="pull requests: read")
        pull = a_map(a_map(data.get("repository"), "the repository").get("pullRequest"), "the pull request")
        page = a_map(pull.get("reviewThreads"), "reviewThreads")
        for node in a_list(page.get("nodes"), "the threads"):
            if (thread := _thread(a_map(node, "a thread"), account)) is not None:
                found[thread.id] = thread
        info = a_map(page.get("pageInfo"), "pageInfo")
        if not info.get("hasNextPage"):
            return tuple(sorted(found.values(), key=lambda thread: thread.comment))
        after = a_text(info.get("endCursor"), "endCursor")
    raise GitHubError(f"{asked}: there are more than {PAGES * 50:,}")


def _thread(node: Mapping[str, Any], account: str) -> Thread | None:
    comments = a_map(node.get("comments"), "comments")
    said = [a_map(one, "a comment") for one in a_list(comments.get("nodes"), "the comments")]
    if not said or not is_actor(said[0].get("author"), account):
        return None
    ours = [one for one in said if is_actor(one.get("author"), account)]
    # a thread that is too long to be read whole may hold anybody's answer
    is_whole = a_number(comments.get("totalCount", 0), "totalCount") <= len(said)
    return Thread(
        id=a_text(node.get("id"), "id"),
        comment=a_number(said[0].get("databaseId"), "databaseId"),
        body=an_optional_text(said[0].get("body")),
        path=RepoPath(a_text(node.get("path"), "path")),
        is_resolved=bool(node.get("isResolved")),
        human_replied=len(ours) < len(said) or not is_whole,
        may_resolve=bool(node.get("viewerCanResolve")),
        replies=tuple(an_optional_text(one.get("body")) for one in ours[1:]),
    )
