"""Tests of registering an App, with the fake GitHub for its side of it."""

import json
import re
import stat
import threading
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from hunkwise.core.errors import UsageError
from hunkwise.server.manifest import Page, check_webhook, convert, manifest, refuse_taken, write_files
from hunkwise.server.settings import read_settings
from hunkwise.server.tokens import POSTING, READING, Tokens
from hunkwise.testing.github.fake import FakeGitHub

HOOK = "https://bot.example.com/webhook"


def test_the_app_asks_for_no_more_than_it_needs():
    """These four permissions, none of which writes code, and no other; tokens ask for no more than that either."""
    asked = manifest("Hunkwise", HOOK, "http://127.0.0.1:1/created")["default_permissions"]
    assert asked == {"checks": "write", "contents": "read", "metadata": "read", "pull_requests": "write"}
    assert dict(POSTING) == asked
    assert dict(READING) == {"contents": "read", "metadata": "read", "pull_requests": "read"}


def test_an_app_is_registered_by_the_page(tmp_path: Path):
    """The page sends the manifest to GitHub, takes the code back, and key and secret are for this user alone."""
    with FakeGitHub(tmp_path / "github") as github:
        page = Page(github.url, "", "Hunkwise test", HOOK)
        codes: list[str] = []
        waiting = threading.Thread(target=lambda: codes.append(page.wait()))
        waiting.start()
        shown = httpx.get(page.url, trust_env=False).text
        action = urlsplit(unescape(re.search(r'action="([^"]+)"', shown)[1]))
        sent = json.loads(unescape(re.search(r'name="manifest" value="([^"]+)"', shown)[1]))
        state = parse_qs(action.query)["state"][0]
        assert f"{action.scheme}://{action.netloc}{action.path}" == f"{github.url}/settings/apps/new"
        code = github.manifest(sent, owner="octo-org")
        assert httpx.get(f"{page.url}created?code={code}&state=wrong", trust_env=False).status_code == 403
        assert httpx.get(f"{page.url}created?code={code}", headers={"Host": "evil"}, trust_env=False).status_code == 403
        assert httpx.get(f"{page.url}created?code={code}&state={state}", trust_env=False).status_code == 200
        waiting.join(timeout=10)
        made = convert(github.url, codes[0])
        file = write_files(made, github.url, tmp_path / "state")
        settings = read_settings(environ={"HUNKWISE_STATE_DIR": str(tmp_path / "state")})
        with Tokens(settings.app_id, settings.private_key_file, settings.github_server) as tokens:
            assert tokens.check() == made.slug
        assert github.violations == []
    assert (settings.app_id, settings.github_server) == (made.id, github.url)
    assert len(settings.marker_key) == 64
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    assert files == dict.fromkeys(("app.pem", "webhook-secret", "marker.key", "server.toml"), 0o600)
    assert made.key not in repr(made)


def test_an_app_that_is_there_is_not_written_over(tmp_path: Path):
    """The key of an App cannot be had again."""
    (tmp_path / "app.pem").touch()
    with pytest.raises(UsageError, match=r"app\.pem is there already; --dir names another folder"):
        refuse_taken(tmp_path)


def test_a_used_code_is_refused(tmp_path: Path):
    """A code works once."""
    with FakeGitHub(tmp_path / "github") as github, pytest.raises(UsageError, match="did not give the new App"):
        convert(github.url, "nothing")


@pytest.mark.parametrize(("given", "expected"), [("https://x.org", "https://x.org/webhook"), (HOOK, HOOK)])
def test_the_path_of_the_webhook_may_be_left_out(given: str, expected: str):
    """A host alone means the path that the server listens at."""
    assert check_webhook(given) == expected


def test_app_create_names_what_is_missing(hunkwise: Callable[..., tuple[int, str, str]]):
    """Without an address to deliver to there is no App."""
    code, _, stderr = hunkwise("app", "create")
    assert code == 2
    assert "--webhook-url" in stderr
