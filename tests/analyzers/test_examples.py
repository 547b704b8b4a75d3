import os
import sys
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import pytest

from hunkwise.core.kinds import language_of
from hunkwise.core.model import FileDiff, Kind, RepoPath, State, Status, Trust
from hunkwise.core.ports import Analyzer, AnalyzerInputs, Example
from hunkwise.plugins.manager import load_plugins
from hunkwise.testing.examples import diff_of, workspace_of
from hunkwise.workspace.runner import Runner
from hunkwise.workspace.sandbox.choice import choose_sandbox
from hunkwise.workspace.toolbox import Toolbox, default_directory

ANALYZERS = {one.name: one for one in load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""}).analyzers()}


def examples(analyzer: object) -> tuple[Example, ...]:
    return getattr(sys.modules[type(analyzer).__module__], "EXAMPLES", ())


def cases():
    """Yield each example outside of a sandbox and in each; what a fast run leaves out is marked."""
    for analyzer in ANALYZERS.values():
        for number, example in enumerate(examples(analyzer)):
            for sandbox in ("none", "bubblewrap", "landlock") if isinstance(analyzer, Analyzer) else ("none",):
                marks = pytest.mark.slow if sandbox != "none" and number else ()
                name = f"{analyzer.name}: {example.name} ({sandbox})"
                yield pytest.param(analyzer, example, sandbox, id=name, marks=marks)


@contextmanager
def inputs_of(example: Example, trust: Trust):
    with workspace_of(example) as workspace, TemporaryDirectory() as scratch:
        yield AnalyzerInputs(
            workspace=workspace, trust=trust, settings=example.settings, root=workspace.directory(), scratch=scratch
        )


@pytest.mark.tools
@pytest.mark.parametrize(("analyzer", "example", "sandbox"), tuple(cases()))
def test_an_example_brings_exactly_its_rules(analyzer, example, sandbox):
    """Each analyzer finds in each of its examples what the example says, confined or not, and nothing else."""
    choice = choose_sandbox({"HUNKWISE_SANDBOX": sandbox})
    if choice.name != sandbox:
        pytest.skip(f"this machine has no {sandbox}: {'; '.join(choice.reasons)}")
    change = FileDiff(path=RepoPath(example.path), status=Status.ADDED, language=language_of(RepoPath(example.path)))
    with inputs_of(example, example.trust) as inputs:
        if isinstance(analyzer, Analyzer):
            # The calls of a foreign change are tried too; the files are our own, so no sandbox is needed.
            trust = Trust.FOREIGN if choice.sandbox else Trust.OWN
            toolbox = Toolbox(directory=default_directory(os.environ), environ=os.environ)
            runner = Runner(toolbox=toolbox, trust=trust, sandbox=choice.sandbox)
            run = analyzer.plan([change], inputs)
            assert run is not None
            outcomes = analyzer.parse(run, runner.run(run, analyzer.tool, inputs), inputs)
        else:
            outcomes = analyzer.inspect([diff_of(example)], inputs)
    (outcome,) = [one for one in outcomes if one.path == example.path]
    found = sorted(outcome.findings, key=lambda one: (one.location.start or 0, one.location.column or 0))
    assert (outcome.state, outcome.reason) == (State.REVIEWED, "")
    assert tuple(finding.rule for finding in found) == example.rules
    assert {finding.tool for finding in found} <= {analyzer.name}


@pytest.mark.parametrize("analyzer", ANALYZERS.values(), ids=lambda one: one.name)
def test_an_analyzer_has_examples_of_both_kinds(analyzer):
    """Each analyzer shows what it finds, and where it must stay silent."""
    kinds = {bool(example.rules) for example in examples(analyzer)}
    assert kinds == {True, False}


@pytest.mark.parametrize("analyzer", ANALYZERS.values(), ids=lambda one: one.name)
def test_an_analyzer_leaves_other_files_alone(analyzer):
    """Without a file of its languages a tool is not started."""
    change = FileDiff(path=RepoPath("logo.png"), kind=Kind.BINARY)
    with inputs_of(Example(name="none", path="logo.png", source="nothing\n"), Trust.OWN) as inputs:
        if isinstance(analyzer, Analyzer):
            assert analyzer.plan([change], inputs) is None
        else:
            assert analyzer.inspect([change], inputs) == ()
