import pytest

from hunkwise.context.grammars import PluginGrammar, load_grammar, plugin_grammars
from hunkwise.core.errors import PluginError
from hunkwise.plugins.manager import load_plugins, register_plugins
from hunkwise.testing import FakeWorkspace

PLUGIN = """
from hunkwise import hookimpl

class Second:
    name = "second"
    languages = ("lua", "python")

    def load(self, language):
        import tree_sitter_python
        return tree_sitter_python.language()

@hookimpl
def hunkwise_grammars():
    return [Second()]
"""


@pytest.fixture
def plugin(tmp_path):
    path = tmp_path / "second.py"
    path.write_text(PLUGIN)
    return path


def test_a_grammar_of_a_plugin_file_reaches_the_worker(plugin, outlines_of):
    """The worker loads the plugin itself, since a capsule cannot be sent."""
    brought = plugin_grammars(load_plugins([plugin], {"HUNKWISE_LOAD_PLUGINS": ""}))
    assert {name: PluginGrammar(grammar="second", file=str(plugin)) for name in ("lua", "python")} == brought
    outlines = outlines_of(FakeWorkspace(head={"a.lua": "def f(): pass\n"}), brought=brought)
    outline = outlines.outline("a.lua")
    assert ("lua", ["f"]) == (outline.language, [scope.name for scope in outline.scopes])


def test_a_plugin_that_was_handed_over_is_passed_by():
    """An object of this process has no place where a worker could find it."""

    class Given:
        name = "given"
        languages = ("lua",)

        def load(self, language):
            raise NotImplementedError

    from hunkwise import hookimpl

    module = type(
        "M", (), {"hunkwise_grammars": staticmethod(hookimpl(specname="hunkwise_grammars")(lambda: [Given()]))}
    )
    assert {} == plugin_grammars(register_plugins({"m": module()}))


def test_a_grammar_that_is_gone_is_told(plugin):
    """A plugin without the grammar that was promised is named."""
    with pytest.raises(PluginError, match="it brings no grammar named third"):
        load_grammar("lua", PluginGrammar(grammar="third", file=str(plugin)))


def test_an_unknown_language_has_no_grammar():
    """There is no wheel for everything."""
    with pytest.raises(KeyError):
        load_grammar("cobol")
