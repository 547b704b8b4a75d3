import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from hunkwise.commands.plugins import PluginsCommand
from hunkwise.plugins.manager import load_plugins

PLUGIN = """
from hunkwise import hookimpl

class Quiet:
    name = "quiet"
    order = 5

    def rank(self, scored):
        return scored

@hookimpl
def hunkwise_rankers():
    return [Quiet()]

@hookimpl
def hunkwise_sinks():
    return []
"""
ALONE = {"HUNKWISE_LOAD_PLUGINS": ""}


@pytest.fixture
def invoke(tmp_path, monkeypatch):
    """Run the command in an empty directory, with the plugins of some files; return its exit code and stdout."""
    monkeypatch.chdir(tmp_path)

    def run(*args: str, files: tuple[Path, ...] = ()):
        app = typer.Typer(pretty_exceptions_enable=False)

        @app.callback()
        def root(context: typer.Context) -> None:
            context.obj = load_plugins(files, environ=ALONE)

        PluginsCommand().add(app)
        return CliRunner().invoke(app, ["plugins", *args])

    return run


@pytest.fixture
def plugin(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(PLUGIN)
    return path


@pytest.fixture
def broken(tmp_path):
    path = tmp_path / "broken.py"
    path.write_text("raise RuntimeError('no key')\n")
    return path


def test_plugins_are_listed_with_what_they_bring(invoke, plugin):
    """The list has each plugin's name, version, origin, hooks and what it provides by name."""
    outcome = invoke(files=(plugin,))
    assert outcome.exit_code == 0
    lines = outcome.stdout.splitlines()
    assert f"mine ({plugin})" in lines
    assert lines[lines.index(f"mine ({plugin})") + 1 :] == ["  rankers: quiet", "  sinks: none"]
    assert any(line.startswith("command-plugins ") and line.endswith(" (built-in)") for line in lines)


def test_a_failed_plugin_is_listed_with_the_reason(invoke, plugin, broken):
    """A plugin that failed is shown with its reason, the others are listed, and the exit code is 0."""
    outcome = invoke(files=(broken, plugin))
    assert outcome.exit_code == 0
    assert "  rankers: quiet" in outcome.stdout
    assert outcome.stdout.endswith("\nFailed:\n  broken, load: RuntimeError: no key (raised at broken.py:1)\n")


def test_json_has_the_same_facts(invoke, plugin, broken):
    """--json gives the plugins and the failures as data."""
    outcome = invoke("--json", files=(broken, plugin))
    data = json.loads(outcome.stdout)
    assert data["plugins"][-1] == {
        "name": "mine",
        "version": "",
        "origin": str(plugin),
        "hooks": ["hunkwise_rankers", "hunkwise_sinks"],
        "provides": {"hunkwise_rankers": ["quiet"]},
    }
    assert data["failures"] == [
        {"who": "broken", "stage": "load", "message": "RuntimeError: no key", "hint": "raised at broken.py:1"}
    ]


def test_a_failure_in_a_hook_is_listed(invoke, tmp_path):
    """A plugin that loads and then raises in a hook is listed, with its failure."""
    path = tmp_path / "late.py"
    path.write_text(PLUGIN.replace("return [Quiet()]", "return 1 / 0"))
    data = json.loads(invoke("--json", files=(path,)).stdout)
    assert data["plugins"][-1]["provides"] == {}
    assert [(one["who"], one["stage"]) for one in data["failures"]] == [("late", "hunkwise_rankers")]


def test_new_writes_a_package_and_says_how_to_try_it(invoke, tmp_path):
    """`new` prints each file that it wrote and the next steps."""
    outcome = invoke("new", "hunkwise-left-in")
    assert outcome.exit_code == 0
    written = {
        path.relative_to(tmp_path).as_posix() for path in (tmp_path / "hunkwise-left-in").rglob("*") if path.is_file()
    }
    assert written == set(outcome.stdout.split("\n\n")[0].splitlines())
    assert "cd hunkwise-left-in" in outcome.stdout


def test_new_writes_where_it_is_told(invoke, tmp_path):
    """--directory names the place of the package."""
    assert invoke("new", "todo", "--directory", "deep/place").exit_code == 0
    assert (tmp_path / "deep/place/src/todo/__init__.py").is_file()
