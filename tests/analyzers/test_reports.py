import json
import os

import pytest

from hunkwise.analyzers.reports import EXAMPLES, UNASKED, Reports
from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.model import State, Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.readers import report_files
from hunkwise.testing import FakeWorkspace, check_inspector, make_file

FILES = {"src/a.py": "one\ntwo\n", "b.py": "one\n"}
LINE = '{"path": "src/a.py", "line": 2, "rule": "R", "message": "said", "tool": "mine"}\n'


@pytest.fixture
def inspect(tmp_path):
    """Return a function that reads reports beside the files of a change."""

    def call(reports, trust=Trust.OWN, users=(), directory="", root=tmp_path / "tree", **settings):
        for path, text in (FILES | reports).items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        inputs = AnalyzerInputs(
            workspace=FakeWorkspace(FILES),
            trust=trust,
            settings=settings,
            root=str(root),
            user_options=frozenset(users),
            directory=directory,
        )
        changed = [make_file(path, None, text) for path, text in FILES.items()]
        return {one.path: one for one in Reports().inspect(changed, inputs)}

    return call


def test_the_contract_of_an_inspector_holds():
    """It finds what its examples say, and stands empty, odd and unreadable files."""
    check_inspector(Reports(), EXAMPLES)


def test_without_settings_it_does_not_apply(inspect):
    """No report is looked for that nobody named."""
    assert inspect({"out.jsonl": LINE}) == {}


def test_findings_keep_the_name_of_their_tool(inspect):
    """The reviewer is `reports`, and rules are named by the tool."""
    outcome = inspect({"out.jsonl": LINE}, files=["out.jsonl"])["src/a.py"]
    (finding,) = outcome.findings
    assert (outcome.tool, finding.tool, finding.rule) == ("reports", "mine", "R")


def test_several_reports_in_several_forms_add_up(inspect):
    """Each file is read in its own form, whatever its name."""
    checkstyle = '<checkstyle><file name="b.py"><error line="1" message="m" source="x.y"/></file></checkstyle>'
    outcomes = inspect({"out/1": LINE, "out/2": checkstyle}, files=["out/*"])
    assert [len(outcomes[path].findings) for path in FILES] == [1, 1]


def test_a_relative_name_may_start_at_the_report(inspect):
    """A report in a subproject names its files from there."""
    outcomes = inspect({"src/out.jsonl": LINE.replace("src/a.py", "a.py")}, files=["**/*.jsonl"])
    assert len(outcomes["src/a.py"].findings) == 1


def test_a_missing_report_is_said(inspect):
    """Who named a report learns that it is not there."""
    outcome = inspect({}, files=["out.sarif"])["b.py"]
    assert (outcome.state, outcome.reason) == (State.SKIPPED, "no report is at out.sarif")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "out.sarif: line 1: it is not JSON"),
        ("", "out.sarif: it is empty"),
        ('{"path": "x.py", "message": "m"}', "out.sarif: none of its results is in a file and line"),
    ],
)
def test_a_broken_report_is_an_error_that_names_it(inspect, text, why):
    """A report that cannot be read is a failure, not an absent one."""
    with pytest.raises(ToolError, match=why):
        inspect({"out.sarif": text}, files=["out.sarif"])


def test_an_empty_report_may_be_one_without_findings(inspect):
    """Of the forms with one finding a line, nothing is a report too, where the form is named."""
    assert inspect({"out": ""}, files=["out"], format="json-lines")["b.py"].state is State.NOT_APPLICABLE


def test_a_report_has_a_size_limit(inspect, monkeypatch):
    """A report that is too large is refused before it is parsed."""
    monkeypatch.setattr(report_files, "LARGEST", 10)
    with pytest.raises(ToolError, match=r"out\.jsonl: it is larger than"):
        inspect({"out.jsonl": LINE}, files=["out.jsonl"])


def test_an_old_report_says_so(inspect, tmp_path):
    """Lines may have moved since the report was made."""
    inspect({"out.jsonl": LINE}, files=["out.jsonl"])
    root = tmp_path / "tree"
    report = root / "out.jsonl"

    os.utime(report, (0, 0))
    changed = [make_file(path, None, text) for path, text in FILES.items()]
    inputs = AnalyzerInputs(
        workspace=FakeWorkspace(FILES), trust=Trust.OWN, settings={"files": ["out.jsonl"]}, root=str(root)
    )
    outcome = Reports().inspect(changed, inputs)[0]
    assert outcome.reason == "by out.jsonl, made before this file was last written"


def test_a_foreign_change_brings_no_report(inspect, tmp_path):
    """Only what the user's own file names is read, from where the user is."""
    outcome = inspect({"out.jsonl": LINE}, Trust.FOREIGN, files=["out.jsonl"])["src/a.py"]
    assert (outcome.state, outcome.reason) == (State.SKIPPED, UNASKED)
    here = tmp_path / "here"
    here.mkdir()
    (here / "out.jsonl").write_text(LINE.replace("R", "S"))
    outcomes = inspect({"out.jsonl": LINE}, Trust.FOREIGN, ["files"], str(here), files=["out.jsonl"])
    assert [one.rule for one in outcomes["src/a.py"].findings] == ["S"]


def test_what_is_suppressed_in_a_report(inspect, tmp_path):
    """Suppressions of SARIF are obeyed on own changes, and noted on foreign ones."""
    place = {"artifactLocation": {"uri": "b.py"}, "region": {"startLine": 1}}
    result = {"ruleId": "R", "message": {"text": "m"}, "locations": [{"physicalLocation": place}], "suppressions": [{}]}
    sarif = json.dumps({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [result]}]})
    own = inspect({"out.sarif": sarif}, files=["out.sarif"])["b.py"]
    assert (own.state, own.findings) == (State.REVIEWED, ())
    report = str(tmp_path / "tree" / "out.sarif")
    foreign = inspect({"out.sarif": sarif}, Trust.FOREIGN, ["files"], str(tmp_path), files=[report])["b.py"]
    assert len(foreign.findings) == 1
    assert "not obeyed for a foreign change" in foreign.reason


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"file": ["x"]}, "tools.reports.file is unknown; there is files, format"),
        ({"files": "x"}, "must be a list of patterns"),
        ({"files": ["x"], "format": "xml"}, "must be one of sarif, rdjson, rdjsonl, checkstyle, json-lines, not 'xml'"),
    ],
)
def test_a_wrong_setting_is_an_error_in_words(inspect, settings, why):
    """What the configuration may say is checked, and named."""
    with pytest.raises(UsageError, match=why):
        inspect({}, **settings)
