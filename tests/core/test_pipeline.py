from dataclasses import replace

from hunkwise.core.analysis import Analysis
from hunkwise.core.config import Config, RuleConfig
from hunkwise.core.fixes import Suggestions
from hunkwise.core.model import Change, Decision, Failure, PriorComment, Severity, State, Trust
from hunkwise.core.model_reading import ModelReading
from hunkwise.core.pipeline import Parts, review
from hunkwise.testing import FakeWorkspace, make_change, make_finding, make_outcome

FILES = {"a.py": ("one\ntwo\n", "one\nnew  # noqa: E1\nfour\n")}
CHANGE = make_change(FILES)


def parts(*outcomes, failures=(), rank=lambda scored: (tuple(replace(one, score=0.5) for one in scored), ())):
    ticks = iter(range(100))
    return Parts(
        reviewers=("example",),
        analyze=lambda change, workspace, config: Analysis(outcomes=outcomes, failures=tuple(failures)),
        describe=lambda places, change, workspace, findings: (tuple(places), ()),
        score_places=lambda places: (tuple(places), ()),
        explain=lambda place: (),
        rank=rank,
        suggest=lambda comments, change, workspace, config, outcomes: Suggestions(),
        clock=lambda: float(next(ticks)),
    )


def reviewed(*outcomes, config=None, trust=Trust.OWN, change=CHANGE, **more):
    return review(change, FakeWorkspace.of(FILES), config or Config(), parts(*outcomes, **more), trust)


def decisions(report):
    return [comment.verdict.decision for comment in report.comments]


def test_a_finding_becomes_a_comment():
    """The tool's message is said at the line, and the file counts as reviewed."""
    report = reviewed(make_outcome("a.py", [make_finding(line=3)]))
    assert [(comment.text, comment.scored.candidate.location.start) for comment in report.kept] == [
        ("Name `x` is not defined", 3)
    ]
    assert {cover.state for cover in report.cover} == {State.REVIEWED}


def test_nothing_is_dropped():
    """Off the diff, switched off, below the floor: each leaves with its verdict."""
    findings = [
        make_finding(line=1),
        make_finding(line=3, rule="OFF"),
        make_finding(line=3, rule="E3", message="Other words entirely"),
    ]
    config = Config(rules={"example.OFF": RuleConfig(enabled=False)}, floor=0.6)
    report = reviewed(make_outcome("a.py", findings), config=config)
    assert sorted(decisions(report)) == sorted([Decision.OFF_DIFF, Decision.SUPPRESSED, Decision.LOW_RANK])


def test_a_mark_is_obeyed_for_own_changes_only():
    """A foreign change cannot silence the review; what it tried is said in one line."""
    outcome = make_outcome("a.py", [make_finding(line=2)])
    assert decisions(reviewed(outcome)) == [Decision.SUPPRESSED]
    foreign = reviewed(outcome, trust=Trust.FOREIGN)
    assert decisions(foreign) == [Decision.KEPT]
    assert foreign.notes == ("This change adds 1 suppression, not obeyed here: a.py:2 (noqa).",)


def test_what_was_said_before_is_not_said_again():
    """A fingerprint of an earlier review is held back."""
    outcome = make_outcome("a.py", [make_finding(line=3)])
    first = reviewed(outcome).kept[0].scored.candidate.fingerprint
    again = Change(id="x", files=CHANGE.files, prior=(PriorComment(fingerprint=first),))
    assert decisions(reviewed(outcome, change=again)) == [Decision.SAID_BEFORE]


def test_failures_of_all_stages_are_in_the_report():
    """Analysis and ranking may break; the report names both and is still made."""
    broken = Failure(who="tool", stage="run", message="killed")
    report = reviewed(
        make_outcome("a.py", state=State.FAILED),
        failures=[broken],
        rank=lambda scored: (tuple(scored), (Failure(who="ranker", stage="rank", message="broke"),)),
    )
    assert [failure.who for failure in report.failures] == ["tool", "ranker"]


def test_equal_input_gives_an_equal_report():
    """Only the manifest may differ between two runs."""
    outcome = make_outcome("a.py", [make_finding(line=3), make_finding(line=2, severity=Severity.LOW)])
    one, two = reviewed(outcome), reviewed(outcome)
    assert replace(one, manifest={}) == replace(two, manifest={})


def test_only_what_is_new_is_said_again():
    """What is on lines of the last review is held back, and what is gone is named."""
    outcome = make_outcome("a.py", [make_finding(line=2), make_finding(line=3, rule="E3", message="Other words")])
    prior = (PriorComment(fingerprint="gone", state="open", by=("example",)),)
    change = replace(CHANGE, fresh={"a.py": frozenset({3})}, prior=prior)
    report = reviewed(outcome, change=change, trust=Trust.FOREIGN)
    assert sorted(decisions(report)) == sorted([Decision.KEPT, Decision.NOT_NEW])
    assert [3] == [comment.scored.candidate.location.start for comment in report.kept]
    assert ("gone",) == report.resolved
    broken = make_outcome("a.py", state=State.FAILED)
    assert () == reviewed(broken, change=change).resolved


def test_what_a_model_was_not_asked_about_is_not_gone():
    """It passes over a hunk without a new line, and may have no right to be asked: what it said may still be so."""
    prior = (PriorComment(fingerprint="gone", state="open", by=("example", "model")),)
    change = replace(CHANGE, fresh={"a.py": frozenset({3})}, prior=prior)
    read, unread = make_outcome("a.py", tool="model"), make_outcome("a.py", tool="model", state=State.NOT_APPLICABLE)
    nothing, hunk = frozenset(), frozenset({"a.py:1"})
    for said, before, gone in ((read, hunk, ()), (unread, nothing, ()), (read, nothing, ("gone",))):
        reading = ModelReading(reviewer="model", outcomes=(said,), before=before)
        asked = replace(parts(make_outcome("a.py")), read=lambda *_, reading=reading: reading)
        assert gone == review(change, FakeWorkspace.of(FILES), Config(), asked, Trust.FOREIGN).resolved
