"""Reviews over REST."""

from hunkwise.testing.github.answers import Answer, forbidden, not_found, text_of, unprocessable
from hunkwise.testing.github.asked import Call, author_of, pull_of
from hunkwise.testing.github.comment_json import review_comment_json, review_json
from hunkwise.testing.github.reviewing import create_review, edit, require_change, submit_review
from hunkwise.testing.github.routes import route
from hunkwise.testing.github.state import Pull, Repository, Review

_REVIEWS = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews"
_REVIEW = f"{_REVIEWS}/{{review_id}}"


@route("GET", _REVIEWS, needs="pull_requests:read")
def list_reviews(call: Call) -> Answer:
    """List them, oldest first; a pending one only for its writer."""
    repository, pull = pull_of(call)
    found = [one for one in pull.reviews.values() if one.state != "PENDING" or one.user == call.actor.login]
    return call.page(found, lambda one: review_json(call.world, repository, pull, one))


@route("POST", _REVIEWS, needs="pull_requests:write")
def post_review(call: Call) -> Answer:
    """Make one with its comments, all or none."""
    repository, pull = pull_of(call)
    review = create_review(call.world, repository, pull, author_of(call), call.fields())
    return Answer(body=review_json(call.world, repository, pull, review))


@route("GET", _REVIEW, needs="pull_requests:read")
def get_review(call: Call) -> Answer:
    """Give one."""
    repository, pull, review = _review_of(call)
    return Answer(body=review_json(call.world, repository, pull, review))


@route("PUT", _REVIEW, needs="pull_requests:write")
def update_review(call: Call) -> Answer:
    """Change the body of one."""
    repository, pull, review = _review_of(call)
    require_change(repository, author_of(call), review.user)
    edit(call.world, review, text_of(call.fields(), "body"))
    return Answer(body=review_json(call.world, repository, pull, review))


@route("DELETE", _REVIEW, needs="pull_requests:write")
def delete_review(call: Call) -> Answer:
    """Delete a pending one, with its comments."""
    repository, pull, review = _review_of(call)
    if review.user != call.actor.login:
        raise forbidden()
    if review.state != "PENDING":
        raise unprocessable("Can not delete a non-pending pull request review")
    shown = review_json(call.world, repository, pull, review)
    for comment in [one for one in pull.comments.values() if one.review == review.id]:
        del pull.comments[comment.id]
        pull.threads.pop(comment.id, None)
    del pull.reviews[review.id]
    return Answer(body=shown)


@route("POST", f"{_REVIEW}/events", needs="pull_requests:write")
def post_event(call: Call) -> Answer:
    """Submit a pending one."""
    repository, pull, review = _review_of(call)
    if review.user != call.actor.login:
        raise forbidden()
    fields = call.fields()
    event, body = text_of(fields, "event"), text_of(fields, "body")
    submit_review(call.world, repository, pull, author_of(call), review, event, body)
    return Answer(body=review_json(call.world, repository, pull, review))


@route("PUT", f"{_REVIEW}/dismissals", needs="pull_requests:write")
def dismiss(call: Call) -> Answer:
    """Dismiss an approval or a request for changes."""
    repository, pull, review = _review_of(call)
    text = text_of(call.fields(), "message")
    if review.state not in ("APPROVED", "CHANGES_REQUESTED"):
        raise unprocessable(f"Can not dismiss a {review.state.lower()} pull request review")
    if not text:
        raise unprocessable("Message can't be blank")
    review.state = "DISMISSED"
    return Answer(body=review_json(call.world, repository, pull, review))


@route("GET", f"{_REVIEW}/comments", needs="pull_requests:read")
def list_comments(call: Call) -> Answer:
    """List the comments of one."""
    repository, pull, review = _review_of(call)
    found = [one for one in pull.comments.values() if one.review == review.id]
    return call.page(found, lambda one: review_comment_json(call.world, repository, pull, one))


def _review_of(call: Call) -> tuple[Repository, Pull, Review]:
    repository, pull = pull_of(call)
    review = pull.reviews.get(call.integer("review_id"))
    if review is None or (review.state == "PENDING" and review.user != call.actor.login):
        raise not_found()
    return repository, pull, review
