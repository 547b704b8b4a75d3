"""The address of a model server, as the user wrote it."""

from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from hunkwise.core.errors import ModelError

KEY_VARIABLE = "HUNKWISE_API_KEY"
"""The one place that an API key is taken from."""


class Address(NamedTuple):
    """Where a server listens: `base` ends before `/chat/completions`, `root` before `/v1`; `model` may be empty."""

    base: str
    root: str
    model: str
    is_encrypted: bool
    is_loopback: bool


def parse_address(reference: str) -> Address | None:
    """Return the address that `http://host:port/v1#model` means, or None where the reference is no URL of a server.

    Raises ModelError for a URL that cannot be used; it never repeats a password.
    """
    if not reference.lower().startswith(("http://", "https://")):
        return None
    bare, _, model = reference.strip().partition("#")
    try:
        parts = urlsplit(bare)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ModelError(f"the address of the model server cannot be read: {_words(error, bare)}") from None
    if "@" in parts.netloc:
        raise ModelError(
            f"the address of the model server {host!r} has a name or password in it, which would end up in logs; "
            f"leave it out and set {KEY_VARIABLE}"
        )
    if not host or parts.query or any(character.isspace() or not character.isprintable() for character in bare):
        raise ModelError(f"{bare!r} is no address of a model server; write it like http://127.0.0.1:8000/v1#model")
    shown = f"[{host}]" if ":" in host else host
    path = parts.path.rstrip("/")
    scheme = parts.scheme.lower()
    origin = f"{scheme}://{shown}" + (f":{port}" if port is not None else "")
    return Address(
        base=origin + path,
        root=origin + path.removesuffix("/v1"),
        model=model.strip(),
        is_encrypted=scheme == "https",
        is_loopback=_is_loopback(host),
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _words(error: ValueError, url: str) -> str:
    return "it has a name or password in it" if "@" in url else str(error)
