"""Post a report to a pull request, once: what GitHub shows now decides where, and what is there already whether."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hunkwise.core.config import FailOn
from hunkwise.core.errors import UsageError
from hunkwise.core.model import FileDiff, PriorComment, Report, Sha
from hunkwise.core.ports import Receipt
from hunkwise.plugins.github.check_run import check_id, check_run
from hunkwise.plugins.github.comment import fingerprint_of
from hunkwise.plugins.github.incremental import Settled, Step, prior_comments, same_review, settle
from hunkwise.plugins.github.markers import MarkKind, Marks, find_mark
from hunkwise.plugins.github.occasion import Occasion
from hunkwise.plugins.github.port import (
    CheckRun,
    DraftComment,
    DraftReview,
    GitHub,
    GitHubError,
    NotOnDiff,
    PostedReview,
    PullRequest,
    PullState,
    Thread,
    Unknown,
)
from hunkwise.plugins.github.review import Draft, draft_review, missing_comments, move_to_body
from hunkwise.plugins.github.summary import review_body, superseded

Diff = tuple[FileDiff, ...]


class Stale(GitHubError):
    """The report is about another head than the pull request has now."""


class NotOpen(GitHubError):
    """The pull request takes no review any more."""


class Outcome(StrEnum):
    """What became of a report."""

    POSTED = "posted"
    UPDATED = "updated"
    """Nothing was new, so the last review says so in its place."""
    FOUND = "found"
    """An earlier run had posted the review already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOptions:
    """What the trusted side says about a publication.

    expect_head: the head that its own event names, if it names one. config: the hash of what makes two reviews of one
    head different. is_forgeable: others may have written the report. app, key, old_keys: whose markers these are, see
    `Marks`. full_diff: gives the diff where GitHub does not list all of it; without one, comments on what it leaves
    out go into the body. check: write a check run, where the token may.
    """

    expect_head: Sha | None = None
    config: str = ""
    is_forgeable: bool = False
    app: str = "hunkwise"
    key: bytes = field(default=b"", repr=False)
    old_keys: tuple[bytes, ...] = field(default=(), repr=False)
    full_diff: Callable[[PullRequest], Diff] | None = None
    check: bool = True
    fail_on: FailOn = FailOn.NONE
    details_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done: post `draft`, or edit `in_place` to `update`, or, where `found` is, only what is missing."""

    pull: PullRequest
    draft: Draft
    prior: tuple[PriorComment, ...] = ()
    threads: tuple[Thread, ...] = ()
    reviews: tuple[PostedReview, ...] = ()
    settled: tuple[Settled, ...] = ()
    found: PostedReview | None = None
    in_place: PostedReview | None = None
    update: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Receipt):
    """What was done; `posted` counts comments on lines and files. listed: those in the body. notes: what fell short."""

    outcome: Outcome = Outcome.POSTED
    review: int | None = None
    head: Sha | None = None
    listed: int = 0
    resolved: int = 0
    answered: int = 0
    check: CheckRun | None = None
    notes: tuple[str, ...] = ()


def publish(report: Report, github: GitHub, options: PublishOptions | None = None) -> Published:
    """Post a report once, and make the rest of the pull request agree with it; call it again after any failure.

    Raises Stale or NotOpen where there is nothing to post to, AskLater and Unknown as `GitHub` does: a second call
    finds what the first has done, and goes on.
    """
    options = options or PublishOptions()
    return carry_out(plan(report, github, options), github, options)


def plan(report: Report, github: GitHub, options: PublishOptions) -> Plan:
    """Return what there is to do; only reads."""
    pull = github.pull()
    _check(report, pull, options)
    assert report.change.head is not None
    target = pull.target
    marks = Marks(
        repository=target.repository,
        number=target.number,
        app=options.app,
        key=options.key,
        old_keys=options.old_keys,
    )
    occasion = Occasion(
        marks=marks,
        head=report.change.head,
        config=options.config,
        since=report.change.since,
        is_forgeable=options.is_forgeable,
    )
    # an answer in a thread, or a comment on a file, makes a review of its own without a body
    reviews = tuple(one for one in github.reviews() if find_mark(marks, MarkKind.REVIEW, one.body))
    threads = github.threads()
    files, notes = _files(github, pull, options)
    found = same_review(reviews, occasion)
    earlier = tuple(review for review in reviews if review != found)
    before = tuple(thread for thread in threads if found is None or not _is_of(thread, occasion))
    prior = prior_comments(before, earlier, marks)
    # whoever forges a report could say that a comment is no longer found
    settled = () if options.is_forgeable else settle(threads, report, files, occasion)
    draft = draft_review(report, files, occasion, prior, gone=len(settled))
    made = Plan(
        pull=pull,
        draft=draft,
        prior=prior,
        threads=threads,
        reviews=earlier,
        settled=settled,
        found=found,
        notes=notes,
    )
    last = earlier[-1] if earlier else None
    if found is None and last is not None and not _is_new(draft) and _is_spent(last, made):
        mark = find_mark(marks, MarkKind.REVIEW, last.body)
        said = (*(mark.said if mark else ()), *draft.mark.said)
        body = review_body(draft.report, (), draft.standing, occasion, replace(draft.mark, said=said))
        return replace(made, in_place=last, update=body)
    return made


def carry_out(plan: Plan, github: GitHub, options: PublishOptions) -> Published:
    """Do what was planned."""
    draft, notes = plan.draft, list(plan.notes)
    if plan.found is not None:
        outcome, posted = Outcome.FOUND, plan.found
    elif plan.in_place is not None:
        _still(github, plan.pull)
        github.edit_review(plan.in_place.id, plan.update)
        outcome, posted = Outcome.UPDATED, plan.in_place
    else:
        _still(github, plan.pull)
        outcome = Outcome.POSTED
        draft, posted = _post(github, draft, notes)
    on_files, refused = _post_on_files(github, draft, plan.threads, notes)
    if refused and outcome is Outcome.POSTED:
        draft = move_to_body(draft, refused)
        github.edit_review(posted.id, draft.review.body)
    resolved, answered = _settle(github, plan.settled, notes)
    if plan.in_place is None:
        _supersede(github, plan, posted)
    return Published(
        url=posted.url,
        posted=on_files + (len(draft.on_lines) if outcome is Outcome.POSTED else 0),
        outcome=outcome,
        review=posted.id,
        head=draft.occasion.head,
        listed=len(draft.in_body) if outcome is Outcome.POSTED else 0,
        resolved=resolved,
        answered=answered,
        check=_check_run(github, draft, plan, options) if options.check else None,
        notes=tuple(notes),
    )


def _check(report: Report, pull: PullRequest, options: PublishOptions) -> None:
    what = pull.target.name
    if report.change.head is None:
        raise UsageError("this report is about no commit: make one with `hunkwise review --pr URL --format json`")
    if pull.state is not PullState.OPEN:
        raise NotOpen(f"{what} is {pull.state.value}: nothing was posted")
    if pull.is_locked:
        raise NotOpen(f"the conversation of {what} is locked: nothing was posted")
    if options.expect_head is not None and options.expect_head != pull.head:
        raise Stale(f"{what} is at {pull.head[:12]} by now, not at {options.expect_head[:12]}: nothing was posted")
    if report.change.head != pull.head:
        raise Stale(
            f"the report is about {report.change.head[:12]}, and {what} is at {pull.head[:12]}: nothing was posted; "
            "review the new head"
        )


def _still(github: GitHub, pull: PullRequest) -> None:
    """Look at the head once more, right before what cannot be taken back."""
    now = github.pull()
    if (now.head, now.state) != (pull.head, pull.state):
        what = pull.target.name
        raise Stale(f"{what} moved to {now.head[:12]} ({now.state.value}) meanwhile: nothing was posted")


def _files(github: GitHub, pull: PullRequest, options: PublishOptions) -> tuple[Diff, tuple[str, ...]]:
    files = github.files()
    if files is not None and len(files) == pull.changed_files:
        return files, ()
    if options.full_diff is not None:
        return options.full_diff(pull), ()
    return files or (), ("GitHub does not list the whole diff, so comments on what it leaves out are in the body",)


def _is_of(thread: Thread, occasion: Occasion) -> bool:
    mark = find_mark(occasion.marks, MarkKind.COMMENT, thread.body)
    return mark is not None and mark.head == occasion.head


def _is_new(draft: Draft) -> bool:
    return bool(draft.on_lines or draft.on_files or draft.in_body)


def _is_spent(review: PostedReview, plan: Plan) -> bool:
    """Return whether nothing is lost with a review's body: what it said stands in threads, or is found no more."""
    marks = plan.draft.occasion.marks
    mark = find_mark(marks, MarkKind.REVIEW, review.body)
    if mark is None:
        return False
    threads = {one.key for thread in plan.threads if (one := find_mark(marks, MarkKind.COMMENT, thread.body))}
    found = {fingerprint_of(comment) for comment in plan.draft.report.comments}
    return not (set(mark.said) & found) - threads


def _post(github: GitHub, draft: Draft, notes: list[str]) -> tuple[Draft, PostedReview]:
    try:
        return draft, _post_once(github, draft, draft.review)
    except NotOnDiff as error:
        notes.append(f"GitHub took no comment on a line, so all are in the body: {error}")
        moved = move_to_body(draft, draft.review.comments)
        return moved, _post_once(github, moved, moved.review)


def _post_once(github: GitHub, draft: Draft, review: DraftReview) -> PostedReview:
    try:
        return github.post_review(review)
    except Unknown:
        found = same_review(github.reviews(), draft.occasion)
        if found is None:
            raise
        return found


def _post_on_files(
    github: GitHub, draft: Draft, threads: Sequence[Thread], notes: list[str]
) -> tuple[int, tuple[DraftComment, ...]]:
    """Post each comment on a file that has no thread yet; return how many, and those that GitHub refused."""
    posted = 0
    refused = []
    marks = draft.occasion.marks
    for comment in missing_comments(draft.file_comments, threads, marks):
        try:
            github.post_file_comment(comment, draft.occasion.head)
        except Unknown:
            if missing_comments((comment,), github.threads(), marks):
                raise
        except GitHubError as error:
            notes.append(f"a comment on {comment.path} was not taken: {error}")
            refused.append(comment)
            continue
        posted += 1
    return posted, tuple(refused)


def _settle(github: GitHub, settled: Sequence[Settled], notes: list[str]) -> tuple[int, int]:
    resolved = answered = 0
    for one in settled:
        try:
            if one.step is Step.RESOLVE and github.resolve(one.thread):
                resolved += 1
            elif one.body:
                github.reply(one.thread, one.body)
                answered += 1
        except GitHubError as error:
            notes.append(f"a thread on {one.thread.path} stays as it is: {error}")
    return resolved, answered


def _supersede(github: GitHub, plan: Plan, posted: PostedReview) -> None:
    for review in plan.reviews:
        if review.id == posted.id or not _is_spent(review, plan):
            continue
        body = superseded(review, posted, plan.draft.occasion)
        if body is not None:
            github.edit_review(review.id, body)


def _check_run(github: GitHub, draft: Draft, plan: Plan, options: PublishOptions) -> CheckRun | None:
    known = check_id(draft.occasion)
    ours = [run.id for run in github.check_runs(draft.occasion.head) if run.external_id == known]
    run = check_run(draft, options.fail_on, plan.prior, details_url=options.details_url, id=ours[-1] if ours else None)
    return github.put_check_run(run)
