from pathlib import Path

from hunkwise.locations import config_path


def test_named_configuration_file_comes_first(monkeypatch):
    """Whoever names a file means that one, and not the one of their home."""
    monkeypatch.setenv("XDG_CONFIG_HOME", "/xdg")
    monkeypatch.setenv("HUNKWISE_CONFIG_FILE", "/named/it.toml")
    assert config_path() == Path("/named/it.toml")
    monkeypatch.delenv("HUNKWISE_CONFIG_FILE")
    assert config_path() == Path("/xdg/hunkwise/config.toml")
