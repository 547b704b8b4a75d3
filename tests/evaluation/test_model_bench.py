import json
from collections import Counter
from dataclasses import dataclass, field

import pytest

import hunkwise.context.registry
import hunkwise.plugins.places.registry
import hunkwise.plugins.sources.registry
from hunkwise import Finding, Location, State, hookimpl
from hunkwise.commands.model_bench_run import Asked, run
from hunkwise.core.card import CARD_NAME, parse_card
from hunkwise.core.errors import ModelError, UsageError
from hunkwise.core.model import FileOutcome
from hunkwise.core.reading import Reading
from hunkwise.evaluation.blind_reading import key_path
from hunkwise.plugins.manager import register_plugins
from hunkwise.testing.models import FakeBackend


class Places:
    """The built-in places with one scorer: plugins that are given are strangers, of which just one may score."""

    @hookimpl
    def hunkwise_features(self):
        return hunkwise.plugins.places.registry.hunkwise_features()

    @hookimpl
    def hunkwise_scorers(self):
        return hunkwise.plugins.places.registry.hunkwise_scorers()[:1]


@dataclass
class Tool:
    """An inspector with a finding of a rule of its own on each added line."""

    name: str = "tool"
    calls: list[str] = field(default_factory=list)

    def inspect(self, files, inputs):
        self.calls += [file.path for file in files]
        return tuple(
            FileOutcome(
                tool=self.name,
                path=file.path,
                state=State.REVIEWED,
                findings=tuple(
                    Finding(
                        tool=self.name,
                        rule=f"R{line.new}",
                        message=f"Rule {line.new} is broken",
                        location=Location(path=file.path, start=line.new, end=line.new),
                    )
                    for line in file.changed_lines()
                    if line.old is None
                ),
            )
            for file in files
        )


def points_at(line):
    """Answer as a model does that always prefers one line."""

    def read(task):
        chances = [0.6 if place == line else 0.4 / len(task.places) for place in task.places]
        total = sum(chances) / 0.9
        return Reading(tuple(chance / total for chance in chances), 1 - sum(chances) / total, 100)

    return read


@pytest.fixture
def bench(recorded, tmp_path, capsys):
    """Return a function that measures a fake model on recorded pull requests, and what it was asked and wrote."""
    cases, trees = recorded()
    folder = tmp_path / "card"
    tool = Tool()

    def bench(readings=None, *, backend=None, **options):
        backend = backend or FakeBackend(readings=readings or points_at(10))

        class Brings:
            @hookimpl
            def hunkwise_backends(self):
                return (backend,)

            @hookimpl
            def hunkwise_analyzers(self):
                return (tool,)

        plugins = register_plugins(
            {
                "contexts": hunkwise.context.registry,
                "places": Places(),
                "sources": hunkwise.plugins.sources.registry,
                "brings": Brings(),
            }
        )
        asked = {"name": "fake", "cases": (cases,), "trees": trees, "work": tmp_path / "work"} | options
        run(Asked(**({"card": folder / CARD_NAME} | asked)), plugins, environ={"HUNKWISE_MODELS_DIR": str(tmp_path)})
        return parse_card((folder / CARD_NAME).read_text(), "card"), backend, capsys.readouterr()

    bench.tool = tool
    return bench


def test_model_that_knows_where_people_comment_has_a_gain(bench):
    """Every hunk was read once, and the card says what P(line) adds, on how much, and what was run."""
    card, backend, told = bench()
    assert (card.model, card.changes, card.hunks) == ("fake", 6, 6)
    assert card.alone.value == 1.0
    assert card.command == "hunkwise model bench fake cases.jsonl --trees trees"
    assert len(backend.opened[0].located) == 6
    assert backend.opened[0].is_closed
    assert "AUC of P(line) alone  1.000" in told.out


def test_model_that_prefers_another_line_has_none(bench):
    """A model that points elsewhere earns nothing."""
    card, _, _ = bench(points_at(3))
    assert card.alone.value < 0.5
    assert not card.may_locate


def test_second_run_reads_nothing_again(bench):
    """Findings and readings of an earlier run are taken from disk; the card is the same."""
    first, _, _ = bench()
    calls = len(bench.tool.calls)
    second, backend, told = bench()
    assert backend.opened[0].located == []
    assert len(bench.tool.calls) == calls
    assert second == first
    assert "6/6" in told.err
    assert "read before" in told.err


def test_model_sees_the_hints_or_does_not(bench):
    """Findings are shown to the model unless that is measured; the other figures stay on the card."""
    card, backend, _ = bench()
    assert all(task.hints for task in backend.opened[0].located)
    without, backend, _ = bench(points_at(3), with_hints=False)
    assert not any(task.hints for task in backend.opened[0].located)
    assert without.alone == card.alone
    assert without.figures["without hints: AUC of P(line) alone"].value < 0.5


def test_texts_are_written_for_a_reading_and_marks_join_the_card(bench, tmp_path):
    """From measure to card: texts of both sources, marked by a person, become the share of unusable ones."""
    path = tmp_path / "texts.jsonl"
    card, backend, _ = bench(texts=path)
    assert card.unusable is None
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    sources = [json.loads(line)["source"] for line in key_path(path).read_text().splitlines()]
    assert sources.count("model") == len(backend.opened[0].written) > 0
    assert sources.count("tool") > 0
    for row in rows:
        row["usable"] = row["text"].startswith("Rule")
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    marked, _, told = bench(cases=(), marks=path)
    assert (marked.unusable, marked.texts) == (1.0, sources.count("model"))
    assert marked.alone is not None
    assert "its texts are not shown" in told.out
    assert len((tmp_path / "card" / "card.reading.jsonl").read_text().splitlines()) == len(rows)


def test_texts_are_written_once(bench, tmp_path):
    """A run that was ended goes on with the texts that it has; the reading is the same."""
    bench(texts=tmp_path / "one.jsonl")
    _, backend, _ = bench(texts=tmp_path / "two.jsonl")
    assert backend.opened[0].written == []
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_few_texts_are_of_one_rule(bench, tmp_path):
    """A reading is of many rules, not of the one that is broken most often."""
    path = tmp_path / "texts.jsonl"
    bench(texts=path)
    keys = [json.loads(line) for line in key_path(path).read_text().splitlines()]
    messages = Counter(key["text"] for key in keys if key["source"] == "tool")
    assert max(messages.values()) <= 3
    assert len(messages) > 1


def test_nothing_to_do_is_refused(bench, tmp_path):
    """Without cases and marks there is nothing to measure, and texts need places."""
    with pytest.raises(UsageError, match="name files of commented pull requests"):
        bench(cases=())
    with pytest.raises(UsageError, match="--texts takes places"):
        bench(cases=(), texts=tmp_path / "t.jsonl", marks=tmp_path / "m.jsonl")


def test_unknown_model_is_named(bench):
    """What no backend knows is an error with the way out."""
    with pytest.raises(UsageError, match=r"no model 'other'.*model list"):
        bench(name="other")


def test_model_that_breaks_is_closed_and_named(bench):
    """A model that raises ends the measure; what was read before stays."""
    backend = FakeBackend(raises={"locate": ModelError("fake: out of memory")})
    with pytest.raises(ModelError, match="out of memory"):
        bench(backend=backend)
    assert backend.opened[0].is_closed


def test_cases_of_one_repository_are_too_few(recorded, bench, tmp_path):
    """What a score adds is measured on other repositories than it was fitted on."""
    path, trees = recorded(("o/only",), prs=2)
    with pytest.raises(UsageError, match="at least two"):
        bench(cases=(path,), trees=trees)


def test_card_without_a_place_is_asked_for(bench):
    """A model on a server has no folder: the user says where its card goes."""
    with pytest.raises(UsageError, match="--card"):
        bench(card=None)
