"""The file that `hunkwise init` writes."""

import tomllib
from dataclasses import fields

from hunkwise.commands.first_config import first_config
from hunkwise.core.config import Config, Override, RuleConfig
from hunkwise.settings import TABLES, ConfigFile, load_config


def settings_of(*paths: str) -> Config:
    text = "\n".join(first_config(paths))
    return load_config(repository=ConfigFile(path="x", content=text.encode())).config


def test_nothing_is_set_without_reason():
    """In a repository that suggests nothing, the file changes nothing."""
    assert settings_of("src/a.py") == Config()


def test_every_setting_is_shown_with_its_default():
    """Whoever takes away the comment marks gets valid settings with the same effect."""
    lines = [line.removeprefix("# ") for line in first_config(["a.py"])]
    before_tables = lines[: next(index for index, line in enumerate(lines) if line.startswith("["))]
    shown = [line for line in before_tables if " = " in line]
    assert [line.split(" = ")[0] for line in shown] == [f.name for f in fields(Config) if f.name not in TABLES]
    assert load_config(repository=ConfigFile(path="x", content="\n".join(shown).encode())).config == Config()


def test_examples_are_valid():
    """The commented tables are settings that hold when their comment marks are taken away."""
    lines = [line.removeprefix("# ") for line in first_config(["a.py"]) if line.startswith("# ")]
    start = next(index for index, line in enumerate(lines) if line == "[tools.pylint]")
    text = "\n".join(line for line in lines[start:] if "=" in line or line.startswith("["))
    config = load_config(repository=ConfigFile(path="x", content=text.encode())).config
    assert set(tomllib.loads(text)) == {"tools", "rules", "overrides"}
    assert config.tools["pylint"].enabled is False


def test_what_the_files_suggest():
    """Folders of recorded data are left out, and tests may assert."""
    config = settings_of("tests/test_a.py", "tests/fixtures/b/c.json", "lib/third_party/x.c", "ünusual/tests/y.py")
    assert config.exclude == ("/lib/third_party/", "/tests/fixtures/")
    assert config.overrides == (
        Override(paths=("/tests/", "/ünusual/tests/"), rules={"bandit.B101": RuleConfig(enabled=False)}),
    )
