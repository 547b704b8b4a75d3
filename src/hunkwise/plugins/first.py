"""Ask parts one after the other until one knows the answer; one that breaks is passed over."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from hunkwise.core.errors import HunkwiseError, UsageError
from hunkwise.core.failure import Failure
from hunkwise.plugins.guard import guarded


class Ordered(Protocol):
    """A part that has its turn."""

    name: str
    order: int


Part = TypeVar("Part", bound=Ordered)
Answer = TypeVar("Answer")


def first_answer(
    parts: Iterable[Part], stage: str, ask: Callable[[Part], Answer | None], nobody: str
) -> tuple[Answer, tuple[Failure, ...]]:
    """Return the first answer that is not None, by ascending order and name, and the failures of those before.

    What a part raises on purpose is raised. Raises UsageError with the words of `nobody` where none has an answer.
    """
    failures = []
    for part in sorted(parts, key=lambda one: (one.order, one.name)):

        def call(part: Part = part) -> Answer | HunkwiseError | None:
            try:
                return ask(part)
            except HunkwiseError as error:
                return error

        outcome = guarded(part.name, stage, call)
        if isinstance(outcome, HunkwiseError):
            raise outcome
        if isinstance(outcome, Failure):
            failures.append(outcome)
        elif outcome is not None:
            return outcome, tuple(failures)
    broken = "; ".join(f"{failure.who}: {failure.message}" for failure in failures)
    raise UsageError(f"{nobody}{f' ({broken})' if broken else ''}")
