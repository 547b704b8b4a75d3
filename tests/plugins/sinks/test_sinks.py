"""What holds for every built-in sink."""

import subprocess
import sys

import pytest

from hunkwise.core.ports import RenderOptions
from hunkwise.plugins.manager import load_plugins
from hunkwise.testing import check_sink

NAMES = ["checkstyle", "gitlab", "json", "markdown", "rdjson", "rdjsonl", "sarif", "terminal", "warnings-ng"]


@pytest.fixture(scope="module")
def sinks():
    plugins = load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""})
    assert [failure for failure in plugins.failures if failure.who == "sinks"] == []
    return plugins.sinks()


def test_the_built_in_sinks_come_through_the_hook(sinks):
    """All formats are there, each with a description."""
    assert [name for name in sinks if name in NAMES] == NAMES
    assert all(sinks[name].description for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_built_in_sinks_keep_the_contract_of_plugins(sinks, name):
    """The conformance kit that plugin authors use has no complaint."""
    check_sink(sinks[name])


@pytest.mark.parametrize("name", NAMES)
def test_every_sink_writes_every_report_as_utf8(sinks, name, report):
    """No report makes a sink fail, or write bytes that are not UTF-8."""
    sinks[name].render(report, RenderOptions(explain=True)).decode("utf-8", "strict")


@pytest.mark.parametrize("name", NAMES)
def test_the_same_report_gives_the_same_bytes(sinks, name, realistic, make):
    """Rendering twice, from reports built twice, gives the same."""
    assert sinks[name].render(realistic, RenderOptions()) == sinks[name].render(make("realistic"), RenderOptions())


@pytest.mark.parametrize("name", NAMES)
def test_what_a_terminal_would_obey_never_comes_out(sinks, name, hostile):
    """Whatever form is printed, it moves no cursor and turns no line around."""
    text = sinks[name].render(hostile, RenderOptions()).decode()
    assert [character for character in "\x00\x07\x1b\x7f\x9b\u200b\u202e\ufeff" if character in text] == []


def test_only_json_and_what_people_read_tell_of_what_was_held_back(sinks, realistic):
    """Other formats carry kept comments alone."""
    for name in NAMES:
        text = sinks[name].render(realistic, RenderOptions()).decode()
        assert ("C0116" in text) == (name == "json")


def test_looking_at_the_registry_loads_nothing_heavy():
    """`hunkwise --help` loads the registry, not the sinks."""
    code = "import sys, hunkwise.plugins.sinks.registry; print(sorted({'rich', 'xml', 'json'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
