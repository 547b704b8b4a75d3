import json

import pytest
from recorded import parsed, review

from hunkwise.core.errors import ToolError
from hunkwise.core.model import Category, Edit, Severity, State, Trust


def test_a_finding_says_all_that_shellcheck_says():
    """Place, meaning, page and fix of a finding come through, with columns in characters."""
    finding = parsed("shellcheck", "defects")["bin/run.sh"].findings[0]
    assert (finding.rule, finding.severity, finding.category) == ("SC2164", Severity.MEDIUM, Category.BUG)
    assert finding.message == "Use 'cd ... || exit' or 'cd ... || return' in case cd fails."
    place = finding.location
    assert (place.start, place.column, place.end, place.end_column) == (2, 1, 2, 7)
    assert finding.url == "https://www.shellcheck.net/wiki/SC2164"
    assert finding.fix is not None
    assert finding.fix.edits == (Edit(2, 7, 2, 7, " || exit"),)


def test_a_fix_of_several_edits_is_in_order():
    """Quoting a word is two insertions, from left to right."""
    finding = parsed("shellcheck", "defects")["bin/run.sh"].findings[1]
    assert finding.fix is not None
    assert finding.fix.edits == (Edit(2, 16, 2, 16, '"'), Edit(2, 18, 2, 18, '"'))


def test_two_edits_at_one_place_make_no_fix():
    """Where the order of two insertions is not told, no fix is passed on."""
    one = {"line": 1, "column": 1, "endLine": 1, "endColumn": 1, "replacement": "x"}
    (finding,) = parsed("shellcheck", "missing", **_report(fix={"replacements": [one, one]}))["fine.sh"].findings
    assert finding.fix is None


def test_a_script_that_does_not_parse_has_failed():
    """The state says where the parser stopped, the findings say it too, and the others are reviewed."""
    outcomes = parsed("shellcheck", "syntax-error")
    assert (outcomes["broken.sh"].state, outcomes["broken.sh"].reason) == (State.FAILED, "syntax error at line 2")
    assert [one.rule for one in outcomes["broken.sh"].findings] == ["SC1073", "SC1072"]
    assert outcomes["fine.sh"].state is State.REVIEWED


def test_a_script_that_cannot_be_read_has_failed():
    """shellcheck tells it on stderr alone."""
    outcomes = parsed("shellcheck", "missing")
    assert outcomes["fine.sh"].state is State.REVIEWED
    assert outcomes["gone.sh"].state is State.FAILED
    assert outcomes["gone.sh"].reason == "openBinaryFile: does not exist (No such file or directory)"


def test_a_shell_that_it_does_not_know_is_skipped():
    """zsh is not a failure of the script."""
    outcome = parsed("shellcheck", "zsh")["z.sh"]
    assert (outcome.state, outcome.reason, outcome.findings) == (
        State.SKIPPED,
        "shellcheck does not know its shell",
        (),
    )


@pytest.mark.parametrize(
    ("code", "comments"), [(0, [{}]), (1, []), (3, []), (4, []), (251, [])], ids=["0", "1", "3", "4", "251"]
)
def test_an_exit_code_that_contradicts_the_report_is_not_believed(code, comments):
    """0 goes with no findings and 1 with some; 3, 4 and 251 are failures of the whole call."""
    with pytest.raises(ToolError):
        parsed("shellcheck", "missing", exit_code=code, stdout=json.dumps({"comments": comments}).encode())


def test_a_failure_that_names_no_file_is_not_believed():
    """Exit code 2 means that some file was not read; if it is not said which, none is reviewed."""
    with pytest.raises(ToolError, match="no file that it could not read"):
        parsed("shellcheck", "missing", exit_code=2, stdout=b'{"comments":[]}', stderr=b"trouble\n")


@pytest.mark.tools
def test_sourced_files_are_not_opened():
    """A script that sources another gets no finding about it, and cannot make shellcheck read it."""
    files = {"a.sh": "#!/bin/sh\n# shellcheck source=/etc/passwd\n. /etc/passwd\n. ./lib.sh\n", "lib.sh": "cd x\n"}
    assert review("shellcheck", files, trust=Trust.FOREIGN)["a.sh"].findings == ()


def _report(**changes: object) -> dict[str, object]:
    comment = {
        "file": "./fine.sh",
        "line": 1,
        "endLine": 1,
        "column": 1,
        "endColumn": 2,
        "level": "error",
        "code": 9999,
        "message": "text",
        "fix": None,
    }
    return {"exit_code": 1, "stdout": json.dumps({"comments": [comment | changes]}).encode(), "stderr": b""}
