"""Review comments over REST: on lines, on files, and replies."""

from hunkwise.testing.github.answers import Answer, not_found, number_of, text_of
from hunkwise.testing.github.asked import Call, author_of, pull_of, repository_of
from hunkwise.testing.github.comment_json import review_comment_json
from hunkwise.testing.github.reviewing import (
    create_comment,
    create_reply,
    delete_comment,
    edit,
    find_comment,
    require_change,
)
from hunkwise.testing.github.routes import route
from hunkwise.testing.github.state import Pull, Repository, ReviewComment

_REPO = "/repos/{owner}/{repo}"
_ON_PULL = f"{_REPO}/pulls/{{pull_number}}/comments"
_COMMENT = f"{_REPO}/pulls/comments/{{comment_id}}"


@route("GET", f"{_REPO}/pulls/comments", needs="pull_requests:read")
def list_all(call: Call) -> Answer:
    """List those of all pull requests."""
    repository = repository_of(call)
    pairs = [(pull, one) for pull in repository.pulls.values() for one in _visible(call, pull)]
    return call.page(pairs, lambda pair: review_comment_json(call.world, repository, *pair))


@route("GET", _ON_PULL, needs="pull_requests:read")
def list_of_pull(call: Call) -> Answer:
    """List those of a pull request, oldest first."""
    repository, pull = pull_of(call)
    found = _visible(call, pull)
    if call.query.get("direction") == "desc":
        found.reverse()
    return call.page(found, lambda one: review_comment_json(call.world, repository, pull, one))


@route("POST", _ON_PULL, needs="pull_requests:write")
def post(call: Call) -> Answer:
    """Make one, or a reply where `in_reply_to` is given."""
    repository, pull = pull_of(call)
    fields = call.fields()
    parent = number_of(fields, "in_reply_to")
    if parent is None:
        comment = create_comment(call.world, repository, pull, author_of(call), fields)
    else:
        comment = create_reply(
            call.world, repository, pull, author_of(call), _parent(pull, parent), text_of(fields, "body")
        )
    return _created(call, pull, comment)


@route("POST", f"{_ON_PULL}/{{comment_id}}/replies", needs="pull_requests:write")
def reply(call: Call) -> Answer:
    """Answer a top-level one."""
    repository, pull = pull_of(call)
    parent = _parent(pull, call.integer("comment_id"))
    body = text_of(call.fields(), "body")
    return _created(call, pull, create_reply(call.world, repository, pull, author_of(call), parent, body))


@route("GET", _COMMENT, needs="pull_requests:read")
def get(call: Call) -> Answer:
    """Give one."""
    repository = repository_of(call)
    pull, comment = find_comment(repository, call.integer("comment_id"))
    return Answer(body=review_comment_json(call.world, repository, pull, comment))


@route("PATCH", _COMMENT, needs="pull_requests:write")
def patch(call: Call) -> Answer:
    """Change the text of one."""
    repository, pull, comment = _own(call)
    edit(call.world, comment, text_of(call.fields(), "body"))
    return Answer(body=review_comment_json(call.world, repository, pull, comment))


@route("DELETE", _COMMENT, needs="pull_requests:write")
def delete(call: Call) -> Answer:
    """Delete one."""
    _, pull, comment = _own(call)
    delete_comment(pull, comment)
    return Answer(status=204)


def _own(call: Call) -> tuple[Repository, Pull, ReviewComment]:
    repository = repository_of(call)
    pull, comment = find_comment(repository, call.integer("comment_id"))
    require_change(repository, author_of(call), comment.user)
    return repository, pull, comment


def _parent(pull: Pull, comment: int) -> ReviewComment:
    found = pull.comments.get(comment)
    if found is None:
        raise not_found()
    return found


def _visible(call: Call, pull: Pull) -> list[ReviewComment]:
    hidden = {one.id for one in pull.reviews.values() if one.state == "PENDING" and one.user != call.actor.login}
    return [one for one in pull.comments.values() if one.review not in hidden]


def _created(call: Call, pull: Pull, comment: ReviewComment) -> Answer:
    shown = review_comment_json(call.world, repository_of(call), pull, comment)
    return Answer(status=201, body=shown, headers={"Location": str(shown["url"])})
