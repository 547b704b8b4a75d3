"""A table of a report, as rows of text: what Markdown and HTML show alike."""

from typing import NamedTuple

NONE = "–"


class Table(NamedTuple):
    """A title, what it shows in a sentence or more, the head, and rows of text; the first column is a name."""

    title: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
