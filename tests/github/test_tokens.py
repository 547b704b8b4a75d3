"""Where tokens come from, and that they are not shown."""

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.github.tokens import Token, find_token, without_tokens, without_variables

LONG = "ghs_" + "12345_" + "eyJ0eXAi.OiJKV1Qi-LCJhbGc" * 10
"""The form with a JWT inside, which installation tokens change to."""


def test_the_first_variable_wins():
    """One for Hunkwise goes before those that other programs read too."""
    environ = {"GH_TOKEN": "c", "GITHUB_TOKEN": " b ", "HUNKWISE_GITHUB_TOKEN": ""}
    assert Token(value="b", origin="GITHUB_TOKEN") == find_token(environ)
    assert Token(value="a", origin="HUNKWISE_GITHUB_TOKEN") == find_token({**environ, "HUNKWISE_GITHUB_TOKEN": "a"})
    assert find_token({}) is None


def test_a_file_goes_before_the_environment(tmp_path):
    """Its last line break is not part of the token."""
    file = tmp_path / "token"
    file.write_text("from-file\n")
    assert Token(value="from-file", origin=str(file)) == find_token({"GITHUB_TOKEN": "b"}, file)


@pytest.mark.parametrize("content", ["", "two words", "x" * 10_001, "a\nb"])
def test_a_file_without_a_token_is_refused(tmp_path, content):
    """What it holds is not repeated."""
    file = tmp_path / "token"
    file.write_text(content)
    with pytest.raises(UsageError) as caught:
        find_token({}, file)
    assert "two words" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    """It is not passed over for a variable."""
    with pytest.raises(UsageError, match=r"--token-file .*missing cannot be read: No such file"):
        find_token({"GITHUB_TOKEN": "b"}, tmp_path / "missing")


def test_the_token_of_a_workflow_acts_for_its_bot():
    """A user's own token in the same variable does not."""
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": LONG}
    assert find_token(environ).account == "github-actions[bot]"
    assert find_token({**environ, "GITHUB_TOKEN": "ghp_" + "a" * 36}).account == ""


def test_a_token_is_not_in_its_text():
    """Nor in a trace that shows values."""
    assert "topsecret" not in repr(Token(value="topsecret", origin="x"))


@pytest.mark.parametrize("token", [LONG, "ghp_" + "a" * 36, "gho_" + "B2" * 18, "github_pat_11ABCDEFG0" + "x_" * 30])
def test_what_looks_like_a_token_is_hidden(token):
    """Of any of GitHub's kinds, and of any length."""
    assert "bad …: 401" == without_tokens(f"bad {token}: 401")


def test_the_token_in_use_is_hidden_whatever_it_looks_like():
    """GitHub Enterprise Server has forms of its own."""
    assert "bad …" == without_tokens("bad s3cret", "s3cret", "")


def test_programs_get_no_tokens():
    """All else in the environment stays."""
    assert {"PATH": "/bin"} == without_variables({"PATH": "/bin", "GITHUB_TOKEN": "b", "HUNKWISE_GITHUB_TOKEN": "a"})
