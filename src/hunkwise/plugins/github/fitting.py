"""Put a text together so that it is never too long: lists lose their last items, and say how many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Size = Callable[[str], int]
GAP = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A list under a title; where not all sections can be whole, those of a higher `order` give way first."""

    title: str
    items: tuple[str, ...]
    order: int = 0
    is_folded: bool = False


def characters(text: str) -> int:
    """Return how long a text is to whoever counts most: in units of UTF-16."""
    return len(text) + sum(character > "\uffff" for character in text)


def octets(text: str) -> int:
    """Return how many bytes of UTF-8 a text has."""
    return len(text.encode("utf-8", "replace"))


def fit(head: str, sections: Sequence[Section], tail: str, *, most: int, size: Size = characters) -> str:
    """Return head, sections and tail, parted by blank lines, in at most `most`; only items of sections are left out."""
    shown = [section for section in sections if section.items]
    left = most - size(head) - size(tail) - 2 * len(GAP)
    left -= sum(size(_drawn(section, 0)) + len(GAP) for section in shown)
    taken: dict[int, int] = {}
    for at in sorted(range(len(shown)), key=lambda one: (shown[one].order, one)):
        count = 0
        for item in shown[at].items:
            if size(item) + 1 > left:
                break
            left -= size(item) + 1
            count += 1
        taken[at] = count
    parts = (head, *(_drawn(section, taken[at]) for at, section in enumerate(shown)), tail)
    return GAP.join(part for part in parts if part)


def _drawn(section: Section, count: int) -> str:
    """Return a section with its first items; without any it is as long as what all others add to."""
    items = [*section.items[:count]]
    if count < len(section.items):
        items.append(f"- … and {len(section.items) - count:,} more, left out for length")
    listed = "\n".join(items)
    if section.is_folded:
        return f"<details><summary>{section.title}</summary>{GAP}{listed}{GAP}</details>"
    return f"**{section.title}**{GAP}{listed}"
