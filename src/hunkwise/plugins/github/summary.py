"""What a review says as a whole on GitHub: the conclusion, where to look first, and always what was not reviewed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hunkwise.core.model import Report, ReviewComment
from hunkwise.core.text import printable
from hunkwise.plugins.escaping import code_span, one_line
from hunkwise.plugins.github.comment import LONGEST_ITEM, comment_item
from hunkwise.plugins.github.fitting import GAP, Section, Size, characters, fit
from hunkwise.plugins.github.markers import Mark, MarkKind, find_mark, hidden
from hunkwise.plugins.github.occasion import Occasion
from hunkwise.plugins.github.port import DraftReview, PostedReview
from hunkwise.plugins.sinks.summary import Row, Tone, conclude, summary_rows
from hunkwise.plugins.sinks.wording import WEB_URL, count, say_place, shorten

LONGEST = 65_536
"""Characters that GitHub takes in the body of a review or a comment."""
LONGEST_ROW = 2000
"""Characters of a row that names all files."""
NOT_REVIEWED = ("Failed", "Not read", "Refused", "Skipped", "No reviewer")
"""The rows that say what nobody looked at."""
SUPERSEDED = "### Hunkwise: superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a review relates to earlier ones: comments that are new, still stand, and are no longer found."""

    new: int = 0
    standing: int = 0
    gone: int = 0


class Notice(StrEnum):
    """What may have to be said in place of a review."""

    PAUSED = "paused"
    RESUMED = "resumed"
    FAILED = "failed"
    DEAD = "given up"
    HELP = "help"


NOTICES = {
    Notice.PAUSED: "Reviews of this pull request are paused. Comment `/hunkwise resume` to go on.",
    Notice.RESUMED: "Reviews of this pull request go on with the next push.",
    Notice.FAILED: "This head could not be reviewed, and nothing is known about it. It is tried again.",
    Notice.DEAD: "This head could not be reviewed, and is not tried again by itself. "
    "Comment `/hunkwise review` to try once more.",
    Notice.HELP: "Comment one of these on a line of its own, with write access to the repository:",
}
HELP = (
    "- `/hunkwise review` reviews what is new since the last review",
    "- `/hunkwise full` reviews the whole pull request again",
    "- `/hunkwise ignore`, as an answer to a comment of ours, says that it is not wanted",
    "- `/hunkwise pause` and `/hunkwise resume` stop the reviews of this pull request, and let them go on",
    "- `/hunkwise help` shows this",
)


def headline(report: Report, standing: Standing) -> str:
    """Return the line to take away; a review without new comments does not hide that earlier ones stand."""
    conclusion = conclude(report)
    if conclusion.tone is not Tone.INCOMPLETE and not standing.new and standing.standing:
        return f"No new comments; {count(standing.standing, 'earlier one')} still {_stand(standing.standing)}"
    return shorten(conclusion.text, LONGEST_ITEM)


def review_body(
    report: Report, listed: Sequence[ReviewComment], standing: Standing, occasion: Occasion, mark: Mark
) -> str:
    """Return the body of a review, with the comments that are listed in it, and its marker as the last line."""
    head = GAP.join(filter(None, (f"### Hunkwise: {one_line(headline(report, standing))}", _since(standing, occasion))))
    foot = f"<sub>Reviewed at {code_span(occasion.head[:12])}</sub>"
    tail = GAP.join((foot, hidden(occasion.marks, mark)))
    return fit(head, summary_sections(report, listed, occasion), tail, most=LONGEST)


def summary_text(report: Report, occasion: Occasion, *, most: int, size: Size = characters) -> str:
    """Return what `review_body` has between its first and last lines, without comments, for a check run."""
    return fit("", summary_sections(report, (), occasion), "", most=most, size=size)


def summary_sections(report: Report, listed: Sequence[ReviewComment], occasion: Occasion) -> tuple[Section, ...]:
    """Return the lists of a summary; what was not reviewed gives way last."""
    rows = summary_rows(report, explain=True)
    full = summary_rows(report, verbose=True, explain=True)
    missed = tuple(_items(row for row in rows if row.label in NOT_REVIEWED))
    named = tuple(_items(row for row in full if row.label in NOT_REVIEWED))
    rest = tuple(_items(row for row in rows if row.label not in (*NOT_REVIEWED, "Resolved")))
    what = (f"- {_short(printable(report.description))} · {report.trust.value}",) if report.description else ()
    return (
        Section(title="Look here first", items=tuple(_focus(report)), order=1),
        Section(
            title="Said here, since no line of the diff can take it",
            items=tuple(comment_item(comment, occasion) for comment in listed),
            order=2,
        ),
        Section(title="Not reviewed", items=missed),
        Section(title="All that was not reviewed", items=named if named != missed else (), order=4, is_folded=True),
        Section(title="What was reviewed", items=(*what, *rest), order=3, is_folded=True),
    )


def superseded(posted: PostedReview, by: PostedReview, occasion: Occasion) -> str | None:
    """Return a body for an older review of ours that sends its reader to the newer one, or None if it does already.

    Its marker stays, so that what it said is not said again.
    """
    if posted.body.startswith(SUPERSEDED):
        return None
    mark = find_mark(occasion.marks, MarkKind.REVIEW, posted.body)
    if mark is None:
        return None
    sha = code_span(by.head[:12])
    link = f"[the review of {sha}](<{by.url}>)" if WEB_URL.fullmatch(by.url) else f"the review of {sha}"
    first = re.match(r"### Hunkwise: ([^\r\n]{1,4000})", posted.body)
    said = f"It said: {first[1]}" if first else ""
    return GAP.join(filter(None, (SUPERSEDED, f"See {link}.", said, hidden(occasion.marks, mark))))


def notice(what: Notice, occasion: Occasion, reason: str = "") -> DraftReview:
    """Return a review without comments that says why there is no other one; its marker has `notice_key` as key."""
    blocks = [f"### Hunkwise: {what.value}", NOTICES[what]]
    if what is Notice.HELP:
        blocks.append("\n".join(HELP))
    if reason:
        blocks.append(f"Reason: {_short(reason)}")
    mark = Mark(kind=MarkKind.NOTICE, key=notice_key(what), head=occasion.head)
    return DraftReview(head=occasion.head, body=GAP.join((*blocks, hidden(occasion.marks, mark))))


def notice_key(what: Notice) -> str:
    """Return the key by which a notice's marker is known."""
    return what.name.lower().encode().hex()[:32]


def _since(standing: Standing, occasion: Occasion) -> str:
    if occasion.since is None:
        return ""
    parts = [f"{count(standing.new, 'new comment')}"]
    if standing.standing:
        parts.append(f"{count(standing.standing, 'earlier one')} still {_stand(standing.standing)}")
    if standing.gone:
        parts.append(f"{standing.gone:,} no longer found")
    return f"Since {code_span(occasion.since[:12])}: {', '.join(parts)}."


def _stand(number: int) -> str:
    return "stands" if number == 1 else "stand"


def _items(rows: Iterator[Row]) -> Iterator[str]:
    for row in rows:
        for item in row.items:
            yield f"- **{row.label}**: {one_line(shorten(item, LONGEST_ROW))}"


def _focus(report: Report) -> Iterator[str]:
    for focus in report.focus:
        place = code_span(shorten(say_place(focus.location), LONGEST_ITEM))
        yield f"- {place} {_short(', '.join(map(printable, focus.reasons)))}".rstrip()


def _short(text: str) -> str:
    return one_line(shorten(" ".join(text.split()), LONGEST_ITEM))
