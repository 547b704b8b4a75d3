import json
import os
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from hunkwise.commands.tools import ToolsCommand
from hunkwise.plugins.manager import load_plugins

PLUGIN = """
from hunkwise import hookimpl
from hunkwise.core.ports import Tool

class Wrapper:
    def __init__(self, **tool):
        self.name = tool["name"] + "-analyzer"
        self.tool = Tool(**tool)

    def plan(self, files, inputs):
        return None

    def parse(self, run, result, inputs):
        return ()

@hookimpl
def hunkwise_analyzers():
    return [
        Wrapper(name="mine", kind="none", packages=(), program="mine-lint"),
        Wrapper(name="webby", kind="npm", packages=("webby@1.2.3",), program="webby/cli.js", licence="MIT"),
    ]
"""
FAKE_NPM = """#!/bin/sh
while [ "$1" != --prefix ]; do shift; done
mkdir -p "$2/node_modules/webby"
echo > "$2/node_modules/webby/cli.js"
echo '{"version": "1.2.3"}' > "$2/node_modules/webby/package.json"
"""


class Machine:
    """A machine with its own PATH, home and tools folder, on which two tools may be found."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bin, self.tools = folder, folder / "bin", folder / "tools"
        self.bin.mkdir()
        (folder / "plugin.py").write_text(PLUGIN)

    def program(self, name: str, text: str) -> Path:
        file = self.bin / name
        file.write_text(text)
        file.chmod(0o755)
        return file

    def configure(self, text: str) -> None:
        file = self.folder / "config/hunkwise/config.toml"
        file.parent.mkdir(parents=True)
        file.write_text(text)

    def __call__(self, *args: str):
        app = typer.Typer(pretty_exceptions_enable=False)

        @app.callback()
        def root(context: typer.Context) -> None:
            plugins = load_plugins([self.folder / "plugin.py"], environ={"HUNKWISE_LOAD_PLUGINS": ""})
            ours = [one for one in plugins.analyzers() if one.name.endswith("-analyzer")]
            plugins.analyzers = lambda: tuple(ours)
            context.obj = plugins

        ToolsCommand().add(app)
        return CliRunner().invoke(app, ["tools", *args])


@pytest.fixture
def machine(tmp_path, monkeypatch):
    monkeypatch.setenv("HUNKWISE_TOOLS_DIR", str(tmp_path / "tools"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), "/usr/bin", "/bin"]))
    return Machine(tmp_path)


def words(text: str) -> list[str]:
    """Return the lines with each run of spaces as one."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_list_shows_what_is_there_and_what_is_missing(machine):
    """Each tool has a line with its version, the pinned one, its kind, its licence and its place."""
    machine.program("mine-lint", "#!/bin/sh\necho mine 4.5.6\n")
    result = machine("list")
    assert result.exit_code == 0
    assert words(result.stdout) == [
        "Tool Version Pinned Kind Licence Found",
        words(result.stdout)[1],
        f"mine 4.5.6 - none - PATH: {machine.bin}/mine-lint",
        "webby - 1.2.3 npm MIT missing",
        f"Tools folder: {machine.tools}",
        "Bring what is missing: hunkwise tools install webby",
    ]


def test_commands_of_the_user_are_shown_and_not_started(machine):
    """What the user's own configuration names is a tool like any other, but only a review may start it."""
    started = machine.folder / "started"
    machine.program("our-lint", f"#!/bin/sh\ntouch {started}\n")
    machine.configure('[commands.house]\nrun = ["our-lint", "{files}"]\nformat = "sarif"\n')
    assert f"house - - none - PATH: {machine.bin}/our-lint" in words(machine("list").stdout)
    line = f"works house PATH: {machine.bin}/our-lint; your own command is not started"
    assert line in words(machine("doctor").stdout)
    assert not started.exists()


def test_list_as_json_is_whole(machine):
    """A program reads the same as a person, and the folder."""
    machine.program("mine-lint", "#!/bin/sh\necho mine 4.5.6\n")
    found = json.loads(machine("list", "--json").stdout)
    assert found["directory"] == str(machine.tools)
    mine, webby = found["tools"]
    assert (mine["found"], mine["path"], mine["version"], mine["pinned"]) == (
        "PATH",
        str(machine.bin / "mine-lint"),
        "4.5.6",
        None,
    )
    assert (webby["found"], webby["path"], webby["version"], webby["pinned"]) == (None, None, None, "1.2.3")
    assert webby["packages"] == ["webby@1.2.3"]


def test_install_brings_all_that_it_can(machine):
    """Without names, each tool that Hunkwise installs comes, and the rest is said; the second time all is there."""
    machine.program("node", "#!/bin/sh\n")
    machine.program("npm", FAKE_NPM)
    first, second = machine("install"), machine("install")
    assert (first.exit_code, second.exit_code, first.stdout) == (0, 0, "")
    assert "mine: left alone, since Hunkwise does not install it: put 'mine-lint' on PATH" in first.stderr
    assert "webby: installing webby@1.2.3 with npm" in first.stderr
    assert "webby: 1.2.3 is there" in second.stderr
    assert "webby 1.2.3 1.2.3 npm MIT tools folder: " in "\n".join(words(machine("list").stdout))


def test_install_again_starts_anew(machine):
    """With --again, what is there is replaced."""
    machine.program("node", "#!/bin/sh\n")
    machine.program("npm", FAKE_NPM)
    machine("install", "webby")
    rest = machine.tools / "webby-1.2.3/rest"
    rest.touch()
    assert machine("install", "--again", "webby").exit_code == 0
    assert not rest.exists()


def test_a_tool_that_fails_does_not_stop_the_others(machine):
    """The others are installed, the failed ones are named last, and the exit code is 2."""
    machine.program("node", "#!/bin/sh\n")
    machine.program("npm", FAKE_NPM)
    result = machine("install", "mine", "webby")
    assert result.exit_code == 2
    assert "mine: FAILED: Hunkwise does not install it" in result.stderr
    assert "webby: 1.2.3 installed in" in result.stderr
    assert words(result.stderr)[-1] == "1 of 2 tools failed: mine"


def test_an_unknown_tool_names_the_nearest(machine):
    """A misspelt name is an error with the names that there are."""
    result = machine("install", "weby")
    assert str(result.exception) == "no analyzer needs a tool 'weby'; did you mean 'webby'? There are mine, webby"


def test_doctor_starts_each_tool(machine):
    """A tool that works shows its version and place; one that is missing, the ways to it; nothing is broken."""
    machine.program("mine-lint", "#!/bin/sh\necho mine 4.5.6\n")
    result = machine("doctor")
    assert result.exit_code == 0
    assert words(result.stdout) == [
        f"works mine 4.5.6 (PATH: {machine.bin}/mine-lint)",
        "missing webby not found",
        f"`hunkwise tools install webby`, or name another as `programs.webby` in "
        f"{machine.folder}/config/hunkwise/config.toml",
    ]


def test_doctor_names_what_is_broken(machine):
    """A tool that is there and does not start is broken, with its own words, and the exit code is 2."""
    machine.program("mine-lint", "#!/bin/sh\necho no library >&2\nexit 127\n")
    result = machine("doctor")
    assert result.exit_code == 2
    assert words(result.stdout)[0].startswith("broken mine `")
    assert "exit code 127: no library" in result.stdout


def test_doctor_says_that_another_version_comes_first(machine):
    """A version that Hunkwise is not made for works, and is named."""
    script = machine.program("webby.js", "#!/usr/bin/env node\n")
    machine.program("node", "#!/bin/sh\necho 9.9.9\n")
    machine.configure(f"[programs]\nwebby = {json.dumps(str(script))}\n")
    result = machine("doctor")
    assert f"works webby 9.9.9 (configuration: {script})" in words(result.stdout)
    assert "Hunkwise is made for 1.2.3, but configuration comes before the tools folder" in words(result.stdout)
