import pytest

from hunkwise import hookimpl
from hunkwise.commands import plugins as plugins_command
from hunkwise.testing import Example, check_plugin, make_finding, make_outcome


class Inspector:
    """Finds TODO on the first line."""

    name = "todo"

    def inspect(self, files, inputs):
        return tuple(make_outcome(file.path, self.found(file), tool="todo") for file in files)

    def found(self, file):
        added = [line for line in file.changed_lines() if line.is_added and line.text == "TODO"]
        return [make_finding(path=file.path, line=line.new, tool="todo") for line in added]


class Ranker:
    name = "still"
    order = 5

    def rank(self, scored):
        return scored


class Publisher:
    name = "nowhere"
    order = 5

    def is_for(self, where):
        return False

    def publish(self, report, where):
        raise NotImplementedError


def module(**hooks):
    """Return a plugin whose hooks return these lists."""
    members = {}
    for name, items in hooks.items():
        hook = f"hunkwise_{name}"
        members[hook] = staticmethod(hookimpl(specname=hook)(lambda items=items: items))
    return type("Module", (), members)()


GOOD = Example(name="todo", path="a.py", source="TODO\n", rules=("E1",))
BAD = Example(name="fine", path="a.py", source="TODO\n", rules=("E2",))


def test_all_that_a_plugin_brings_is_checked():
    """A plugin is checked whole, and what was checked is said."""
    checked = check_plugin(
        module(rankers=[Ranker()], analyzers=[Inspector()], publishers=[Publisher()]), {"todo": [GOOD]}
    )
    assert checked == ("hunkwise_analyzers: todo", "hunkwise_publishers: nowhere", "hunkwise_rankers: still")


def test_our_own_plugins_pass():
    """What is built in keeps the rules that strangers keep."""
    assert check_plugin(plugins_command) == ("hunkwise_commands: plugins",)


def test_a_plugin_that_brings_nothing_is_told():
    """A plugin whose hooks return empty lists has not been checked at all, so it fails."""
    with pytest.raises(AssertionError, match="Module brings nothing: its hooks return no objects"):
        check_plugin(module(rankers=[]))


def test_a_plugin_that_does_not_load_is_told():
    """A plugin without hooks is told as it would be in a review."""
    with pytest.raises(AssertionError, match="object, load: it implements no hook"):
        check_plugin(object())


def test_a_hook_that_raises_is_told():
    """A hook that raises is told with its name and its line."""

    class Broken:
        @hookimpl
        def hunkwise_rankers(self):
            raise RuntimeError("no key")

    with pytest.raises(AssertionError, match=r"hunkwise_rankers: RuntimeError: no key \(raised at test_conformance"):
        check_plugin(Broken())


def test_a_half_made_object_is_told():
    """An object that lacks a member of its protocol is told, though others are there."""
    bare = type("Bare", (), {"name": "bare"})()
    with pytest.raises(AssertionError, match="'bare' is no Ranker: it lacks order, rank"):
        check_plugin(module(rankers=[Ranker(), bare]))


def test_a_broken_part_is_told():
    """A part that breaks the rules of its kind fails the plugin."""
    dropping = type("Dropping", (Ranker,), {"rank": lambda self, scored: scored[1:]})()
    with pytest.raises(AssertionError, match="dropped"):
        check_plugin(module(rankers=[dropping]))


def test_an_analyzers_own_examples_are_used():
    """An analyzer that carries its examples is checked by them; given ones take their place."""
    carrying = type("Carrying", (Inspector,), {"EXAMPLES": [BAD]})()
    with pytest.raises(AssertionError, match="todo found E1; expected E2"):
        check_plugin(module(analyzers=[carrying]))
    check_plugin(module(analyzers=[carrying]), {"todo": [GOOD]})


def test_examples_for_nobody_are_told():
    """Examples that are given for an analyzer that is not there are an error, not ignored."""
    with pytest.raises(AssertionError, match="has no analyzer named tood, which examples were given for"):
        check_plugin(module(analyzers=[Inspector()]), {"tood": [GOOD]})
