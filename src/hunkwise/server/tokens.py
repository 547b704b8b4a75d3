"""The App's key and what is made with it: short-lived tokens for one repository. The key is nowhere else."""

import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx

from hunkwise.core.errors import UsageError
from hunkwise.github.address import api_url
from hunkwise.github.refusals import refusal
from hunkwise.github.tokens import Token
from hunkwise.plugins.github.port import AskLater, GitHubError
from hunkwise.server.work import TryAgain

READING: Mapping[str, str] = {"contents": "read", "metadata": "read", "pull_requests": "read"}
POSTING: Mapping[str, str] = {"checks": "write", "contents": "read", "metadata": "read", "pull_requests": "write"}
BACKDATED = 60
"""Seconds that a JWT claims to be older, for clocks that differ."""
VALID = 540
"""Seconds that a JWT is good for; GitHub takes ten minutes at most."""
SKEW = 30
"""Seconds by which the clocks may differ before the server's is believed."""
DEADLINE = 30.0
PAGES = 50


class Tokens:
    """Speaks to GitHub as the App itself. Thread-safe; a context manager."""

    def __init__(self, app_id: int, key_file: Path, server: str, *, clock: Callable[[], float] = time.time) -> None:
        self._app_id, self._key, self._clock = app_id, _key(key_file), clock
        self._offset = 0.0
        self._client = httpx.Client(
            base_url=api_url(server),
            timeout=DEADLINE,
            follow_redirects=False,
            headers={"Accept": "application/vnd.github+json", "User-Agent": "hunkwise"},
        )
        self.slug = ""

    def __enter__(self) -> "Tokens":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def check(self) -> str:
        """Return the App's name at GitHub, which proves that key and number belong together."""
        self.slug = str(self.ask("GET", "/app", asked="asking for the App").get("slug", ""))
        return self.slug

    def make(self, installation: int, repository: str, permissions: Mapping[str, str]) -> Token:
        """Return a new token for one repository with these permissions, or with those of them that were granted.

        Raises GitHubError where the installation or the repository is not there (any more).
        """
        path = f"/app/installations/{installation}/access_tokens"
        body = {"repositories": [repository.partition("/")[2]], "permissions": dict(permissions)}
        asked = f"a token for {repository}"
        try:
            made = self.ask("POST", path, body, asked=asked)
        except GitHubError as error:
            if "permission" not in str(error) or "checks" not in permissions:
                raise
            # the owner granted no check runs, without which a review is posted all the same
            fewer = {name: level for name, level in permissions.items() if name != "checks"}
            made = self.ask("POST", path, {**body, "permissions": fewer}, asked=asked)
        value = made.get("token") if isinstance(made, dict) else None
        if not isinstance(value, str) or not value:
            raise TryAgain(f"GitHub gave no token for {repository}")
        return Token(value=value, origin="the App", account=f"{self.slug}[bot]" if self.slug else "")

    def repositories(self, installation: int) -> tuple[str, ...]:
        """Return the full names of the repositories that an installation covers."""
        path = f"/app/installations/{installation}/access_tokens"
        made = self.ask("POST", path, {"permissions": {"metadata": "read"}}, asked="a token to list repositories")
        found = self._all(
            "/installation/repositories", f"token {made['token']}", "listing repositories", "repositories"
        )
        return tuple(str(one.get("full_name")) for one in found if isinstance(one, dict) and not one.get("archived"))

    def ask(self, verb: str, path: str, body: object = None, *, asked: str) -> Any:
        """Return what GitHub answers to the App. Making a token twice does no harm, so that all may be asked again."""
        response = self._send(verb, path, body, asked, f"Bearer {self._jwt()}")
        if response.status_code == 401 and self._learn_clock(response):
            response = self._send(verb, path, body, asked, f"Bearer {self._jwt()}")
        return self._value(response, asked)

    def ask_all(self, path: str, *, asked: str) -> list[Any]:
        """Return the items of all pages of a list."""
        return self._all(path, f"Bearer {self._jwt()}", asked, "")

    def _all(self, path: str, authorization: str, asked: str, key: str) -> list[Any]:
        items: list[Any] = []
        following = f"{path}?per_page=100"
        for _ in range(PAGES):
            response = self._send("GET", following, None, asked, authorization)
            value = self._value(response, asked)
            found = value.get(key) if key and isinstance(value, dict) else value
            items += found if isinstance(found, list) else []
            following = response.links.get("next", {}).get("url", "")
            # a page elsewhere is not GitHub's, and must not see who we are
            if not following or httpx.URL(following).host != self._client.base_url.host:
                break
        return items

    def _value(self, response: httpx.Response, asked: str) -> Any:
        if response.status_code >= 500:
            raise TryAgain(f"{asked}: GitHub answered {response.status_code}")
        if response.status_code >= 300:
            raise refusal(response.status_code, response.headers, response.text, asked=asked, needs="App")
        try:
            return response.json() if response.content else None
        except ValueError as error:
            raise TryAgain(f"{asked}: GitHub's answer is no JSON") from error

    def _send(self, verb: str, path: str, body: object, asked: str, authorization: str) -> httpx.Response:
        try:
            return self._client.request(verb, path, json=body, headers={"Authorization": authorization})
        except httpx.HTTPError as error:
            raise AskLater(f"{asked}: GitHub cannot be asked now ({type(error).__name__})", 15.0) from error

    def _jwt(self) -> str:
        import jwt

        now = int(self._clock() + self._offset)
        claims = {"iat": now - BACKDATED, "exp": now + VALID - BACKDATED, "iss": str(self._app_id)}
        return jwt.encode(claims, self._key, algorithm="RS256")

    def _learn_clock(self, response: httpx.Response) -> bool:
        """Return whether our clock differs from the server's, which is believed from now on."""
        try:
            theirs = parsedate_to_datetime(response.headers.get("date", "")).timestamp()
        except ValueError:
            return False
        offset = theirs - self._clock()
        if abs(offset - self._offset) < SKEW:
            return False
        self._offset = offset
        return True


def _key(file: Path) -> Any:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    wrong = f"{file} is no private key of a GitHub App; the App's settings make one (PEM, RSA)"
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise UsageError(wrong) from error
    if not isinstance(key, RSAPrivateKey):
        raise UsageError(wrong)
    return key
