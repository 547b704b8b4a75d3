"""Reactions over REST: under comments of both kinds."""

from hunkwise.testing.github.answers import Answer, Refused, forbidden, invalid, not_found, text_of
from hunkwise.testing.github.asked import Call, repository_of
from hunkwise.testing.github.comment_json import CONTENTS, reaction_json
from hunkwise.testing.github.reviewing import find_comment, find_remark
from hunkwise.testing.github.routes import route
from hunkwise.testing.github.state import Reaction

_REPO = "/repos/{owner}/{repo}"
_REMARK = f"{_REPO}/issues/comments/{{comment_id}}/reactions"
_COMMENT = f"{_REPO}/pulls/comments/{{comment_id}}/reactions"


@route("GET", _REMARK, needs="issues|pull_requests:read")
@route("GET", _COMMENT, needs="pull_requests:read")
def list_reactions(call: Call) -> Answer:
    """List them, oldest first, or those of one content."""
    content = call.query.get("content")
    found = [one for one in _reactions(call) if content in (None, one.content)]
    return call.page(found, lambda one: reaction_json(call.world, one))


@route("POST", _REMARK, needs="issues|pull_requests:write")
@route("POST", _COMMENT, needs="pull_requests:write")
def post_reaction(call: Call) -> Answer:
    """Give one; giving it again changes nothing and says so by 200."""
    content, login = text_of(call.fields(), "content"), call.actor.login or ""
    if content not in CONTENTS:
        raise invalid("Reaction", "content", "content is invalid")
    reactions = _reactions(call)
    for one in reactions:
        if (one.user, one.content) == (login, content):
            return Answer(body=reaction_json(call.world, one))
    if call.actor.token is None:
        raise Refused(401, "Requires authentication")
    number = call.world.state.next_id()
    made = Reaction(id=number, user=login, content=content, created_at=call.world.clock.now())
    reactions.append(made)
    return Answer(status=201, body=reaction_json(call.world, made))


@route("DELETE", f"{_REMARK}/{{reaction_id}}", needs="issues|pull_requests:write")
@route("DELETE", f"{_COMMENT}/{{reaction_id}}", needs="pull_requests:write")
def delete_reaction(call: Call) -> Answer:
    """Take one's own back."""
    reactions, wanted = _reactions(call), call.integer("reaction_id")
    for one in reactions:
        if one.id == wanted:
            if one.user != call.actor.login:
                raise forbidden()
            reactions.remove(one)
            return Answer(status=204)
    raise not_found()


def _reactions(call: Call) -> list[Reaction]:
    repository, comment = repository_of(call), call.integer("comment_id")
    if "/pulls/comments/" in call.path:
        return find_comment(repository, comment)[1].reactions
    return find_remark(repository, comment)[1].reactions
