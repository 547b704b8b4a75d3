"""Plugins from files that the user's configuration names."""

import pytest

from hunkwise.commands.plugin_files import load_with_files
from hunkwise.core.errors import UsageError

PLUGIN = """
from hunkwise import hookimpl

@hookimpl
def hunkwise_rankers():
    return []
"""


@pytest.fixture
def config(tmp_path, monkeypatch):
    """Return a function that writes the user's own configuration."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "hunkwise"
    folder.mkdir()
    return lambda text: (folder / "config.toml").write_text(text)


def test_configured_file_is_loaded(config, tmp_path):
    """A file named there is found relative to it."""
    config('plugins = ["mine.py"]')
    (tmp_path / "hunkwise" / "mine.py").write_text(PLUGIN)
    assert "mine" in [info.name for info in load_with_files().infos]


def test_missing_configured_file_is_a_failure(config):
    """A file that is not there does not keep the program from starting."""
    config('plugins = ["gone.py"]')
    [failure] = [failure for failure in load_with_files().failures if failure.who == "gone"]
    assert "does not exist" in failure.message


def test_bad_configuration_is_a_failure(config):
    """So does a configuration that cannot be read."""
    config('plugins = "mine.py"')
    [failure] = [failure for failure in load_with_files().failures if failure.who == "configuration"]
    assert "plugins: expected a list" in failure.message


def test_missing_given_file_is_an_error(config, tmp_path):
    """A file that was asked for on the command line must be there."""
    with pytest.raises(UsageError, match="does not exist"):
        load_with_files([tmp_path / "gone.py"])
