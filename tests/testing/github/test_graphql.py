"""GraphQL of the fake, over GitHub's own schema."""

from typing import Any

import httpx
import pytest
from github import Github

from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle, RepositoryHandle

THREADS = """
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid
      reviewThreads(first: 2, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          id isResolved isOutdated isCollapsed viewerCanResolve path line startLine originalLine diffSide subjectType
          resolvedBy { login }
          comments(first: 10) { nodes { id databaseId body author { login __typename } isMinimized } }
        }
      }
    }
  }
  rateLimit { cost remaining resetAt }
}
"""
RESOLVE = "mutation($i: ResolveReviewThreadInput!) { resolveReviewThread(input: $i) { thread { id isResolved } } }"
WHERE = {"owner": "o", "name": "r", "number": 1}


def ask(github: FakeGitHub, token: str, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    answer = httpx.post(
        github.graphql,
        headers={"Authorization": f"bearer {token}"},
        json={"query": query, "variables": variables},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_threads_come_in_pages(github: FakeGitHub, pull: PullHandle, token: str) -> None:
    """Each thread has its comments and its state; the cursor leads to the next page."""
    for line in (2, 3, 4):
        pull.review_comment("a.py", line, f"on {line}")
    pull.reply(pull.comments[0].id, "an answer", user="alice")
    pull.resolve(pull.comments[0].id, user="alice")
    first = ask(github, token, THREADS, WHERE)["data"]["repository"]["pullRequest"]
    assert first["headRefOid"] == pull.head
    threads = first["reviewThreads"]
    assert (3, True) == (threads["totalCount"], threads["pageInfo"]["hasNextPage"])
    assert ["on 2", "an answer"] == [one["body"] for one in threads["nodes"][0]["comments"]["nodes"]]
    assert [(2, True, "alice"), (3, False, None)] == [
        (one["line"], one["isResolved"], (one["resolvedBy"] or {}).get("login")) for one in threads["nodes"]
    ]
    second = ask(github, token, THREADS, WHERE | {"after": threads["pageInfo"]["endCursor"]})
    found = second["data"]["repository"]["pullRequest"]["reviewThreads"]
    assert ([4], False) == ([one["line"] for one in found["nodes"]], found["pageInfo"]["hasNextPage"])


def test_a_bot_has_no_brackets_here(github: FakeGitHub, api: httpx.Client, pull: PullHandle, token: str) -> None:
    """REST says hunkwise[bot]; GraphQL says hunkwise, a Bot, but of the viewer what REST says."""
    api.post("/repos/o/r/issues/1/comments", json={"body": "hi"})
    query = "query($id: ID!) { node(id: $id) { ... on IssueComment { author { login __typename } body } } }"
    found = ask(github, token, query, {"id": f"IC_{pull.conversation[0].id}"})["data"]["node"]
    assert {"author": {"login": "hunkwise", "__typename": "Bot"}, "body": "hi"} == found
    assert "hunkwise[bot]" == ask(github, token, "{ viewer { login } }", {})["data"]["viewer"]["login"]


def test_resolving_takes_the_right_to_write_contents(
    github: FakeGitHub, repository: RepositoryHandle, pull: PullHandle, token: str
) -> None:
    """pull_requests: write is not enough; GitHub answers 200 with a FORBIDDEN error."""
    thread = f"PRRT_{pull.review_comment('a.py', 3, 'x').id}"
    refused = ask(github, token, RESOLVE, {"i": {"threadId": thread}})
    assert {"resolveReviewThread": None} == refused["data"]
    assert ("FORBIDDEN", "Resource not accessible by integration") == (
        refused["errors"][0]["type"],
        refused["errors"][0]["message"],
    )
    strong = github.token(repository, contents="write", pull_requests="write")
    done = ask(github, strong, RESOLVE, {"i": {"threadId": thread}})
    assert done["data"]["resolveReviewThread"]["thread"] == {"id": thread, "isResolved": True}
    mutation = RESOLVE.replace("resolveReview", "unresolveReview").replace("ResolveReview", "UnresolveReview")
    opened = ask(github, strong, mutation, {"i": {"threadId": thread}})
    assert opened["data"]["unresolveReviewThread"]["thread"] == {"id": thread, "isResolved": False}


def test_the_author_resolves_threads(github: FakeGitHub, repository: RepositoryHandle, pull: PullHandle) -> None:
    """A person may who opened the pull request, and who may write; another may not."""
    thread = f"PRRT_{pull.review_comment('a.py', 3, 'x').id}"
    for login, level in (("alice", "read"), ("carol", "write"), ("dave", "read")):
        repository.collaborator(login, level)
    errors = {
        login: "errors" in ask(github, github.user_token(login), RESOLVE, {"i": {"threadId": thread}})
        for login in ("alice", "carol", "dave")
    }
    assert {"alice": False, "carol": False, "dave": True} == errors


def test_pygithub_minimizes_and_replies(pygithub: Github, pull: PullHandle) -> None:
    """PyGithub's own mutations pass the schema and do what they say."""
    comment = pygithub.get_repo("o/r").get_pull(1).create_issue_comment("noise")
    assert comment.minimize()
    assert "outdated" == pull.conversation[0].minimized
    assert comment.unminimize()
    assert None is pull.conversation[0].minimized
    root = pull.review_comment("a.py", 3, "x")
    given = {"pullRequestReviewThreadId": f"PRRT_{root.id}", "body": "fixed"}
    pygithub.requester.graphql_named_mutation("addPullRequestReviewThreadReply", given, "comment { id }")
    assert (root.id, "fixed") == (pull.comments[-1].reply_to, pull.comments[-1].body)


def test_what_is_not_there_is_not_found(github: FakeGitHub, pull: PullHandle, token: str) -> None:
    """An unknown id, repository and number are typed errors, at the path that asked."""
    for id in ("PRRT_1", f"PR_{pull.state.id}", "nonsense"):
        assert "NOT_FOUND" == ask(github, token, RESOLVE, {"i": {"threadId": id}})["errors"][0]["type"]
    assert "NOT_FOUND" == ask(github, token, THREADS, WHERE | {"name": "x"})["errors"][0]["type"]
    assert "NOT_FOUND" == ask(github, token, THREADS, WHERE | {"number": 9})["errors"][0]["type"]


def test_a_page_has_bounds(github: FakeGitHub, pull: PullHandle, token: str) -> None:
    """GitHub wants `first` or `last`, of 100 at most."""
    query = 'query { repository(owner: "o", name: "r") { pullRequests%s { totalCount } } }'
    for arguments, kind in (("", "MISSING_PAGINATION_BOUNDARIES"), ("(first: 101)", "EXCESSIVE_PAGINATION")):
        assert kind == ask(github, token, query % arguments, {})["errors"][0]["type"]


@pytest.mark.parametrize(
    ("query", "variables", "words"),
    [
        (RESOLVE, {"i": {}}, "threadId"),
        (RESOLVE.replace("isResolved", "resolved"), {"i": {"threadId": "x"}}, "resolved"),
        ("mutation { resolveReviewThread(input: {threadId: 1}) { thread { id", {}, "Syntax Error"),
        ("{ repository(owner: 1, name: 2) { id } }", {}, "String cannot represent"),
    ],
)
def test_what_the_schema_refuses_is_a_violation(
    github: FakeGitHub, pull: PullHandle, token: str, query: str, variables: dict[str, Any], words: str
) -> None:
    """GitHub's schema is the judge of each query and its variables."""
    assert words in ask(github, token, query, variables)["errors"][0]["message"]
    assert {"request"} == {one.side for one in github.violations}
    assert words in github.violations[0].words
    github.violations.clear()


def test_what_the_fake_cannot_do_is_a_violation_too(github: FakeGitHub, pull: PullHandle, token: str) -> None:
    """A field of the schema that the fake does not know is an error, never a silent null."""
    query = 'query { repository(owner: "o", name: "r") { stargazerCount } }'
    assert "errors" in ask(github, token, query, {})
    assert ["fake"] == [one.side for one in github.violations]
    github.violations.clear()
