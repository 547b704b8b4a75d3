import json

import pytest
from recorded import parsed, planned, review

from hunkwise.core.errors import ToolError
from hunkwise.core.model import Category, Edit, Severity, State, Trust


def test_a_finding_says_all_that_eslint_says():
    """Place, meaning and page of a finding come through, with columns in characters and not in UTF-16 units."""
    first, second, _ = parsed("eslint", "defects")["src/run.js"].findings
    assert (first.rule, first.severity, first.category) == ("no-unsafe-negation", Severity.HIGH, Category.BUG)
    assert first.message == "Unexpected negating the left operand of 'in' operator."
    place = first.location
    assert (place.start, place.column, place.end, place.end_column) == (1, 20, 1, 22)
    assert second.location.start == 2
    assert first.url == "https://eslint.org/docs/latest/rules/no-unsafe-negation"


def test_a_fix_comes_through():
    """eslint's fix is an offset and a text; ours is lines and columns."""
    finding = parsed("eslint", "defects")["src/types.ts"].findings[0]
    assert finding.rule == "@typescript-eslint/no-extra-non-null-assertion"
    assert finding.url == "https://typescript-eslint.io/rules/no-extra-non-null-assertion"
    assert finding.fix is not None
    assert finding.fix.edits == (Edit(1, 47, 1, 48, ""),)


@pytest.mark.parametrize(
    ("line", "column", "span", "expected"),
    [
        (1, 5, [4, 6], (1, 4, Edit(1, 4, 1, 6, "x"))),
        (2, 1, [7, 9], (1, 7, Edit(1, 7, 1, 9, "x"))),
        (3, 2, [12, 12], (2, 2, Edit(2, 2, 2, 2, "x"))),
    ],
    ids=["after an emoji", "after a line separator", "after a newline"],
)
def test_lines_and_columns_are_those_of_git(line, column, span, expected):
    """eslint counts UTF-16 units, and takes U+2028 and a lone CR for the end of a line; git and we do not."""
    source = "a😀b()\u2028c()\nd()"
    message = {"ruleId": "r", "severity": 2, "message": "m", "line": line, "column": column}
    message["fix"] = {"range": span, "text": "x"}
    (finding,) = parsed("eslint", "missing", **_report(message, source))["fine.js"].findings
    assert finding.fix is not None
    assert (finding.location.start, finding.location.column, finding.fix.edits[0]) == expected


def test_a_fix_outside_of_the_file_is_left_out():
    """An offset beyond the end is no place."""
    message = {
        "ruleId": "r",
        "severity": 2,
        "message": "m",
        "line": 1,
        "column": 1,
        "fix": {"range": [0, 9], "text": ""},
    }
    (finding,) = parsed("eslint", "missing", **_report(message, "x"))["fine.js"].findings
    assert finding.fix is None


@pytest.mark.parametrize(("case", "path"), [("syntax-error", "broken.js"), ("not-utf8", "latin.js"), ("nul", "nul.js")])
def test_a_file_that_does_not_parse_has_failed(case, path):
    """The state says where, and the author is told."""
    outcome = parsed("eslint", case)[path]
    assert (outcome.state, outcome.reason) == (State.FAILED, "syntax error at line 1")
    assert [(one.rule, one.severity) for one in outcome.findings] == [("syntax-error", Severity.HIGH)]


def test_flow_is_no_syntax_error():
    """A file with Flow types is right, and eslint's parser does not know them."""
    outcome = parsed("eslint", "flow")["flow.js"]
    assert (outcome.state, outcome.reason, outcome.findings) == (
        State.SKIPPED,
        "eslint cannot parse Flow types",
        (),
    )


def test_an_ignored_file_is_skipped_with_eslints_reason():
    """A file that eslint ignores is not reviewed."""
    outcome = parsed("eslint", "ignored")["node_modules/x/index.js"]
    assert outcome.state is State.SKIPPED
    assert outcome.reason == "File ignored by default because it is located under the node_modules directory"


def test_a_file_without_a_report_has_failed():
    """eslint passes over a file that is not there without a word."""
    outcome = parsed("eslint", "missing")["gone.js"]
    assert (outcome.state, outcome.reason) == (State.FAILED, "eslint did not look at it")


def test_a_report_on_another_file_is_not_believed():
    """A path that is none of the targets means that the report is of something else."""
    report = json.dumps([{"filePath": "/elsewhere/fine.js", "messages": []}]).encode()
    with pytest.raises(ToolError, match="a report on a file that it was not given"):
        parsed("eslint", "missing", exit_code=0, stdout=report)


def test_comments_are_obeyed_in_own_changes_alone():
    """A foreign change's comments neither switch rules off nor declare globals."""
    for trust, is_foreign in ((Trust.OWN, False), (Trust.FOREIGN, True)):
        with planned("eslint", {"a.js": "x"}, trust=trust) as (_, run):
            assert ("--no-inline-config" in run.args) is is_foreign
            assert ("no-undef:off" in run.args) is is_foreign


@pytest.mark.tools
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("eslint.config.mjs", "by our own rules, because eslint.config.mjs needs node_modules, which are not there"),
        (".eslintrc.json", "by our own rules, because eslint 10 no longer reads .eslintrc.json"),
    ],
)
def test_a_configuration_that_cannot_be_honoured_is_named(name, reason):
    """Our own rules step in, and the outcome says why."""
    outcome = review("eslint", {"a.js": "debugger;\n", name: "{}\n"})["a.js"]
    assert (outcome.state, outcome.reason) == (State.REVIEWED, reason)
    assert [one.rule for one in outcome.findings] == ["no-debugger"]


@pytest.mark.tools
def test_a_configuration_that_breaks_eslint_is_an_error():
    """eslint's own words say what is wrong with the repository's configuration."""
    files = {"a.js": "x\n", "eslint.config.mjs": 'import "nowhere";\n', "node_modules/x/package.json": "{}\n"}
    with pytest.raises(ToolError, match="Cannot find package 'nowhere'"):
        review("eslint", files)


@pytest.mark.tools
def test_comments_that_configure_eslint_are_no_findings():
    """With our rules, comments meant for the repository's eslint, or for an older one, are not held against a file."""
    source = (
        "/* eslint-env browser */\n/* global a b: c: d */\n/* eslint react/jsx-key: 2 */\n"
        '/* eslint no-debugger: "nonsense" */\n// eslint-disable-next-line vue/no-x\ndebugger;\n'
    )
    outcome = review("eslint", {"a.js": source})["a.js"]
    assert (outcome.state, [one.rule for one in outcome.findings]) == (State.REVIEWED, ["no-debugger"])


@pytest.mark.tools
def test_comments_that_configure_eslint_are_checked_by_the_repositorys_rules():
    """Where the repository's own configuration is honoured, what eslint says of comments is said."""
    files = {
        "a.js": "// eslint-disable-next-line no-debugger\nexport const x = 1;\n",
        "eslint.config.mjs": "export default [{ linterOptions: { reportUnusedDisableDirectives: 'error' } }];\n",
        "node_modules/x/package.json": "{}\n",
    }
    (finding,) = review("eslint", files)["a.js"].findings
    assert (finding.rule, finding.severity) == ("eslint-comment", Severity.LOW)
    assert finding.message == "Unused eslint-disable directive (no problems were reported from 'no-debugger')."


def _report(message: dict[str, object], source: str) -> dict[str, object]:
    report = [{"filePath": "fine.js", "messages": [message], "source": source}]
    return {"exit_code": 1, "stdout": json.dumps(report).encode()}
