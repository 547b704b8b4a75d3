"""Who we are on GitHub, and what is by us."""

from collections.abc import Mapping
from typing import Any

from hunkwise.github.api import Api
from hunkwise.github.refusals import Forbidden, NotFound
from hunkwise.github.values import a_map, a_text
from hunkwise.plugins.github.port import GitHubError

BOT = "[bot]"
VIEWER = "query Viewer { viewer { login } }"


def find_account(api: Api) -> str:
    """Return the login that a token acts for: a user's, or an App's with `[bot]` at its end.

    A user's token is asked by REST; one of an App's installation gets no answer there, but by GraphQL.
    """
    try:
        user = a_map(api.read("/user", asked="reading whose token it is"), "the user")
        return a_text(user.get("login"), "login")
    except (Forbidden, NotFound):
        pass
    try:
        viewer = a_map(api.query(VIEWER, {}, asked="reading whose token it is").get("viewer"), "the viewer")
    except (Forbidden, NotFound) as error:
        raise GitHubError(
            f"{error}; say whose it is with HUNKWISE_GITHUB_ACCOUNT, such as github-actions[bot]"
        ) from error
    # only an App's token gets no answer from REST, and GraphQL may leave the mark of a bot out
    return a_text(viewer.get("login"), "login").removesuffix(BOT) + BOT


def is_by(value: Mapping[str, Any], account: str) -> bool:
    """Return whether a review or comment of REST is by an account; bots differ from users of the same name."""
    user = value.get("user")
    return isinstance(user, Mapping) and str(user.get("login", "")).lower() == account.lower()


def is_actor(author: object, account: str) -> bool:
    """Return whether an author of GraphQL is an account: there a bot has its name without `[bot]`."""
    if not isinstance(author, Mapping):
        return False
    login = str(author.get("login", "")).removesuffix(BOT)
    full = login + BOT if author.get("__typename") == "Bot" else login
    return full.lower() == account.lower()
