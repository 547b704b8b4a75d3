from dataclasses import dataclass

import pytest

from hunkwise import hookimpl
from hunkwise.core.errors import UsageError
from hunkwise.plugins import hookspecs
from hunkwise.plugins.facade import BUILT_IN, HOOKS, PluginInfo, Plugins
from hunkwise.plugins.manager import register_plugins
from hunkwise.plugins.shapes import members, ports_of


@dataclass(kw_only=True)
class Part:
    """An object that has all that any hook asks for."""

    name: str
    order: int = 0
    tool: str = ""
    description: str = ""
    languages: tuple[str, ...] = ()

    def rank(self, scored):
        return scored

    load = plan = parse = inspect = features = score = explain = render = publish = is_for = add = offer = open = rank


class AllHooks:
    """A plugin that implements every hook with one object named after it."""

    @hookimpl
    def hunkwise_sources(self):
        return [Part(name="hunkwise_sources")]

    @hookimpl
    def hunkwise_analyzers(self):
        return [Part(name="hunkwise_analyzers")]

    @hookimpl
    def hunkwise_grammars(self):
        return [Part(name="hunkwise_grammars")]

    @hookimpl
    def hunkwise_contexts(self):
        return [Part(name="hunkwise_contexts")]

    @hookimpl
    def hunkwise_backends(self):
        return [Part(name="hunkwise_backends")]

    @hookimpl
    def hunkwise_features(self):
        return [Part(name="hunkwise_features")]

    @hookimpl
    def hunkwise_scorers(self):
        return [Part(name="hunkwise_scorers")]

    @hookimpl
    def hunkwise_rankers(self):
        return [Part(name="hunkwise_rankers")]

    @hookimpl
    def hunkwise_sinks(self):
        return [Part(name="hunkwise_sinks")]

    @hookimpl
    def hunkwise_publishers(self):
        return [Part(name="hunkwise_publishers")]

    @hookimpl
    def hunkwise_commands(self):
        return [Part(name="hunkwise_commands")]


def plugin(hook, *items):
    """Return a plugin that brings these items through a hook."""

    def implementation():
        return list(items)

    return type("Plugin", (), {hook: staticmethod(hookimpl(specname=hook)(implementation))})()


def with_builtins(builtin, strangers):
    """Return the plugins of one built-in and some strangers, each a list of scorers."""
    import pluggy

    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    infos = []
    for number, names in enumerate([builtin, *strangers]):
        name = f"p{number}"
        manager.register(plugin("hunkwise_scorers", *(Part(name=one) for one in names)), name=name)
        origin = BUILT_IN if number == 0 else "acme"
        infos.append(PluginInfo(name=name, version="1", origin=origin, hooks=("hunkwise_scorers",)))
    return Plugins(manager, infos, [])


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_has_a_typed_method(hook):
    """Every hook's objects come out of the facade's method of that name."""
    plugins = register_plugins({"all": AllHooks()})
    found = getattr(plugins, hook.removeprefix("hunkwise_"))()
    assert [getattr(one, "name", one) for one in found] == [hook]
    assert plugins.failures == []


def test_what_a_plugin_provides_is_known_by_name():
    """The facade says which names each plugin brought through which hook."""
    plugins = register_plugins({"all": AllHooks(), "b": plugin("hunkwise_sinks", Part(name="x"), Part(name="y"))})
    assert plugins.provides("all") == {hook: (hook,) for hook in HOOKS}
    assert plugins.provides("b") == {"hunkwise_sinks": ("x", "y")}
    assert [(one.plugin, one.name) for one in plugins.provided("hunkwise_sinks")] == [
        ("all", "hunkwise_sinks"),
        ("b", "x"),
        ("b", "y"),
    ]


@pytest.mark.parametrize("hook", ["hunkwise_rankers", "hunkwise_sources"])
def test_objects_with_an_order_come_in_it(hook):
    """Rankers and sources come in ascending order, by name among equals."""
    items = [Part(name="c", order=1), Part(name="b", order=7), Part(name="a", order=7), Part(name="d", order=-1)]
    found = register_plugins({"p": plugin(hook, *items)}).provided(hook)
    assert [one.name for one in found] == ["d", "c", "a", "b"]


@pytest.mark.parametrize("hook", HOOKS)
def test_an_object_that_lacks_a_member_is_left_out(hook):
    """Whatever member of its protocol an object lacks, the failure names the object and the member."""
    for port in ports_of(hook):
        for missing in set(members(port)) - {"name"}:
            shared = {one for other in ports_of(hook) if other is not port for one in members(other)} - set(
                members(port)
            )
            item = type("Thing", (), dict.fromkeys(set(members(port)) - {missing} - shared, 0) | {"name": "thing"})()
            plugins = register_plugins({"p": plugin(hook, item)})
            assert plugins.provided(hook) == ()
            (failure,) = plugins.failures
            assert f"'thing' is no {ports_of(hook)[0].__name__}" in failure.message
            assert missing in failure.message


def test_a_class_in_place_of_an_object_is_told():
    """Returning the class instead of an object of it is a failure with the mending."""
    plugins = register_plugins({"p": plugin("hunkwise_rankers", Part)})
    assert plugins.rankers() == ()
    assert plugins.failures[0].message == "Part is a class; return an object of it: Part()"


def test_an_order_must_be_a_number():
    """An order that cannot be compared is a failure and takes nothing else down."""
    plugins = register_plugins({"p": plugin("hunkwise_rankers", Part(name="a", order="first"), Part(name="b"))})
    assert [one.name for one in plugins.rankers()] == ["b"]
    assert plugins.failures[0].message == "the order of 'a' is 'first'; it must be a whole number"


def test_a_name_that_raises_is_a_failure():
    """A name that raises when it is read takes nothing else down."""
    odd = type("Odd", (Part,), {"name": property(lambda self: 1 / 0, lambda self, value: None)})(name="x")
    plugins = register_plugins({"p": plugin("hunkwise_rankers", odd, Part(name="b"))})
    assert [one.name for one in plugins.rankers()] == ["b"]
    assert plugins.failures[0].message == "ZeroDivisionError: division by zero"


def test_built_in_objects_come_first_and_keep_their_names():
    """A stranger's object comes after the built-in ones and cannot take a built-in one's name."""
    plugins = with_builtins(["z"], [["a", "z"]])
    assert [(one.plugin, one.name) for one in plugins.provided("hunkwise_scorers")] == [("p0", "z"), ("p1", "a")]
    assert plugins.failures[0].message == "'z' is taken by plugin 'p0'; give it another name"


@pytest.mark.parametrize(
    ("strangers", "wanted", "active"),
    [
        ([], None, "ours"),
        ([["theirs"]], None, "theirs"),
        ([["theirs"]], "", "theirs"),
        ([["theirs"]], "ours", "ours"),
        ([["theirs"], ["others"]], None, "ours"),
        ([["theirs"], ["others"]], "others", "others"),
    ],
)
def test_exactly_one_scorer_is_active(strangers, wanted, active):
    """The named scorer is active, else a stranger's if it is alone, else the built-in one."""
    assert with_builtins(["ours"], strangers).scorer(wanted).name == active


def test_an_unknown_scorer_is_an_error_with_the_nearest():
    """A scorer that nobody brings is the user's error, with the nearest name."""
    with pytest.raises(UsageError, match="no place scorer is named 'thiers'; the nearest is theirs"):
        with_builtins(["ours"], [["theirs"]]).scorer("thiers")


def test_nothing_is_chosen_where_nothing_decides():
    """Without a built-in scorer, several strangers or none need a name."""
    for names in ([], [["a"], ["b"]]):
        with pytest.raises(UsageError, match="name one by the setting `scorer`"):
            with_builtins([], names).scorer()
