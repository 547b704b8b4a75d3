import pytest
from recorded import ANALYZERS, call, parsed, planned

from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.model import Category, FileDiff, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.testing import FakeWorkspace

FLAKE8 = ANALYZERS["flake8"]


def plan(files, **changes):
    with FakeWorkspace(files) as workspace:
        inputs = AnalyzerInputs(**{"workspace": workspace, "trust": Trust.OWN, **changes})
        return FLAKE8.plan([FileDiff(path="a.py", language="python")], inputs)


def reviewed(files):
    with FakeWorkspace(files) as workspace:
        inputs = AnalyzerInputs(workspace=workspace, trust=Trust.OWN, root=workspace.directory())
        run = FLAKE8.plan([FileDiff(path=path, language="python") for path in files if path.endswith(".py")], inputs)
        return {one.path: one for one in FLAKE8.parse(run, call("flake8", run, inputs), inputs)}


def test_it_runs_only_where_it_was_chosen():
    """Without a configuration of flake8, or with one of other tools only, there is no call."""
    assert plan({"a.py": "x"}) is None
    assert plan({"a.py": "x", "tox.ini": "[tox]\n", "setup.cfg": "[metadata]\n"}) is None
    assert plan({"a.py": "x", "tox.ini": "[flake8]\n"}) is not None
    assert plan({"a.py": "x"}, settings={"select": ["F"]}) is not None


def test_a_foreign_configuration_is_no_choice():
    """The head of a foreign change does not make it run."""
    assert plan({"a.py": "x", ".flake8": "[flake8]\nselect = F\n"}, trust=Trust.FOREIGN) is None


@pytest.mark.parametrize("value", ["F", ["--config=x"], ["F", 1]])
def test_the_setting_is_a_list_of_codes(value):
    """What is no list of codes is an error of the user."""
    with pytest.raises(UsageError, match=r"tools\.flake8\.options\.select must be a list of codes"):
        plan({"a.py": "x"}, settings={"select": value})


def test_columns_count_characters():
    """pyflakes counts bytes, and an `é` before the place does not move it."""
    finding = parsed("flake8", "defects")["app/run.py"].findings[1]
    assert (finding.rule, finding.location.column) == ("E702", 28)
    assert (finding.category, finding.severity) == (Category.STYLE, Severity.INFO)


@pytest.mark.tools
def test_what_the_project_excludes_is_skipped():
    """A file that the configuration excludes is not reviewed, and that is said."""
    outcomes = reviewed({".flake8": "[flake8]\nexclude = gen/*\n", "gen/a.py": "import os\n", "b.py": "import os\n"})
    assert outcomes["gen/a.py"].state is State.SKIPPED
    assert [one.rule for one in outcomes["b.py"].findings] == ["F401"]


@pytest.mark.tools
def test_what_else_the_project_makes_it_print_does_no_harm():
    """Counts, sources and a file for the output, all configured, do not change what is read."""
    options = (
        "count = true\nstatistics = true\nshow-source = true\nformat = pylint\noutput_file = out.txt\ntee = true\n"
    )
    outcomes = reviewed({"tox.ini": f"[flake8]\n{options}", "b.py": "import os\n"})
    assert [one.rule for one in outcomes["b.py"].findings] == ["F401"]


@pytest.mark.tools
def test_a_configuration_for_an_older_flake8_is_named():
    """Comments behind codes, which flake8 took until 6.0, end it; the error says so and the way out."""
    with pytest.raises(ToolError, match=r"does not take the configuration: Error code '#' .*`programs.flake8`"):
        reviewed({".flake8": "[flake8]\nextend-ignore =\n    E203, # spaces\n", "a.py": "x = 1\n"})


@pytest.mark.tools
def test_a_crash_is_an_error():
    """A sum of 600 terms makes flake8 crash, which is no clean file."""
    with (
        planned("flake8", {"sum.py": "x = " + " + ".join(["1"] * 600)}) as (inputs, run),
        pytest.raises(ToolError, match=r"flake8: exit code 1, with 0 findings: .*RecursionError"),
    ):
        FLAKE8.parse(run, call("flake8", run, inputs), inputs)
