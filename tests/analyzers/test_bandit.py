import json

import pytest
from recorded import parsed, review

from hunkwise.core.errors import ToolError
from hunkwise.core.model import Category, Severity, State, Trust


def test_a_finding_says_all_that_bandit_says():
    """Place, meaning and page of a finding come through, with columns in characters."""
    shell, evaluated = parsed("bandit", "defects")["app/run.py"].findings
    assert (shell.rule, shell.severity, shell.category) == ("B602", Severity.HIGH, Category.SECURITY)
    assert shell.message == "subprocess call with shell=True identified, security issue."
    assert shell.url.endswith("b602_subprocess_popen_with_shell_equals_true.html")
    place = evaluated.location
    assert (evaluated.rule, place.start, place.column, place.end, place.end_column) == ("B307", 6, 30, 6, 37)


@pytest.mark.parametrize(
    ("case", "path", "reason"),
    [
        ("syntax-error", "broken.py", "syntax error while parsing AST from file"),
        ("not-utf8", "latin.py", "syntax error while parsing AST from file"),
        ("nul", "nul.py", "syntax error while parsing AST from file"),
        ("sum-of-1500", "sum.py", "exception while scanning file"),
        ("missing", "gone.py", "No such file or directory"),
    ],
)
def test_a_file_that_bandit_gave_up_on_has_failed(case, path, reason):
    """bandit ends with 0 where it skipped a file; the file has failed nevertheless, and the others are reviewed."""
    outcomes = parsed("bandit", case, exit_code=0)
    assert (outcomes[path].state, outcomes[path].reason) == (State.FAILED, reason)
    assert outcomes["fine.py"].state is State.REVIEWED


def test_a_file_that_is_not_counted_has_failed():
    """A file without findings counts as reviewed only where bandit has counted its lines."""
    report = {"errors": [], "results": [], "metrics": {"././fine.py": {}, "_totals": {}}}
    outcomes = parsed("bandit", "missing", exit_code=0, stdout=json.dumps(report).encode())
    assert outcomes["fine.py"].state is State.REVIEWED
    assert (outcomes["gone.py"].state, outcomes["gone.py"].reason) == (State.FAILED, "bandit did not look at it")


def test_a_finding_elsewhere_is_not_believed():
    """A finding in a file that bandit was not given means that the report is of something else."""
    with pytest.raises(ToolError, match="a finding in a file that it was not given"):
        parsed("bandit", "missing", exit_code=1, stdout=_report(filename="./other.py"))


@pytest.mark.parametrize(
    ("severity", "confidence", "expected"),
    [
        ("HIGH", "HIGH", Severity.HIGH),
        ("HIGH", "LOW", Severity.MEDIUM),
        ("MEDIUM", "LOW", Severity.LOW),
        ("LOW", "LOW", Severity.LOW),
        ("UNDEFINED", "HIGH", Severity.LOW),
    ],
)
def test_a_low_confidence_lowers_the_severity(severity, confidence, expected):
    """What bandit is not sure of is one step less severe."""
    report = _report(issue_severity=severity, issue_confidence=confidence)
    (finding,) = parsed("bandit", "missing", exit_code=1, stdout=report)["fine.py"].findings
    assert finding.severity is expected


@pytest.mark.tools
def test_no_folder_is_left_out_by_its_name():
    """bandit leaves out folders such as CVS and .tox by default; a changed file in them is reviewed."""
    outcomes = review("bandit", {"CVS/a.py": "exec('')\n", ".tox/a.py": "exec('')\n"}, trust=Trust.FOREIGN)
    assert [len(outcome.findings) for outcome in outcomes.values()] == [1, 1]


@pytest.mark.tools
def test_the_repository_may_leave_files_out():
    """What the repository's own configuration excludes is skipped, and that is said."""
    files = {"a.py": "x = 1\n", "gen.py": "x = 1\n", "bandit.yaml": "exclude_dirs: ['gen.py']\n"}
    outcome = review("bandit", files)["gen.py"]
    assert (outcome.state, outcome.reason) == (
        State.SKIPPED,
        "the repository's configuration of bandit leaves it out",
    )


def _report(**changes: str) -> bytes:
    result = {
        "filename": "./fine.py",
        "test_id": "B999",
        "issue_text": "text",
        "issue_severity": "HIGH",
        "issue_confidence": "HIGH",
        "line_number": 1,
        "line_range": [1],
        "col_offset": 0,
        "end_col_offset": 1,
        "more_info": "https://example.org",
    }
    metrics = {"./fine.py": {}, "./gone.py": {}}
    return json.dumps({"errors": [], "metrics": metrics, "results": [result | changes]}).encode()
