"""Check that a context provider keeps its contract, and a fake of the outlines it is given."""

from collections.abc import Mapping, Sequence

from hunkwise.context.parsed_outlines import ParsedOutlines
from hunkwise.core.model import Hunk, RepoPath, Side
from hunkwise.core.outline import Outline
from hunkwise.core.reader_ports import ContextProvider, Outlines
from hunkwise.core.reading import ContextItem
from hunkwise.testing.builders import Files, before_after, make_change
from hunkwise.testing.words import called, require, require_shape
from hunkwise.testing.workspace import FakeWorkspace

FILES: Files = {
    "shop/cart.py": (
        "import os\nfrom shop.tax import rate\n\n\nclass Cart:\n    def total(self, items):\n        return 1\n",
        "import os\nfrom shop.tax import rate\n\n\nclass Cart:\n    def total(self, items, base):\n"
        "        return rate(base) * sum(items)\n",
    ),
    "shop/tax.py": ("def rate(base):\n    return base\n", "def rate(base):\n    return base\n"),
    "shop/page.py": ("def show(cart):\n    cart.total([])\n", "def show(cart):\n    cart.total([])\n"),
    "tests/test_cart.py": "from shop.cart import Cart\n\n\ndef test_total():\n    assert Cart().total([], 0) == 0\n",
    "broken.py": ("def f(:\n  x\n", "def f(:\n  y\n\0\n"),
    "gone.py": ("x = 1\n", None),
    "données.txt": ("a\n", "b\nc\n"),
}


class FakeOutlines:
    """Outlines from a dict, by path; all others are missing."""

    def __init__(self, head: Mapping[str, Outline] | None = None, base: Mapping[str, Outline] | None = None) -> None:
        self._sides = {Side.HEAD: dict(head or {}), Side.BASE: dict(base or {})}

    def outline(self, path: RepoPath, side: Side = Side.HEAD) -> Outline | None:
        """Return the outline that was given for a file, or None."""
        return self._sides[side].get(path)


def check_context(provider: ContextProvider, files: Files | None = None) -> None:
    """Require items of whole lines of the head, from outside the hunk, the same each time, whatever is at hand.

    Runs on files of its own unless some are given, by their texts before and after: with their outlines, without any,
    and on a bare patch. Raises AssertionError in words.
    """
    require_shape("hunkwise_contexts", provider)
    files = FILES if files is None else files
    change = make_change(files)
    texts = {path: before_after(both) for path, both in files.items()}
    added = {path: new for path, (old, new) in texts.items() if old is None and new is not None}
    with FakeWorkspace.of(files) as whole, ParsedOutlines(whole) as outlines:
        patch = FakeWorkspace(head=added, is_complete=False)
        cases: Mapping[str, tuple[FakeWorkspace, Outlines]] = {
            "with outlines": (whole, outlines),
            "without outlines": (whole, FakeOutlines()),
            "on a bare patch": (patch, FakeOutlines()),
        }
        for file in change.files:
            for hunk in file.hunks:
                for case, (workspace, given) in cases.items():

                    def offer(
                        hunk: Hunk = hunk, workspace: FakeWorkspace = workspace, given: Outlines = given
                    ) -> Sequence[ContextItem]:
                        return provider.offer(hunk, change, workspace, given)

                    what = f"{hunk.id} {case}"
                    items = called(f"{provider.name}.offer", what, offer)
                    require(
                        isinstance(items, Sequence),
                        f"{provider.name}.offer returned {type(items).__name__}; return a sequence",
                    )
                    for item in items:
                        _check_item(provider.name, item, hunk, workspace, what)
                    again = called(f"{provider.name}.offer", what, offer)
                    require(
                        list(again) == list(items), f"{provider.name}.offer gave two answers to one question ({what})"
                    )


def _check_item(name: str, item: object, hunk: Hunk, workspace: FakeWorkspace, what: str) -> None:
    if not isinstance(item, ContextItem):
        raise AssertionError(f"{name}.offer returned {item!r} ({what}); return ContextItem objects")
    where = f"{item.path}:{item.start}-{item.end} ({what})"
    require(bool(item.kind) and bool(item.origin), f"{name} offers {where} without a kind or an origin")
    require(isinstance(item.text, str) and bool(item.text.strip()), f"{name} offers {where} without text")
    try:
        lines = workspace.read(item.path).decode("utf-8", "replace").split("\n")
    except FileNotFoundError:
        raise AssertionError(f"{name} offers {where}, which is not at hand") from None
    require(1 <= item.start <= item.end <= len(lines), f"{name} offers {where}, but the file has {len(lines)} lines")
    if item.path == hunk.path:
        shown = {line.new for line in hunk.lines if line.new is not None}
        repeated = shown.intersection(range(item.start, item.end + 1))
        require(not repeated, f"{name} offers {where}, which repeats the hunk's own lines")
