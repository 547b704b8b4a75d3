from dataclasses import replace

import pytest

from hunkwise.core.errors import ModelError
from hunkwise.core.kinds import classify
from hunkwise.core.model import Decision, Kind, ReviewComment, Scored, Side, State, Verdict
from hunkwise.core.places import commentable
from hunkwise.core.reading import Gain, ModelCard, Reading, Written
from hunkwise.plugins.reader import Reader, ReaderOptions
from hunkwise.testing import FakeModel, FakeWorkspace, make_candidate, make_change, make_finding

OLD = "def total(items):\n    return sum(items)\n"
NEW = "def total(items, cache={}):\n    cache[1] = items\n    return sum(items)\n"
FILES = {"a.py": (OLD, NEW), "b.py": (OLD, NEW), "notes.md": ("one\n", "two\n")}


def classified(files):
    change = make_change(files)
    return replace(change, files=classify(change.files, attributes={}, include=(), exclude=()))


CHANGE = classified(FILES)
GOOD = ModelCard(
    model="fake", identity="0" * 64, location=Gain(value=0.05, low=0.01, high=0.09), unusable=0.1, texts=50
)
POOR = ModelCard(
    model="fake", identity="0" * 64, location=Gain(value=0.0, low=-0.02, high=0.02), unusable=0.9, texts=50
)


class NoOutlines:
    def outline(self, path, side=Side.HEAD):
        return None


def reader(model, *providers, **options):
    return Reader(model, providers, lambda change, workspace: NoOutlines(), ReaderOptions(**options))


def read(model, *providers, findings=(), change=CHANGE, **options):
    return reader(model, *providers, **options).read(change, FakeWorkspace.of(FILES), findings)


def states(reading):
    return {outcome.path: outcome.state for outcome in reading.outcomes}


def test_a_model_points_where_it_is_sure():
    """The likeliest line of a hunk, if it is likely enough and likelier than nothing."""
    reading = read(FakeModel(readings={"a.py": {1: 0.6, 2: 0.1}, "b.py": {1: 0.1}}, card=GOOD))
    assert [(one.location.path, one.location.start, one.message) for one in reading.findings] == [("a.py", 1, "")]
    assert {(one.location.path, one.location.start): one.probability for one in reading.located}["a.py", 2] == 0.1
    assert states(reading) == {"a.py": State.REVIEWED, "b.py": State.REVIEWED}


@pytest.mark.parametrize("card", [None, POOR])
def test_what_a_model_has_not_earned_it_is_not_asked(card):
    """Without a gain on its card a model reads nothing, its lines do not count as reviewed, and the notes say why."""
    model = FakeModel(card=card)
    reading = read(model)
    assert model.located == [] and set(states(reading).values()) == {State.NOT_APPLICABLE}
    assert "--trust-model" in reading.notes[0] and not reading.may_write


def test_trust_overrides_the_card():
    """Whoever trusts the model gets its places and words."""
    reading = read(FakeModel(readings={"a.py": {1: 0.9}}, card=POOR), trusts=True)
    assert len(reading.findings) == 1 and reading.may_write


@pytest.mark.parametrize("call", ["locate", "count_tokens"])
def test_a_model_that_raises_is_a_failure(call):
    """One clear line, and all its files failed: the review is not complete."""
    reading = read(FakeModel(raises={call: ModelError("fake: out of memory")}, card=GOOD))
    assert [(one.who, one.message) for one in reading.failures] == [("fake", "out of memory")]
    assert set(states(reading).values()) == {State.FAILED}


def test_a_model_that_hangs_is_given_up():
    """After its time the model is closed and the review goes on."""
    model = FakeModel(hangs=["locate"], card=GOOD)
    reading = read(model, seconds=0.2)
    assert "no answer within 0.2 s" in reading.failures[0].message
    assert model.is_closed


@pytest.mark.parametrize(
    "answer", [Reading((0.5,) * 9, 0.5), Reading((2.0,), 0.0), Reading((float("nan"),) * 2, 0.0)], ids=str
)
def test_a_reading_that_does_not_fit_is_a_failure(answer):
    """A number too many, or one that is no probability, is not used."""
    reading = read(FakeModel(readings=lambda task: answer, card=GOOD))
    assert reading.failures and not reading.located


def test_beyond_its_budget_of_tokens_files_are_skipped():
    """What is not read for its cost says so, and is not reviewed."""
    reading = read(FakeModel(card=GOOD), budget=700)
    assert states(reading) == {"a.py": State.REVIEWED, "b.py": State.SKIPPED}


def test_hints_reach_the_model():
    """What tools found on the hunk's lines is shown to the model, the severest first."""
    model = FakeModel(card=GOOD)
    read(model, findings=[make_finding(line=1), make_finding(path="elsewhere.py", line=1)])
    assert [[hint.location.path for hint in task.hints] for task in model.located] == [["a.py"], []]


def test_a_provider_that_breaks_is_named_and_left_out():
    """The review goes on without its context."""

    class Broken:
        name, order = "broken", 1

        def offer(self, hunk, change, workspace, outlines):
            raise ValueError("no")

    reading = read(FakeModel(card=GOOD), Broken())
    assert [(one.who, one.stage) for one in reading.failures] == [("broken", "offer")]
    assert states(reading) == {"a.py": State.REVIEWED, "b.py": State.REVIEWED}


def test_only_code_is_read():
    """A change of prose alone asks the model nothing."""
    change = classified({"notes.md": ("one\n", "two\n")})
    assert {file.kind for file in change.files} == {Kind.TEXT}
    assert read(FakeModel(card=GOOD), change=change).outcomes == ()


def kept(line):
    """Return a kept comment on a line of a.py."""
    places = {(one.location.path, one.location.start): one for one in commentable(CHANGE)}
    candidate = make_candidate(make_finding(line=line), place=places["a.py", line])
    return ReviewComment(scored=Scored(candidate=candidate), verdict=Verdict(Decision.KEPT))


def test_words_are_judged():
    """A usable text is given, another withheld for its flaw, and both are counted."""
    texts = {("a.py", 1): "The default `cache` is shared by all calls.", ("a.py", 2): "Good."}
    model = FakeModel(texts=texts, card=GOOD)
    writing = reader(model).write([kept(1), kept(2)], CHANGE, FakeWorkspace.of(FILES), ())
    assert list(writing.texts.values()) == ["The default `cache` is shared by all calls."]
    assert list(writing.withheld.values()) == ["what fake wrote is empty"]
    assert writing.counts["texts"] == 2 and writing.counts["empty"] == 1
    assert model.written[0].claim == "Name `x` is not defined"


def test_too_few_texts_are_a_failure():
    """A model that answers with more or less than it was asked is not believed."""
    model = FakeModel(card=GOOD)
    model.write = lambda jobs: (Written("x"),) * (len(jobs) + 1)
    assert reader(model).write([kept(1)], CHANGE, FakeWorkspace.of(FILES), ()).failures


def test_a_model_reads_only_hunks_with_news():
    """Files without any count as read, and the hunks that were passed over are named."""
    model = FakeModel(readings={"a.py": {1: 0.9}, "b.py": {1: 0.9}}, card=GOOD)
    change = replace(CHANGE, fresh={"b.py": frozenset({1, 2})})
    reading = read(model, change=change)
    assert ["b.py"] == [finding.location.path for finding in reading.findings]
    assert {"a.py": State.REVIEWED, "b.py": State.REVIEWED} == states(reading)
    assert frozenset({"a.py:1", "notes.md:1"}) == reading.before
    assert "read 1 hunk of code and points at 1 line; it passed over 1 hunk without a new line" in reading.notes[0]
