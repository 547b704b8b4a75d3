import pytest

from hunkwise.core.reader_ports import ModelRequest
from hunkwise.core.reading import Reading, Written
from hunkwise.testing import FakeBackend, FakeModel, check_backend

REQUEST = ModelRequest(reference="fake", directory="/nowhere")


def spread(task):
    """Answer evenly."""
    return Reading(tuple(0.5 / len(task.places) for _ in task.places), 0.5)


def test_the_fake_backend_passes():
    """What the kit itself offers keeps the contract."""
    check_backend(FakeBackend(), REQUEST)
    check_backend(FakeBackend(readings=spread), REQUEST)


def test_without_a_request_only_strange_references_are_tried():
    """A backend that needs a server or weights is checked without them."""
    check_backend(FakeBackend(raises={"open": RuntimeError("not called")}))


class Greedy(FakeBackend):
    def open(self, request):
        return FakeModel()


def test_a_backend_that_takes_everything_is_told():
    """A reference of nobody must be left to others."""
    with pytest.raises(AssertionError, match="fake takes a reference that is not for it"):
        check_backend(Greedy(), REQUEST)


def test_a_backend_that_does_not_know_its_own_reference_is_told():
    """The request that is given must be opened."""
    with pytest.raises(AssertionError, match="fake does not take the reference 'fake'"):
        check_backend(FakeBackend(reference="other"), REQUEST)


@pytest.mark.parametrize(
    ("readings", "words"),
    [
        (lambda task: Reading((0.5,) * len(task.places), 0.5), "the probabilities of a reading sum to 1.5"),
        (lambda task: Reading((), 1.0), "locate gives 0 probabilities for 2 places"),
        (lambda task: Reading((-1.0, *(2.0 for _ in task.places[1:])), 0.0), r"outside \[0, 1\]"),
        (lambda task: (spread(task).probabilities, 0.5), "locate gives a tuple; return Reading objects"),
        (lambda task: 1 / 0, "locate raised on 4 tasks: ZeroDivisionError"),
    ],
)
def test_bad_readings_are_told(readings, words):
    """A reading that is no distribution over the task's places fails."""
    with pytest.raises(AssertionError, match=words):
        check_backend(FakeBackend(readings=readings), REQUEST)


def test_readings_that_change_are_told():
    """The same tasks must have the same readings."""
    count = iter(range(100))
    drifting = FakeBackend(readings=lambda task: drift(task, next(count)))
    with pytest.raises(AssertionError, match="locate does not give the same"):
        check_backend(drifting, REQUEST)


def drift(task, step):
    """Answer the first place a little more likely at each step."""
    return Reading((step / 100, *(0.0 for _ in task.places[1:])), 1 - step / 100)


def test_texts_that_are_none_are_told():
    """A text is a text."""
    with pytest.raises(AssertionError, match="write gives None as a text"):
        check_backend(FakeBackend(texts=lambda job: Written(None)), REQUEST)


def test_texts_that_change_are_told():
    """The same jobs must have the same texts."""
    count = iter(range(100))
    with pytest.raises(AssertionError, match="write does not give the same"):
        check_backend(FakeBackend(texts=lambda job: Written(str(next(count)))), REQUEST)


def test_a_model_that_answers_though_closed_is_told():
    """Closing ends all answers."""

    class Open(FakeBackend):
        def open(self, request):
            model = super().open(request)
            if model is not None:
                model.close = lambda: None
            return model

    with pytest.raises(AssertionError, match="a closed model still answers"):
        check_backend(Open(), REQUEST)


def test_a_model_without_a_member_is_told():
    """A model that lacks a member of the protocol fails before it is asked."""

    class Bare(FakeBackend):
        def open(self, request):
            return object() if request.reference == "fake" else None

    with pytest.raises(AssertionError, match="the model that fake opens lacks card, close, context_length"):
        check_backend(Bare(), REQUEST)
