import json

import pytest
from recorded import parsed, review

from hunkwise.core.errors import ToolError
from hunkwise.core.model import Category, Severity, State


def report(*items):
    place = {"file": "./fine.Dockerfile", "line": 1, "column": 1, "message": "m"}
    return {"exit_code": min(len(items), 1), "stdout": json.dumps([place | item for item in items]).encode()}


def test_a_finding_says_all_that_hadolint_says():
    """Place, meaning and page of a finding come through."""
    finding = parsed("hadolint", "defects")["a/b.Dockerfile"].findings[0]
    assert (finding.rule, finding.severity, finding.category) == ("DL3021", Severity.HIGH, Category.BUG)
    assert (finding.location.start, finding.location.column) == (2, 1)
    assert finding.url == "https://github.com/hadolint/hadolint/wiki/DL3021"


def test_a_file_that_does_not_parse_has_failed():
    """The state says where the parser stopped, and the finding says what it wanted."""
    outcome = parsed("hadolint", "syntax-error")["broken.Dockerfile"]
    assert (outcome.state, outcome.reason) == (State.FAILED, "syntax error at line 1")
    assert [one.rule for one in outcome.findings] == ["DL1000"]


def test_of_shell_only_what_is_serious_is_told():
    """Remarks of shellcheck on style are left out, its warnings are not."""
    said = report({"code": "SC2086", "level": "info"}, {"code": "SC2164", "level": "warning"})
    (finding,) = parsed("hadolint", "missing", **said)["fine.Dockerfile"].findings
    assert (finding.rule, finding.severity) == ("SC2164", Severity.MEDIUM)
    assert finding.url == "https://www.shellcheck.net/wiki/SC2164"


@pytest.mark.tools
def test_a_crash_is_an_error():
    """hadolint 2.15.1 crashes on a short WORKDIR, and then says nothing of any file."""
    with pytest.raises(ToolError, match=r"hadolint: exit code 1, its output is not JSON .*DL3000"):
        review("hadolint", {"Short.Dockerfile": "FROM scratch\nWORKDIR a\n"})
