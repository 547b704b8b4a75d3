"""What may be a secret is hidden in its line and in messages."""

import pytest

from hunkwise.core.masking import is_about_secret, masked, without_quotes
from hunkwise.testing import make_finding

SECRET = "h7Xq" + "2vK9pLw"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (f'PASSWORD = "{SECRET}"', 'PASSWORD = "…"'),
        (f"    connect(user='root', password='{SECRET}')", "    connect(user='…', password='…')"),
        (f"password: {SECRET}", "password: …"),
        (f"ENV TOKEN={SECRET} OTHER=1", "ENV TOKEN=… OTHER=…"),
        (f"url: postgres://app:{SECRET}@db.internal.net/app", "url: …"),
        (f"fetch https://app:{SECRET}@db.internal.net/app", "fetch https://app:…"),
        (f"mysql --password {SECRET} -u root", "mysql --password … -u root"),
        (f"# the key is {SECRET}{SECRET}", "# the key … …"),
        (f'{SECRET}"""', "…"),
        (f'x = "{SECRET} and no end', 'x = "…'),
        (f'x = "a\\"{SECRET}"', 'x = "…"'),
        (f'def log_in(password: str = "{SECRET}", user=None):', 'def log_in(password: str = "…", user=None):'),
        ("    -----BEGIN RSA PRIVATE KEY-----", "    -----BEGIN RSA PRIVATE KEY-----"),
        (f"  {SECRET}", "  …"),
    ],
)
def test_a_line_keeps_its_form_without_the_secret(line: str, shown: str) -> None:
    """Quoted, assigned, named and long texts of a line are hidden; where none is found, all of it is."""
    assert masked(line)[0] == shown
    assert SECRET not in masked(line)[0]


@pytest.mark.parametrize(
    ("tool", "rule"),
    [
        ("detect-secrets", "aws-access-key"),
        ("Gitleaks", "slack-bot"),
        ("ruff", "S105"),
        ("bandit", "B106"),
        ("flake8", "S107"),
        ("spotbugs", "HARD_CODE_PASSWORD"),
        ("eslint", "no-secrets/no-secrets"),
        ("semgrep", "generic.secrets.security.detected-github-token"),
        ("semgrep", "java-hardcodedCredentials"),
        ("sonar", "java:S2068"),
    ],
)
def test_rules_about_secrets_are_known_by_tool_code_or_name(tool: str, rule: str) -> None:
    """Whoever reports a secret is known to do so, whatever tool it is."""
    assert is_about_secret(make_finding(tool=tool, rule=rule))


@pytest.mark.parametrize(("tool", "rule"), [("ruff", "S1051"), ("eslint", "no-unexpected-token"), ("bandit", "B104")])
def test_other_rules_are_not_about_secrets(tool: str, rule: str) -> None:
    """A rule is not about secrets because its code or a word of it is alike."""
    assert not is_about_secret(make_finding(tool=tool, rule=rule))


def test_a_message_keeps_the_names_that_the_line_still_shows() -> None:
    """What a message quotes is hidden, but for names that stand in the masked line."""
    assert without_quotes("'abc' assigned to \"password\"", 'password = "…"') == "'…' assigned to \"password\""
