"""Open a pull request with what the environment says about us."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hunkwise.core.errors import UsageError
from hunkwise.github.tokens import Token
from hunkwise.plugins.github.markers import Marks
from hunkwise.plugins.github.port import Target

if TYPE_CHECKING:
    from hunkwise.github.client import PullRequestClient

ACCOUNT_VARIABLE = "HUNKWISE_GITHUB_ACCOUNT"
APP_VARIABLE = "HUNKWISE_GITHUB_APP"
KEY_VARIABLE = "HUNKWISE_MARKER_KEY"
APP = "hunkwise"


@contextmanager
def open_pull_request(target: Target, token: Token | None, environ: Mapping[str, str]) -> "Iterator[PullRequestClient]":
    """Yield the port to a pull request; `HUNKWISE_GITHUB_ACCOUNT` says whose the token is, where GitHub does not."""
    from hunkwise.github.api import Api
    from hunkwise.github.client import PullRequestClient

    account = environ.get(ACCOUNT_VARIABLE, "").strip() or (token.account if token else "")
    with Api(target.server, token) as api:
        yield PullRequestClient(api, target, account=account)


def app_name(environ: Mapping[str, str]) -> str:
    """Return the name that keeps our markers apart from another installation's: `HUNKWISE_GITHUB_APP`, or ours."""
    return environ.get(APP_VARIABLE, "").strip() or APP


def marker_key(environ: Mapping[str, str]) -> bytes:
    """Return what markers are signed with; empty where nothing is set."""
    return environ.get(KEY_VARIABLE, "").encode("utf-8", "surrogateescape")


def reading_marks(target: Target, environ: Mapping[str, str]) -> Marks:
    """Return whose markers are looked for in what our account wrote; without the key, unsigned ones count too."""
    try:
        return Marks(repository=target.repository, number=target.number, app=app_name(environ), key=marker_key(environ))
    except ValueError as error:
        raise UsageError(f"{APP_VARIABLE}: {error}") from error
