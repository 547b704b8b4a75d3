"""Who asks, and what they may: App JWTs, installation tokens, user tokens, levels on a repository."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from hunkwise.testing.github.answers import Refused, forbidden, not_found
from hunkwise.testing.github.state import App, Installation, Permissions, Repository, Token
from hunkwise.testing.github.world import World

LEVELS = ("none", "read", "triage", "write", "maintain", "admin")
TOKEN_SECONDS = 3600
_LONGEST_JWT = 600
_RANKS = {"": 0, "read": 1, "write": 2, "admin": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks: an App by its JWT, the bearer of a token, or nobody."""

    login: str | None = None
    app: App | None = None
    token: Token | None = None

    @property
    def is_app(self) -> bool:
        return self.app is not None and self.token is None

    @property
    def app_id(self) -> int | None:
        return self.app.id if self.app else None

    @property
    def key(self) -> str:
        """Return what rate limits go by."""
        if self.token is None:
            return f"app {self.app_id}" if self.is_app else "nobody"
        return f"installation {self.token.installation}" if self.token.app else f"user {self.login}"


def authenticate(world: World, headers: Mapping[str, str]) -> Actor:
    """Return who a request is from; raises Refused for credentials that are no good."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if not scheme:
        return Actor()
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            raise Refused(401, "Bad credentials") from None
    elif scheme.lower() not in ("bearer", "token"):
        raise Refused(401, "Bad credentials")
    if value.startswith("eyJ") and value.count(".") == 2:
        return Actor(app=verify_jwt(world, value))
    return _bearer(world, value)


def verify_jwt(world: World, value: str) -> App:
    """Return the App that signed a JWT; raises Refused as GitHub does for one that is wrong, old or too far ahead."""
    import jwt

    now = world.clock.now()
    try:
        claims = jwt.decode(value, options={"verify_signature": False})
        app = next(one for one in world.state.apps.values() if str(claims.get("iss")) in (str(one.id), one.client_id))
        options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
        jwt.decode(value, app.public_key, algorithms=["RS256"], options=options)  # type: ignore[arg-type]
    except (jwt.PyJWTError, StopIteration):
        raise Refused(401, "A JSON web token could not be decoded") from None
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or issued > now + 1:
        words = "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
        raise Refused(401, words)
    if not isinstance(expires, int) or expires <= now:
        words = "'Expiration time' claim ('exp') must be a numeric value representing the future time at which"
        raise Refused(401, f"{words} the assertion expires")
    if expires > now + _LONGEST_JWT + 5:
        raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")
    return app


def mint(
    world: World,
    *,
    login: str,
    app: App | None = None,
    installation: int | None = None,
    repositories: list[int] | None = None,
    permissions: Permissions | None = None,
    seconds: float | None = None,
) -> Token:
    """Make a token: of an installation, as long and dotted as GitHub's newer ones are, or of a user."""
    number = world.state.next_id()
    if app is None:
        digest = hashlib.sha256(f"{login} {number}".encode()).hexdigest()
        value = f"ghp_{digest[:36]}"
    else:
        value = f"ghs_{app.id}_{_like_jwt(app, number)}"
    token = Token(
        value=value,
        login=login,
        app=app.id if app else None,
        installation=installation,
        repositories=repositories,
        permissions=dict(permissions or {}),
        expires_at=None if seconds is None else world.clock.now() + seconds,
    )
    world.state.tokens[value] = token
    return token


def level_on(repository: Repository, login: str | None) -> str:
    """Return a user's permission level on a repository."""
    if login is not None and login == repository.owner:
        return "admin"
    found = repository.collaborators.get(login or "", "none")
    return "read" if found == "none" and not repository.is_private else found


def is_at_least(level: str, wanted: str) -> bool:
    """Say whether a permission level includes another."""
    return LEVELS.index(level) >= LEVELS.index(wanted)


def require(world: World, actor: Actor, needs: str, repository: Repository | None) -> None:
    """Raise Refused unless the actor may do what needs a permission, on a repository where there is one."""
    if needs == "app":
        if not actor.is_app:
            raise Refused(401, "A JSON web token could not be decoded")
        return
    if actor.is_app:
        raise Refused(401, "Requires authentication" if repository is None else "Bad credentials")
    if repository is None:
        if needs and actor.token is None:
            raise Refused(401, "Requires authentication")
        return
    if not sees(world, actor, repository):
        raise not_found()
    names, _, level = needs.partition(":")
    if not names:
        return
    if actor.token is None:
        if level != "read":
            raise Refused(401, "Requires authentication")
    elif actor.token.app is not None:
        if level == "read" and not repository.is_private:
            return
        if not any(grants(actor.token.permissions, name, level) for name in names.split("|")):
            raise forbidden()


def grants(permissions: Permissions, name: str, level: str) -> bool:
    """Say whether permissions include one at a level."""
    return name == "metadata" or _RANKS[permissions.get(name, "")] >= _RANKS[level]


def sees(world: World, actor: Actor, repository: Repository) -> bool:
    """Say whether a repository exists for someone."""
    if repository.is_deleted:
        return False
    token = actor.token
    if token is None:
        return not repository.is_private
    if token.app is None:
        return level_on(repository, token.login) != "none"
    if token.repositories is not None and repository.id not in token.repositories:
        return not repository.is_private
    installation = world.state.installations.get(token.installation or 0)
    inside = installation is not None and reaches(installation, repository)
    return inside or not repository.is_private


def reaches(installation: Installation, repository: Repository) -> bool:
    """Say whether an installation covers a repository."""
    if installation.account != repository.owner or repository.is_deleted:
        return False
    return installation.repositories is None or repository.id in installation.repositories


def _bearer(world: World, value: str) -> Actor:
    token = world.state.tokens.get(value)
    expired = token is not None and token.expires_at is not None and token.expires_at <= world.clock.now()
    if token is None or token.is_revoked or expired:
        raise Refused(401, "Bad credentials")
    app = world.state.apps.get(token.app) if token.app is not None else None
    installation = world.state.installations.get(token.installation or 0)
    if token.app is not None and installation is None:
        raise Refused(401, "Bad credentials")
    if installation is not None and installation.suspended_at is not None:
        raise Refused(403, "This installation has been suspended")
    return Actor(login=token.login, app=app, token=token)


def _like_jwt(app: App, number: int) -> str:
    header = _base64(json.dumps({"alg": "RS256", "typ": "JWT"}).encode())
    claims = _base64(json.dumps({"iss": str(app.id), "jti": hashlib.sha256(b"%d" % number).hexdigest()}).encode())
    blocks = (hashlib.sha512(f"{app.webhook_secret} {number} {index}".encode()).digest() for index in range(4))
    return f"{header}.{claims}.{_base64(b''.join(blocks))}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
