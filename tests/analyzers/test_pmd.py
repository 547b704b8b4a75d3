import json

import pytest
from recorded import parsed

from hunkwise.analyzers.pmd import OURS, Pmd
from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.model import Category, FileDiff, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.testing import FakeWorkspace


def plan(files=None, *, trust=Trust.OWN, **settings):
    with FakeWorkspace({"A.java": "class A { }\n", **(files or {})}) as workspace:
        inputs = AnalyzerInputs(
            workspace=workspace, trust=trust, settings=settings, root=workspace.directory(), scratch="/scratch"
        )
        run = Pmd().plan([FileDiff(path="A.java", language="java")], inputs)
    assert run is not None
    return run


def test_a_finding_says_all_that_pmd_says():
    """Place, meaning and page of a finding come through."""
    finding = parsed("pmd", "defects")["src/Run.java"].findings[1]
    assert (finding.rule, finding.severity, finding.category) == (
        "UseEqualsToCompareStrings",
        Severity.HIGH,
        Category.BUG,
    )
    assert finding.message == "Use equals() to compare strings instead of '==' or '!='"
    assert (finding.location.start, finding.location.column) == (3, 7)
    assert finding.url.endswith("/pmd_rules_java_errorprone.html#useequalstocomparestrings")


@pytest.mark.parametrize(("case", "path"), [("syntax-error", "Broken.java"), ("nul", "Nul.java")])
def test_a_file_that_does_not_parse_has_failed(case, path):
    """The reason says where; the others are reviewed."""
    outcomes = parsed("pmd", case)
    assert (outcomes[path].state, outcomes[path].reason) == (State.FAILED, "syntax error at line 1")
    assert outcomes["Fine.java"].state is State.REVIEWED


def test_a_file_that_exhausts_its_stack_has_failed():
    """PMD says nothing of a file on which it ran out of stack, and the witness is not in its report."""
    outcomes = parsed("pmd", "sum-of-3000")
    assert (outcomes["Sum.java"].state, outcomes["Sum.java"].reason) == (State.FAILED, "PMD did not look at it")
    assert outcomes["Fine.java"].state is State.REVIEWED


def test_a_rule_that_cannot_run_is_not_believed():
    """A configuration that PMD calls wrong is an error of the whole call."""
    report = {"files": [], "suppressedViolations": [], "processingErrors": []}
    report["configurationErrors"] = [{"rule": "X", "message": "needs  a\nproperty"}]
    with pytest.raises(ToolError, match="the rule 'X' cannot run: needs a property"):
        parsed("pmd", "missing", exit_code=0, stdout=json.dumps(report).encode())


def test_a_long_range_is_its_first_line():
    """A range of many lines says little about where to look."""
    place = {"beginline": 1, "endline": 90, "begincolumn": 3, "endcolumn": 2}
    violation = {"rule": "X", "ruleset": "Design", "description": "x", "priority": 3, **place}
    report = {"suppressedViolations": [], "processingErrors": [], "configurationErrors": []}
    report["files"] = [{"filename": "./Fine.java", "violations": [violation]}]
    report["files"].append({"filename": "./Fine.java", "violations": [{"rule": "HunkwiseWitness"}]})
    (finding,) = parsed("pmd", "missing", stdout=json.dumps(report).encode())["Fine.java"].findings
    assert (finding.location.start, finding.location.end, finding.location.end_column) == (1, 1, None)


def test_the_ruleset_that_settings_name_is_taken():
    """A path in the repository, or the quickstart."""
    assert plan({"x.xml": "<ruleset/>"}, ruleset="x.xml").files[OURS] == "<ruleset/>"
    assert "rulesets/java/quickstart.xml" in plan(ruleset="quickstart").args


@pytest.mark.parametrize(
    ("files", "ruleset", "reason"),
    [
        ({}, "nobody.xml", "there is no file 'nobody.xml'"),
        ({"x.xml": b"\xff"}, "x.xml", "it is not UTF-8"),
        ({}, 7, "must be 'quickstart' or a path"),
    ],
)
def test_a_ruleset_that_cannot_be_used_is_an_error(files, ruleset, reason):
    """The error says what is wrong."""
    with pytest.raises(UsageError, match=reason):
        plan(files, ruleset=ruleset)


def test_a_foreign_change_is_checked_by_our_rules():
    """A ruleset in the repository may hold expressions and addresses, so that it is not taken even from the base."""
    ours = plan().files[OURS]
    assert plan({"pmd.xml": "<ruleset/>"}).files[OURS] == "<ruleset/>"
    for settings in ({}, {"ruleset": "pmd.xml"}):
        assert plan({"pmd.xml": "<ruleset/>"}, trust=Trust.FOREIGN, **settings).files[OURS] == ours


def test_class_files_of_an_own_change_tell_types():
    """They are given where they lie, and never for a foreign change."""
    files = {"target/classes/A.class": "x"}
    assert "--aux-classpath" in plan(files).args
    assert "--aux-classpath" not in plan(files, trust=Trust.FOREIGN).args
