"""Tests of speaking to GitHub as the App, against the fake."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.plugins.github.port import AskLater, GitHubError
from hunkwise.server.tokens import POSTING, READING, Tokens
from hunkwise.server.work import TryAgain
from hunkwise.testing.github.fake import FakeGitHub


@pytest.fixture
def github(tmp_path: Path) -> Iterator[FakeGitHub]:
    """Serve."""
    with FakeGitHub(tmp_path / "github") as fake:
        yield fake
    assert [] == list(map(str, fake.violations))


@pytest.fixture
def tokens(github: FakeGitHub, tmp_path: Path) -> Iterator[Tokens]:
    """Return the App's."""
    app = github.app()
    (tmp_path / "key").write_text(app.private_key)
    with Tokens(app.id, tmp_path / "key", github.url) as made:
        yield made


def test_a_token_is_for_one_repository(github: FakeGitHub, tokens: Tokens):
    """It has the rights that were asked for, on that repository, and does not show."""
    repository, other = github.repository("o/r"), github.repository("o/other")
    installation = github.install(github.app(), repository, other)
    tokens.check()
    made = tokens.make(installation.id, "o/r", READING)
    (known,) = [one for one in github.state.tokens.values() if one.value == made.value]
    assert known.repositories == [repository.state.id]
    assert known.permissions == dict(READING)
    assert made.account == "hunkwise[bot]"
    assert made.value not in repr(made)


def test_without_the_right_to_write_checks_there_is_a_token_all_the_same(github: FakeGitHub, tokens: Tokens):
    """An owner who did not grant check runs still gets reviews."""
    repository = github.repository("o/r")
    granted = {"metadata": "read", "contents": "read", "pull_requests": "write"}
    installation = github.install(github.app(), repository, permissions=granted)
    made = tokens.make(installation.id, "o/r", POSTING)
    (known,) = [one for one in github.state.tokens.values() if one.value == made.value]
    assert "checks" not in known.permissions


def test_another_tenant_s_repository_is_refused(github: FakeGitHub, tokens: Tokens):
    """An installation gives no token for a repository that is not its own."""
    installation = github.install(github.app(), github.repository("o/r"))
    github.repository("p/secret")
    with pytest.raises(GitHubError):
        tokens.make(installation.id, "p/secret", READING)


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_clock_that_is_wrong_is_set_by_the_server(github: FakeGitHub, tmp_path: Path, minutes: int):
    """Ten minutes either way are refused at first, and then GitHub's own time is taken."""
    app = github.app()
    (tmp_path / "key").write_text(app.private_key)
    with Tokens(app.id, tmp_path / "key", github.url, clock=lambda: time.time() + minutes * 60) as tokens:
        assert [tokens.check(), tokens.check()] == ["hunkwise", "hunkwise"]
    assert [one.status for one in github.log.entries] == [401, 200, 200]


def test_what_may_pass_is_no_refusal(github: FakeGitHub, tokens: Tokens):
    """502 is to be tried again, and so is a connection that is cut."""
    github.faults.add("GET .*/app$", "status", status=502)
    with pytest.raises(TryAgain, match="502"):
        tokens.check()
    github.faults.add("GET .*/app$", "cut")
    with pytest.raises(AskLater):
        tokens.check()


def test_a_redirect_is_not_followed(github: FakeGitHub, tokens: Tokens):
    """The App's proof of itself goes to GitHub's host alone."""
    github.faults.add("GET .*/app$", "redirect", status=302, to="http://127.0.0.1:9/")
    with pytest.raises(GitHubError):
        tokens.check()


def test_a_file_that_is_no_key_is_named(tmp_path: Path):
    """With the way out, and without its content."""
    (tmp_path / "key").write_text("hush")
    with pytest.raises(UsageError, match="is no private key of a GitHub App") as error:
        Tokens(1, tmp_path / "key", "https://github.com")
    assert "hush" not in str(error.value)
