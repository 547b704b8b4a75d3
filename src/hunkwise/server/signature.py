"""Whether GitHub signed a delivery."""

import hashlib
import hmac
import re

FORM = re.compile(r"sha256=[0-9a-f]{64}")


def sign(secret: bytes, body: bytes) -> str:
    """Return the value of `X-Hub-Signature-256` for a body."""
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


def is_signed(secret: bytes, body: bytes, signature: str) -> bool:
    """Return whether the signature is that of these very bytes; takes the same time wherever they differ."""
    return hmac.compare_digest(sign(secret, body).encode(), signature.encode("utf-8", "replace"))
