import pytest

from hunkwise.core.errors import ReportError
from hunkwise.core.model import RepoPath, State, Trust
from hunkwise.readers.reading import Reading
from hunkwise.readers.report_outcomes import outcomes_of
from hunkwise.testing import make_file, make_finding

FILES = [make_file(name, None, "x\n") for name in ("a.py", "b.py")]


def outcomes(reading: Reading, trust: Trust = Trust.OWN, **more):
    return {one.path: one for one in outcomes_of("reports", FILES, reading, trust, **more)}


def test_a_file_with_findings_was_reviewed():
    """Whoever found something in a file has looked at it; of the others nothing is known."""
    found = outcomes(Reading(findings=[make_finding(tool="ruff", path="a.py")]))
    assert (found["a.py"].state, found["a.py"].tool, found["a.py"].findings[0].tool) == (
        State.REVIEWED,
        "reports",
        "ruff",
    )
    assert (found["b.py"].state, found["b.py"].reason) == (State.NOT_APPLICABLE, "the report says nothing of this file")


def test_a_file_that_the_report_names_was_reviewed():
    """A report that lists the files that it is about proves that it found nothing in them."""
    assert outcomes(Reading(named={RepoPath("b.py")}))["b.py"].state is State.REVIEWED


def test_a_file_that_the_tool_was_given_was_reviewed():
    """Silence on a file that was asked about means that nothing was found."""
    assert {one.state for one in outcomes(Reading(), was_asked=True).values()} == {State.REVIEWED}


def test_findings_elsewhere_are_kept():
    """What was found beside the change can be shown with the filter that shows all."""
    found = outcomes(Reading(findings=[make_finding(path="c.py")]))
    assert (found["c.py"].state, len(found["c.py"].findings)) == (State.NOT_APPLICABLE, 1)


def test_suppressions_count_for_an_own_change_only():
    """A foreign change may have written the suppression that hides its own defect."""
    reading = Reading(suppressed=[make_finding(path="a.py")])
    assert outcomes(reading)["a.py"].findings == ()
    foreign = outcomes(reading, Trust.FOREIGN)["a.py"]
    assert len(foreign.findings) == 1
    assert foreign.reason == "1 result is suppressed in the report, which is not obeyed for a foreign change"


def test_results_that_are_nowhere_are_counted():
    """Some lost results are a remark; if all are lost, the report is of something else."""
    lost = ["x.py", "y.py", "z.py"]
    found = outcomes(Reading(findings=[make_finding(path="a.py")], lost=lost))
    assert found["a.py"].reason == "3 results are in no file and line of this repository: x.py, y.py …"
    with pytest.raises(ReportError, match="none of its results is in a file and line of this repository: x"):
        outcomes(Reading(lost=lost))


def test_a_run_that_did_not_succeed_proves_no_absence():
    """Where the tool says that it failed, its findings count and its silence does not."""
    reading = Reading(findings=[make_finding(path="a.py")], named={RepoPath("b.py")}, trouble=["it broke"])
    found = outcomes(reading)
    assert (found["a.py"].state, found["a.py"].reason) == (State.REVIEWED, "it broke")
    assert (found["b.py"].state, found["b.py"].reason) == (State.FAILED, "it broke")
