import os
import sys
from pathlib import Path

import pytest

from hunkwise.analyzers.report_command import ReportCommand, command_analyzers
from hunkwise.core.config import CommandConfig, Config, ReportFormat
from hunkwise.core.errors import ToolError
from hunkwise.core.model import State, Trust
from hunkwise.core.ports import Analyzer, AnalyzerInputs, ToolResult
from hunkwise.plugins.analysis import analyze
from hunkwise.testing import FakeWorkspace, check_analyzer, make_change, make_file
from hunkwise.workspace.runner import Runner
from hunkwise.workspace.toolbox import Toolbox

FILES = {"a.py": "one\n", "-b.py": "one\n", "c.txt": "one\n"}
LINE = b'{"path": "a.py", "line": 1, "rule": "R", "message": "said"}\n'


def command(*args: str, form: ReportFormat = ReportFormat.JSON_LINES, **more) -> ReportCommand:
    (one,) = command_analyzers({"mine": CommandConfig(run=("tool", *args), format=form, **more)})
    return one


def planned(one: ReportCommand, tmp_path: Path):
    inputs = AnalyzerInputs(workspace=FakeWorkspace(FILES), trust=Trust.OWN, root="/nowhere", scratch=str(tmp_path))
    return one.plan([make_file(path, None, text) for path, text in FILES.items()], inputs), inputs


def parsed(one: ReportCommand, tmp_path: Path, result: ToolResult):
    run, inputs = planned(one, tmp_path)
    return {outcome.path: outcome for outcome in one.parse(run, result, inputs)}


def test_the_contract_of_an_analyzer_holds():
    """A command is an analyzer like any other."""
    one = command("{files}", paths=("*.py",))
    assert isinstance(one, Analyzer)
    check_analyzer(one)


def test_files_are_given_so_that_none_is_an_option(tmp_path):
    """A path that begins with a dash is given as one in the current directory."""
    run, _ = planned(command("--json", "{files}", "--", paths=("*.py",)), tmp_path)
    assert run.args == ("--json", "./-b.py", "./a.py", "--")
    assert run.targets == ("-b.py", "a.py")


def test_nothing_else_is_replaced(tmp_path):
    """Arguments are taken as they are; no shell and no variable is in between."""
    run, _ = planned(command("$HOME", "{x}", "a b;c", "-o={report}"), tmp_path)
    assert run.args == ("$HOME", "{x}", "a b;c", f"-o={tmp_path}/report")


def test_a_file_that_was_given_and_not_named_was_reviewed(tmp_path):
    """The tool was asked about it and ended well."""
    outcomes = parsed(command("{files}"), tmp_path, ToolResult(exit_code=1, stdout=LINE))
    assert {one.state for one in outcomes.values()} == {State.REVIEWED}
    assert outcomes["a.py"].findings[0].tool == "mine"


def test_a_file_that_was_not_given_is_proven_by_nothing(tmp_path):
    """A command that looks for its files itself proves only what it reports."""
    outcomes = parsed(command("."), tmp_path, ToolResult(exit_code=0, stdout=LINE))
    assert [outcomes[path].state for path in FILES] == [State.REVIEWED, *[State.NOT_APPLICABLE] * 2]


@pytest.mark.parametrize(
    ("form", "result", "why"),
    [
        (ReportFormat.JSON_LINES, ToolResult(exit_code=2, stdout=LINE), "ended with exit code 2"),
        (ReportFormat.JSON_LINES, ToolResult(exit_code=1, stderr=b"boom"), "it reports nothing: boom"),
        (ReportFormat.SARIF, ToolResult(exit_code=0), "it is empty"),
        (ReportFormat.SARIF, ToolResult(exit_code=0, stdout=LINE), "SARIF of version"),
        (ReportFormat.CHECKSTYLE, ToolResult(exit_code=0, stdout=LINE), "not well-formed XML"),
    ],
)
def test_a_result_that_cannot_be_believed_is_an_error(tmp_path, form, result, why):
    """Exit code and report must both be in order."""
    with pytest.raises(ToolError, match=why):
        parsed(command("{files}", form=form), tmp_path, result)


def test_silence_with_exit_code_0_is_a_report_of_lines(tmp_path):
    """A tool that prints one finding a line prints nothing where all is well."""
    outcomes = parsed(command("{files}"), tmp_path, ToolResult(exit_code=0))
    assert {one.state for one in outcomes.values()} == {State.REVIEWED}


def test_other_exit_codes_may_be_right(tmp_path):
    """Which codes mean that the work is done is the user's word."""
    outcomes = parsed(command("{files}", exit_codes=(3,)), tmp_path, ToolResult(exit_code=3, stdout=LINE))
    assert len(outcomes["a.py"].findings) == 1


def test_the_written_report_is_read(tmp_path):
    """What the tool writes to its file counts, and not what it prints; a link is not followed."""
    one = command("{report}")
    (tmp_path / "report").write_bytes(LINE)
    assert len(parsed(one, tmp_path, ToolResult(exit_code=0, stdout=b"done"))["a.py"].findings) == 1
    (tmp_path / "report").rename(tmp_path / "other")
    with pytest.raises(ToolError, match="it cannot be read: No such file"):
        parsed(one, tmp_path, ToolResult(exit_code=0))
    (tmp_path / "report").symlink_to("other")
    with pytest.raises(ToolError, match="it cannot be read"):
        parsed(one, tmp_path, ToolResult(exit_code=0))


@pytest.mark.parametrize(("trust", "state"), [(Trust.OWN, State.REVIEWED), (Trust.FOREIGN, State.REFUSED)])
def test_a_foreign_change_needs_a_sandbox(trust, state):
    """What the user named is held to the rules of any outside tool."""
    (one,) = command_analyzers(
        {"mine": CommandConfig(run=(sys.executable, "-c", "", "{files}"), format=ReportFormat.JSON_LINES)}
    )
    toolbox = Toolbox(directory=Path("/nowhere"), environ=os.environ)
    with FakeWorkspace.of(FILES) as workspace:
        analysis = analyze(make_change(FILES), workspace, Config(), [one], Runner(toolbox=toolbox, trust=trust))
    assert {outcome.state for outcome in analysis.outcomes} == {state}
