import pytest
from recorded import parsed, review

from hunkwise.core.errors import ToolError
from hunkwise.core.model import Category, Severity, State, Trust


def test_a_finding_says_all_that_pylint_says():
    """Place, code, symbol, meaning and page of a finding come through."""
    first, second = parsed("pylint", "defects")["app/run.py"].findings
    assert (first.rule, second.rule) == ("W0102", "E0602")
    assert first.message == "Dangerous default value [] as argument (dangerous-default-value)"
    assert (first.location.start, first.location.column, first.location.end, first.location.end_column) == (4, 1, 4, 8)
    assert (first.severity, first.category) == (Severity.MEDIUM, Category.BUG)
    assert second.severity is Severity.HIGH
    assert first.url.endswith("/messages/warning/dangerous-default-value.html")


@pytest.mark.parametrize(
    ("case", "path", "reason"),
    [
        ("syntax-error", "broken.py", "syntax error at line 1"),
        ("not-utf8", "latin.py", "syntax error at line 1"),
        ("nul", "nul.py", "syntax error at line 1"),
        ("sum-of-500", "sum.py", "pylint crashed on it"),
        ("sum-of-1500", "sum.py", "pylint crashed on it"),
        ("missing", "gone.py", "No module named ./gone.py"),
    ],
)
def test_a_file_that_pylint_cannot_read_has_failed(case, path, reason):
    """A file that does not parse, crashes pylint or is not there has failed, and the others are reviewed."""
    outcomes = parsed("pylint", case)
    assert (outcomes[path].state, outcomes[path].reason) == (State.FAILED, reason)
    assert outcomes["fine.py"].state is State.REVIEWED


def test_a_syntax_error_is_a_finding_too():
    """The file has failed, and the author is told where."""
    (finding,) = parsed("pylint", "syntax-error")["broken.py"].findings
    assert (finding.rule, finding.location.start, finding.location.column) == ("E0001", 1, 8)


def test_no_message_names_a_private_directory():
    """What pylint says of a file has the file's name in the repository, not where it lay for a moment."""
    (finding,) = parsed("pylint", "not-utf8")["latin.py"].findings
    assert finding.message == "Parsing failed: 'invalid or missing encoding declaration for 'latin.py'' (syntax-error)"


def test_a_file_that_tells_pylint_to_skip_it_is_not_called_reviewed():
    """pylint obeys `skip-file`, and the state says so."""
    outcome = parsed("pylint", "told-to-skip")["skip.py"]
    assert (outcome.state, outcome.reason) == (State.SKIPPED, "a comment in it tells pylint to skip it")


def test_a_file_that_pylint_does_not_name_has_failed():
    """A file without findings counts as reviewed only where pylint says that it looked at it."""
    report = b'AST for fine.py\nfine.py (1 of 1)\n{\n    "messages": [],\n    "statistics": {}\n}\n'
    outcomes = parsed("pylint", "missing", exit_code=0, stdout=report)
    assert outcomes["fine.py"].state is State.REVIEWED
    assert (outcomes["gone.py"].state, outcomes["gone.py"].reason) == (State.FAILED, "pylint did not look at it")


def test_an_older_pylint_is_told_from_a_clean_file():
    """A report that names no file at all, as before pylint 4, is not believed."""
    with pytest.raises(ToolError, match="as pylint 4 does"):
        parsed("pylint", "missing", exit_code=0, stdout=b'{\n    "messages": [],\n    "statistics": {}\n}\n')


@pytest.mark.tools
def test_the_repository_may_leave_files_out():
    """What the repository's own configuration ignores is skipped, and that is said."""
    files = {"a.py": "x = 1\n", "gen.py": "x = 1\n", "pylintrc": "[MAIN]\nignore=gen.py\n"}
    outcome = review("pylint", files)["gen.py"]
    assert outcome.reason == "the repository's configuration of pylint leaves it out"
    assert outcome.state is State.SKIPPED


@pytest.mark.tools
def test_what_pylint_says_of_the_configuration_is_passed_on():
    """A plugin of the repository that is not installed here is named in the reason."""
    files = {"a.py": "x = 1\n", ".pylintrc": "[MAIN]\nload-plugins=pylint_nowhere\n"}
    outcome = review("pylint", files)["a.py"]
    assert outcome.state is State.REVIEWED
    assert "pylint_nowhere" in outcome.reason


@pytest.mark.tools
def test_files_of_one_name_are_not_mixed_up():
    """Two scripts with the same name in different folders each get their own findings."""
    files = {"a/t.py": "def f(x=[]):\n    return x\n", "b/t.py": "x = nobody\n"}
    outcomes = review("pylint", files, trust=Trust.FOREIGN)
    assert {path: [one.rule for one in outcome.findings] for path, outcome in outcomes.items()} == {
        "a/t.py": ["W0102"],
        "b/t.py": ["E0602"],
    }
