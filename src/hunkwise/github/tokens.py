"""Tokens for GitHub: where they come from, and how they are kept out of all that is written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hunkwise.core import masking
from hunkwise.core.errors import UsageError

VARIABLES = ("HUNKWISE_GITHUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN")
ACTIONS = "github-actions[bot]"
LARGEST = 10_000
"""Bytes of a file with a token."""
FORM = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token, which neither its text nor its value in a trace shows; `origin` is where it came from.

    account: the login that it acts for, where that is known beforehand; empty where GitHub is to be asked.
    """

    value: str = field(repr=False)
    origin: str
    account: str = ""


def find_token(environ: Mapping[str, str], file: Path | None = None) -> Token | None:
    """Return the token from a file, else from the first of `VARIABLES` that is set; None where there is none.

    Raises UsageError for a file that cannot be read or a value that is no token.
    """
    if file is not None:
        return _token(_read(file), str(file), "")
    for name in VARIABLES:
        if value := environ.get(name, "").strip():
            is_job = name == "GITHUB_TOKEN" and environ.get("GITHUB_ACTIONS") == "true"
            # what a workflow runs with begins like this; a secret of the user's own in its place does not
            return _token(value, name, ACTIONS if is_job and value.startswith("ghs_") else "")
    return None


def need_token(environ: Mapping[str, str], file: Path | None = None) -> Token:
    """Return the token as `find_token` does; raise UsageError where there is none."""
    token = find_token(environ, file)
    if token is None:
        raise UsageError(
            f"posting needs a token with the right pull requests: write; set {VARIABLES[0]}, "
            "or see what would be posted with --dry-run"
        )
    return token


def without_tokens(text: str, *values: str) -> str:
    """Return the text without these values and without what looks like a token of GitHub's."""
    return masking.without_tokens(masking.hide(text, filter(None, values)))


def without_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without the tokens, for programs that have no business with them."""
    return {name: value for name, value in environ.items() if name not in VARIABLES}


def _read(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"--token-file {file} cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise UsageError(f"--token-file {file} holds more than a token")
    return content.decode("utf-8", "replace").strip()


def _token(value: str, origin: str, account: str) -> Token:
    if not FORM.fullmatch(value):
        raise UsageError(f"{origin} holds no token: one is a single word of visible characters")
    return Token(value=value, origin=origin, account=account)
