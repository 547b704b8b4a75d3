"""New Apps with keys of their own."""

import secrets
from collections.abc import Sequence
from functools import cache

from hunkwise.testing.github.state import App, Permissions
from hunkwise.testing.github.world import World


def new_app(
    world: World,
    *,
    slug: str,
    owner: str,
    permissions: Permissions,
    events: Sequence[str],
    name: str = "",
    hook_url: str | None = None,
    webhook_secret: str = "",
) -> App:
    """Register an App, with its bot's account."""
    private, public = _pair(len(world.state.apps) % 2)
    app = App(
        id=world.state.next_id(),
        slug=slug,
        name=name or slug,
        owner=owner,
        private_key=private,
        public_key=public,
        webhook_secret=webhook_secret or secrets.token_hex(20),
        created_at=world.clock.now(),
        hook_url=hook_url,
        permissions=dict(permissions),
        events=list(events),
    )
    world.state.apps[app.id] = app
    world.account(app.bot)
    world.account(owner)
    return app


@cache
def _pair(number: int) -> tuple[str, str]:
    """Return one of two RSA keys of this process, private and public: making one takes longer than most tests."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()
