"""Check that a backend, and the model that it opens, keep their contract."""

import math
from collections.abc import Sequence

from hunkwise.core.errors import ModelError
from hunkwise.core.reader_ports import Backend, LanguageModel, ModelRequest
from hunkwise.core.reading import HunkTask, ModelCard, Reading, WriteJob, Written
from hunkwise.plugins.shapes import members
from hunkwise.testing.models import make_task
from hunkwise.testing.words import called, require, require_shape

STRANGE = ModelRequest(reference="no-such-scheme:no-such-model", directory="/nowhere-at-all")
NEAR_ONE = 1e-6


def check_backend(backend: Backend, request: ModelRequest | None = None) -> None:
    """Require that it leaves alone what is not for it, and opens a sound model for the request, if one is given.

    A sound model gives one probability a place, which sum to 1 with that of "nothing to say", and one text a job;
    the same when asked twice; and raises ModelError once it is closed.
    Raises AssertionError in words.
    """
    name = require_shape("hunkwise_backends", backend)
    require(_open(backend, STRANGE, "a strange reference") is None, f"{name} takes a reference that is not for it")
    if request is None:
        return
    model = _open(backend, request, "the request")
    require(model is not None, f"{name} does not take the reference {request.reference!r}")
    assert model is not None
    _check_members(name, model)
    try:
        _check_counts(model)
        _check_locate(model)
        _check_write(model)
    finally:
        called(f"{name}, close", "an open model", model.close)
    called(f"{name}, close", "a closed model", model.close)
    _require_closed(model)


def _check_members(name: str, model: LanguageModel) -> None:
    lacking = [one for one in members(LanguageModel) if not hasattr(model, one)]
    require(not lacking, f"the model that {name} opens lacks {', '.join(lacking)}")
    for member in ("name", "identity"):
        value = getattr(model, member)
        require(isinstance(value, str) and bool(value), f"the model's {member} is {value!r}; it must be a text")
    length = model.context_length
    require(isinstance(length, int) and length > 0, f"the model's context_length is {length!r}")
    suited = model.prompt_tokens
    require(isinstance(suited, int) and suited > 0, f"the model's prompt_tokens is {suited!r}")
    card = model.card
    require(
        card is None or isinstance(card, ModelCard), f"the model's card is {card!r}; it must be a ModelCard or None"
    )


def _check_counts(model: LanguageModel) -> None:
    few = called("count_tokens", "a word", lambda: model.count_tokens("word"))
    many = called("count_tokens", "198 words", lambda: model.count_tokens("two words " * 99))
    require(isinstance(few, int) and few > 0, f"count_tokens gives {few!r} for one word")
    require(many > few, f"count_tokens gives {many!r} for 198 words and {few!r} for one")
    nothing = called("count_tokens", "no text", lambda: model.count_tokens(""))
    require(nothing == 0, f"count_tokens gives {nothing!r} for an empty text, special tokens do not count")


def _check_locate(model: LanguageModel) -> None:
    require(len(_locate(model, ())) == 0, "locate gives readings for no tasks")
    tasks = _tasks()
    readings = _locate(model, tasks)
    require(len(readings) == len(tasks), f"locate gives {len(readings)} readings for {len(tasks)} tasks")
    for task, reading in zip(tasks, readings, strict=True):
        _check_reading(task, reading)
    again = _locate(model, tasks)
    same = [(one.probabilities, one.none) for one in readings] == [(one.probabilities, one.none) for one in again]
    require(same, "locate does not give the same for the same tasks; decode greedily or with a fixed seed")


def _check_reading(task: HunkTask, reading: Reading) -> None:
    require(isinstance(reading, Reading), f"locate gives a {type(reading).__name__}; return Reading objects")
    count, places = len(reading.probabilities), len(task.places)
    require(count == places, f"locate gives {count} probabilities for {places} places")
    all_of_them = (*reading.probabilities, reading.none)
    require(all(0 <= one <= 1 for one in all_of_them), f"locate gives a probability outside [0, 1]: {all_of_them}")
    total = math.fsum(all_of_them)
    require(abs(total - 1) <= NEAR_ONE, f"the probabilities of a reading sum to {total}, with `none`; not to 1")
    require(reading.tokens >= 0, f"a reading says that {reading.tokens} tokens were read")


def _check_write(model: LanguageModel) -> None:
    jobs = [WriteJob(task=task, place=task.places[-1], claim=claim) for task in _tasks()[:2] for claim in ("", "Odd.")]
    require(len(_write(model, ())) == 0, "write gives texts for no jobs")
    texts = _write(model, jobs)
    require(len(texts) == len(jobs), f"write gives {len(texts)} texts for {len(jobs)} jobs")
    for written in texts:
        require(isinstance(written, Written), f"write gives a {type(written).__name__}; return Written objects")
        require(isinstance(written.text, str), f"write gives {written.text!r} as a text")
    same = [one[:2] for one in texts] == [one[:2] for one in _write(model, jobs)]
    require(same, "write does not give the same for the same jobs; decode greedily or with a fixed seed")


def _require_closed(model: LanguageModel) -> None:
    try:
        model.locate(_tasks())
    except ModelError:
        return
    raise AssertionError("a closed model still answers; raise ModelError")


def _tasks() -> tuple[HunkTask, ...]:
    """Return tasks of several shapes: a change, an added file, a deletion, a line that is no plain text."""
    many = "".join(f"value_{number} = {number} / {number % 3}\n" for number in range(1, 13))
    odd = "text = 'caf\u00e9 \U0001f600 <|im_end|>'\nother = '\udcff'\n"
    return (
        make_task(),
        make_task("", many, path="many.py"),
        make_task("a = 1\nb = 2\nc = 3\n", "a = 1\nc = 3\n", path="gone.py"),
        make_task(None, odd, path="odd.py"),
    )


def _open(backend: Backend, request: ModelRequest, case: str) -> LanguageModel | None:
    def load() -> LanguageModel | None:
        try:
            return backend.open(request)
        except ModelError:
            if request is STRANGE:
                return None
            raise

    return called(f"{backend.name}.open", case, load)


def _locate(model: LanguageModel, tasks: Sequence[HunkTask]) -> Sequence[Reading]:
    return called("locate", f"{len(tasks)} tasks", lambda: model.locate(tasks))


def _write(model: LanguageModel, jobs: Sequence[WriteJob]) -> Sequence[Written]:
    return called("write", f"{len(jobs)} jobs", lambda: model.write(jobs))
