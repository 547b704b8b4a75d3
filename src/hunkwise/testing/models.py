"""A language model that says what a test tells it to, and its backend."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event

from hunkwise.core.errors import ModelError
from hunkwise.core.model import Finding
from hunkwise.core.reader_ports import ModelRequest
from hunkwise.core.reading import ContextItem, HunkTask, ModelCard, Reading, WriteJob, Written
from hunkwise.testing.builders import make_file

Readings = Mapping[str, Mapping[int, float]] | Callable[[HunkTask], Reading]
"""By path and line of the head, what is not named is 0; or what answers a task."""
Texts = Mapping[tuple[str, int], str] | Callable[[WriteJob], Written]
"""By path and line of the head; or what answers a job."""

BEFORE, AFTER = "def total(items):\n    return sum(items)\n", "def total(items=[]):\n    return sum(items) + 1\n"


def make_task(
    old: str | None = BEFORE,
    new: str | None = AFTER,
    *,
    path: str = "a.py",
    places: Sequence[int] | None = None,
    context: Sequence[ContextItem] = (),
    hints: Sequence[Finding] = (),
    language: str | None = None,
) -> HunkTask:
    """Build a task from a file before and after; its first hunk is read, and its added lines are the places."""
    file = make_file(path, old, new, language=language)
    hunk = file.hunks[0]
    added = tuple(line.new for line in hunk.lines if line.new is not None and line.is_added)
    shown = tuple(line.new for line in hunk.lines if line.new is not None)
    return HunkTask(
        hunk=hunk,
        lines=hunk.lines,
        places=(added or shown) if places is None else tuple(places),
        context=tuple(context),
        hints=tuple(hints),
        language=file.language,
    )


@dataclass(kw_only=True, eq=False)
class FakeModel:
    """A model that answers as the test wants; else "nothing to say" of every task, and texts that name the place.

    raises: what a call raises, by its name (`locate`, `write`, `count_tokens`).
    hangs: the calls that hang until the model is closed, as a real one's do.
    located, written: all tasks and jobs that it was asked, in order; is_closed: whether `close` was called.
    """

    readings: Readings = field(default_factory=dict)
    texts: Texts = field(default_factory=dict)
    raises: Mapping[str, Exception] = field(default_factory=dict)
    hangs: Collection[str] = ()
    card: ModelCard | None = None
    name: str = "fake"
    identity: str = "0" * 64
    context_length: int = 4096
    prompt_tokens: int = 640
    located: list[HunkTask] = field(default_factory=list, init=False)
    written: list[WriteJob] = field(default_factory=list, init=False)
    _closed: Event = field(default_factory=Event, init=False)

    @property
    def is_closed(self) -> bool:
        return self._closed.is_set()

    def count_tokens(self, text: str) -> int:
        """Return how many words and signs a text has."""
        self._play("count_tokens")
        return len(re.findall(r"\w+|[^\w\s]", text))

    def locate(self, tasks: Sequence[HunkTask]) -> tuple[Reading, ...]:
        """Return the readings that the test wants."""
        self.located.extend(tasks)
        self._play("locate")
        return tuple(self._reading(task) for task in tasks)

    def write(self, jobs: Sequence[WriteJob]) -> tuple[Written, ...]:
        """Return the texts that the test wants."""
        self.written.extend(jobs)
        self._play("write")
        return tuple(self._text(job) for job in jobs)

    def close(self) -> None:
        """End the calls that hang, and refuse all others."""
        self._closed.set()

    def _play(self, call: str) -> None:
        if call in self.hangs:
            self._closed.wait()
        if self._closed.is_set():
            raise ModelError(f"the model {self.name} was closed")
        if error := self.raises.get(call):
            raise error

    def _reading(self, task: HunkTask) -> Reading:
        if callable(self.readings):
            return self.readings(task)
        of_path = self.readings.get(task.hunk.path, {})
        probabilities = tuple(of_path.get(place, 0.0) for place in task.places)
        read = sum(len(line.text.split()) for line in task.lines)
        return Reading(probabilities=probabilities, none=max(0.0, 1.0 - sum(probabilities)), tokens=read)

    def _text(self, job: WriteJob) -> Written:
        if callable(self.texts):
            return self.texts(job)
        path = job.task.hunk.path
        text = self.texts.get((path, job.place), f"The change to line {job.place} of {path} needs a second look.")
        return Written(text=text, read=sum(len(line.text.split()) for line in job.task.lines), tokens=len(text.split()))


@dataclass(kw_only=True, eq=False)
class FakeBackend:
    """A backend that opens one `FakeModel`, for one reference; `raises` and `hangs` know the call `open` too.

    opened: the models that it opened, in order. released: a test sets it to let go of an `open` that hangs.
    """

    readings: Readings = field(default_factory=dict)
    texts: Texts = field(default_factory=dict)
    raises: Mapping[str, Exception] = field(default_factory=dict)
    hangs: Collection[str] = ()
    card: ModelCard | None = None
    identity: str = "0" * 64
    context_length: int = 4096
    reference: str = "fake"
    name: str = "fake"
    opened: list[FakeModel] = field(default_factory=list, init=False)
    released: Event = field(default_factory=Event, init=False)

    def open(self, request: ModelRequest) -> FakeModel | None:
        """Return a model for the reference that is ours, else None."""
        if request.reference != self.reference:
            return None
        if "open" in self.hangs:
            self.released.wait()
        if error := self.raises.get("open"):
            raise error
        model = FakeModel(
            readings=self.readings,
            texts=self.texts,
            raises=self.raises,
            hangs=self.hangs,
            card=self.card,
            name=self.reference,
            identity=self.identity,
            context_length=self.context_length,
        )
        self.opened.append(model)
        return model
