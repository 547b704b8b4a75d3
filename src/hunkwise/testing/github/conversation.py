"""Comments in a pull request's conversation over REST."""

from hunkwise.testing.github.answers import Answer, text_of
from hunkwise.testing.github.asked import Call, author_of, pull_of, repository_of
from hunkwise.testing.github.comment_json import issue_comment_json
from hunkwise.testing.github.reviewing import announce_remark, create_remark, edit, find_remark, require_change
from hunkwise.testing.github.routes import route
from hunkwise.testing.github.state import IssueComment, Pull, Repository

_REPO = "/repos/{owner}/{repo}"
_ON_ISSUE = f"{_REPO}/issues/{{issue_number}}/comments"
_COMMENT = f"{_REPO}/issues/comments/{{comment_id}}"
_READ, _WRITE = "issues|pull_requests:read", "issues|pull_requests:write"


@route("GET", f"{_REPO}/issues/comments", needs=_READ)
def list_all(call: Call) -> Answer:
    """List those of all pull requests."""
    repository = repository_of(call)
    pairs = [(pull, one) for pull in repository.pulls.values() for one in pull.conversation.values()]
    return call.page(pairs, lambda pair: issue_comment_json(call.world, repository, *pair))


@route("GET", _ON_ISSUE, needs=_READ)
def list_of_pull(call: Call) -> Answer:
    """List those of a pull request, oldest first."""
    repository, pull = pull_of(call, "issue_number")
    found = list(pull.conversation.values())
    return call.page(found, lambda one: issue_comment_json(call.world, repository, pull, one))


@route("POST", _ON_ISSUE, needs=_WRITE)
def post(call: Call) -> Answer:
    """Make one."""
    repository, pull = pull_of(call, "issue_number")
    comment = create_remark(call.world, repository, pull, author_of(call), text_of(call.fields(), "body"))
    shown = issue_comment_json(call.world, repository, pull, comment)
    return Answer(status=201, body=shown, headers={"Location": str(shown["url"])})


@route("GET", _COMMENT, needs=_READ)
def get(call: Call) -> Answer:
    """Give one."""
    repository = repository_of(call)
    pull, comment = find_remark(repository, call.integer("comment_id"))
    return Answer(body=issue_comment_json(call.world, repository, pull, comment))


@route("PATCH", _COMMENT, needs=_WRITE)
def patch(call: Call) -> Answer:
    """Change the text of one."""
    repository, pull, comment = _own(call)
    edit(call.world, comment, text_of(call.fields(), "body"))
    announce_remark(call.world, repository, pull, comment, "edited", call.actor.login or "")
    return Answer(body=issue_comment_json(call.world, repository, pull, comment))


@route("DELETE", _COMMENT, needs=_WRITE)
def delete(call: Call) -> Answer:
    """Delete one."""
    repository, pull, comment = _own(call)
    announce_remark(call.world, repository, pull, comment, "deleted", call.actor.login or "")
    del pull.conversation[comment.id]
    return Answer(status=204)


def _own(call: Call) -> tuple[Repository, Pull, IssueComment]:
    repository = repository_of(call)
    pull, comment = find_remark(repository, call.integer("comment_id"))
    require_change(repository, author_of(call), comment.user)
    return repository, pull, comment
