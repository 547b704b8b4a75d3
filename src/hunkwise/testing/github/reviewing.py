"""What makes, changes and removes reviews and comments; the same for REST, GraphQL and the people of a test."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hunkwise.testing.github import bare_git, outdating
from hunkwise.testing.github.access import is_at_least, level_on
from hunkwise.testing.github.answers import Refused, forbidden, invalid, not_found, text_of, unprocessable
from hunkwise.testing.github.comment_json import issue_comment_json, review_comment_json, review_json
from hunkwise.testing.github.line_rules import Spot, find_spot
from hunkwise.testing.github.pull_json import issue_json, simple_pull_json
from hunkwise.testing.github.state import IssueComment, Json, Pull, Repository, Review, ReviewComment, Thread
from hunkwise.testing.github.world import World

_STATES: dict[str, Literal["COMMENTED", "APPROVED", "CHANGES_REQUESTED"]] = {
    "COMMENT": "COMMENTED",
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who writes: a login, the App where it is one, and the logged request where there is one."""

    login: str
    app: int | None = None
    request: int | None = None


def create_review(world: World, repository: Repository, pull: Pull, author: Author, fields: Json) -> Review:
    """Make a review with its comments, all or none; without an event it stays pending."""
    event, body = text_of(fields, "event"), text_of(fields, "body")
    drafts = fields.get("comments") or []
    if not isinstance(drafts, list) or not all(isinstance(draft, dict) for draft in drafts):
        raise Refused(422, "Invalid request.\n\nFor 'properties/comments', it is not an array of objects.")
    _unlocked(repository, pull, author)
    _event_allowed(pull, author, event, body, bool(drafts))
    if any(one.user == author.login and one.state == "PENDING" for one in pull.reviews.values()):
        raise unprocessable("User can only have one pending review per pull request")
    _short(world, body, "PullRequestReview")
    commit = _commit(world, repository, pull, text_of(fields, "commit_id"), in_review=True)
    files = world.files(repository, pull, commit)
    spots: list[tuple[Spot, str]] = []
    for draft in drafts:
        text = text_of(draft, "body")
        if not text.strip():
            raise unprocessable("Pull request review thread comments body can't be blank")
        _short(world, text, "PullRequestReview")
        spots.append((find_spot(files, draft, in_review=True), text))
    review = _add_review(world, pull, author, commit, event, body)
    added = [_add_comment(world, pull, author, review, spot, text) for spot, text in spots]
    _move_from(world, repository, pull, commit)
    if event:
        announce(world, repository, pull, review, added)
    return review


def submit_review(
    world: World, repository: Repository, pull: Pull, author: Author, review: Review, event: str, body: str
) -> None:
    """Submit a pending review."""
    if review.state != "PENDING":
        raise unprocessable("Can not submit a review that is not pending")
    comments = [one for one in pull.comments.values() if one.review == review.id]
    _event_allowed(pull, author, event, body or review.body, bool(comments))
    if not event:
        raise unprocessable("Event can't be blank")
    review.state, review.body = _STATES[event], body or review.body
    review.submitted_at = world.clock.now()
    announce(world, repository, pull, review, comments)


def create_comment(world: World, repository: Repository, pull: Pull, author: Author, fields: Json) -> ReviewComment:
    """Make a single comment, which brings a review of its own."""
    _unlocked(repository, pull, author)
    body = text_of(fields, "body")
    _valid(world, body, "PullRequestReviewComment")
    commit = _commit(world, repository, pull, text_of(fields, "commit_id"), in_review=False)
    spot = find_spot(world.files(repository, pull, commit), fields, in_review=False)
    review = _add_review(world, pull, author, commit)
    comment = _add_comment(world, pull, author, review, spot, body)
    _move_from(world, repository, pull, commit)
    announce(world, repository, pull, review, [comment])
    return comment


def create_reply(
    world: World, repository: Repository, pull: Pull, author: Author, parent: ReviewComment, body: str
) -> ReviewComment:
    """Answer a top-level comment; raises Refused for one that is a reply itself."""
    _unlocked(repository, pull, author)
    if parent.reply_to is not None:
        raise invalid("PullRequestReviewComment", "in_reply_to", "in_reply_to must be a top-level comment")
    _valid(world, body, "PullRequestReviewComment")
    review = _add_review(world, pull, author, pull.head_sha)
    now = world.clock.now()
    reply = replace(
        parent,
        id=world.state.next_id(),
        review=review.id,
        user=author.login,
        body=body,
        created_at=now,
        updated_at=now,
        reply_to=parent.id,
        app=author.app,
        request=author.request,
        minimized=None,
        reactions=[],
    )
    pull.comments[reply.id] = reply
    announce(world, repository, pull, review, [reply])
    return reply


def create_remark(world: World, repository: Repository, pull: Pull, author: Author, body: str) -> IssueComment:
    """Make a comment in the conversation."""
    _unlocked(repository, pull, author)
    _valid(world, body, "IssueComment")
    now = world.clock.now()
    comment = IssueComment(
        id=world.state.next_id(),
        user=author.login,
        body=body,
        created_at=now,
        updated_at=now,
        app=author.app,
        request=author.request,
    )
    pull.conversation[comment.id] = comment
    announce_remark(world, repository, pull, comment, "created", author.login)
    return comment


def edit(world: World, comment: ReviewComment | IssueComment | Review, body: str) -> None:
    """Change the text of a comment, or of a review, which may have none."""
    if isinstance(comment, Review):
        _short(world, body, "PullRequestReview")
        comment.body = body
        return
    resource = "IssueComment" if isinstance(comment, IssueComment) else "PullRequestReviewComment"
    _valid(world, body, resource)
    comment.body, comment.updated_at = body, world.clock.now()


def delete_comment(pull: Pull, comment: ReviewComment) -> None:
    """Remove a comment; its replies stay, and its thread goes with the last of them."""
    del pull.comments[comment.id]
    root = comment.reply_to or comment.id
    if not any(one.id == root or one.reply_to == root for one in pull.comments.values()):
        pull.threads.pop(root, None)
    if not any(one.review == comment.review for one in pull.comments.values()):
        review = pull.reviews.get(comment.review)
        if review is not None and not review.body and review.state == "COMMENTED":
            del pull.reviews[review.id]


def require_change(repository: Repository, author: Author, writer: str) -> None:
    """Raise Refused unless someone may change what `writer` wrote: the writer, and people with write access."""
    is_committer = author.app is None and is_at_least(level_on(repository, author.login), "write")
    if author.login != writer and not is_committer:
        raise forbidden()


def find_comment(repository: Repository, comment: int) -> tuple[Pull, ReviewComment]:
    """Return a review comment with its pull request; raises Refused where there is none."""
    for pull in repository.pulls.values():
        if comment in pull.comments:
            return pull, pull.comments[comment]
    raise not_found()


def find_remark(repository: Repository, comment: int) -> tuple[Pull, IssueComment]:
    """Return a comment of a conversation with its pull request; raises Refused where there is none."""
    for pull in repository.pulls.values():
        if comment in pull.conversation:
            return pull, pull.conversation[comment]
    raise not_found()


def announce(
    world: World, repository: Repository, pull: Pull, review: Review, comments: Sequence[ReviewComment]
) -> None:
    """Tell the Apps of a submitted review and of each of its comments."""
    about: Json = {"pull_request": simple_pull_json(world, repository, pull)}
    shown = review_json(world, repository, pull, review) | {"state": review.state.lower()}
    world.hooks.emit("pull_request_review", "submitted", repository, review.user, about | {"review": shown})
    for one in comments:
        extra = about | {"comment": review_comment_json(world, repository, pull, one)}
        world.hooks.emit("pull_request_review_comment", "created", repository, review.user, extra)


def announce_remark(
    world: World, repository: Repository, pull: Pull, comment: IssueComment, action: str, sender: str
) -> None:
    """Tell the Apps what became of a comment in the conversation."""
    extra: Json = {
        "issue": issue_json(world, repository, pull),
        "comment": issue_comment_json(world, repository, pull, comment),
    }
    world.hooks.emit("issue_comment", action, repository, sender, extra)


def announce_thread(world: World, repository: Repository, pull: Pull, thread: Thread, action: str, sender: str) -> None:
    """Tell the Apps that a thread was resolved or opened again."""
    comments = [one for one in pull.comments.values() if thread.id in (one.id, one.reply_to)]
    extra: Json = {
        "pull_request": simple_pull_json(world, repository, pull),
        "thread": {
            "node_id": f"PRRT_{thread.id}",
            "comments": [review_comment_json(world, repository, pull, one) for one in comments],
        },
    }
    world.hooks.emit("pull_request_review_thread", action, repository, sender, extra)


def _add_review(
    world: World, pull: Pull, author: Author, commit: str, event: str = "COMMENT", body: str = ""
) -> Review:
    review = Review(
        id=world.state.next_id(),
        user=author.login,
        state=_STATES[event] if event else "PENDING",
        body=body,
        commit=commit,
        submitted_at=world.clock.now() if event else None,
        app=author.app,
        request=author.request,
    )
    pull.reviews[review.id] = review
    return review


def _add_comment(world: World, pull: Pull, author: Author, review: Review, spot: Spot, body: str) -> ReviewComment:
    now = world.clock.now()
    last = spot.last
    line = last.number(spot.side) if last else None
    start = spot.first.number(spot.start_side or spot.side) if spot.first else None
    comment = ReviewComment(
        id=world.state.next_id(),
        review=review.id,
        user=author.login,
        body=body,
        path=spot.path,
        commit=review.commit,
        original_commit=review.commit,
        created_at=now,
        updated_at=now,
        subject_type="line" if last else "file",
        side=spot.side,
        line=line,
        original_line=line,
        start_side=spot.start_side,
        start_line=start,
        original_start_line=start,
        position=last.position if last else None,
        original_position=last.position if last else None,
        diff_hunk=spot.file.excerpt(last) if last else "",
        app=author.app,
        request=author.request,
    )
    pull.comments[comment.id] = comment
    pull.threads[comment.id] = Thread(id=comment.id)
    return comment


def _move_from(world: World, repository: Repository, pull: Pull, commit: str) -> None:
    if commit != pull.head_sha:
        outdating.move_comments(world, repository, pull)


def _event_allowed(pull: Pull, author: Author, event: str, body: str, has_comments: bool) -> None:
    if event and event not in _STATES:
        raise Refused(422, f"Variable $event of type PullRequestReviewEvent was provided invalid value {event}")
    if event in ("APPROVE", "REQUEST_CHANGES") and author.login == pull.author:
        raise unprocessable(
            f"Can not {event.lower().replace('_', ' ')} your own pull request".replace(
                "request changes", "request changes on"
            )
        )
    if not body.strip() and (event == "REQUEST_CHANGES" or (event == "COMMENT" and not has_comments)):
        raise unprocessable("Body can't be blank")


def _commit(world: World, repository: Repository, pull: Pull, wanted: str, *, in_review: bool) -> str:
    if not wanted:
        if in_review:
            return pull.head_sha
        words = 'Invalid request.\n\n"commit_id" wasn\'t supplied.'
        raise Refused(422, words)
    if wanted == pull.head_sha or wanted in world.commits(repository, pull):
        return wanted
    if in_review:
        known = bare_git.resolve(world.path(repository), wanted)
        words = "is not part of the pull request" if known else "could not be found"
        raise unprocessable(f"Commit {words}")
    raise invalid("PullRequestReviewComment", "commit_id", "commit_id is not part of the pull request")


def _unlocked(repository: Repository, pull: Pull, author: Author) -> None:
    if pull.is_locked and (author.app is not None or not is_at_least(level_on(repository, author.login), "write")):
        raise Refused(403, "Unable to create comment because issue is locked.")


def _valid(world: World, body: str, resource: str) -> None:
    if not body.strip():
        raise Refused(422, "Validation Failed", [{"resource": resource, "code": "missing_field", "field": "body"}])
    _short(world, body, resource)


def _short(world: World, body: str, resource: str) -> None:
    limit = world.limits.body_characters
    if len(body) <= limit:
        return
    words = f"Body is too long (maximum is {limit} characters)"
    if resource == "PullRequestReview":
        raise unprocessable(words)
    raise invalid(resource, "data", words, code="unprocessable")
