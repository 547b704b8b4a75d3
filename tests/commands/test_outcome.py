"""What a review means as an exit code."""

from dataclasses import replace

import pytest

from hunkwise.commands.outcome import exit_code
from hunkwise.core.model import Cover, Decision, Failure, RepoPath, Severity, Side, State
from hunkwise.testing import make_comment, make_finding, make_report

FAILURE = Failure(who="ruff", stage="run", message="killed")
REVIEWED = Cover(path=RepoPath("a.py"), side=Side.HEAD, start=1, end=3, reviewer="ruff", state=State.REVIEWED)


def report(*severities: Severity, fail_on="none", allow_incomplete=False, failures=(), decision=Decision.KEPT):
    comments = [make_comment(make_finding(severity=severity), decision=decision) for severity in severities]
    made = make_report(comments, failures=failures, cover=[REVIEWED])
    return replace(made, manifest={"config": {"fail_on": fail_on, "allow_incomplete": allow_incomplete}})


def test_done():
    """A complete review is 0, whatever it found, unless a gate is set."""
    assert exit_code(report(Severity.CRITICAL)) == 0


@pytest.mark.parametrize(
    ("severity", "fail_on", "expected"),
    [(Severity.LOW, "medium", 0), (Severity.MEDIUM, "medium", 1), (Severity.HIGH, "medium", 1)],
)
def test_gate(severity, fail_on, expected):
    """A kept comment at or above the gate is 1."""
    assert exit_code(report(severity, fail_on=fail_on)) == expected


def test_held_back_comment_does_not_reach_the_gate():
    """Only what is kept counts."""
    assert exit_code(report(Severity.HIGH, fail_on="low", decision=Decision.LOW_RANK)) == 0


def test_incomplete():
    """A review with a failure is 3, unless that is allowed."""
    assert exit_code(report(failures=[FAILURE])) == 3
    assert exit_code(report(failures=[FAILURE], allow_incomplete=True)) == 0


def test_unreviewed_code_is_incomplete():
    """Lines of code that no reviewer looked at are 3."""
    assert exit_code(make_report()) == 3


def test_gate_comes_before_incomplete():
    """What was found is never hidden behind what was not looked at."""
    assert exit_code(report(Severity.HIGH, fail_on="high", failures=[FAILURE])) == 1
