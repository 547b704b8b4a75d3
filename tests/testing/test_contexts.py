from dataclasses import replace

import pytest

from hunkwise.context.enclosing import Enclosing
from hunkwise.core.reading import ContextItem
from hunkwise.testing import FakeOutlines, check_context, make_change

ITEM = ContextItem(kind="note", path="shop/tax.py", start=1, end=1, text="def rate(base):", origin="a note")


class Provider:
    name = "notes"
    order = 5

    def __init__(self, *answers):
        self.answers = list(answers)

    def offer(self, hunk, change, workspace, outlines):
        if not workspace.is_complete:
            return ()
        answer = self.answers[0]
        self.answers.append(self.answers.pop(0))
        return answer


def test_good_providers_pass():
    """Items from elsewhere in the head, the same each time, are fine, and so is nothing."""
    check_context(Provider((ITEM,)))
    check_context(Provider(()))
    check_context(Enclosing())


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ((("text",),), "returned 'text'"),
        (((ITEM,), ()), "two answers"),
        (((replace(ITEM, path="gone.py"),),), "which is not at hand"),
        (((replace(ITEM, end=99),),), "but the file has 3 lines"),
        (((replace(ITEM, text=" "),),), "without text"),
        (((replace(ITEM, origin=""),),), "without a kind or an origin"),
        (((replace(ITEM, path="shop/cart.py", start=7, end=7),),), "repeats the hunk's own lines"),
    ],
)
def test_what_is_wrong_is_told(answers, words):
    """Each broken rule has its words."""
    with pytest.raises(AssertionError, match=words):
        check_context(Provider(*answers))


def test_a_provider_that_needs_a_tree_is_told():
    """A provider that raises on a bare patch fails the check."""

    class Needy(Provider):
        def offer(self, hunk, change, workspace, outlines):
            workspace.read("shop/tax.py")
            return ()

    with pytest.raises(AssertionError, match="on a bare patch"):
        check_context(Needy())


def test_fake_outlines_give_what_they_were_given():
    """Other files have none."""
    outlines = FakeOutlines(head={"a.py": "an outline"})
    assert ("an outline", None) == (outlines.outline("a.py"), outlines.outline("b.py"))
    assert make_change({"a.py": "x\n"}).files
