import pytest

from hunkwise.core.reading import Reading, WriteJob
from hunkwise.llm_backend.answers import Answers, CachedModel
from hunkwise.testing import FakeModel, make_task

TASK = make_task()
OTHER = make_task("x = 1\n", "x = 2\n")


@pytest.fixture
def answers(tmp_path):
    return Answers(tmp_path / "cache")


def model(answers, **more):
    fake = FakeModel(readings={"a.py": {1: 0.123456789012345, 2: 0.25}}, **more)
    return fake, CachedModel(fake, answers)


def test_a_second_review_asks_nothing(answers):
    """The same bytes come from the cache, with no tokens read."""
    first = model(answers)[1].locate([TASK, OTHER])
    fake, cached = model(answers)
    second = cached.locate([TASK, OTHER])
    assert fake.located == []
    assert [one._replace(tokens=0) for one in first] == list(second)


def test_only_what_changed_is_asked(answers):
    """Answers come in order, whether they are new or not."""
    model(answers)[1].locate([TASK])
    fake, cached = model(answers)
    readings = cached.locate([OTHER, TASK])
    assert fake.located == [OTHER] and [len(one.probabilities) for one in readings] == [1, 2]


def test_texts_are_kept_too(answers):
    """By task, place and claim."""
    jobs = [WriteJob(task=TASK, place=1), WriteJob(task=TASK, place=1, claim="said")]
    model(answers)[1].write(jobs)
    fake, cached = model(answers)
    assert len(cached.write(jobs)) == 2 and fake.written == []


def test_another_model_has_answers_of_its_own(answers):
    """The identity of the weights is in the key."""
    model(answers)[1].locate([TASK])
    fake, cached = model(answers, identity="1" * 64)
    cached.locate([TASK])
    assert fake.located == [TASK]


def test_equal_tasks_are_asked_once(answers):
    """Two hunks that look the same get the same answer."""
    fake, cached = model(answers)
    assert len(cached.locate([TASK, TASK])) == 2 and len(fake.located) == 1


def test_the_oldest_answers_go_first(tmp_path):
    """The file is bounded."""
    answers = Answers(tmp_path, most=3)
    for number in range(6):
        answers.keep({str(number): [number]})
    assert set(answers.find([str(number) for number in range(6)])) == {"3", "4", "5"}
    assert answers.count() == 3


@pytest.mark.parametrize("content", [b"no database", b""])
def test_a_broken_file_is_begun_anew(answers, content):
    """A cache only saves time: what cannot be read is as good as empty."""
    answers.path.parent.mkdir()
    answers.path.write_bytes(content)
    assert len(model(answers)[1].locate([TASK])) == 1
    model(answers)[1].locate([TASK])
    fake, cached = model(answers)
    cached.locate([TASK])
    assert fake.located == []


def test_a_broken_answer_is_asked_anew(answers):
    """What is in the file and has not the form of an answer does not count."""
    fake, cached = model(answers)
    answers.keep({cached._key(TASK): ["no", "reading"]})
    assert cached.locate([TASK])[0].probabilities and fake.located == [TASK]


def test_answers_can_be_cleared(answers):
    """Nothing is left."""
    model(answers)[1].locate([TASK])
    answers.clear()
    assert not answers.path.exists() and answers.count() == 0


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path):
    """The model is asked, and the review goes on."""
    (tmp_path / "file").write_text("")
    assert isinstance(model(Answers(tmp_path / "file"))[1].locate([TASK])[0], Reading)
