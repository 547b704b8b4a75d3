from threading import Thread

import pytest

from hunkwise.core.errors import ModelError
from hunkwise.core.reader_ports import Backend, LanguageModel, ModelRequest
from hunkwise.core.reading import Reading, WriteJob, Written
from hunkwise.testing import FakeBackend, FakeModel, make_task

REQUEST = ModelRequest(reference="fake", directory="/nowhere")


def test_a_task_points_at_the_added_lines():
    """The places of a task are the added lines of its first hunk."""
    assert make_task("a\nb\nc\n", "a\nB\nc\nd\n").places == (2, 4)


def test_a_task_of_a_deletion_points_at_what_is_left():
    """Where nothing was added, the lines that are still there are the places."""
    assert make_task("a\nb\nc\n", "a\nc\n").places == (1, 2)


def test_the_readings_are_those_of_the_test():
    """A line that is named has its probability, others have none, and the rest is "nothing to say"."""
    model: LanguageModel = FakeModel(readings={"a.py": {2: 0.75}})
    (reading,) = model.locate([make_task()])
    assert reading.probabilities == (0.0, 0.75)
    assert reading.none == 0.25
    assert reading.tokens > 0


def test_a_model_without_readings_has_nothing_to_say():
    """What no test named is "nothing to say"."""
    assert FakeModel().locate([make_task()])[0].none == 1.0


def test_a_function_can_answer():
    """Readings and texts may be functions of what is asked."""
    model = FakeModel(readings=lambda task: Reading((0.5, 0.5), 0.0), texts=lambda job: Written(job.claim, is_cut=True))
    assert model.locate([make_task()]) == (Reading((0.5, 0.5), 0.0),)
    assert model.write([WriteJob(task=make_task(), place=1, claim="x")]) == (Written("x", is_cut=True),)


def test_the_texts_are_those_of_the_test():
    """A place that is named has its text, any other one that names it."""
    model = FakeModel(texts={("a.py", 1): "Mutable default."})
    texts = [one.text for one in model.write([WriteJob(task=make_task(), place=place) for place in (1, 2)])]
    assert texts == ["Mutable default.", "The change to line 2 of a.py needs a second look."]


def test_what_was_asked_is_kept():
    """A test can see what the model was asked."""
    model, task = FakeModel(), make_task()
    model.locate([task])
    model.write([WriteJob(task=task, place=1)])
    assert (model.located, [job.place for job in model.written]) == ([task], [1])


def test_a_call_raises_what_the_test_wants():
    """Only the call that is named raises."""
    model = FakeModel(raises={"write": MemoryError("no more")})
    assert len(model.locate([make_task()])) == 1
    with pytest.raises(MemoryError):
        model.write([WriteJob(task=make_task(), place=1)])


def test_a_call_that_hangs_ends_when_the_model_is_closed():
    """Closing the model from another thread ends the call under way with an error."""
    model, raised = FakeModel(hangs={"locate"}), []

    def ask():
        try:
            model.locate([make_task()])
        except ModelError as error:
            raised.append(str(error))

    thread = Thread(target=ask)
    thread.start()
    thread.join(0.05)
    assert thread.is_alive()
    model.close()
    thread.join(5)
    assert raised == ["the model fake was closed"]


def test_a_backend_opens_only_its_own_reference():
    """Another reference is left to other backends."""
    backend: Backend = FakeBackend(reference="mine", readings={"a.py": {1: 1.0}})
    assert backend.open(REQUEST) is None
    model = backend.open(ModelRequest(reference="mine", directory="/nowhere"))
    assert model is not None
    assert model.locate([make_task()])[0].probabilities == (1.0, 0.0)


def test_a_backend_can_fail_to_open():
    """`open` raises what the test wants."""
    with pytest.raises(ModelError, match="broken folder"):
        FakeBackend(raises={"open": ModelError("broken folder")}).open(REQUEST)
