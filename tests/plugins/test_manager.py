import pytest

from hunkwise.core.errors import UsageError
from hunkwise.plugins.manager import load_plugins, register_plugins

NONE = {"HUNKWISE_LOAD_PLUGINS": ""}
RANKER = """
from hunkwise import hookimpl

class Quiet:
    name = "quiet"
    order = 5

    def rank(self, scored):
        return scored

@hookimpl
def hunkwise_rankers():
    return [Quiet()]
"""


def strangers(plugins):
    return [info for info in plugins.infos if not info.is_builtin]


def messages(plugins):
    return [failure.message for failure in plugins.failures]


def load_file(path):
    return load_plugins([path], environ=NONE)


def test_what_is_built_in_comes_through_entry_points_first(install):
    """Our own entry points are plugins like any; they come first, then strangers, each group sorted by name."""
    install("aaa", RANKER)
    infos = load_plugins(environ={}).infos
    assert "command-plugins" in [info.name for info in infos if info.is_builtin]
    assert [(not info.is_builtin, info.name) for info in infos] == sorted(
        (not info.is_builtin, info.name) for info in infos
    )
    assert infos[-1].name == "aaa"


def test_a_plugin_says_where_it_comes_from(install):
    """A plugin has its entry point's name, and its distribution's name and version."""
    install("quiet", RANKER, distribution="acme-quiet", version="2.5")
    (info,) = strangers(load_plugins(environ={}))
    assert (info.name, info.version, info.origin, info.hooks) == ("quiet", "2.5", "acme-quiet", ("hunkwise_rankers",))


def test_without_the_variable_all_plugins_load(install):
    """Every installed plugin loads unless the variable says otherwise."""
    install("one", RANKER)
    install("two", RANKER.replace("quiet", "loud"))
    assert [info.name for info in strangers(load_plugins(environ={}))] == ["one", "two"]


def test_the_variable_names_the_only_strangers_to_load(install):
    """HUNKWISE_LOAD_PLUGINS=a,b loads these beside the built-ins, whatever the spaces around the commas."""
    for name in ("one", "two", "three"):
        install(name, RANKER.replace("quiet", name))
    plugins = load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": " one , three"})
    assert [info.name for info in strangers(plugins)] == ["one", "three"]
    assert plugins.failures == []


def test_an_empty_variable_loads_the_built_ins_alone(install):
    """HUNKWISE_LOAD_PLUGINS= loads no stranger, and the built-ins nevertheless."""
    install("one", RANKER)
    plugins = load_plugins(environ=NONE)
    assert strangers(plugins) == []
    assert plugins.infos


def test_a_name_that_is_not_installed_is_a_failure_with_the_nearest(install):
    """A wanted plugin that is not installed fails by name, and the hint is the nearest one that is."""
    install("sloppy", RANKER)
    (failure,) = load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": "sloopy"}).failures
    assert (failure.who, failure.stage, failure.hint) == ("sloopy", "load", "the nearest is sloppy")
    assert failure.message == "no plugin of this name is installed (HUNKWISE_LOAD_PLUGINS)"


def test_a_built_in_name_in_the_variable_is_no_failure():
    """Naming a built-in plugin in the variable is harmless: it loads anyway."""
    assert load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": "command-plugins"}).failures == []


def test_a_plugin_that_raises_on_import_fails_alone(install):
    """A plugin that raises on import becomes a failure that names it and the line; the others load."""
    install("broken", "x = 1\nraise RuntimeError('no licence key')\n", module="broken_on_import")
    install("fine", RANKER)
    plugins = load_plugins(environ={})
    assert [info.name for info in strangers(plugins)] == ["fine"]
    (failure,) = plugins.failures
    assert (failure.who, failure.stage) == ("broken", "load")
    assert failure.message == "RuntimeError: no licence key"
    assert failure.hint == "raised at broken_on_import.py:2"


def test_a_plugin_that_cannot_be_imported_fails_alone(install):
    """A plugin whose own import is missing becomes a failure that names the module."""
    install("needy", "import nowhere_to_be_found\n")
    assert messages(load_plugins(environ={})) == ["ModuleNotFoundError: No module named 'nowhere_to_be_found'"]


def test_a_plugin_that_exits_does_not_end_the_program(write_plugin):
    """A plugin that calls sys.exit on import is a failure, and the program goes on."""
    plugins = load_file(write_plugin("leaver.py", "import sys\nsys.exit('good-bye')\n"))
    assert messages(plugins) == ["SystemExit: good-bye"]


def test_a_plugin_that_raises_in_a_hook_fails_alone(write_plugin):
    """A hook that raises becomes a failure that names plugin, hook and line; other plugins' objects are there."""
    bad = write_plugin("bad.py", RANKER.replace("return [Quiet()]", "return [1 / 0]"))
    good = write_plugin("good.py", RANKER)
    plugins = load_plugins([bad, good], environ=NONE)
    assert "quiet" in [ranker.name for ranker in plugins.rankers()]
    (failure,) = plugins.failures
    assert (failure.who, failure.stage, failure.message) == (
        "bad",
        "hunkwise_rankers",
        "ZeroDivisionError: division by zero",
    )
    assert failure.hint == "raised at bad.py:13"


@pytest.mark.parametrize(
    ("returned", "shown"),
    [("None", "None"), ("7", "one int"), ("Quiet()", "one Quiet"), ("'abc'", "one str"), ("{'a': 1}", "one dict")],
)
def test_a_hook_must_return_a_sequence(write_plugin, returned, shown):
    """A hook that returns something that is no sequence of objects is a failure that says what to return."""
    plugins = load_file(write_plugin("odd.py", RANKER.replace("[Quiet()]", returned)))
    plugins.rankers()
    assert messages(plugins) == [
        f"hunkwise_rankers returned {shown}; return a list of objects, which may be empty",
    ]


def test_a_hook_may_be_a_generator(write_plugin):
    """A hook may yield its objects; what it raises half-way is a failure."""
    plugins = load_file(write_plugin("lazy.py", RANKER.replace("return [Quiet()]", "yield Quiet()")))
    assert "quiet" in [ranker.name for ranker in plugins.rankers()]
    plugins = load_file(write_plugin("lazy.py", RANKER.replace("return [Quiet()]", "yield Quiet(); raise KeyError(3)")))
    assert "quiet" not in [ranker.name for ranker in plugins.rankers()]
    assert messages(plugins) == ["KeyError: 3"]


def test_an_object_needs_a_name(write_plugin):
    """An object without a name is a failure and is left out."""
    plugins = load_file(write_plugin("odd.py", RANKER.replace('"quiet"', '""')))
    assert [one.plugin for one in plugins.provided("hunkwise_rankers") if not one.is_builtin] == []
    assert messages(plugins) == [
        "an object of hunkwise_plugin_odd.Quiet has no name; give it `name`, a text that is not empty"
    ]


def test_a_name_is_taken_once(write_plugin):
    """Of two objects with one name the first plugin's stays; the second is a failure that names the first."""
    plugins = load_plugins([write_plugin("a.py", RANKER), write_plugin("b.py", RANKER)], environ=NONE)
    assert [one.plugin for one in plugins.provided("hunkwise_rankers") if one.name == "quiet"] == ["a"]
    (failure,) = plugins.failures
    assert (failure.who, failure.message) == ("b", "'quiet' is taken by plugin 'a'; give it another name")


def test_hooks_are_called_once(write_plugin):
    """What a hook brought is kept: asking again neither calls it again nor repeats its failures."""
    plugins = load_file(write_plugin("odd.py", RANKER.replace("[Quiet()]", "None")))
    plugins.rankers()
    plugins.rankers()
    assert len(plugins.failures) == 1


def test_a_file_is_a_plugin(write_plugin):
    """A single .py file loads as the plugin of its stem, with its path as origin."""
    path = write_plugin("mine.py", RANKER)
    (info,) = strangers(load_file(path))
    assert (info.name, info.version, info.origin, info.hooks) == ("mine", "", str(path), ("hunkwise_rankers",))


def test_a_file_may_define_dataclasses(write_plugin):
    """A file plugin's module is where dataclasses with postponed annotations look for it."""
    code = "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n    x: int\n"
    assert load_file(write_plugin("data.py", code + RANKER)).failures == []


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    """A plugin file that does not exist is the user's error and names the file."""
    with pytest.raises(UsageError, match=r"plugin file .*nowhere\.py does not exist"):
        load_file(tmp_path / "nowhere.py")


def test_a_file_that_is_no_python_file_fails(write_plugin):
    """A plugin file without .py is a failure that says so."""
    (message,) = messages(load_file(write_plugin("plugin.txt", RANKER)))
    assert message.endswith("plugin.txt is not a Python file; its name must end in .py")


def test_a_file_with_a_syntax_error_fails_with_its_line(write_plugin):
    """A plugin file that does not parse is a failure that names the line."""
    (message,) = messages(load_file(write_plugin("typo.py", "x = 1\ndef (:\n")))
    assert message.startswith("SyntaxError: invalid syntax")
    assert "typo.py, line 2" in message


def test_two_plugins_of_one_name_do_not_hide_each_other(write_plugin, install):
    """A second plugin of a taken name is a failure that says who has it."""
    install("mine", RANKER, distribution="acme")
    plugins = load_plugins([write_plugin("mine.py", RANKER)], environ={})
    assert messages(plugins) == ["the plugin name 'mine' is taken by acme; rename one of the two"]


def test_one_module_is_one_plugin(install):
    """Two entry points to one module are a failure that names the first."""
    install("one", RANKER, module="shared_by_two")
    install("two", RANKER, module="shared_by_two")
    assert messages(load_plugins(environ={})) == [
        "it is the same object as the plugin 'one'; remove one of the two entry points"
    ]


def test_an_unknown_hook_names_the_nearest(write_plugin):
    """A marked function that is no hook is a failure with the nearest hook, and the plugin is not loaded."""
    plugins = load_file(write_plugin("typo.py", RANKER.replace("hunkwise_rankers", "hunkwise_ranker")))
    assert messages(plugins) == ["unknown hook hunkwise_ranker; the nearest is hunkwise_rankers"]
    assert strangers(plugins) == []


def test_a_hook_without_its_mark_is_told(write_plugin):
    """A function with a hook's name that lacks the marker would never be called: a failure says so."""
    plugins = load_file(write_plugin("bare.py", RANKER.replace("@hookimpl\n", "")))
    assert messages(plugins) == ["hunkwise_rankers is not marked; put @hookimpl above it"]


def test_a_hook_with_wrong_arguments_is_told(write_plugin):
    """A hook that asks for arguments that the specification does not have is a failure that names them."""
    plugins = load_file(write_plugin("args.py", RANKER.replace("hunkwise_rankers()", "hunkwise_rankers(config)")))
    (message,) = messages(plugins)
    assert "hunkwise_rankers" in message
    assert "config" in message
    assert "\n" not in message
    assert "quiet" not in [ranker.name for ranker in plugins.rankers()]


def test_a_wrapper_is_refused(write_plugin):
    """Hooks return objects, so there is nothing to wrap: a wrapper is a failure."""
    code = RANKER.replace("@hookimpl", "@hookimpl(wrapper=True)").replace("return [Quiet()]", "return (yield)")
    assert messages(load_file(write_plugin("wrap.py", code))) == [
        "hunkwise_rankers is a wrapper, which no hook here takes; return your objects"
    ]


def test_a_plugin_without_hooks_is_told(write_plugin):
    """A module that implements no hook is a failure that lists the hooks."""
    (message,) = messages(load_file(write_plugin("none.py", "x = 1\n")))
    assert message.startswith("it implements no hook; there are hunkwise_analyzers, ")


def test_modules_with_our_prefix_are_no_hooks(write_plugin, monkeypatch, tmp_path):
    """A plugin may import a package named hunkwise_something without it being taken for a hook."""
    (tmp_path / "hunkwise_things.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert load_file(write_plugin("user.py", "import hunkwise_things\n" + RANKER)).failures == []


def test_modules_at_hand_are_plugins():
    """A program may register objects that it has at hand; no installed plugin is loaded then."""

    class Plugin:
        from hunkwise import hookimpl

        @hookimpl
        def hunkwise_sinks(self):
            return []

    plugins = register_plugins({"mine": Plugin()})
    assert [(info.name, info.origin, info.hooks) for info in plugins.infos] == [("mine", "given", ("hunkwise_sinks",))]
