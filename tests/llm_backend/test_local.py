import os
import time
from threading import Timer

import pytest
from random_llama import make_llama

from hunkwise.core.errors import ModelError
from hunkwise.core.reading import WriteJob
from hunkwise.llm_backend.answers import Answers
from hunkwise.llm_backend.conversion import convert
from hunkwise.llm_backend.engine import Engine
from hunkwise.llm_backend.huggingface import read_huggingface
from hunkwise.llm_backend.local import LocalModel, open_local
from hunkwise.testing import make_task

TASK = make_task()


def quiet(stage, done, count):
    """Tell nobody."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a converted model as Code Llama is, small and random."""
    source = make_llama(tmp_path_factory.mktemp("source") / "CodeLlama-7b-Instruct-hf")[0]
    return convert(
        read_huggingface(source, name="random"), tmp_path_factory.mktemp("m"), quantization="int8", tell=quiet
    )


@pytest.fixture
def model(folder):
    opened = open_local(folder, None, os.environ)
    yield opened
    opened.close()


def test_a_reading_is_a_distribution(model):
    """One probability a place and one for none, which sum to 1; the same for the same task."""
    first, second = model.locate([TASK]), model.locate([TASK])
    assert len(first[0].probabilities) == 2
    assert sum(first[0].probabilities) + first[0].none == pytest.approx(1)
    assert first[0][:2] == second[0][:2]


def test_what_has_no_content_is_read_without_bias(model):
    """A task of placeholders gets what is left when its own bias is taken away: the same for all."""
    from hunkwise.llm_backend.prompts import content_free

    (reading,) = model.locate([content_free(3)])
    assert (*reading.probabilities, reading.none) == pytest.approx((0.25,) * 4)


def test_its_bias_is_computed_once(folder, tmp_path):
    """What a content-free task of a size gives is kept on disk: a later process reads the hunk alone."""
    answers = Answers(tmp_path)
    tokens = []
    for _ in range(2):
        model = open_local(folder, None, os.environ, answers=answers)
        tokens.append(model.locate([TASK])[0].tokens)
        model.close()
    assert tokens[0] > tokens[1] > 0


def test_texts_are_the_same_alone_and_together(model):
    """What a job gets does not depend on those beside it; a text is cut at its limit and says so."""
    jobs = [WriteJob(task=TASK, place=place, claim=claim) for place in (1, 2) for claim in ("", "the value of the key")]
    together = model.write(jobs)
    assert [model.write([job])[0] for job in jobs] == list(together)
    assert all(one.tokens <= 96 and one.read for one in together)


def test_a_task_with_more_places_than_labels_is_an_error(model):
    """The caller splits big hunks."""
    from hunkwise.llm_backend.prompts import content_free

    with pytest.raises(ModelError, match="99 places in one task"):
        model.locate([content_free(99)])


def test_a_prompt_beyond_the_context_is_an_error(folder):
    """The message names the setting."""
    model = open_local(folder, None, os.environ)
    model.context_length = 100
    with pytest.raises(ModelError, match="set `prompt_tokens` lower"):
        model.locate([TASK])
    model.close()


def test_the_process_starts_when_it_is_needed(folder):
    """Counting tokens needs no weights, and what was closed is not opened again."""
    model = LocalModel(folder, None, lambda: 1 / 0)
    assert model.count_tokens("def parse") > 1
    model.close()
    with pytest.raises(ModelError, match="it was closed"):
        model.locate([TASK])


def test_a_model_that_is_closed_ends_its_call(folder):
    """Another thread may close it in the midst of an answer, which then is an error."""
    model = open_local(folder, None, os.environ)
    model.locate([TASK])
    Timer(0.3, model.close).start()
    started = time.monotonic()
    with pytest.raises(ModelError):
        while time.monotonic() < started + 60:
            model.locate([TASK] * 20)


def test_a_process_that_dies_is_one_clear_line(folder):
    """It names the model, and what the process said last."""
    model = open_local(folder, None, os.environ)
    model.locate([TASK])
    model._engine._process.kill()
    with pytest.raises(ModelError, match="random: its process was killed, as a machine does that is out of memory"):
        model.locate([TASK])
    model.close()


def test_a_model_that_does_not_fit_is_out_of_memory(embedded_model):
    """A limit of memory that the weights do not fit in gives one line with the way out."""
    with pytest.raises(ModelError, match="smollm2-135m-instruct: out of memory; use a smaller model"):
        Engine(str(embedded_model.path), embedded_model.name, os.environ, threads=1, memory_limit=200 * 2**20)


def test_a_process_that_hangs_is_ended(folder):
    """A call has a limit of its own."""
    engine = Engine(str(folder.path), "random", os.environ, threads=1)
    with pytest.raises(ModelError, match="no answer within 0 s"):
        engine.generate([[10] * 2000] * 8, 2000, [2], 0.01)
    engine.close()


def test_the_process_gets_no_secrets(folder, monkeypatch):
    """Of the user's environment only where libraries are."""
    from pathlib import Path

    engine = Engine(str(folder.path), "random", {**os.environ, "SECRET_TOKEN": "x"}, threads=1)
    environment = Path(f"/proc/{engine._process.pid}/environ").read_bytes()
    engine.close()
    assert b"SECRET_TOKEN" not in environment


@pytest.mark.model
def test_the_embedded_model_reads_and_writes(embedded_model):
    """Its labels are the capitals, a reading sums to 1, and a text comes out."""
    model = open_local(embedded_model, None, os.environ)
    (reading,) = model.locate([TASK])
    (written,) = model.write([WriteJob(task=TASK, place=1)])
    model.close()
    assert sum(reading.probabilities) + reading.none == pytest.approx(1)
    assert written.text and model.peak_memory > 100 * 2**20
