"""What a publication would write, as text for a terminal."""

from collections.abc import Iterator

from hunkwise.core.model import Side
from hunkwise.core.text import display_path, printable
from hunkwise.github.publishing import Plan
from hunkwise.plugins.github.incremental import Step
from hunkwise.plugins.github.port import DraftComment
from hunkwise.plugins.sinks.wording import count


def preview(plan: Plan) -> str:
    """Return all texts of a plan, each after a line that says where it goes; safe to print."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    target, draft = plan.pull.target, plan.draft
    what = f"{target.name} at {draft.occasion.head[:12]}"
    if plan.found is not None:
        yield f"--- {what} has this review already: {printable(plan.found.url)}"
    elif plan.in_place is not None:
        yield f"--- the last review of {what} would say instead: {printable(plan.in_place.url)}"
        yield printable(plan.update, keep="\n")
    else:
        yield f"--- a review of {what}, with {count(len(draft.review.comments), 'comment')}"
        yield printable(draft.review.body, keep="\n")
        for comment in draft.review.comments:
            yield from _comment(comment)
        for comment in draft.file_comments:
            yield from _comment(comment)
    for one in plan.settled:
        todo = "resolved" if one.step is Step.RESOLVE else "answered"
        yield f"--- a thread on {display_path(one.thread.path)} would be {todo}"
        yield printable(one.body, keep="\n")
    for note in plan.notes:
        yield f"--- note: {printable(note)}"


def _comment(comment: DraftComment) -> Iterator[str]:
    where = display_path(comment.path)
    if comment.line is not None:
        lines = f"{comment.start}-{comment.line}" if comment.start is not None else str(comment.line)
        where += f":{lines}{' before the change' if comment.side is Side.BASE else ''}"
    yield f"--- on {where}"
    yield printable(comment.body, keep="\n")
