"""Draft a review for GitHub from a report: what goes on which line, on a file, or into the body."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from hunkwise.core.cover import summarise
from hunkwise.core.model import Decision, Failure, FileDiff, PriorComment, Report, ReviewComment, Verdict
from hunkwise.plugins.github.comment import comment_body, fingerprint_of
from hunkwise.plugins.github.incremental import RESOLVED
from hunkwise.plugins.github.markers import Mark, MarkKind, Marks, find_mark
from hunkwise.plugins.github.occasion import Occasion
from hunkwise.plugins.github.places import Anchor, anchor_of, by_path, is_on_diff
from hunkwise.plugins.github.port import DraftComment, DraftReview, Thread
from hunkwise.plugins.github.summary import Standing, review_body
from hunkwise.plugins.sinks.summary import FEW

MOST_COMMENTS = 30
"""Comments on lines in one review; the rest is listed in its body."""
MOST_ON_FILES = 10
"""Comments on whole files, each of which is posted by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A comment of the report, and the form in which it is posted."""

    comment: ReviewComment
    post: DraftComment


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that is to be posted for a report: `review` in one request, then each of `file_comments` by itself.

    `report` is the one over the diff that GitHub shows. `in_body` are the comments that the review's body lists.
    """

    report: Report
    occasion: Occasion
    standing: Standing
    on_lines: tuple[Placed, ...] = ()
    on_files: tuple[Placed, ...] = ()
    in_body: tuple[ReviewComment, ...] = ()

    @property
    def review(self) -> DraftReview:
        return DraftReview(
            head=self.occasion.head,
            body=review_body(self.report, self.in_body, self.standing, self.occasion, self.mark),
            comments=tuple(placed.post for placed in self.on_lines),
        )

    @property
    def file_comments(self) -> tuple[DraftComment, ...]:
        return tuple(placed.post for placed in self.on_files)

    @property
    def mark(self) -> Mark:
        """What the review's marker says; (repository, number, head, configuration) is what makes a review the same."""
        said = (*self.in_body, *(placed.comment for placed in (*self.on_files, *self.on_lines)))
        return Mark(
            kind=MarkKind.REVIEW,
            key=self.occasion.config,
            head=self.occasion.head,
            is_complete=summarise(self.report).is_complete,
            said=tuple(map(fingerprint_of, said)),
        )


def draft_review(
    report: Report,
    files: Sequence[FileDiff],
    occasion: Occasion,
    prior: Iterable[PriorComment] = (),
    *,
    gone: int = 0,
) -> Draft:
    """Return what to post of a report on the diff that GitHub shows.

    prior: what earlier reviews said, which is not said again. gone: how many of those are no longer found.
    """
    grounded = ground(report, files)
    before = {one.fingerprint: one.state for one in prior}
    fresh = [comment for comment in grounded.kept if fingerprint_of(comment) not in before]
    found = {fingerprint_of(comment) for comment in grounded.comments}
    shown = tuple(_said(one) if one.is_kept and fingerprint_of(one) in before else one for one in grounded.comments)
    on_lines, on_files, in_body = _placed(fresh, grounded, occasion)
    return Draft(
        report=replace(grounded, comments=shown),
        occasion=occasion,
        standing=Standing(
            new=len(fresh), standing=sum(before[one] != RESOLVED for one in before.keys() & found), gone=gone
        ),
        on_lines=on_lines,
        on_files=on_files,
        in_body=in_body,
    )


def move_to_body(draft: Draft, refused: Collection[DraftComment] | None = None) -> Draft:
    """Return the draft with comments moved into the body: those that GitHub refused, or all without a word of which."""
    moved = [placed for placed in (*draft.on_lines, *draft.on_files) if refused is None or placed.post in refused]
    return replace(
        draft,
        on_lines=tuple(placed for placed in draft.on_lines if placed not in moved),
        on_files=tuple(placed for placed in draft.on_files if placed not in moved),
        in_body=(*draft.in_body, *(placed.comment for placed in moved)),
    )


def ground(report: Report, files: Sequence[FileDiff]) -> Report:
    """Return the report over the diff that GitHub shows: its lines, and a failure that names files left out of it."""
    known = {file.path: file for file in report.change.files}
    shown = tuple(
        replace(known[file.path], hunks=file.hunks, old_path=file.old_path) if file.path in known else file
        for file in files
    )
    missing = [file.path for file in files if file.path not in known]
    failures = report.failures
    if missing:
        named = ", ".join(missing[:FEW]) + (f" and {len(missing) - FEW} more" if len(missing) > FEW else "")
        message = f"the report has nothing on {named}"
        failures = (*failures, Failure(who="report", stage="publish", message=message))
    return replace(report, change=replace(report.change, files=shown), failures=failures)


def missing_comments(
    comments: Iterable[DraftComment], threads: Iterable[Thread], marks: Marks
) -> tuple[DraftComment, ...]:
    """Return the comments without a thread of ours, where a review was posted and its file comments may not be."""
    found = {mark.key for thread in threads if (mark := find_mark(marks, MarkKind.COMMENT, thread.body))}
    return tuple(
        one for one in comments if (mark := find_mark(marks, MarkKind.COMMENT, one.body)) and mark.key not in found
    )


def _said(comment: ReviewComment) -> ReviewComment:
    return replace(comment, verdict=Verdict(Decision.SAID_BEFORE, "an earlier review of this change says it"))


def _placed(
    comments: Sequence[ReviewComment], report: Report, occasion: Occasion
) -> tuple[tuple[Placed, ...], tuple[Placed, ...], tuple[ReviewComment, ...]]:
    files = by_path(report.change.files)
    on_lines: list[Placed] = []
    on_files: list[Placed] = []
    in_body: list[ReviewComment] = []
    seen: set[str] = set()
    for comment in comments:
        if (fingerprint := fingerprint_of(comment)) in seen:
            continue
        seen.add(fingerprint)
        is_whole = comment.suggestion is not None and not occasion.is_forgeable
        where = anchor_of(comment.scored.candidate, files, is_whole=is_whole)
        room = (on_files, MOST_ON_FILES) if where and where.line is None else (on_lines, MOST_COMMENTS)
        if where is None or not is_on_diff(where, files) or len(room[0]) >= room[1]:
            in_body.append(comment)
        else:
            room[0].append(Placed(comment=comment, post=_post(comment, where, report, occasion)))
    return tuple(on_lines), tuple(on_files), tuple(in_body)


def _post(comment: ReviewComment, where: Anchor, report: Report, occasion: Occasion) -> DraftComment:
    return DraftComment(
        path=where.path,
        body=comment_body(comment, where, report.change, occasion),
        side=where.side,
        line=where.line,
        start=where.start,
    )
