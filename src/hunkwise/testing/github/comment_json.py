"""Reviews, comments and reactions as GitHub writes them."""

from hunkwise.testing.github.app_json import maybe_app_json
from hunkwise.testing.github.clock import stamp
from hunkwise.testing.github.pull_json import association, pull_page
from hunkwise.testing.github.repository_json import user_json
from hunkwise.testing.github.state import IssueComment, Json, Pull, Reaction, Repository, Review, ReviewComment
from hunkwise.testing.github.world import World

CONTENTS = {
    "+1": "THUMBS_UP",
    "-1": "THUMBS_DOWN",
    "laugh": "LAUGH",
    "confused": "CONFUSED",
    "heart": "HEART",
    "hooray": "HOORAY",
    "rocket": "ROCKET",
    "eyes": "EYES",
}
"""What a reaction may be, with its name in GraphQL."""


def review_json(world: World, repository: Repository, pull: Pull, review: Review) -> Json:
    """Return a review."""
    page = f"{pull_page(world, repository, pull.number)}#pullrequestreview-{review.id}"
    own = f"{world.api}/repos/{repository.full_name}/pulls/{pull.number}"
    found: Json = {
        "id": review.id,
        "node_id": f"PRR_{review.id}",
        "user": user_json(world, review.user),
        "body": review.body,
        "state": review.state,
        "html_url": page,
        "pull_request_url": own,
        "author_association": association(repository, review.user),
        "_links": {"html": {"href": page}, "pull_request": {"href": own}},
        "commit_id": review.commit,
    }
    if review.submitted_at is not None:
        found["submitted_at"] = stamp(review.submitted_at)
    return found


def review_comment_json(world: World, repository: Repository, pull: Pull, comment: ReviewComment) -> Json:
    """Return a review comment, with its lines as they are now and as they were."""
    url = f"{world.api}/repos/{repository.full_name}/pulls"
    page = f"{pull_page(world, repository, pull.number)}#discussion_r{comment.id}"
    own = f"{url}/comments/{comment.id}"
    found: Json = {
        "url": own,
        "pull_request_review_id": comment.review,
        "id": comment.id,
        "node_id": f"PRRC_{comment.id}",
        "diff_hunk": comment.diff_hunk,
        "path": comment.path,
        "commit_id": comment.commit,
        "original_commit_id": comment.original_commit,
        "user": user_json(world, comment.user),
        "body": comment.body,
        "created_at": stamp(comment.created_at),
        "updated_at": stamp(comment.updated_at),
        "html_url": page,
        "pull_request_url": f"{url}/{pull.number}",
        "author_association": association(repository, comment.user),
        "_links": {
            "self": {"href": own},
            "html": {"href": page},
            "pull_request": {"href": f"{url}/{pull.number}"},
        },
        "reactions": reactions_json(own, comment.reactions),
        "start_line": comment.start_line,
        "original_start_line": comment.original_start_line,
        "start_side": comment.start_side,
        "line": comment.line,
        "original_line": comment.original_line,
        "side": comment.side,
        "original_position": comment.original_position or 1,
        "position": comment.position,
        "subject_type": comment.subject_type,
    }
    if comment.reply_to is not None:
        found["in_reply_to_id"] = comment.reply_to
    return found


def issue_comment_json(world: World, repository: Repository, pull: Pull, comment: IssueComment) -> Json:
    """Return a comment of the conversation."""
    url = f"{world.api}/repos/{repository.full_name}/issues"
    own = f"{url}/comments/{comment.id}"
    return {
        "id": comment.id,
        "node_id": f"IC_{comment.id}",
        "url": own,
        "html_url": f"{pull_page(world, repository, pull.number)}#issuecomment-{comment.id}",
        "issue_url": f"{url}/{pull.number}",
        "user": user_json(world, comment.user),
        "body": comment.body,
        "created_at": stamp(comment.created_at),
        "updated_at": stamp(comment.updated_at),
        "author_association": association(repository, comment.user),
        "performed_via_github_app": maybe_app_json(world, comment.app),
        "reactions": reactions_json(own, comment.reactions),
    }


def reaction_json(world: World, reaction: Reaction) -> Json:
    """Return a reaction."""
    return {
        "id": reaction.id,
        "node_id": f"REA_{reaction.id}",
        "user": user_json(world, reaction.user),
        "content": reaction.content,
        "created_at": stamp(reaction.created_at),
    }


def reactions_json(url: str, reactions: list[Reaction]) -> Json:
    """Return how often each reaction was given."""
    counts = {content: sum(one.content == content for one in reactions) for content in CONTENTS}
    return {"url": f"{url}/reactions", "total_count": len(reactions), **counts}
