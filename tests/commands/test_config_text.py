"""Settings as text."""

import json

from hunkwise.commands.config_text import json_lines, toml_lines
from hunkwise.settings import ConfigFile, load_config

TEXT = r"""
exclude = ["a b/", "\"q\"\\"]
floor = 0.5
fail_on = "low"
[tools.ruff]
timeout = 3
options = {select = ["E"], on = true}
[tools."odd name"]
enabled = false
[rules."ruff.*"]
severity = "info"
[[overrides]]
paths = ["x/"]
rules = {"mypy.attr-defined" = {enabled = false}}
[[overrides]]
paths = ["y/"]
"""


def load(text: str):
    return load_config(repository=ConfigFile(path=".hunkwise.toml", content=text.encode()))


def test_text_reads_back():
    """What is shown, with its comments, is a configuration file that gives the same settings."""
    settings = load(TEXT)
    assert load("\n".join(toml_lines(settings, with_origin=True))).config == settings.config


def test_origins():
    """Each value says where it came from, each override on its own line."""
    lines = list(toml_lines(load(TEXT), with_origin=True))
    assert "max_comments = 10  # default" in lines
    assert "floor = 0.5  # .hunkwise.toml" in lines
    assert "tools.ruff.timeout = 3.0  # .hunkwise.toml" in lines
    assert '  {paths = ["y/"], rules = {}, skip = []},  # .hunkwise.toml' in lines


def test_json():
    """JSON holds the values and the origins of those that are no defaults."""
    shown = json.loads("\n".join(json_lines(load("focus = 1"))))
    assert shown["config"]["focus"] == 1
    assert shown["config"]["max_comments"] == 10
    assert shown["origins"] == {"focus": ".hunkwise.toml"}
