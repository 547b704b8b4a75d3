"""The guide to plugins: what it shows works as shown."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from hunkwise.commands.scaffold import module_of

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs/how-to/write-a-plugin.md").read_text(encoding="utf-8")
PLUGIN, ANALYZER, TEST = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "todo.py").write_text(PLUGIN)
    (tmp_path / "test_todo.py").write_text(TEST)
    return tmp_path


def run(folder, *command):
    return subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True)


def test_a_whole_plugin_is_short():
    """A whole plugin has at most twelve lines of code."""
    assert len([line for line in PLUGIN.splitlines() if line.strip()]) <= 12


def test_the_test_of_the_guide_passes(folder):
    """The plugin of the guide passes the test of the guide."""
    done = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_the_test_of_the_guide_can_fail(folder):
    """The test of the guide tells a plugin that finds too much."""
    (folder / "todo.py").write_text(PLUGIN.replace(' and "TODO" in x.text', ""))
    done = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 1
    assert "expected nothing (the example 'already there')" in done.stdout


def test_the_plugin_is_listed(folder):
    """`hunkwise --plugin todo.py plugins` shows the plugin and what it brings."""
    done = run(folder, "-m", "hunkwise", "--plugin", "todo.py", "plugins")
    assert done.returncode == 0, done.stderr
    assert "todo (todo.py)\n  analyzers: todo\n" in done.stdout


def test_the_analyzer_is_the_one_of_the_example():
    """The analyzer of the guide is the example package's, and fits in 40 lines."""
    source = (ROOT / "examples/hunkwise-example/src/hunkwise_example/todos.py").read_text(encoding="utf-8")
    assert source == ANALYZER
    assert len(source.splitlines()) <= 40


def test_the_names_of_the_guide_will_do():
    """`hunkwise plugins new` takes the name that the guide gives it."""
    (name,) = re.findall(r"plugins new (\S+)", GUIDE)
    assert f'{name} = "{module_of(name)}"' in GUIDE
