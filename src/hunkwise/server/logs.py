"""One JSON object a line on stderr, and nothing secret in it."""

import json
import logging
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TextIO

SECRETS = re.compile(
    r"gh[a-z]_[A-Za-z0-9._-]{20,}|github_pat_\w{20,}|v1\.[0-9a-f]{40}"
    r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|(?i:(?<=bearer )|(?<=basic )|(?<=token ))[A-Za-z0-9._~+/=-]{16,}"
    r"|(?<=://)[^\s/:@]*:[^\s/@]+(?=@)",
    re.DOTALL,
)
"""Tokens of GitHub in every form it has had, JSON web tokens, private keys, credentials in headers and URLs."""
HIDDEN = "[hidden]"
FIELDS = ("delivery", "job", "repository", "pull", "installation")
"""What a record may carry besides its message."""


def redact(text: str, known: Sequence[str] = ()) -> str:
    """Return the text without secrets, by their form and as they are `known`."""
    for secret in known:
        if secret:
            text = text.replace(secret, HIDDEN)
    return SECRETS.sub(HIDDEN, text)


class JsonLines(logging.Formatter):
    """Formats records as JSON; `known` are secrets of no particular form."""

    def __init__(self, known: Sequence[str] = ()) -> None:
        super().__init__()
        self._known = tuple(known)

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage(), self._known),
        }
        for name in FIELDS:
            if (value := getattr(record, name, None)) is not None:
                line[name] = redact(value, self._known) if isinstance(value, str) else value
        if record.exc_info:
            line["error"] = redact(self.formatException(record.exc_info), self._known)
        return json.dumps(line)


def log_to_stderr(known: Sequence[str], stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    """Send every logger's records to stderr as JSON lines, those of libraries from warnings on."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(known))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("hunkwise").setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "dbos"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
