import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from hunkwise.commands.model import ModelCommand
from hunkwise.commands.model_bench_run import Asked
from hunkwise.core.errors import UsageError
from hunkwise.plugins.manager import load_plugins


@pytest.fixture
def call(monkeypatch, tmp_path):
    """Return a function that calls `hunkwise model` with no model and no plugins but ours."""
    monkeypatch.setenv("HUNKWISE_MODELS_DIR", str(tmp_path / "models"))
    app = typer.Typer()
    ModelCommand().add(app)
    plugins = load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""})

    def call(*args):
        return CliRunner().invoke(app, ["model", *args], obj=plugins)

    return call


def test_without_cases_and_marks_the_way_out_is_named(call):
    """There is nothing to measure, and the error says what to name."""
    result = call("bench", "tiny")
    assert isinstance(result.exception, UsageError)
    assert "--marks" in str(result.exception)


def test_model_that_is_not_there_is_named(call, tmp_path):
    """Neither a name of the store, nor a folder, nor a URL."""
    result = call("bench", "no-such-model", str(tmp_path / "cases.jsonl"))
    assert isinstance(result.exception, UsageError)
    assert "'no-such-model'" in str(result.exception)


def test_help_tells_of_blind_reading(call):
    """The verb explains how texts are marked."""
    result = call("bench", "--help")
    assert result.exit_code == 0
    assert "--texts" in result.output
    assert "--marks" in result.output


def test_card_tells_the_call_without_the_users_folders():
    """What is published names files, not where they lay."""
    asked = Asked(name="tiny", cases=(Path("/home/me/a b.jsonl"),), trees=Path("/data/trees"), only=("ruff",), limit=3)
    expected = ["hunkwise", "model", "bench", "tiny", "a b.jsonl", "--trees", "trees", "--only", "ruff", "--limit", "3"]
    assert shlex.split(asked.command()) == expected
