import pytest
from recorded import KEY, load, parsed, planned, review

from hunkwise.core.model import Category, Severity, State


def test_the_secret_is_never_repeated():
    """The message says what kind of secret it is, and nothing of the finding contains it."""
    (finding,) = parsed("detect-secrets", "defects")["a/run.py"].findings
    assert (finding.rule, finding.severity, finding.category) == ("aws-access-key", Severity.HIGH, Category.SECURITY)
    assert "AWS Access Key" in finding.message
    assert KEY not in repr(finding)
    assert KEY.encode() not in load("detect-secrets", "defects", "/root").stdout


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        ("http://user:pass@foo:21/bar", False),
        ("http://username:password@localhost:8030", False),
        ("https://jo:a%20secret@host.org/", False),
        ("https://bob:k7Hq2vX9@example.com/x", False),
        ("https://bob:****@db.internal.net/x", False),
        ("postgres://app:k7Hq2vX9@db.internal.net/app", True),
    ],
)
@pytest.mark.tools
def test_credentials_of_examples_are_left_alone(address, is_told):
    """A password that is a word for passwords, or for a host that is none, is no secret."""
    outcome = review("detect-secrets", {"a.py": f'URL = "{address}"\n'})["a.py"]
    assert (len(outcome.findings) == 1) is is_told


@pytest.mark.tools
@pytest.mark.parametrize("name", ["poetry.lock", "swagger.py", "image.svg", "a.css", "package-lock.py"])
def test_no_name_hides_a_file(name):
    """Files that detect-secrets passes over by their names are looked at."""
    assert len(review("detect-secrets", {name: f'KEY = "{KEY}"\n'})[name].findings) == 1


def test_it_asks_nobody():
    """No secret is sent anywhere to see whether it works."""
    with planned("detect-secrets", {"a.py": "x"}) as (_, run):
        assert "--no-verify" in run.args
        assert not any(argument.startswith("--baseline") for argument in run.args)


def test_what_is_not_utf8_has_failed():
    """detect-secrets passes over such a file without a word, so it is not given one."""
    assert parsed("detect-secrets", "not-utf8")["latin.py"].state is State.FAILED
