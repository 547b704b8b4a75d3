"""An App about itself over REST: who it is, where it is installed, its tokens, its birth from a manifest."""

import secrets

from hunkwise.testing.github.access import TOKEN_SECONDS, grants, mint, reaches
from hunkwise.testing.github.answers import Answer, Refused, not_found
from hunkwise.testing.github.app_json import app_json, installation_json, token_json
from hunkwise.testing.github.asked import Call, app_of, repository_of
from hunkwise.testing.github.keys import new_app
from hunkwise.testing.github.routes import route
from hunkwise.testing.github.state import Installation, Json, Permissions


@route("GET", "/app", needs="app")
def get_app(call: Call) -> Answer:
    """Give the App that asks."""
    return Answer(body=app_json(call.world, app_of(call)))


@route("GET", "/app/installations", needs="app")
def list_installations(call: Call) -> Answer:
    """List where it is installed."""
    found = [one for one in call.world.state.installations.values() if one.app == app_of(call).id]
    return call.page(found, lambda one: installation_json(call.world, one))


@route("GET", "/repos/{owner}/{repo}/installation", needs="app")
def get_repository_installation(call: Call) -> Answer:
    """Give its installation on a repository."""
    repository = repository_of(call)
    for one in call.world.state.installations.values():
        if one.app == app_of(call).id and reaches(one, repository):
            return Answer(body=installation_json(call.world, one))
    raise not_found()


@route("POST", "/app/installations/{installation_id}/access_tokens", needs="app")
def post_token(call: Call) -> Answer:
    """Make a token, for all of the installation or for less."""
    installation = _installation(call)
    if installation.suspended_at is not None:
        raise Refused(403, "This installation has been suspended")
    fields = call.fields()
    token = mint(
        call.world,
        login=app_of(call).bot,
        app=app_of(call),
        installation=installation.id,
        repositories=_narrowed(call, installation, fields),
        permissions=_permissions(installation, fields),
        seconds=TOKEN_SECONDS,
    )
    return Answer(status=201, body=token_json(call.world, token))


@route("POST", "/app-manifests/{code}/conversions")
def convert(call: Call) -> Answer:
    """Make the App that a manifest describes, once, and give its secrets."""
    found = call.world.state.manifests.pop(call.parameters["code"], None)
    if found is None:
        raise not_found()
    hook = found.get("hook_attributes")
    permissions, events = found.get("default_permissions"), found.get("default_events")
    app = new_app(
        call.world,
        slug=str(found["name"]).lower().replace(" ", "-"),
        name=str(found["name"]),
        owner=str(found["owner"]),
        permissions={str(key): str(value) for key, value in permissions.items()}
        if isinstance(permissions, dict)
        else {},
        events=[str(one) for one in events] if isinstance(events, list) else [],
        hook_url=str(hook["url"]) if isinstance(hook, dict) else None,
    )
    secret = {
        "client_secret": secrets.token_hex(20),
        "webhook_secret": app.webhook_secret,
        "pem": app.private_key,
    }
    return Answer(status=201, body=app_json(call.world, app) | secret)


def _installation(call: Call) -> Installation:
    found = call.world.state.installations.get(call.integer("installation_id"))
    if found is None or found.app != app_of(call).id:
        raise not_found()
    return found


def _narrowed(call: Call, installation: Installation, fields: Json) -> list[int] | None:
    names, ids = fields.get("repositories"), fields.get("repository_ids")
    if names is None and ids is None:
        return None if installation.repositories is None else list(installation.repositories)
    inside = [one for one in call.world.state.repositories.values() if reaches(installation, one)]
    chosen = [one.id for one in inside if one.id in (ids or ()) or one.name in (names or ())]  # type: ignore[operator]
    if len(chosen) < len(set(names or ()) | set(ids or ())):  # type: ignore[call-overload]
        words = "There is at least one repository that does not exist or is not accessible to the parent installation."
        raise Refused(422, words)
    return chosen


def _permissions(installation: Installation, fields: Json) -> Permissions:
    wanted = fields.get("permissions")
    if not isinstance(wanted, dict):
        return dict(installation.permissions)
    if not all(grants(installation.permissions, name, str(level)) for name, level in wanted.items()):
        raise Refused(422, "The permissions requested are not granted to this installation.")
    return {name: str(level) for name, level in wanted.items()} | {"metadata": "read"}
