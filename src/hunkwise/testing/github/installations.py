"""What a token's bearer asks about itself over REST: its repositories, its limits, its end."""

from hunkwise.testing.github.access import reaches
from hunkwise.testing.github.answers import Answer, forbidden
from hunkwise.testing.github.asked import Call
from hunkwise.testing.github.repository_json import repository_json, user_json
from hunkwise.testing.github.routes import route


@route("GET", "/installation/repositories", needs="metadata:read")
def list_repositories(call: Call) -> Answer:
    """List the repositories that an installation token reaches."""
    token = call.actor.token
    if token is None or token.app is None:
        raise forbidden()
    installation = call.world.state.installations[token.installation or 0]
    found = [
        one
        for one in call.world.state.repositories.values()
        if reaches(installation, one)
        if token.repositories is None or one.id in token.repositories
    ]
    part, headers = call.slice(found)
    body = {
        "total_count": len(found),
        "repository_selection": "all" if token.repositories is None else "selected",
        "repositories": [repository_json(call.world, one, call.actor.login) for one in part],
    }
    return Answer(body=body, headers=headers)


@route("DELETE", "/installation/token", needs="metadata:read")
def revoke(call: Call) -> Answer:
    """End the token that asks."""
    if call.actor.token is not None:
        call.actor.token.is_revoked = True
    return Answer(status=204)


@route("GET", "/user", needs="metadata:read")
def get_user(call: Call) -> Answer:
    """Give the user whose token asks; an installation is none."""
    if call.actor.token is None or call.actor.token.app is not None:
        raise forbidden()
    login = call.actor.login or ""
    extra = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    empty = dict.fromkeys(("name", "company", "blog", "location", "email", "hireable", "bio"), None)
    when = {"created_at": "2020-01-01T00:00:00Z", "updated_at": "2020-01-01T00:00:00Z"}
    return Answer(body=user_json(call.world, login) | extra | empty | when)


@route("GET", "/rate_limit")
def rate_limit(call: Call) -> Answer:
    """Give what is left of the hour."""
    core = call.world.rates.left(call.actor.key)
    search = {"limit": 30, "used": 0, "remaining": 30, "reset": core["reset"]}
    return Answer(body={"resources": {"core": core, "search": search, "graphql": core}, "rate": core})
