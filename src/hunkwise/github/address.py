"""Where a pull request lives: its own address, that of the server's API, and that of the repository for git."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from hunkwise.core.errors import UsageError
from hunkwise.core.text import printable
from hunkwise.plugins.github.port import Target

PUBLIC = "https://github.com"
SHORT = re.compile(r"([A-Za-z0-9_-]{1,100})/([A-Za-z0-9._-]{1,100})#([1-9][0-9]{0,9})")
PATH = re.compile(r"/([A-Za-z0-9_-]{1,100})/([A-Za-z0-9._-]{1,100})/pull/([1-9][0-9]{0,9})(?:/.*)?")
HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]")
EXAMPLE = "such as https://github.com/owner/name/pull/7"


def parse_target(text: str) -> Target:
    """Return the pull request that an address names: its URL, or `owner/name#7` for one on github.com.

    Raises UsageError for any other text; plain http is taken for this machine alone.
    """
    text = text.strip()
    if short := SHORT.fullmatch(text):
        return _target(PUBLIC, *short.groups())
    shown = printable(text[:200])
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{shown!r} is no address of a pull request: {error}") from error
    if parts.username is not None or parts.password is not None:
        raise UsageError("an address of a pull request holds no user and no token: set HUNKWISE_GITHUB_TOKEN instead")
    if parts.scheme not in ("http", "https"):
        raise UsageError(f"{shown!r} is no address of a pull request; give its URL, {EXAMPLE}")
    found = PATH.fullmatch(parts.path)
    if found is None:
        raise UsageError(f"{shown!r} does not name a pull request; copy the URL of its page, {EXAMPLE}")
    return _target(_server(parts.scheme, parts.hostname or "", port, shown), *found.groups())


def parse_server(text: str) -> str:
    """Return a server as scheme and host, such as `https://github.com`; raise UsageError if it is none."""
    shown = printable(text[:200])
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{shown!r} is no address of a server: {error}") from error
    if parts.scheme not in ("http", "https") or parts.username is not None or parts.path not in ("", "/"):
        raise UsageError(f"{shown!r} is no address of a server; give scheme and host, such as {PUBLIC}")
    return _server(parts.scheme, parts.hostname or "", port, shown)


def api_url(server: str) -> str:
    """Return where a server's REST API is: of github.com and ghe.com on a host of its own, else below `/api/v3`."""
    scheme, _, host = server.partition("://")
    if host == "github.com" or host.endswith(".ghe.com"):
        return f"{scheme}://api.{host}"
    return f"{server}/api/v3"


def git_url(server: str, repository: str) -> str:
    """Return what git fetches a repository from."""
    return f"{server}/{repository}.git"


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine by its name or number."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _target(server: str, owner: str, name: str, number: str) -> Target:
    if name in (".", ".."):
        raise UsageError(f"{owner}/{name} is not the name of a repository; give the URL of the pull request, {EXAMPLE}")
    return Target(server=server, repository=f"{owner}/{name}", number=int(number))


def _server(scheme: str, host: str, port: int | None, shown: str) -> str:
    host = f"[{host}]" if ":" in host else host.removeprefix("www.")
    if not HOST.fullmatch(host) or ".." in host:
        raise UsageError(f"{shown!r} has no host that can be asked; give the whole URL, {EXAMPLE}")
    if scheme == "http" and not is_loopback(host):
        raise UsageError(f"{shown!r}: over plain http anyone on the way can read the token; use https://")
    is_default = port in (None, 443 if scheme == "https" else 80)
    return f"{scheme}://{host}" if is_default else f"{scheme}://{host}:{port}"
