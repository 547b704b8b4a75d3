"""A second push: what we said before is known, and only what is surely gone is called so."""

from dataclasses import replace

import pytest
from drafts import HEAD, MARKS, OCCASION, comment, finding, report

from hunkwise.core.model import Decision, Failure, FileOutcome, PriorComment, RepoPath, Sha, State, Status
from hunkwise.plugins.github.comment import comment_mark
from hunkwise.plugins.github.incremental import (
    OPEN,
    RESOLVED,
    UNTHREADED,
    Step,
    last_reviewed,
    prior_comments,
    same_review,
    settle,
)
from hunkwise.plugins.github.markers import Mark, MarkKind, find_mark, hidden
from hunkwise.plugins.github.port import PostedReview, Thread

A = RepoPath("a.py")
OLD = replace(OCCASION, head=Sha("a" * 40))
ONE = comment(finding(), fingerprint="1" * 16)
THREAD = Thread(id="T1", comment=1, path=A, body=f"words\n\n{hidden(MARKS, comment_mark(ONE, OLD))}")


def review(head=OLD.head, *, config="c0ffee00", is_complete=True, said=(), marks=MARKS):
    mark = Mark(kind=MarkKind.REVIEW, key=config, head=head, is_complete=is_complete, said=said)
    return PostedReview(id=1, url="", body=f"words\n\n{hidden(marks, mark)}", head=head)


def outcome(tool="ruff", state=State.REVIEWED, path=A):
    return FileOutcome(tool=tool, path=path, state=state)


def settled(thread=THREAD, *comments, outcomes=None, files=None, failures=()):
    made = report(*comments, outcomes=outcomes, failures=failures)
    return settle([thread], made, made.change.files if files is None else files, OCCASION)


def test_threads_and_reviews_say_what_was_said():
    """Each thread with its state; what only a review's marker lists has no thread."""
    resolved = replace(THREAD, id="T2", is_resolved=True, human_replied=True,
                       body=hidden(MARKS, Mark(kind=MarkKind.COMMENT, key="2" * 16)))  # fmt: skip
    stranger = replace(THREAD, id="T3", body="no marker")
    assert (
        PriorComment(fingerprint="1" * 16, thread="T1", state=OPEN, by=("ruff",)),
        PriorComment(fingerprint="2" * 16, thread="T2", state=RESOLVED, human_replied=True),
        PriorComment(fingerprint="3" * 16, state=UNTHREADED),
    ) == prior_comments([THREAD, resolved, stranger], [review(said=("1" * 16, "3" * 16))], MARKS)


def test_the_last_complete_review_counts():
    """An incomplete one leaves its lines to be looked at again; another's marker is none."""
    other = replace(MARKS, key=b"other")
    reviews = [review(Sha("1" * 40)), review(Sha("2" * 40), is_complete=False), review(Sha("3" * 40), marks=other)]
    assert "1" * 40 == last_reviewed(reviews, MARKS)
    assert last_reviewed([], MARKS) is None


def test_the_same_review_is_known():
    """By head and configuration."""
    assert same_review([review(HEAD)], OCCASION) is not None
    assert same_review([review(HEAD, config="0" * 8), review(OLD.head)], OCCASION) is None


def test_a_thread_whose_finding_is_gone_is_answered():
    """Once, with the head at which it was gone; resolved instead, where GitHub lets us."""
    (answer,) = settled()
    assert Step.REPLY is answer.step
    assert answer.body.startswith("No longer found at `bbbbbbbbbbbb`.\n\n<!-- hunkwise:1 reply ")
    assert "1" * 16 == find_mark(MARKS, MarkKind.REPLY, answer.body).key
    assert () == settled(replace(THREAD, replies=("hello", answer.body)))
    may = replace(THREAD, may_resolve=True)
    assert [(Step.RESOLVE, answer.body)] == [(one.step, one.body) for one in settled(may)]
    assert [(Step.RESOLVE, "")] == [(one.step, one.body) for one in settled(replace(may, replies=(answer.body,)))]


@pytest.mark.parametrize(
    "thread",
    [
        replace(THREAD, human_replied=True),
        replace(THREAD, human_replied=True, may_resolve=True),
        replace(THREAD, is_resolved=True),
        replace(THREAD, body="words"),
        replace(THREAD, body=THREAD.body.replace("key=1", "key=2")),
    ],
    ids=["answered", "answered, may resolve", "resolved", "no marker", "forged"],
)
def test_a_thread_of_people_is_left_alone(thread):
    """As is one that is resolved, and one that is not ours."""
    assert () == settled(thread)


@pytest.mark.parametrize("decision", [Decision.KEPT, Decision.SAID_BEFORE, Decision.LOW_RANK, Decision.OVER_BUDGET])
def test_what_is_still_found_is_not_gone(decision):
    """Even where it would not be said today."""
    assert () == settled(THREAD, comment(finding(), fingerprint="1" * 16, decision=decision))


@pytest.mark.parametrize(
    "outcomes",
    [
        [outcome(state=State.FAILED)],
        [outcome(), outcome("pylint", State.FAILED)],
        [outcome(), outcome("pylint", State.REFUSED)],
        [outcome(state=State.MISSING), outcome("pylint")],
        [outcome(state=State.SKIPPED), outcome("pylint")],
        [outcome(state=State.REVIEWED_BEFORE), outcome("pylint")],
        [outcome("pylint")],
    ],
    ids=["failed", "another failed", "refused", "not installed", "skipped", "not read again", "not run"],
)
def test_what_was_not_read_is_not_gone(outcomes):
    """Its own tool must have read the file again, and no other may have failed on it."""
    assert () == settled(outcomes=outcomes)


def test_what_was_read_again_in_part_is_not_gone():
    """A model passes over hunks without a new line, and it is not known in which of them it said something."""
    made = report()
    first, *others = made.cover
    for cover, gone in ((made.cover, 1), ((replace(first, state=State.REVIEWED_BEFORE), *others), 0)):
        assert gone == len(settle([THREAD], replace(made, cover=cover), made.change.files, OCCASION))


def test_what_its_tool_has_read_is_gone():
    """Other tools may be missing or have nothing to do with it."""
    others = [outcome("semgrep", State.MISSING), outcome("mypy", State.NOT_APPLICABLE)]
    assert 1 == len(settled(outcomes=[outcome(), *others]))


@pytest.mark.parametrize(("who", "gone"), [("ruff", 0), ("pipeline", 0), ("pylint", 1)])
def test_a_failure_may_hide_a_finding(who, gone):
    """That of its own tool, and one of nobody in particular; not that of a tool which read this file."""
    failures = [Failure(who=who, stage="parse", message="broke")]
    assert gone == len(settled(outcomes=[outcome(), outcome("pylint")], failures=failures))


def test_a_file_that_left_the_change_takes_its_comments_along():
    """Deleted, or as it was before; but not one that was renamed, which has comments of its own."""
    deleted = replace(report().change.files[0], status=Status.DELETED)
    for files in ((), (deleted,)):
        (answer,) = settled(files=files)
        assert answer.body.startswith("No longer part of this change at `bbbbbbbbbbbb`.")
    renamed = replace(report().change.files[0], path=RepoPath("b.py"), old_path=A)
    assert () == settled(files=(renamed,))


def test_a_comment_of_no_known_tool_is_not_gone():
    """Without its tools it is not known who would have to read the file again."""
    bare = hidden(MARKS, Mark(kind=MarkKind.COMMENT, key="1" * 16, head=OLD.head))
    assert () == settled(replace(THREAD, body=bare))
