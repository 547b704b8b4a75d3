"""The check run of a head: green only where all was looked at and nothing is left to say."""

from collections.abc import Iterable
from dataclasses import replace

from hunkwise.core.config import FailOn
from hunkwise.core.cover import summarise
from hunkwise.core.model import Decision, PriorComment, Report, ReviewComment, Severity
from hunkwise.core.text import printable
from hunkwise.plugins.escaping import one_line
from hunkwise.plugins.github.comment import LONGEST_ITEM, comment_item, fingerprint_of
from hunkwise.plugins.github.fitting import Section, fit, octets
from hunkwise.plugins.github.incremental import RESOLVED
from hunkwise.plugins.github.markers import Mark, MarkKind, plain
from hunkwise.plugins.github.occasion import Occasion
from hunkwise.plugins.github.port import CheckRun, Conclusion
from hunkwise.plugins.github.review import Draft
from hunkwise.plugins.github.summary import NOTICES, Notice, headline, summary_text
from hunkwise.plugins.sinks.summary import Tone, conclude
from hunkwise.plugins.sinks.wording import count, shorten

LONGEST = 65_535
"""Bytes that GitHub takes in the summary and in the text of a check run."""
LONGEST_TITLE = 255


def check_in_progress(occasion: Occasion, *, id: int | None = None) -> CheckRun:
    """Return the check run of a head that is being reviewed."""
    return CheckRun(
        head=occasion.head,
        external_id=check_id(occasion),
        title="Review in progress",
        summary="Hunkwise is looking at this head.",
        id=id,
    )


def check_run(
    draft: Draft,
    fail_on: FailOn,
    prior: Iterable[PriorComment] = (),
    *,
    details_url: str = "",
    id: int | None = None,
) -> CheckRun:
    """Return the finished check run of a reviewed head.

    It fails only where a comment at or above `fail_on` is posted now, or stands from before and nobody resolved it.
    It succeeds only where the review is complete, no comment stands, and nobody else may have written the report; else
    it is neutral, and says why.
    """
    resolved = {one.fingerprint for one in prior if one.state == RESOLVED}
    left = [one for one in draft.report.comments if _stands(one, draft, resolved)]
    conclusion, words = conclude_check(draft.report, left, fail_on)
    if draft.occasion.is_forgeable and conclusion is Conclusion.SUCCESS:
        conclusion = Conclusion.NEUTRAL
        words = "The report comes from a job that others can change, so this is no approval."
    return CheckRun(
        head=draft.occasion.head,
        external_id=check_id(draft.occasion),
        title=shorten(printable(headline(draft.report, draft.standing)), LONGEST_TITLE),
        summary=f"{words}\n\n"
        + summary_text(draft.report, draft.occasion, most=LONGEST - octets(words) - 2, size=octets),
        text=_text(left, draft.occasion),
        conclusion=conclusion,
        details_url=details_url,
        id=id,
    )


def conclude_check(report: Report, left: Iterable[ReviewComment], fail_on: FailOn) -> tuple[Conclusion, str]:
    """Return how a check run ends and why in one sentence; `left` are the comments that stand."""
    comments = tuple(left)
    severe = [one for one in comments if _is_severe(one, fail_on)]
    is_complete = summarise(report).is_complete
    partly = "" if is_complete else " The review is incomplete: what was not reviewed may hold more."
    if severe:
        return Conclusion.FAILURE, f"{count(len(severe), 'comment')} at or above `{fail_on.value}`.{partly}"
    if not is_complete:
        return Conclusion.NEUTRAL, "The review is incomplete, so this is no approval."
    if comments:
        return Conclusion.NEUTRAL, f"{count(len(comments), 'comment')} to consider."
    if conclude(report).tone is Tone.INCOMPLETE:
        return Conclusion.NEUTRAL, "Nothing was looked at, so this is no approval."
    return Conclusion.SUCCESS, "All that is for review was looked at, and there is nothing to say."


def check_notice(what: Notice, occasion: Occasion, reason: str = "", *, id: int | None = None) -> CheckRun:
    """Return the finished check run of a head that was not reviewed: never green."""
    said = f" Reason: {one_line(shorten(' '.join(reason.split()), LONGEST_ITEM))}" if reason else ""
    return CheckRun(
        head=occasion.head,
        external_id=check_id(occasion),
        title=f"Not reviewed: {what.value}",
        summary=f"{NOTICES[what]}{said}",
        conclusion=Conclusion.NEUTRAL,
        id=id,
    )


def check_superseded(run: CheckRun) -> CheckRun:
    """Return the check run of a head that a newer one replaced before it was reviewed."""
    return replace(
        run,
        title="Superseded by a newer head",
        summary="A newer head came before this one was reviewed.",
        text="",
        conclusion=Conclusion.CANCELLED,
    )


def check_id(occasion: Occasion) -> str:
    """Return the marker of a check run, by which it is found again."""
    return plain(occasion.marks, Mark(kind=MarkKind.CHECK, key=occasion.config, head=occasion.head))


def _stands(comment: ReviewComment, draft: Draft, resolved: set[str]) -> bool:
    if comment.verdict.decision is Decision.SAID_BEFORE:
        return fingerprint_of(comment) not in resolved
    return comment.is_kept


def _is_severe(comment: ReviewComment, fail_on: FailOn) -> bool:
    return fail_on is not FailOn.NONE and comment.scored.candidate.severity >= Severity[fail_on.name]


def _text(comments: Iterable[ReviewComment], occasion: Occasion) -> str:
    items = tuple(comment_item(comment, occasion) for comment in comments)
    return fit("", (Section(title="Comments", items=items),), "", most=LONGEST, size=octets) if items else ""
