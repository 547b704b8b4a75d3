"""Apps, installations and their tokens as GitHub writes them."""

from hunkwise.testing.github.clock import stamp, stamp_or_none
from hunkwise.testing.github.repository_json import repository_json, user_json
from hunkwise.testing.github.state import App, Installation, Json, Token
from hunkwise.testing.github.world import World


def app_json(world: World, app: App) -> Json:
    """Return an App."""
    return {
        "id": app.id,
        "slug": app.slug,
        "node_id": f"A_{app.id}",
        "client_id": app.client_id,
        "owner": user_json(world, app.owner),
        "name": app.name,
        "description": "",
        "external_url": f"{world.url}/apps/{app.slug}",
        "html_url": f"{world.url}/github-apps/{app.slug}",
        "created_at": stamp(app.created_at),
        "updated_at": stamp(app.created_at),
        "permissions": dict(app.permissions),
        "events": list(app.events),
    }


def maybe_app_json(world: World, app: int | None) -> Json | None:
    """Return the App that did something, None for a person."""
    found = world.state.apps.get(app or 0)
    return None if found is None else app_json(world, found)


def installation_json(world: World, installation: Installation) -> Json:
    """Return an installation."""
    app = world.state.apps[installation.app]
    account = world.account(installation.account)
    url = f"{world.api}/app/installations/{installation.id}"
    return {
        "id": installation.id,
        "client_id": app.client_id,
        "account": user_json(world, installation.account),
        "repository_selection": "all" if installation.repositories is None else "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{world.api}/installation/repositories",
        "html_url": f"{world.url}/settings/installations/{installation.id}",
        "app_id": app.id,
        "app_slug": app.slug,
        "target_id": account.id,
        "target_type": account.type,
        "permissions": dict(installation.permissions),
        "events": list(app.events),
        "created_at": stamp(installation.created_at),
        "updated_at": stamp(installation.created_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": None,
        "suspended_at": stamp_or_none(installation.suspended_at),
    }


def token_json(world: World, token: Token) -> Json:
    """Return a new installation token; the repositories only where it was narrowed to some."""
    found: Json = {
        "token": token.value,
        "expires_at": stamp(token.expires_at or 0),
        "permissions": dict(token.permissions),
        "repository_selection": "all" if token.repositories is None else "selected",
    }
    if token.repositories is not None:
        known = world.state.repositories
        found["repositories"] = [repository_json(world, known[id]) for id in token.repositories]
    return found
