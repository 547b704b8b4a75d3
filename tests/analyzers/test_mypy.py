import json

import pytest
from recorded import parsed, planned, review

from hunkwise.analyzers.mypy import Mypy
from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.model import Category, FileDiff, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs, ToolResult
from hunkwise.testing import FakeWorkspace


def test_a_finding_says_all_that_mypy_says():
    """Place, code, meaning and page of a finding come through."""
    first, second = parsed("mypy", "defects")["app/run.py"].findings
    assert (first.rule, first.severity, first.category) == ("call-arg", Severity.HIGH, Category.BUG)
    assert first.message == 'Too many arguments for "upper" of "str"'
    place = first.location
    assert (place.start, place.column, place.end, place.end_column) == (11, 12, 11, 25)
    assert (second.rule, second.severity, second.category) == ("return-value", Severity.MEDIUM, Category.TYPES)
    assert first.url.endswith("#code-call-arg")


@pytest.mark.parametrize(("case", "path"), [("syntax-error", "broken.py"), ("nul", "nul.py")])
def test_where_mypy_stopped_all_files_have_failed(case, path):
    """mypy stops at a file that does not parse: it has failed with a finding, the others on its account."""
    outcomes = parsed("mypy", case)
    assert (outcomes[path].state, outcomes[path].reason) == (State.FAILED, "syntax error at line 1")
    assert [one.rule for one in outcomes[path].findings] == ["syntax"]
    assert outcomes["fine.py"].state is State.FAILED
    assert outcomes["fine.py"].reason == f"mypy stopped at {path}: syntax error at line 1"


def test_a_file_in_another_encoding_does_not_stop_mypy():
    """A file that cannot be decoded is not given to mypy, so that the others are reviewed."""
    outcomes = parsed("mypy", "not-utf8")
    assert outcomes["latin.py"].state is State.FAILED
    assert outcomes["latin.py"].reason == "its text is not in the encoding that it declares"
    assert outcomes["fine.py"].state is State.REVIEWED


def test_a_file_that_tells_mypy_to_ignore_it_is_not_called_reviewed():
    """mypy obeys `ignore-errors`, and the state says so."""
    outcome = parsed("mypy", "told-to-skip")["skip.py"]
    assert (outcome.state, outcome.reason) == (State.SKIPPED, "a comment in it tells mypy to ignore it")


def test_a_crash_is_told():
    """An internal error fails all files, and names the one it happened in."""
    words = b"fine.py:3: error: INTERNAL ERROR -- Please try using mypy master on GitHub:\n"
    outcomes = parsed("mypy", "missing", exit_code=2, stdout=b"", stderr=words)
    assert outcomes["fine.py"].reason == "mypy crashed on it"
    assert outcomes["gone.py"].reason == "mypy stopped at fine.py: mypy crashed on it"


@pytest.mark.parametrize("code", [0, 1])
def test_an_exit_code_that_contradicts_the_output_is_not_believed(code):
    """0 goes with no errors and 1 with some."""
    error = {"file": "fine.py", "line": 1, "column": 0, "message": "m", "code": "misc", "severity": "error"}
    with pytest.raises(ToolError):
        parsed("mypy", "missing", exit_code=code, stdout=json.dumps(error).encode() if code == 0 else b"")


def test_errors_in_files_that_were_not_asked_about_are_left_out():
    """A configuration may follow imports loudly; only the changed files are reported."""
    error = {"file": "other.py", "line": 1, "column": 0, "message": "m", "code": "misc", "severity": "error"}
    outcomes = parsed("mypy", "missing", exit_code=1, stdout=json.dumps(error).encode())
    assert [one.findings for one in outcomes.values()] == [(), ()]


def test_one_of_two_files_of_one_module_is_skipped():
    """Two files that would both be the module `setup` would end the run; the second is skipped with the reason."""
    files = {"my-docs/setup.py": "x = 1\n", "setup.py": "x = 1\n", "pkg/setup.py": "x = 1\n"}
    with planned("mypy", files) as (_, run):
        assert [argument for argument in run.args if argument.startswith("./")] == [
            "./my-docs/setup.py",
            "./pkg/setup.py",
        ]


@pytest.mark.tools
def test_the_real_mypy_tells_modules_apart_as_we_do():
    """Packages, src layouts, folders that are no identifiers and stubs do not end the run."""
    files = {
        "pkg/__init__.py": "",
        "pkg/a.py": "x: int = ''\n",
        "src/lib/__init__.py": "",
        "src/lib/a.py": "x: int = ''\n",
        "src/lib/b.py": "from lib.a import x\nx.nope\n",
        "my-docs/__init__.py": "",
        "my-docs/conf.py": "x: int = ''\n",
        "tests/a.py": "x: int = ''\n",
        "tests/sub-dir/c.py": "x: int = ''\n",
        "a.pyi": "x: int\n",
        "script": "x: int = ''\n",
    }
    outcomes = review("mypy", files)
    assert {path: one.reason for path, one in outcomes.items() if one.state is not State.REVIEWED} == {}
    assert [one.rule for one in outcomes["src/lib/b.py"].findings] == ["attr-defined"]
    assert len(outcomes["tests/sub-dir/c.py"].findings) == 1


def test_the_interpreter_of_the_project_is_for_own_changes_alone():
    """The setting `python` gives mypy the project's dependencies; for a foreign change it is not run."""
    with FakeWorkspace({"a.py": "x = 1\n"}) as workspace:
        for trust, is_used in ((Trust.OWN, True), (Trust.FOREIGN, False)):
            inputs = AnalyzerInputs(workspace=workspace, trust=trust, settings={"python": ".venv/bin/python"})
            run = Mypy().plan([FileDiff(path="a.py", language="python")], inputs)
            assert run is not None
            assert ("--python-executable=.venv/bin/python" in run.args) is is_used
            assert ("--ignore-missing-imports" in run.args) is not is_used


@pytest.mark.parametrize(
    ("configuration", "is_left_alone"),
    [("", True), ("strict = True", True), ("no_implicit_optional = True", False), ("implicit-optional = False", False)],
)
def test_none_as_a_default_says_enough_unless_the_configuration_says_otherwise(configuration, is_left_alone):
    """Configurations older than mypy 0.990 mean it so, and do not say it."""
    with FakeWorkspace({"a.py": "x = 1\n", "mypy.ini": f"[mypy]\n{configuration}\n"}) as workspace:
        inputs = AnalyzerInputs(workspace=workspace, trust=Trust.OWN)
        run = Mypy().plan([FileDiff(path="a.py", language="python")], inputs)
    assert run is not None
    assert ("--implicit-optional" in run.args) is is_left_alone


def test_an_interpreter_that_is_no_text_is_refused():
    """A wrong type is named."""
    with FakeWorkspace({"a.py": "x = 1\n"}) as workspace:
        inputs = AnalyzerInputs(workspace=workspace, settings={"python": 3})
        with pytest.raises(UsageError, match=r"tools.mypy.python must be the path of a Python interpreter, not 3"):
            Mypy().plan([FileDiff(path="a.py", language="python")], inputs)


def test_an_own_file_that_does_not_parse_is_kept_from_mypy():
    """The other files are still read; with one file alone mypy says itself what is wrong."""
    files = {"broken.py": "def f(:\n", "fine.py": "x = 1\n"}
    inputs = AnalyzerInputs(workspace=FakeWorkspace(head=files), trust=Trust.OWN)
    run = Mypy().plan([FileDiff(path=path, language="python") for path in files], inputs)
    assert "./broken.py" not in run.args
    result = ToolResult(exit_code=0, stdout=b"./pyproject.toml: [mypy]: python_version: Python 3.8 is not supported\n")
    outcomes = {outcome.path: outcome for outcome in Mypy().parse(run, result, inputs)}
    assert (outcomes["broken.py"].state, outcomes["broken.py"].reason) == (State.FAILED, "syntax error at line 1")
    assert outcomes["fine.py"].state is State.REVIEWED
