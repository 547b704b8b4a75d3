"""Tests of the server's settings."""

from dataclasses import fields
from pathlib import Path

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.server.manifest import Registered, write_files
from hunkwise.server.settings import NUMBERS, SETTINGS, ServerSettings, read_settings


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a server that is set up."""
    (tmp_path / "app.pem").write_text("key")
    (tmp_path / "secret").write_text("s3cret\n")
    return {
        "HUNKWISE_APP_ID": "7",
        "HUNKWISE_PRIVATE_KEY_FILE": str(tmp_path / "app.pem"),
        "HUNKWISE_WEBHOOK_SECRET_FILE": str(tmp_path / "secret"),
        "HUNKWISE_STATE_DIR": str(tmp_path / "state"),
    }


def test_the_environment_alone_sets_a_server_up(given: dict[str, str], tmp_path: Path):
    """Four variables are enough; the database is SQLite in the state folder, and GitHub is github.com."""
    settings = read_settings(environ=given)
    assert (settings.app_id, settings.webhook_secret) == (7, b"s3cret")
    assert settings.database_url == f"sqlite:///{tmp_path}/state/server.sqlite"
    assert (settings.host, settings.port, settings.github_server) == ("127.0.0.1", 8080, "https://github.com")


def test_the_file_of_the_state_folder_is_read(given: dict[str, str], tmp_path: Path):
    """What the environment does not say, `server.toml` in the state folder does; the environment wins."""
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "server.toml").write_text(
        'workers = 5\nport = 9\nreview_options = ["--no-llm"]\ndrafts = true\n'
    )
    settings = read_settings(environ={**given, "HUNKWISE_PORT": "10"})
    assert (settings.workers, settings.port, settings.review_options, settings.drafts) == (5, 10, ("--no-llm",), True)


def test_what_the_file_names_is_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The folder of an App may be moved as a whole, and the server started anywhere."""
    made = Registered(id=7, slug="x", page="https://x", key="key", webhook_secret="s3cret")
    write_files(made, "https://github.com", tmp_path / "here")
    (tmp_path / "here").rename(tmp_path / "there")
    monkeypatch.chdir("/")
    settings = read_settings(tmp_path / "there" / "server.toml", {})
    assert settings.private_key_file == tmp_path / "there" / "app.pem"
    assert settings.webhook_secret == b"s3cret"


def test_secrets_are_not_shown(given: dict[str, str]):
    """The settings show neither the webhook secret nor the password of the database."""
    shown = repr(read_settings(environ={**given, "HUNKWISE_DATABASE_URL": "postgresql://u:passw0rd@h/n"}))
    assert "s3cret" not in shown
    assert "passw0rd" not in shown


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("HUNKWISE_APP_ID", "", "app_id is not set; `hunkwise app create` registers an App"),
        ("HUNKWISE_APP_ID", "seven", "HUNKWISE_APP_ID: expected a number of at least 0"),
        ("HUNKWISE_PRIVATE_KEY_FILE", "/nowhere/app.pem", "/nowhere/app.pem cannot be read: No such file"),
        ("HUNKWISE_GITHUB_SERVER", "http://github.example.com", "use https://"),
        ("HUNKWISE_GITHUB_SERVER", "github.example.com", "no address of a server"),
        ("HUNKWISE_DATABASE_URL", "mysql://x", "expected sqlite:///FILE or postgresql://USER@HOST/NAME"),
        ("HUNKWISE_DRAFTS", "maybe", "HUNKWISE_DRAFTS: expected true or false"),
        ("HUNKWISE_WORKERS", "0", "HUNKWISE_WORKERS: expected a number of at least 1"),
        ("HUNKWISE_PORT", "70000", "HUNKWISE_PORT: expected a number of at most 65535"),
        ("HUNKWISE_LEASE", "nan", "HUNKWISE_LEASE: expected a number of at least 1"),
    ],
)
def test_an_error_names_the_setting(given: dict[str, str], variable: str, value: str, message: str):
    """A missing or wrong setting is named with the way out."""
    with pytest.raises(UsageError) as error:
        read_settings(environ={**given, variable: value})
    assert message in str(error.value)


def test_an_unknown_key_of_the_file_is_an_error(given: dict[str, str], tmp_path: Path):
    """A misspelt key names the nearest one."""
    file = tmp_path / "my.toml"
    file.write_text("worker = 1\n")
    with pytest.raises(UsageError, match=r"worker is no setting of the server; did you mean workers\?"):
        read_settings(file, given)


def test_an_empty_secret_is_refused(given: dict[str, str], tmp_path: Path):
    """With an empty secret anyone could sign."""
    (tmp_path / "secret").write_text("\n")
    with pytest.raises(UsageError, match="the secret is empty"):
        read_settings(environ=given)


def test_loopback_needs_no_tls(given: dict[str, str]):
    """A server on this machine may be spoken to without TLS, as tests do."""
    settings = read_settings(environ={**given, "HUNKWISE_GITHUB_SERVER": "http://127.0.0.1:99/"})
    assert settings.github_server == "http://127.0.0.1:99"


def test_every_setting_is_described():
    """The table of settings and the settings are the same."""
    names = {one.name for one in fields(ServerSettings)} - {"webhook_secret", "marker_key"}
    assert names | {"webhook_secret_file", "marker_key_file", "database_url_file"} == set(SETTINGS)
    assert set(NUMBERS) <= names
