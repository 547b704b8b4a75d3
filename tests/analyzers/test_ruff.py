import json
import os
from pathlib import Path

import pytest

from hunkwise.analyzers.ruff import MEANINGS, Ruff
from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.model import Category, Edit, FileDiff, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs, ToolResult, ToolRun
from hunkwise.testing import FakeWorkspace
from hunkwise.workspace.runner import Runner
from hunkwise.workspace.toolbox import Toolbox, default_directory


def review(tmp_path, files, *targets, trust=Trust.OWN, **settings):
    with FakeWorkspace(files) as workspace:
        root = workspace.directory()
        inputs = AnalyzerInputs(workspace=workspace, trust=trust, settings=settings, root=root, scratch=str(tmp_path))
        run = Ruff().plan([FileDiff(path=path, language="python") for path in targets or files], inputs)
        assert run is not None
        runner = Runner(toolbox=Toolbox(default_directory(os.environ), os.environ), trust=Trust.OWN)
        outcomes = Ruff().parse(run, runner.run(run, Ruff.tool, inputs), inputs)
        assert {path: Path(root, path).read_bytes() for path in workspace.paths()} == {
            path: workspace.read(path) for path in workspace.paths()
        }
    return {outcome.path: outcome for outcome in outcomes}


@pytest.mark.tools
def test_a_finding_says_all_that_ruff_says(tmp_path):
    """Place, meaning, page and safe fix of a finding come through."""
    (finding,) = review(tmp_path, {"a/b.py": "import os\nimport sys\n\nprint(sys)\n"})["a/b.py"].findings
    assert (finding.rule, finding.message) == ("F401", "`os` imported but unused")
    assert (finding.category, finding.severity) == (Category.MAINTAINABILITY, Severity.LOW)
    place = finding.location
    assert (place.path, place.start, place.column, place.end, place.end_column) == ("a/b.py", 1, 8, 1, 10)
    assert finding.url == "https://docs.astral.sh/ruff/rules/unused-import"
    assert finding.fix is not None
    assert finding.fix.edits == (Edit(1, 1, 2, 1, ""),)


@pytest.mark.tools
def test_an_unsafe_fix_is_left_out(tmp_path):
    """A fix that may change what the program does is not passed on."""
    (finding,) = review(tmp_path, {"a.py": "def f(x=[]):\n    return x\n"})["a.py"].findings
    assert (finding.rule, finding.fix) == ("B006", None)


@pytest.mark.tools
@pytest.mark.parametrize("config", [{}, {"ruff.toml": 'lint.select = ["F"]\n'}])
def test_a_file_that_cannot_be_read_failed(tmp_path, config):
    """A file of another encoding is no clean file, whatever the project selects; the others are reviewed."""
    files = {"bad.py": b"x = '\xe9'\n", "good.py": "x = 1\n", **config}
    outcomes = review(tmp_path, files, "bad.py", "good.py", "gone.py")
    assert {path: outcome.state for path, outcome in outcomes.items()} == {
        "bad.py": State.FAILED,
        "good.py": State.REVIEWED,
        "gone.py": State.FAILED,
    }
    assert "UTF-8" in outcomes["bad.py"].reason


@pytest.mark.tools
def test_what_the_project_excludes_is_skipped(tmp_path):
    """A file that the project's configuration excludes is not reviewed, and that is said."""
    files = {"ruff.toml": 'extend-exclude = ["gen"]\n', "gen/a.py": "import os\n", "b.py": "x = 1\n"}
    outcomes = review(tmp_path, files, "gen/a.py", "b.py")
    assert (outcomes["gen/a.py"].state, outcomes["b.py"].state) == (State.SKIPPED, State.REVIEWED)
    assert outcomes["gen/a.py"].reason == "the project's ruff configuration excludes it"


@pytest.mark.tools
def test_a_project_that_excludes_all_is_no_failure(tmp_path):
    """Without a file left to check, each is skipped."""
    files = {"ruff.toml": 'exclude = ["*.py"]\n', "a.py": "import os\n"}
    assert review(tmp_path, files, "a.py")["a.py"].state is State.SKIPPED


@pytest.mark.tools
def test_files_are_never_changed(tmp_path):
    """A project that asks ruff to mend files does not get them changed by a review, which `review` checks."""
    files = {"ruff.toml": "fix = true\nfix-only = true\nunsafe-fixes = true\n", "a.py": "import os\n"}
    outcome = review(tmp_path, files, "a.py")["a.py"]
    assert [finding.rule for finding in outcome.findings] == ["F401"]


@pytest.mark.tools
@pytest.mark.parametrize(
    "name", ["a b.py", "-c.py", "--config=x.py", "@args.py", "ü.py", "x\ny.py", "'\"$(id).py", "noext"]
)
def test_odd_names_are_only_names(tmp_path, name):
    """A file's name is neither an option nor a command, and its findings come back under it."""
    outcomes = review(tmp_path, {name: "import os\n"})
    assert {path: len(outcome.findings) for path, outcome in outcomes.items()} == {name: 1}


@pytest.mark.tools
def test_a_broken_configuration_is_quoted(tmp_path):
    """The error of ruff names the file that it cannot read."""
    with pytest.raises(ToolError, match=r"ruff: ended with exit code 2: .*ruff\.toml"):
        review(tmp_path, {"ruff.toml": "lint.select = 3\n", "a.py": "x = 1\n"}, "a.py")


@pytest.mark.tools
def test_a_rule_that_ruff_does_not_know_names_the_version(tmp_path):
    """Another version on PATH may lack a rule: the error says which one is wanted."""
    with pytest.raises(ToolError, match=r"Unknown rule selector `QQ1`.*made for ruff==0\.17\.6"):
        review(tmp_path, {"a.py": "x = 1\n"}, select=["QQ1"])


@pytest.mark.parametrize("settings", [{"selct": ["F"]}, {"select": "F"}, {"ignore": ["--config=x"]}])
def test_settings_are_checked(tmp_path, settings):
    """An unknown setting and one of a wrong type are errors of the user."""
    with pytest.raises(UsageError, match=r"tools\.ruff\."):
        review(tmp_path, {"a.py": "x = 1\n"}, **settings)


def item(**changes) -> dict:
    place = {"row": 1, "column": 1}
    fields = {"code": "F401", "message": "m", "filename": "/r/a.py", "url": None, "fix": None}
    return {**fields, "location": place, "end_location": place, **changes}


@pytest.mark.parametrize(
    ("exit_code", "stdout", "reason"),
    [
        (0, b"", "not JSON"),
        (1, b"{}", "without a list of findings"),
        (1, b"[1]", "1 is not an object"),
        (1, json.dumps([item(message=None)]).encode(), "'message' is None"),
        (1, json.dumps([item(location={"row": "1", "column": 1})]).encode(), "'row' is '1'"),
        (1, json.dumps([item(filename="/etc/passwd")]).encode(), "/etc/passwd, which lies outside /r"),
        (2, b"[]", "exit code 2: no word"),
        (134, b"[]", "exit code 134"),
    ],
)
def test_output_that_cannot_be_believed_is_an_error(tmp_path, exit_code, stdout, reason):
    """Garbage, other types, strange files and strange exit codes never read as a clean file."""
    run = ToolRun(tool="ruff", args=(), targets=("a.py",))
    inputs = AnalyzerInputs(workspace=FakeWorkspace(), root="/r")
    with pytest.raises(ToolError, match=reason):
        Ruff().parse(run, ToolResult(exit_code=exit_code, stdout=stdout), inputs)


def test_meanings_are_sorted():
    """The table reads in order."""
    assert list(MEANINGS)[2:] == sorted(list(MEANINGS)[2:])
