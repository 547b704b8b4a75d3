"""Tests of the log: JSON lines, and no secret."""

import io
import json
import logging

import pytest

from hunkwise.server.logs import HIDDEN, JsonLines, redact

SECRETS = [
    "ghs_" + "a1B2" * 10,
    "ghs_123456_" + "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjM0NTY3ODkwIn0." + "x" * 300,
    "github_pat_" + "a" * 60,
    "ghp_" + "Z" * 36,
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlc2lnbmF0dXJl",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_hidden(secret: str):
    """Tokens of every form, signed claims and keys do not stand in a text."""
    shown = redact(f"before {secret} after")
    assert shown == f"before {HIDDEN} after"


def test_credentials_in_headers_and_addresses_are_hidden():
    """So are the password of a URL and what a header authorizes with; the words around them stay."""
    assert redact("postgresql://me:hush@db/x") == f"postgresql://{HIDDEN}@db/x"
    assert redact("Authorization: Bearer abcdefghijklmnopqrstuvwxyz") == f"Authorization: Bearer {HIDDEN}"
    assert redact("webhook s3cret!", ("s3cret!",)) == f"webhook {HIDDEN}"


def test_a_record_is_one_line_of_json():
    """With time, level, message, and the ids that it carries; an exception's text is redacted too."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(("hush",)))
    logger = logging.getLogger("test.logs")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        raise ValueError(f"with {SECRETS[0]} and hush\nand more")
    except ValueError:
        logger.exception("it\nfailed", extra={"delivery": "d-1", "job": 7})
    logger.removeHandler(handler)
    (line,) = stream.getvalue().splitlines()
    value = json.loads(line)
    assert (value["message"], value["delivery"], value["job"], value["level"]) == ("it\nfailed", "d-1", 7, "error")
    assert SECRETS[0] not in line
    assert "hush" not in line
