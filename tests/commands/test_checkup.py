"""What `hunkwise doctor` says."""

import pytest

from hunkwise.commands.checkup import Check, Health, checkup
from hunkwise.plugins.manager import load_plugins

ANALYZER = """
from hunkwise import Tool, hookimpl

class Analyzer:
    name = "frobnicate"
    tool = Tool(name="frobnicate", kind="python", packages=("frobnicate==1.0",), program="frobnicate")
    def plan(self, files, inputs): ...
    def parse(self, run, result, inputs): ...

@hookimpl
def hunkwise_analyzers():
    return [Analyzer()]
"""


@pytest.fixture
def analyzer(tmp_path):
    """Return a plugin file with an analyzer whose tool is nowhere."""
    path = tmp_path / "frobnicate.py"
    path.write_text(ANALYZER)
    return path


@pytest.fixture
def environ(tmp_path, monkeypatch):
    """Return an environment without tools, and keep the user's configuration out."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return {"PATH": str(tmp_path / "bin"), "HUNKWISE_TOOLS_DIR": str(tmp_path / "tools"), "HUNKWISE_LOAD_PLUGINS": ""}


def lines(environ, directory, files=()) -> dict[str, Check]:
    plugins = load_plugins(files, environ)
    return {check.subject: check for check in checkup(plugins, str(directory), environ)}


def test_line():
    """A check is one line: its mark, its subject, what is so and the way out."""
    check = Check(health=Health.ABSENT, subject="tool x", text="not\ninstalled", way_out="install it")
    assert check.line == "--  tool x: not\\ninstalled; install it"


def test_missing_tool_names_what_brings_it(environ, tmp_path, analyzer):
    """A tool that is not here is no fault, and the line says how to get it."""
    check = lines(environ, tmp_path, [analyzer])["tool frobnicate"]
    assert check.health is Health.ABSENT
    assert check.way_out == "`hunkwise tools install frobnicate` brings it"


def test_commands_of_the_user_are_looked_for(environ, tmp_path):
    """A command of the user's own configuration whose program is not there is said."""
    (tmp_path / "config" / "hunkwise").mkdir(parents=True)
    text = '[commands.house]\nrun = ["our-lint", "{files}"]\nformat = "sarif"\n'
    (tmp_path / "config" / "hunkwise" / "config.toml").write_text(text)
    check = lines(environ, tmp_path)["command house"]
    assert (check.health, check.text, check.way_out) == (Health.ABSENT, "not installed", "install our-lint")


def test_bad_configuration_is_broken(environ, tmp_path):
    """Settings that are wrong keep a review from running."""
    check = lines({**environ, "HUNKWISE_FOCUS": "x"}, tmp_path)["configuration"]
    assert check.health is Health.BROKEN
    assert 'HUNKWISE_FOCUS: expected a whole number, got "x"' in check.text


def test_unknown_tool_in_the_configuration_is_broken(environ, tmp_path, analyzer):
    """So do settings that ask for a tool that does not exist."""
    check = lines({**environ, "HUNKWISE_ONLY": "frobnikate"}, tmp_path, [analyzer])["configuration"]
    assert "did you mean 'frobnicate'?" in check.text


def test_failed_plugin_is_broken(environ, tmp_path):
    """A plugin that cannot be loaded is named with the reason."""
    path = tmp_path / "mine.py"
    path.write_text("raise RuntimeError('boom')\n")
    check = lines(environ, tmp_path, [path])["plugin mine"]
    assert check.health is Health.BROKEN
    assert "boom" in check.text


def test_broken_configured_program(environ, tmp_path):
    """A configured program that is not there is named."""
    config = tmp_path / "config" / "hunkwise" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[programs]\nruff = "gone/ruff"\n')
    check = lines(environ, tmp_path)["configuration"]
    assert check.health is Health.BROKEN
    assert "programs.ruff: there is no program gone/ruff" in check.text


def test_no_sandbox_is_said(environ, tmp_path):
    """Where there is no sandbox, the doctor says what that means, and why."""
    check = lines({**environ, "HUNKWISE_SANDBOX": "none"}, tmp_path)["sandbox"]
    assert check.health is Health.ABSENT
    assert check.text == "there is none, so that foreign changes run no outside tool (HUNKWISE_SANDBOX=none)"


def test_an_unknown_sandbox_is_broken(environ, tmp_path):
    """A word that names no sandbox keeps a review from running."""
    check = lines({**environ, "HUNKWISE_SANDBOX": "docker"}, tmp_path)["sandbox"]
    assert (check.health, "there is no sandbox 'docker'" in check.text) == (Health.BROKEN, True)
