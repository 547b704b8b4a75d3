"""Labels of lines for a model whose vocabulary is not known: one character each, so one token nearly everywhere."""

from collections.abc import Iterator
from dataclasses import replace

from hunkwise.core.reading import HunkTask

LABELS = "BCDEFGHJKLMNPQRSTUVWXYZbcdefghjkmnpqrstuvwxyz123456789"
"""Without A, I and O, which begin answers in words or look like others."""
NONE = "0"
"""The label of "there is nothing to say"."""


def labels_of(task: HunkTask) -> tuple[str, ...]:
    """Return one label a place."""
    return tuple(LABELS[: len(task.places)])


def parts_of(task: HunkTask) -> Iterator[HunkTask]:
    """Yield the task, or, where it has more places than there are labels, the same lines with some places each."""
    count = -(-len(task.places) // len(LABELS))
    size = -(-len(task.places) // count) if count else 0
    for start in range(0, len(task.places), size or 1):
        yield replace(task, places=task.places[start : start + size])
