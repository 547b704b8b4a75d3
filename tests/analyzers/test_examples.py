import os
import sys
from pathlib import Path

import pytest

from hunkwise.core.model import FileDiff, RepoPath, Side, State, Status, Trust
from hunkwise.core.ports import Analyzer, AnalyzerInputs, Example
from hunkwise.plugins.manager import load_plugins
from hunkwise.workspace.runner import Runner
from hunkwise.workspace.toolbox import Toolbox, default_directory

LANGUAGES = {
    ".py": "python",
    ".pyi": "pyi",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "jsx",
    ".ts": "ts",
    ".tsx": "tsx",
    ".java": "java",
    ".sh": "shell",
    ".bash": "bash",
}
ANALYZERS = {one.name: one for one in load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""}).analyzers()}


def examples(analyzer: object) -> tuple[Example, ...]:
    return getattr(sys.modules[type(analyzer).__module__], "EXAMPLES", ())


class Folder:
    """A workspace over a plain folder."""

    is_complete = True

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, path: RepoPath, side: Side = Side.HEAD) -> bytes:
        return (self.root / path).read_bytes()

    def paths(self, side: Side = Side.HEAD) -> tuple[RepoPath, ...]:
        return tuple(
            sorted(RepoPath(str(file.relative_to(self.root))) for file in self.root.rglob("*") if file.is_file())
        )

    def grep(self, text: str, side: Side = Side.HEAD):
        raise NotImplementedError

    def attributes(self, paths, side: Side):
        return {}

    def directory(self) -> str:
        return str(self.root)

    def close(self) -> None:
        pass


def language(example: Example) -> str:
    return LANGUAGES[Path(example.path).suffix]


def inputs_of(example: Example, tmp_path: Path, trust: Trust) -> AnalyzerInputs:
    root, scratch = tmp_path / "root", tmp_path / "scratch"
    scratch.mkdir()
    for path, source in {**example.files, example.path: example.source}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
    return AnalyzerInputs(
        workspace=Folder(root), trust=trust, settings=example.settings, root=str(root), scratch=str(scratch)
    )


@pytest.mark.tools
@pytest.mark.parametrize(
    ("analyzer", "example"),
    [
        pytest.param(analyzer, example, id=f"{analyzer.name}: {example.name}")
        for analyzer in ANALYZERS.values()
        for example in examples(analyzer)
    ],
)
def test_an_example_brings_exactly_its_rules(analyzer, example, tmp_path):
    """Each analyzer finds in each of its examples what the example says, by line, and nothing else."""
    inputs = inputs_of(example, tmp_path, example.trust)
    change = FileDiff(path=RepoPath(example.path), status=Status.ADDED, language=language(example))
    if isinstance(analyzer, Analyzer):
        # The calls are the safe ones that a foreign change gets; the files are our own, so no sandbox is needed.
        runner = Runner(toolbox=Toolbox(default_directory(os.environ), os.environ), trust=Trust.OWN)
        run = analyzer.plan([change], inputs)
        assert run is not None
        outcomes = analyzer.parse(run, runner.run(run, analyzer.tool, inputs), inputs)
    else:
        outcomes = analyzer.inspect([change], inputs)
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
def test_an_analyzer_leaves_other_files_alone(analyzer, tmp_path):
    """Without a file of its languages a tool is not started."""
    example = Example(name="none", path="notes.md", source="nothing\n")
    inputs = inputs_of(example, tmp_path, Trust.OWN)
    change = FileDiff(path=RepoPath("notes.md"), language="markdown")
    if isinstance(analyzer, Analyzer):
        assert analyzer.plan([change], inputs) is None
    else:
        assert analyzer.inspect([change], inputs) == ()
