"""What earlier reviews of ours said, what of it is no longer found, and what to do about its threads."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from hunkwise.core.model import FileDiff, PriorComment, RepoPath, Report, Sha, State, Status
from hunkwise.plugins.escaping import code_span
from hunkwise.plugins.github.comment import fingerprint_of
from hunkwise.plugins.github.markers import Mark, MarkKind, Marks, find_mark, hidden, identity
from hunkwise.plugins.github.occasion import Occasion
from hunkwise.plugins.github.port import PostedReview, Thread
from hunkwise.plugins.github.summary import Notice, notice_key

OPEN, RESOLVED, UNTHREADED = "open", "resolved", "unthreaded"
"""States of a prior comment; the last one was said in a review's body, or its comment was deleted."""
MOST_THREADS = 3000
"""Threads that are looked at, the newest."""


class Step(StrEnum):
    """What to do with a thread."""

    RESOLVE = "resolve"
    REPLY = "reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A thread whose comment is no longer found, and what to do; `body` is the answer, also where resolving fails.

    `body` is empty where such an answer is in the thread already.
    """

    thread: Thread
    step: Step
    body: str = ""


def prior_comments(
    threads: Sequence[Thread], reviews: Iterable[PostedReview], marks: Marks
) -> tuple[PriorComment, ...]:
    """Return what we said before: each thread with a marker of ours, and what review markers list beside them."""
    found: dict[str, PriorComment] = {}
    for thread in threads[-MOST_THREADS:]:
        mark = find_mark(marks, MarkKind.COMMENT, thread.body)
        if mark is None or not mark.key:
            continue
        state = RESOLVED if thread.is_resolved else OPEN
        found[mark.key] = PriorComment(
            fingerprint=mark.key, thread=thread.id, state=state, by=mark.by, human_replied=thread.human_replied
        )
    for review in reviews:
        mark = find_mark(marks, MarkKind.REVIEW, review.body)
        for fingerprint in mark.said if mark else ():
            found.setdefault(fingerprint, PriorComment(fingerprint=fingerprint, state=UNTHREADED))
    return tuple(found.values())


def last_reviewed(reviews: Iterable[PostedReview], marks: Marks) -> Sha | None:
    """Return the head of our latest complete review: what it looked at need not be looked at again."""
    heads = [
        mark.head for review in reviews if (mark := find_mark(marks, MarkKind.REVIEW, review.body)) and mark.is_complete
    ]
    return heads[-1] if heads else None


def same_review(reviews: Iterable[PostedReview], occasion: Occasion) -> PostedReview | None:
    """Return our review of this very head under this very configuration, which is not to be posted again."""
    key = identity(occasion.config) if occasion.config else ""
    for review in reviews:
        mark = find_mark(occasion.marks, MarkKind.REVIEW, review.body)
        if mark and (mark.head, mark.key) == (occasion.head, key):
            return review
    return None


def same_notice(reviews: Iterable[PostedReview], what: Notice, occasion: Occasion) -> PostedReview | None:
    """Return our notice of this kind for this very head, which is not to be posted again."""
    for review in reviews:
        mark = find_mark(occasion.marks, MarkKind.NOTICE, review.body)
        if mark and (mark.head, mark.key) == (occasion.head, notice_key(what)):
            return review
    return None


def settle(
    threads: Sequence[Thread], report: Report, files: Sequence[FileDiff], occasion: Occasion
) -> tuple[Settled, ...]:
    """Return the open threads of ours whose comment is no longer found, with what to do.

    Nobody has answered in them. A comment counts as gone only where its file has left the change, or where each tool
    that it spoke for has read the file again and no reviewer failed on it. Where GitHub lets us, the thread is to be
    resolved, else answered once. All other threads are left alone.
    """
    found = {fingerprint_of(comment) for comment in report.comments}
    states = _states(report)
    broken = {failure.who for failure in report.failures}
    settled = []
    for thread in threads[-MOST_THREADS:]:
        mark = find_mark(occasion.marks, MarkKind.COMMENT, thread.body)
        if mark is None or not mark.key or mark.key in found or thread.is_resolved or thread.human_replied:
            continue
        words = _gone(thread.path, mark.by, files, states, broken)
        if words is None:
            continue
        is_said = any(_is_about(reply, mark.key, occasion.marks) for reply in thread.replies)
        if is_said and not thread.may_resolve:
            continue
        reply = Mark(kind=MarkKind.REPLY, key=mark.key, head=occasion.head)
        body = f"{words} {code_span(occasion.head[:12])}.\n\n{hidden(occasion.marks, reply)}"
        step = Step.RESOLVE if thread.may_resolve else Step.REPLY
        settled.append(Settled(thread=thread, step=step, body="" if is_said else body))
    return tuple(settled)


def _gone(
    path: RepoPath,
    by: Sequence[str],
    files: Sequence[FileDiff],
    states: Mapping[RepoPath, Mapping[str, AbstractSet[State]]],
    broken: AbstractSet[str],
) -> str | None:
    """Return in words how a comment's finding went, or None where that is not known."""
    file = next((one for one in files if one.path == path), None)
    if file is None:
        return None if any(one.old_path == path for one in files) else "No longer part of this change at"
    if file.status is Status.DELETED:
        return "No longer part of this change at"
    by_reviewer = states.get(path, {})
    if not by or any({State.FAILED, State.REFUSED} & set(found) for found in by_reviewer.values()):
        return None
    if broken - by_reviewer.keys() or broken & set(by):
        return None
    read = all(set(by_reviewer.get(tool, ())) == {State.REVIEWED} for tool in by)
    return "No longer found at" if read else None


def _states(report: Report) -> Mapping[RepoPath, Mapping[str, AbstractSet[State]]]:
    states: dict[RepoPath, dict[str, set[State]]] = defaultdict(lambda: defaultdict(set))
    for one in report.cover:
        states[one.path][one.reviewer].add(one.state)
    return states


def _is_about(reply: str, fingerprint: str, marks: Marks) -> bool:
    mark = find_mark(marks, MarkKind.REPLY, reply)
    return mark is not None and mark.key == fingerprint
