"""What GraphQL sees of the state: repositories, pull requests, threads, reviews, comments."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hunkwise.testing.github.access import Actor, grants, is_at_least, level_on, sees
from hunkwise.testing.github.answers import Refused, forbidden
from hunkwise.testing.github.clock import stamp, stamp_or_none
from hunkwise.testing.github.comment_json import CONTENTS
from hunkwise.testing.github.graph_pages import Node, connection, denied
from hunkwise.testing.github.pull_json import pull_page
from hunkwise.testing.github.reviewing import Author
from hunkwise.testing.github.state import (
    IssueComment,
    Pull,
    Reaction,
    Repository,
    Review,
    ReviewComment,
    Thread,
)
from hunkwise.testing.github.world import World

if TYPE_CHECKING:
    from graphql import GraphQLError


class Graph:
    """The state as one actor may see it; values are resolved when they are asked for."""

    def __init__(self, world: World, actor: Actor, number: int) -> None:
        self.world = world
        self.actor = actor
        self.author = Author(login=actor.login or "", app=actor.app_id, request=number)

    def require(self, repository: Repository, permission: str, level: str) -> None:
        """Raise Refused unless an installation has a permission, or a user the level, on a repository."""
        token = self.actor.token
        if token is not None and token.app is not None:
            if not (level == "read" and not repository.is_private) and not grants(token.permissions, permission, level):
                raise forbidden()
        elif permission == "contents" and not is_at_least(level_on(repository, self.actor.login), level):
            raise forbidden()

    def repository(self, owner: str, name: str) -> Node:
        """Return a repository by its name."""
        for one in self.world.state.repositories.values():
            if one.full_name.lower() == f"{owner}/{name}".lower() and sees(self.world, self.actor, one):
                return self.repository_node(one)
        raise denied("NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'.")

    def node(self, id: str) -> Node:
        """Return anything by its global id."""
        repository, pull, found = self.find(id)
        if isinstance(found, Pull):
            return self.pull_node(repository, found)
        if isinstance(found, Thread):
            return self.thread_node(repository, pull, found)
        if isinstance(found, ReviewComment):
            return self.comment_node(repository, pull, found)
        if isinstance(found, Review):
            return self.review_node(repository, pull, found)
        return self.remark_node(repository, pull, found)

    def find(self, id: str) -> tuple[Repository, Pull, Pull | Thread | ReviewComment | Review | IssueComment]:
        """Return what has a global id, with where it is."""
        prefix, _, digits = id.rpartition("_")
        number = int(digits) if digits.isascii() and digits.isdigit() else 0
        for repository, pull in self._pulls():
            kept: dict[str, Mapping[int, Pull | Thread | ReviewComment | Review | IssueComment]] = {
                "PR": {pull.id: pull},
                "PRRT": pull.threads,
                "PRRC": pull.comments,
                "PRR": pull.reviews,
                "IC": pull.conversation,
            }
            if number in kept.get(prefix, ()):
                return repository, pull, kept[prefix][number]
        raise unknown(id)

    def viewer(self) -> Node:
        """Return who asks; a bot with `[bot]` here, and nowhere else."""
        login = self.actor.login or ""
        return self.account_node(login) | {"__typename": "User", "login": login}

    def rate_limit(self) -> Node:
        """Return what is left of the hour."""
        left = self.world.rates.left(self.actor.key)
        return left | {"resetAt": stamp(left["reset"]), "cost": 1, "nodeCount": 1}

    def account_node(self, login: str) -> Node:
        """Return an account; a bot goes without `[bot]` here."""
        account = self.world.account(login)
        return {
            "__typename": account.type,
            "id": f"U_{account.id}",
            "databaseId": account.id,
            "login": login.removesuffix("[bot]"),
            "url": f"{self.world.url}/{login}",
            "resourcePath": f"/{login}",
            "avatarUrl": lambda info, **_: f"{self.world.url}/avatars/u/{account.id}",
        }

    def repository_node(self, repository: Repository) -> Node:
        """Return a repository."""
        pulls = list(repository.pulls.values())

        def one(info: object, number: int) -> Node:
            if number not in repository.pulls:
                raise denied("NOT_FOUND", f"Could not resolve to a PullRequest with the number of {number}.")
            return self.pull_node(repository, repository.pulls[number])

        def listed(info: object, states: Sequence[str] | None = None, **page: Any) -> Node:
            self.require(repository, "pull_requests", "read")
            chosen = [pull for pull in pulls if not states or _state(pull) in states]
            return connection("pullRequests", chosen, lambda pull: self.pull_node(repository, pull), page)

        return {
            "__typename": "Repository",
            "id": f"R_{repository.id}",
            "databaseId": repository.id,
            "name": repository.name,
            "nameWithOwner": repository.full_name,
            "isPrivate": repository.is_private,
            "url": f"{self.world.url}/{repository.full_name}",
            "owner": lambda info: self.account_node(repository.owner),
            "pullRequest": one,
            "pullRequests": listed,
        }

    def pull_node(self, repository: Repository, pull: Pull) -> Node:
        """Return a pull request."""
        self.require(repository, "pull_requests", "read")
        return {
            "__typename": "PullRequest",
            "id": f"PR_{pull.id}",
            "databaseId": pull.id,
            "fullDatabaseId": str(pull.id),
            "number": pull.number,
            "title": pull.title,
            "body": pull.body,
            "state": _state(pull),
            "closed": pull.state == "closed",
            "merged": pull.merged_at is not None,
            "isDraft": pull.is_draft,
            "locked": pull.is_locked,
            "url": pull_page(self.world, repository, pull.number),
            "headRefOid": pull.head_sha,
            "baseRefOid": pull.base_sha,
            "headRefName": pull.head_ref,
            "baseRefName": pull.base_ref,
            "isCrossRepository": pull.head_repository != repository.id,
            "createdAt": stamp(pull.created_at),
            "updatedAt": stamp(pull.updated_at),
            "author": lambda info: self.account_node(pull.author),
            "repository": lambda info: self.repository_node(repository),
            "reviewThreads": lambda info, **page: connection(
                "reviewThreads", pull.threads.values(), lambda one: self.thread_node(repository, pull, one), page
            ),
            "reviews": lambda info, author=None, states=None, **page: connection(
                "reviews",
                [
                    one
                    for one in pull.reviews.values()
                    if (not states or one.state in states) and author in (None, one.user)
                ],
                lambda one: self.review_node(repository, pull, one),
                page,
            ),
            "comments": lambda info, **page: connection(
                "comments", pull.conversation.values(), lambda one: self.remark_node(repository, pull, one), page
            ),
        }

    def thread_node(self, repository: Repository, pull: Pull, thread: Thread) -> Node:
        """Return a review thread, with its lines as its first comment has them."""
        comments = [one for one in pull.comments.values() if thread.id in (one.id, one.reply_to)]
        first = comments[0]
        can = self._can_resolve(repository, pull)
        return {
            "__typename": "PullRequestReviewThread",
            "id": f"PRRT_{thread.id}",
            "fullDatabaseId": str(thread.id),
            "isResolved": thread.resolved_by is not None,
            "isOutdated": first.subject_type == "line" and first.line is None,
            "isCollapsed": thread.resolved_by is not None,
            "resolvedBy": lambda info: self.account_node(thread.resolved_by) if thread.resolved_by else None,
            "viewerCanResolve": can and thread.resolved_by is None,
            "viewerCanUnresolve": can and thread.resolved_by is not None,
            "viewerCanReply": not pull.is_locked,
            "path": first.path,
            "line": first.line,
            "originalLine": first.original_line,
            "startLine": first.start_line,
            "originalStartLine": first.original_start_line,
            "diffSide": first.side,
            "startDiffSide": first.start_side,
            "subjectType": first.subject_type.upper(),
            "pullRequest": lambda info: self.pull_node(repository, pull),
            "repository": lambda info: self.repository_node(repository),
            "comments": lambda info, skip=0, **page: connection(
                "comments", comments[skip or 0 :], lambda one: self.comment_node(repository, pull, one), page
            ),
        }

    def comment_node(self, repository: Repository, pull: Pull, comment: ReviewComment) -> Node:
        """Return a review comment."""
        replied = pull.comments.get(comment.reply_to or 0)
        return self._written(repository, pull, comment, "PullRequestReviewComment", "PRRC", "discussion_r") | {
            "path": comment.path,
            "line": comment.line,
            "originalLine": comment.original_line,
            "startLine": comment.start_line,
            "originalStartLine": comment.original_start_line,
            "outdated": comment.subject_type == "line" and comment.line is None,
            "diffHunk": comment.diff_hunk,
            "subjectType": comment.subject_type.upper(),
            "state": "SUBMITTED",
            "commit": {"__typename": "Commit", "oid": comment.commit},
            "originalCommit": {"__typename": "Commit", "oid": comment.original_commit},
            "replyTo": lambda info: self.comment_node(repository, pull, replied) if replied else None,
            "pullRequestReview": lambda info: (
                self.review_node(repository, pull, pull.reviews[comment.review])
                if comment.review in pull.reviews
                else None
            ),
        }

    def remark_node(self, repository: Repository, pull: Pull, comment: IssueComment) -> Node:
        """Return a comment of the conversation."""
        return self._written(repository, pull, comment, "IssueComment", "IC", "issuecomment-")

    def review_node(self, repository: Repository, pull: Pull, review: Review) -> Node:
        """Return a review."""
        comments = [one for one in pull.comments.values() if one.review == review.id]
        return {
            "__typename": "PullRequestReview",
            "id": f"PRR_{review.id}",
            "databaseId": review.id,
            "fullDatabaseId": str(review.id),
            "body": review.body,
            "state": review.state,
            "url": f"{pull_page(self.world, repository, pull.number)}#pullrequestreview-{review.id}",
            "submittedAt": stamp_or_none(review.submitted_at),
            "isMinimized": review.minimized is not None,
            "minimizedReason": review.minimized,
            "viewerDidAuthor": review.user == self.actor.login,
            "author": lambda info: self.account_node(review.user),
            "commit": {"__typename": "Commit", "oid": review.commit},
            "pullRequest": lambda info: self.pull_node(repository, pull),
            "comments": lambda info, **page: connection(
                "comments", comments, lambda one: self.comment_node(repository, pull, one), page
            ),
        }

    def _written(
        self, repository: Repository, pull: Pull, one: ReviewComment | IssueComment, kind: str, prefix: str, anchor: str
    ) -> Node:
        return {
            "__typename": kind,
            "id": f"{prefix}_{one.id}",
            "databaseId": one.id,
            "fullDatabaseId": str(one.id),
            "body": one.body,
            "bodyText": one.body,
            "url": f"{pull_page(self.world, repository, pull.number)}#{anchor}{one.id}",
            "createdAt": stamp(one.created_at),
            "updatedAt": stamp(one.updated_at),
            "isMinimized": one.minimized is not None,
            "minimizedReason": one.minimized,
            "viewerCanMinimize": True,
            "viewerDidAuthor": one.user == self.actor.login,
            "author": lambda info: self.account_node(one.user),
            "pullRequest": lambda info: self.pull_node(repository, pull),
            "repository": lambda info: self.repository_node(repository),
            "reactions": lambda info, content=None, **page: connection(
                "reactions",
                [each for each in one.reactions if content in (None, CONTENTS[each.content])],
                self._reaction_node,
                page,
            ),
        }

    def _reaction_node(self, reaction: Reaction) -> Node:
        return {
            "__typename": "Reaction",
            "id": f"REA_{reaction.id}",
            "databaseId": reaction.id,
            "content": CONTENTS[reaction.content],
            "createdAt": stamp(reaction.created_at),
            "user": lambda info: self.account_node(reaction.user) | {"__typename": "User"},
        }

    def _can_resolve(self, repository: Repository, pull: Pull) -> bool:
        try:
            self.require(repository, "contents", "write")
        except Refused:
            return self.actor.app is None and self.actor.login == pull.author
        return True

    def _pulls(self) -> Iterable[tuple[Repository, Pull]]:
        for repository in self.world.state.repositories.values():
            if sees(self.world, self.actor, repository):
                for pull in repository.pulls.values():
                    yield repository, pull


def unknown(id: str) -> "GraphQLError":
    """Return the error for a global id that names nothing."""
    return denied("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'")


def _state(pull: Pull) -> str:
    return "MERGED" if pull.merged_at is not None else pull.state.upper()
