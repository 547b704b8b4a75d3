import pytest
from recorded import call, parsed

from hunkwise.analyzers.checkstyle import OURS, PROPERTIES, Checkstyle
from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.model import Category, FileDiff, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.testing import FakeWorkspace

LINE_LENGTH = '<module name="LineLength"><property name="max" value="30"/></module>'
LONG = "class Long { int aNumber = 17; /* and much to say */ }\n"


def plan(*, head=None, base=None, trust=Trust.OWN, **settings):
    files = {"A.java": LONG}
    with FakeWorkspace({**files, **(head or {})}, {**files, **(base or {})}) as workspace:
        inputs = AnalyzerInputs(workspace=workspace, trust=trust, settings=settings, root="/a b", scratch="/scratch")
        run = Checkstyle().plan([FileDiff(path="A.java", language="java")], inputs)
    assert run is not None
    return run


def test_a_finding_says_all_that_checkstyle_says():
    """Place, meaning and page of a finding come through; a tab is one column, and so is a character of two units."""
    finding = parsed("checkstyle", "defects")["src/Run.java"].findings[0]
    assert (finding.rule, finding.severity, finding.category) == (
        "StringLiteralEquality",
        Severity.HIGH,
        Category.BUG,
    )
    assert finding.message == "Literal Strings should be compared using equals(), not '=='."
    assert (finding.location.start, finding.location.column) == (3, 11)
    assert finding.url == "https://checkstyle.org/checks/coding/stringliteralequality.html"


def test_a_file_that_does_not_parse_has_failed():
    """It is no finding, and the others are reviewed."""
    outcomes = parsed("checkstyle", "syntax-error")
    assert (outcomes["Broken.java"].state, outcomes["Broken.java"].reason) == (
        State.FAILED,
        "it does not parse as Java",
    )
    assert outcomes["Broken.java"].findings == ()
    assert outcomes["Fine.java"].state is State.REVIEWED


def test_a_file_that_is_not_in_the_report_has_failed():
    """Checkstyle passes over a file that is not there, and is not believed to have seen it."""
    outcome = parsed("checkstyle", "missing")["gone.java"]
    assert (outcome.state, outcome.reason) == (State.FAILED, "checkstyle did not look at it")


def test_an_exit_code_that_contradicts_the_report_is_not_believed():
    """It counts the errors that are reported."""
    with pytest.raises(ToolError, match="exit code 3, though it reports 0 errors"):
        parsed("checkstyle", "defects", exit_code=3)


def test_a_report_that_was_cut_is_not_believed():
    """What an exception ended is no report; the error says for which version Hunkwise is made."""
    stdout = b'<?xml version="1.0"?>\n<checkstyle version="8.36.1">\n'
    with pytest.raises(ToolError, match=r"made for com\.puppycrawl\.tools:checkstyle:12\.3\.1: .*cannot initialize"):
        parsed("checkstyle", "defects", exit_code=254, stdout=stdout, stderr=b"cannot initialize module TreeWalker")


def test_the_configuration_in_a_usual_place_is_taken():
    """With what its placeholders stand for, as plugins of build tools define them."""
    config = f'<module name="Checker">{LINE_LENGTH}</module>'
    run = plan(head={"config/checkstyle/checkstyle.xml": config})
    assert "LineLength" in run.files[OURS]
    assert "config_loc=/a\\ b/config/checkstyle\n" in run.files[PROPERTIES]


def test_the_configuration_that_settings_name_is_taken():
    """A path in the repository, or one of those on board."""
    own = {"x.xml": f'<module name="Checker">{LINE_LENGTH}</module>'}
    assert "LineLength" in plan(head=own, config="x.xml").files[OURS]
    assert plan(config="sun").args[3] == "/sun_checks.xml"


@pytest.mark.parametrize(
    ("config", "reason"),
    [("nobody.xml", "there is no file 'nobody.xml'"), (["x"], "must be 'google', 'sun' or a path")],
)
def test_a_configuration_that_is_not_there_is_an_error(config, reason):
    """The error names the setting."""
    with pytest.raises(UsageError, match=rf"tools\.checkstyle\.config.* {reason}"):
        plan(config=config)


def test_a_configuration_that_is_no_xml_is_an_error():
    """The user can mend it."""
    with pytest.raises(
        UsageError, match=r"checkstyle\.xml cannot be used as checkstyle's configuration: it is not XML"
    ):
        plan(head={"checkstyle.xml": "<module"})


def test_a_foreign_change_is_checked_by_the_base_as_data():
    """The head's configuration counts for nothing; the base's loses what is not data."""
    base = {"checkstyle.xml": f'<module name="Checker">{LINE_LENGTH}<module name="SuppressionFilter"/></module>'}
    run = plan(head={"checkstyle.xml": '<module name="Checker"/>'}, base=base, trust=Trust.FOREIGN)
    assert "LineLength" in run.files[OURS]
    assert "Suppress" not in run.files[OURS]


@pytest.mark.parametrize(
    "base", ["<module", '<!DOCTYPE x [<!ENTITY a "b">]><module name="Checker"/>', '<module name="Checker"/>']
)
def test_a_base_without_data_leaves_our_own_rules(base):
    """Broken, entities, or no check at all: ours take its place, without filters."""
    run = plan(base={"checkstyle.xml": base}, trust=Trust.FOREIGN)
    assert run.files[OURS] == plan(trust=Trust.FOREIGN).files[OURS]
    assert "EqualsHashCode" in run.files[OURS]
    assert "Suppress" not in run.files[OURS]


def test_googles_suppressions_are_not_the_changes():
    """On a foreign change, the file that Google's configuration would take from the tree is one that is not there."""
    properties = plan(trust=Trust.FOREIGN, config="google").files[PROPERTIES]
    assert "org.checkstyle.google.suppressionfilter.config=/scratch/none.xml\n" in properties


@pytest.mark.tools
def test_a_base_configuration_runs(tmp_path):
    """What is left of a configuration that names files and addresses is understood by checkstyle, and it says so."""
    config = (
        '<!DOCTYPE module PUBLIC "-//X//EN" "http://127.0.0.1:9/x.dtd">\n'
        f'<module name="Checker"><property name="cacheFile" value="{tmp_path}/cache"/>{LINE_LENGTH}'
        '<module name="SuppressionFilter"><property name="file" value="http://127.0.0.1:9/s.xml"/></module>'
        '<module name="Header"><property name="headerFile" value="/etc/passwd"/></module></module>'
    )
    with FakeWorkspace({"A.java": LONG}, {"A.java": LONG, "checkstyle.xml": config}) as workspace:
        inputs = AnalyzerInputs(workspace=workspace, root=workspace.directory(), scratch=str(tmp_path))
        run = Checkstyle().plan([FileDiff(path="A.java", language="java")], inputs)
        assert run is not None
        (outcome,) = Checkstyle().parse(run, call("checkstyle", run, inputs), inputs)
    assert [one.rule for one in outcome.findings] == ["LineLength"]
    assert outcome.reason == "by the base's checkstyle.xml without 2 of its modules, which are not data"
    assert not (tmp_path / "cache").exists()


@pytest.mark.tools
def test_one_bad_file_does_not_stop_an_own_configuration(tmp_path):
    """Under a repository's own configuration, too, only the file that does not parse has failed."""
    config = (
        f'<module name="Checker">{LINE_LENGTH}<module name="TreeWalker"><module name="UpperEll"/></module></module>'
    )
    files = {"Broken.java": "class {\n", "Long.java": LONG}
    with FakeWorkspace({**files, "checkstyle.xml": config}) as workspace:
        inputs = AnalyzerInputs(workspace=workspace, trust=Trust.OWN, root=workspace.directory(), scratch=str(tmp_path))
        run = Checkstyle().plan([FileDiff(path=path, language="java") for path in files], inputs)
        assert run is not None
        outcomes = Checkstyle().parse(run, call("checkstyle", run, inputs), inputs)
    assert [one.state for one in outcomes] == [State.FAILED, State.REVIEWED]
    assert [one.rule for one in outcomes[1].findings] == ["LineLength"]
