"""Fit what is known around a hunk into a budget of tokens, and say what was left out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from hunkwise.core.model import Finding, Hunk, RepoPath
from hunkwise.core.reading import ContextItem
from hunkwise.core.text import printable
from hunkwise.core.windows import countable

Count = Callable[[str], int]

MOST_HINTS = 8
SHARES: Mapping[str, float] = {
    "enclosing": 0.45,
    "definition": 0.35,
    "caller": 0.2,
    "imports": 0.12,
    "test": 0.2,
}
"""The part of the budget that one kind may take before the others had their turn."""
OTHER_SHARE = 0.25
HINT_SHARE = 0.4
LEAST_LINES = 3
"""Lines that a cut item must keep to be worth its heading."""


class LeftOut(NamedTuple):
    """What was offered and is not shown, or the part of an item that is not, and why."""

    item: ContextItem | Finding
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What is shown, best first, what was left out, and the tokens of what is shown."""

    context: tuple[ContextItem, ...] = ()
    hints: tuple[Finding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    tokens: int = 0


def heading(item: ContextItem) -> str:
    """Return the line above an item: where it comes from."""
    return printable(f"{item.path}:{item.start}-{item.end}: {item.origin}")


def hint_text(hint: Finding) -> str:
    """Return a hint as one line: where, what, and who says so."""
    message = " ".join(hint.message.split())
    where = hint.location.path if hint.location.start is None else f"line {hint.location.start}"
    return printable(f"{where}: {message} ({hint.tool} {hint.rule})")


def pack(hunk: Hunk, offers: Sequence[ContextItem], hints: Sequence[Finding], budget: int, count: Count) -> Packed:
    """Return what fits the budget: hints first, then offers in their order, each kind within its share at first.

    offers, hints: best first. The lines of the hunk itself and those shown already are cut from the offers.
    Texts are counted as `heading` and `hint_text` have them, each with a line break.
    """
    packer = _Packer(hunk, budget, count)
    packer.hint(hints)
    postponed = [piece for offer in offers for piece in packer.offer(offer)]
    for piece in postponed:
        packer.add(piece, packer.left, is_last=True)
    return packer.packed()


class _Packer:
    def __init__(self, hunk: Hunk, budget: int, count: Count) -> None:
        self._hunk = hunk
        self._count = count
        self._budget = self.left = max(budget, 0)
        self._spent: dict[str, int] = {}
        self._kept: list[ContextItem] = []
        self._hints: list[Finding] = []
        self._left_out: list[LeftOut] = []
        self._in_hunk = {line.new for line in hunk.lines if line.new is not None}
        self._seen: dict[RepoPath, set[int]] = {}

    def hint(self, hints: Sequence[Finding]) -> None:
        allowed = self.left if self._budget < 200 else int(self._budget * HINT_SHARE)
        for hint in hints:
            cost = self._count(hint_text(hint) + "\n")
            if hint in self._hints:
                self._left_out.append(LeftOut(hint, "said already"))
            elif len(self._hints) == MOST_HINTS:
                self._left_out.append(LeftOut(hint, f"more than {MOST_HINTS} hints"))
            elif cost > min(allowed, self.left):
                self._left_out.append(LeftOut(hint, "does not fit"))
            else:
                self._hints.append(hint)
                allowed -= cost
                self.left -= cost

    def offer(self, item: ContextItem) -> Iterator[ContextItem]:
        """Keep an offer, as far as the share of its kind goes; yield the pieces that have to wait."""
        share = int(self._budget * SHARES.get(item.kind, OTHER_SHARE)) - self._spent.get(item.kind, 0)
        for piece in self._new_pieces(item):
            room = min(share, self.left)
            spent = self._cost(piece)
            if spent <= room:
                self._keep(piece, spent)
                share -= spent
            else:
                yield piece

    def add(self, item: ContextItem, room: int, *, is_last: bool) -> None:
        """Keep what fits of an item that had to wait."""
        for piece in self._new_pieces(item):
            room = min(room, self.left)
            shown, rest = self._cut(piece, room)
            if shown is not None:
                self._keep(shown, self._cost(shown))
            if rest is not None:
                self._left_out.append(LeftOut(rest, "does not fit" if shown is None else "cut to fit"))

    def packed(self) -> Packed:
        joined = tuple(_joined(self._kept))
        costs = sum(map(self._cost, joined))
        hints = sum(self._count(hint_text(hint) + "\n") for hint in self._hints)
        if costs + hints > self._budget:
            joined, costs = tuple(self._kept), sum(map(self._cost, self._kept))
        return Packed(context=joined, hints=tuple(self._hints), left_out=tuple(self._left_out), tokens=costs + hints)

    def _cost(self, item: ContextItem) -> int:
        return self._count(countable(f"{heading(item)}\n{item.text}\n"))

    def _keep(self, item: ContextItem, cost: int) -> None:
        self._kept.append(item)
        self._seen.setdefault(item.path, set()).update(range(item.start, item.end + 1))
        self._spent[item.kind] = self._spent.get(item.kind, 0) + cost
        self.left -= cost

    def _new_pieces(self, item: ContextItem) -> Iterator[ContextItem]:
        known = self._seen.get(item.path, set()) | (self._in_hunk if item.path == self._hunk.path else set())
        lines = item.text.split("\n")
        if len(lines) != item.end - item.start + 1:
            # Not line for line: whole or not at all.
            if not set(range(item.start, item.end + 1)) <= known:
                yield item
            return
        yield from _pieces(item, [number not in known for number in range(item.start, item.end + 1)])

    def _cut(self, item: ContextItem, room: int) -> tuple[ContextItem | None, ContextItem | None]:
        """Return what fits of an item, and the rest: cut at the end, or at the beginning of what leads to the hunk."""
        if self._cost(item) <= room:
            return item, None
        length = item.end - item.start + 1
        if item.text.count("\n") + 1 != length or length <= LEAST_LINES:
            return None, item
        leads = item.kind == "enclosing" and item.path == self._hunk.path and item.end + 1 in self._in_hunk
        low, high = 0, length - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._cost(_part(item, middle, leads)) <= room else (low, middle - 1)
        if low < LEAST_LINES or self._cost(_part(item, low, leads)) > room:
            return None, item
        return _part(item, low, leads), _part(item, length - low, not leads)


def _part(item: ContextItem, length: int, is_end: bool) -> ContextItem:
    lines = item.text.split("\n")
    if is_end:
        return replace(item, start=item.end - length + 1, text="\n".join(lines[-length:]))
    return replace(item, end=item.start + length - 1, text="\n".join(lines[:length]))


def _pieces(item: ContextItem, is_new: Sequence[bool]) -> Iterator[ContextItem]:
    lines = item.text.split("\n")
    first = None
    for at, new in enumerate((*is_new, False)):
        if new:
            first = at if first is None else first
        elif first is not None:
            yield replace(item, start=item.start + first, end=item.start + at - 1, text="\n".join(lines[first:at]))
            first = None


def _joined(items: Iterable[ContextItem]) -> Iterator[ContextItem]:
    """Yield the items, those that follow each other in a file as one, at the place of the first."""
    found: list[ContextItem] = []
    for item in items:
        neighbour = next((one for one in found if _touch(one, item)), None)
        if neighbour is None:
            found.append(item)
            continue
        first, last = sorted((neighbour, item), key=lambda one: one.start)
        origin = neighbour.origin if item.origin == neighbour.origin else f"{first.origin}; {last.origin}"
        at = found.index(neighbour)
        found[at] = replace(
            neighbour, start=first.start, end=last.end, text=f"{first.text}\n{last.text}", origin=origin
        )
    yield from found


def _touch(one: ContextItem, other: ContextItem) -> bool:
    is_near = one.end + 1 == other.start or other.end + 1 == one.start
    return is_near and one.path == other.path and one.kind == other.kind and _is_exact(one) and _is_exact(other)


def _is_exact(item: ContextItem) -> bool:
    return item.text.count("\n") == item.end - item.start
