import pytest
from recorded import parsed, review

from hunkwise.core.model import State


def test_a_syntax_error_fails_the_file():
    """What comes after it was not looked at, so the file has failed, and the finding says where."""
    outcome = parsed("yamllint", "syntax-error")["broken.yml"]
    assert (outcome.state, outcome.reason) == (State.FAILED, "syntax error at line 2")
    assert [one.message for one in outcome.findings] == ["expected the node content, but found '<stream end>'"]


def test_a_template_is_skipped():
    """A chart of Helm is no YAML before it is filled in, and no defect."""
    outcome = parsed("yamllint", "syntax-error")["chart.yml"]
    assert (outcome.state, outcome.findings) == (State.SKIPPED, ())
    assert outcome.reason == "a template, which is not YAML before it is filled in"


def test_a_key_cannot_forge_a_finding():
    """A key that looks like a problem of another file stays a part of its own message."""
    outcomes = parsed("yamllint", "forged")
    (finding,) = outcomes["forged.yml"].findings
    assert finding.message == 'duplication of key "a ./fine.yml:1:1" in mapping'
    assert outcomes["fine.yml"].findings == ()


@pytest.mark.tools
def test_a_configuration_that_ignores_files_is_told():
    """yamllint does not say which files it ignores, so the outcome says that it may."""
    outcome = review("yamllint", {".yamllint": "rules: {truthy: enable}\nignore: [a.yml]\n", "a.yml": "a: yes\n"})
    assert outcome["a.yml"].reason == "by .yamllint, which may leave files out"


@pytest.mark.tools
def test_deep_nesting_hides_no_other_file():
    """A file of 2 000 brackets fails alone."""
    outcomes = review("yamllint", {"deep.yml": "a: " + "[" * 2000, "plain.yml": "a: 1\na: 2\n"})
    assert outcomes["deep.yml"].state is State.FAILED
    assert len(outcomes["plain.yml"].findings) == 1
