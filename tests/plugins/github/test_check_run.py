"""Check runs: green only for a complete review with nothing left to say."""

from dataclasses import replace

import pytest
from drafts import HEAD, MARKS, OCCASION, comment, finding, report

from hunkwise.core.config import FailOn
from hunkwise.core.model import Change, Decision, FileOutcome, PriorComment, RepoPath, Report, Severity, State
from hunkwise.plugins.github.check_run import (
    LONGEST,
    check_id,
    check_in_progress,
    check_notice,
    check_run,
    check_superseded,
)
from hunkwise.plugins.github.fitting import octets
from hunkwise.plugins.github.incremental import OPEN, RESOLVED
from hunkwise.plugins.github.markers import MarkKind, read_mark
from hunkwise.plugins.github.port import Conclusion
from hunkwise.plugins.github.review import draft_review
from hunkwise.plugins.github.summary import Notice

A = RepoPath("a.py")
BROKEN = [
    FileOutcome(tool="ruff", path=A, state=State.REVIEWED),
    FileOutcome(tool="pylint", path=A, state=State.FAILED, reason="crashed"),
]
ONE = comment(finding(severity=Severity.MEDIUM), fingerprint="0" * 16)
BEFORE = comment(finding(severity=Severity.MEDIUM), fingerprint="0" * 16, decision=Decision.SAID_BEFORE)
STILL = PriorComment(fingerprint="0" * 16, state=OPEN)


def checked(*comments, fail_on=FailOn.NONE, prior=(), made=None, **more):
    made = made or report(*comments, **more)
    return check_run(draft_review(made, made.change.files, OCCASION, prior), fail_on, prior)


@pytest.mark.parametrize(
    ("run", "conclusion"),
    [
        (checked(), Conclusion.SUCCESS),
        (checked(ONE), Conclusion.NEUTRAL),
        (checked(ONE, fail_on=FailOn.HIGH), Conclusion.NEUTRAL),
        (checked(ONE, fail_on=FailOn.MEDIUM), Conclusion.FAILURE),
        (checked(outcomes=BROKEN), Conclusion.NEUTRAL),
        (checked(outcomes=BROKEN, fail_on=FailOn.INFO), Conclusion.NEUTRAL),
        (checked(ONE, outcomes=BROKEN, fail_on=FailOn.INFO), Conclusion.FAILURE),
        (checked(BEFORE, prior=[STILL]), Conclusion.NEUTRAL),
        (checked(BEFORE, prior=[STILL], fail_on=FailOn.LOW), Conclusion.FAILURE),
        (checked(ONE, prior=[STILL]), Conclusion.NEUTRAL),
        (checked(BEFORE, prior=[replace(STILL, state=RESOLVED)], fail_on=FailOn.LOW), Conclusion.SUCCESS),
        (checked(replace(ONE, verdict=ONE.verdict._replace(decision=Decision.LOW_RANK))), Conclusion.SUCCESS),
        (checked(made=Report(change=Change(id="x"))), Conclusion.NEUTRAL),
    ],
    ids=["nothing", "a comment", "below the gate", "at the gate", "incomplete", "incomplete with a gate",
         "both", "stands", "stands at the gate", "not said again", "resolved", "held back", "empty"],
)  # fmt: skip
def test_how_a_check_ends(run, conclusion):
    """Failure by the user's gate alone, success for a complete review without comments, else neutral."""
    assert conclusion is run.conclusion


@pytest.mark.parametrize(("severity", "conclusion"), [(None, Conclusion.NEUTRAL), (Severity.HIGH, Conclusion.FAILURE)])
def test_a_report_that_others_may_have_written_is_no_approval(severity, conclusion):
    """It can only make a check worse, and its text stays within GitHub's limit, however many bytes a letter has."""
    comments = [] if severity is None else [comment(finding(severity=severity))]
    made = report(*comments, notes=["語" * 3000] * 30)
    draft = draft_review(made, made.change.files, replace(OCCASION, is_forgeable=True))
    run = check_run(draft, FailOn.LOW)
    assert conclusion is run.conclusion
    assert ("others can change" in run.summary) == (severity is None)
    assert octets(run.summary) <= LONGEST


def test_an_incomplete_check_says_so():
    """In title and summary, also where it fails."""
    for run in (checked(outcomes=BROKEN), checked(ONE, outcomes=BROKEN, fail_on=FailOn.INFO)):
        assert "incomplete" in run.title and "incomplete" in run.summary
        assert "pylint on a.py (crashed)" in run.summary


def test_a_check_lists_the_comments_that_stand():
    """New ones and earlier ones."""
    assert "- `a.py:5` **medium** · A claim. <sub>ruff B006</sub>" in checked(BEFORE, prior=[STILL]).text


def test_a_check_is_found_by_its_id():
    """Head and configuration are in a marker that fits GitHub's field."""
    run = checked(ONE)
    mark = read_mark(MARKS, MarkKind.CHECK, run.external_id)
    assert (HEAD, "c0ffee00") == (mark.head, mark.key)
    assert check_id(OCCASION) == run.external_id == check_in_progress(OCCASION).external_id
    assert len(run.external_id) <= 255


@pytest.mark.parametrize("what", Notice)
def test_no_review_is_never_green(what):
    """Whatever the reason, which is text."""
    run = check_notice(what, OCCASION, "@team `x` <b>")
    assert Conclusion.NEUTRAL is run.conclusion
    assert "Reason: @<!-- -->team `x` &lt;b&gt;" in run.summary
    assert Conclusion.CANCELLED is check_superseded(run).conclusion


@pytest.mark.parametrize("text", ["é", "@a", "😀", "\ud800"])
def test_no_check_is_too_long(text):
    """In bytes, since GitHub may count those."""
    much = text * 200
    comments = [comment(finding(much, path=f"{much}{n}", line=3), fingerprint=f"{n:016x}") for n in range(300)]
    run = checked(*comments, notes=(much,) * 400, description=much)
    assert max(octets(run.summary), octets(run.text)) <= LONGEST
    assert len(run.title) <= 255 and "left out for length" in run.text
