from hunkwise.context.registry import hunkwise_contexts
from hunkwise.core.reading import ContextItem
from hunkwise.plugins.offers import Offers
from hunkwise.testing import FakeOutlines, FakeWorkspace, make_change

FILES = {"a.py": ("x = 1\n", "x = 2\n"), "b.py": "y = 1\n"}


class Provider:
    def __init__(self, name, order, answer):
        self.name, self.order, self.answer, self.asked = name, order, answer, 0

    def offer(self, hunk, change, workspace, outlines):
        self.asked += 1
        return self.answer()


def item(origin):
    return ContextItem(kind="note", path="a.py", start=1, end=1, text="x", origin=origin)


def offers(*providers):
    change = make_change(FILES)
    asked = Offers(providers, change, FakeWorkspace.of(FILES), FakeOutlines())
    return asked, [asked.of(hunk) for file in change.files for hunk in file.hunks]


def test_offers_come_in_the_order_of_their_providers():
    """What has the lower order is packed first."""
    _, found = offers(Provider("late", 20, lambda: [item("late")]), Provider("early", 10, lambda: [item("early")]))
    assert [["early", "late"]] * 2 == [[one.origin for one in items] for items in found]


def test_a_provider_that_raises_is_told_once():
    """A provider that fails is asked no more, named once, and costs the others nothing."""
    broken = Provider("broken", 1, lambda: 1 / 0)
    asked, found = offers(broken, Provider("fine", 2, lambda: [item("fine")]))
    assert ([("broken", "offer")], 1) == ([(one.who, one.stage) for one in asked.failures], broken.asked)
    assert [["fine"]] * 2 == [[one.origin for one in items] for items in found]


def test_what_is_no_item_is_refused():
    """A provider that offers texts is told what to offer."""
    asked, found = offers(Provider("texts", 1, lambda: ["x = 1"]))
    assert "it offered str; offer ContextItem" in asked.failures[0].message
    assert [(), ()] == found


def test_the_built_in_providers_have_an_order():
    """The nearest comes first."""
    assert [
        ("enclosing", 100),
        ("definitions", 200),
        ("callers", 300),
        ("imports", 400),
        ("tests", 500),
    ] == [(one.name, one.order) for one in hunkwise_contexts()]
