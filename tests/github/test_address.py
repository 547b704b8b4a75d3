"""Where a pull request lives."""

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.github.address import api_url, git_url, parse_server, parse_target
from hunkwise.plugins.github.port import Target


@pytest.mark.parametrize(
    ("text", "server", "repository", "number"),
    [
        ("https://github.com/o/r/pull/7", "https://github.com", "o/r", 7),
        ("https://www.github.com/O-1/r.js/pull/7/files?w=1#diff-1", "https://github.com", "O-1/r.js", 7),
        ("https://GitHub.com:443/o/r/pull/12/", "https://github.com", "o/r", 12),
        ("https://git.example.org:8443/o/r/pull/7", "https://git.example.org:8443", "o/r", 7),
        ("http://127.0.0.1:4030/o/r/pull/7", "http://127.0.0.1:4030", "o/r", 7),
        ("http://[::1]:80/o/r/pull/7", "http://[::1]", "o/r", 7),
        ("o/r#7", "https://github.com", "o/r", 7),
    ],
)
def test_an_address_names_server_repository_and_number(text, server, repository, number):
    """The page of a pull request, with or without what follows, or its short name."""
    assert Target(server=server, repository=repository, number=number) == parse_target(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("o/r/7", "give its URL"),
        ("https://github.com/o/r/issues/7", "does not name a pull request"),
        ("https://github.com/o/r/pull/0", "does not name a pull request"),
        ("https://github.com/o/../pull/7", "is not the name of a repository"),
        ("https://github.com/o/r%2F..%2Fx/pull/7", "does not name a pull request"),
        ("https://me:secret@github.com/o/r/pull/7", "HUNKWISE_GITHUB_TOKEN"),
        ("http://github.com/o/r/pull/7", "use https://"),
        ("http://127.0.0.1.example.org/o/r/pull/7", "use https://"),
        ("https://git hub.com/o/r/pull/7", "no host"),
        ("https:///o/r/pull/7", "no host"),
        ("https://github.com:x/o/r/pull/7", "no address"),
        ("ftp://github.com/o/r/pull/7", "give its URL"),
    ],
)
def test_any_other_address_is_refused_with_the_way_out(text, words):
    """What is wrong with it is said, and never a password in it."""
    with pytest.raises(UsageError) as caught:
        parse_target(text)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_api_has_a_host_of_its_own_on_github_com_alone():
    """GitHub Enterprise Server serves it below its own host, ghe.com beside each company's."""
    assert "https://api.github.com" == api_url("https://github.com")
    assert "https://api.acme.ghe.com" == api_url("https://acme.ghe.com")
    assert "https://git.example.org/api/v3" == api_url("https://git.example.org")
    assert "http://127.0.0.1:4030/api/v3" == api_url("http://127.0.0.1:4030")


def test_git_fetches_from_the_web_address():
    """It has no user and no token in it."""
    assert "https://github.com/o/r.git" == git_url("https://github.com", "o/r")


def test_a_server_is_a_scheme_and_a_host():
    """A path, a user or plain http to another machine is refused."""
    assert "https://git.example.org" == parse_server("https://Git.example.org/")
    for text in ("git.example.org", "https://git.example.org/api", "https://a@git.example.org", "http://example.org"):
        with pytest.raises(UsageError):
            parse_server(text)
