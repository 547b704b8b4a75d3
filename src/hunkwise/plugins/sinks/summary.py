"""What a report says as a whole: who reviewed what, what nobody did and why, and the line to take away."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from hunkwise.core.cover import Summary, summarise
from hunkwise.core.model import Cover, Report, State, Trust
from hunkwise.core.text import display_path, printable
from hunkwise.plugins.sinks.wording import count, held_back, shorten

FEW = 3
"""How many names a folded list shows before it counts the rest."""
LONGEST = 300
"""Characters of one item of the summary."""
NO_SANDBOX = "none"
LOOKED_AT = (State.REVIEWED, State.REVIEWED_BEFORE)
LABELS = (
    (State.FAILED, "Not read", True),
    (State.REFUSED, "Refused", True),
    (State.SKIPPED, "Skipped", False),
    (State.MISSING, "Not installed", False),
)


class Tone(StrEnum):
    """How a conclusion is to be taken."""

    GOOD = "good"
    COMMENTS = "comments"
    INCOMPLETE = "incomplete"


class Conclusion(NamedTuple):
    """The one line that a reader takes away."""

    tone: Tone
    text: str


class _Group(NamedTuple):
    state: State
    reason: str
    reviewers: tuple[str, ...]
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the summary: what it is about, and the items."""

    label: str
    items: tuple[str, ...]
    is_bad: bool = False


def conclude(report: Report) -> Conclusion:
    """Return the last line: comments found, nothing found and where, or why that cannot be said."""
    summary = summarise(report)
    kept = len(report.kept)
    looked = _looked_at(report)
    if summary.incomplete:
        start = count(kept, "comment") if kept else "No comments"
        reasons = "; ".join(shorten(printable(reason), 100) for reason in summary.incomplete)
        return Conclusion(Tone.INCOMPLETE, f"{start}, but the review is incomplete: {reasons}")
    if kept:
        return Conclusion(Tone.COMMENTS, f"{count(kept, 'comment')} on {count(looked, 'reviewed line')}")
    if not report.change.files:
        return Conclusion(Tone.INCOMPLETE, "Nothing to review: the change is empty")
    if not looked:
        return Conclusion(Tone.INCOMPLETE, "Nothing was looked at: no changed line was for review")
    found = "Nothing worth a comment" if report.comments else "Nothing found"
    return Conclusion(Tone.GOOD, f"{found} in {count(looked, 'reviewed line')}")


def summary_rows(report: Report, *, verbose: bool = False, explain: bool = False) -> tuple[Row, ...]:
    """Return what was reviewed by whom, what was not and why, failures, notes and what was held back."""
    summary = summarise(report)
    rows = [
        Row(label="Reviewed", items=_reviewed(report, summary)),
        Row(label="Failed", items=_failures(report), is_bad=True),
        *_by_state(report, summary, verbose),
        *_sandbox(report),
        Row(label="Held back", items=_held_back(report, explain)),
        Row(label="Resolved", items=_resolved(report)),
        Row(label="Notes", items=tuple(printable(one) for one in (*report.change.notes, *report.notes))),
    ]
    if verbose:
        return tuple(row for row in rows if row.items)
    return tuple(replace(row, items=tuple(shorten(item, LONGEST) for item in row.items)) for row in rows if row.items)


def _sandbox(report: Report) -> Iterable[Row]:
    """Say what confined the tools of a foreign change, and of an own one that nothing did."""
    name = report.manifest.get("sandbox")
    if report.manifest.get("unsandboxed"):
        yield Row(label="Sandbox", items=("tools ran unsandboxed",))
    elif report.trust is Trust.FOREIGN and isinstance(name, str) and name != NO_SANDBOX:
        yield Row(label="Sandbox", items=(printable(name),))


def _failures(report: Report) -> tuple[str, ...]:
    said = []
    for failure in report.failures:
        hint = f" — {failure.hint}" if failure.hint else ""
        said.append(printable(f"{failure.who} ({failure.stage}): {failure.message}{hint}"))
    return tuple(said)


def _reviewed(report: Report, summary: Summary) -> tuple[str, ...]:
    if not summary.changed:
        return ()
    looked = _looked_at(report)
    by = [
        f"{printable(one.reviewer)} {lines:,}"
        for one in summary.reviewers
        if (lines := sum(one.lines.get(state, 0) for state in LOOKED_AT))
    ]
    before = summary.lines.get(State.REVIEWED_BEFORE, 0)
    note = f", {before:,} of them before" if before else ""
    return (f"{looked:,} of {count(summary.changed, 'changed line')}{note}{': ' if by else ''}{', '.join(by)}",)


def _by_state(report: Report, summary: Summary, verbose: bool) -> Iterable[Row]:
    left_out: dict[str, list[str]] = defaultdict(list)
    for path, reason in summary.left_out:
        left_out[reason].append(path)
    items: dict[State, list[str]] = defaultdict(list)
    items[State.SKIPPED] = [f"{_few(paths, verbose)} ({printable(reason)})" for reason, paths in left_out.items()]
    said = {failure.message for failure in report.failures}
    everyone = {one.reviewer for one in report.cover}
    paths_left_out = {path for path, _ in summary.left_out}
    for group in _groups(one for one in report.cover if one.path not in paths_left_out):
        is_all = group.state is State.SKIPPED and set(group.reviewers) == everyone
        who = "" if is_all else ", ".join(group.reviewers)
        what = "" if group.state is State.MISSING and not verbose else _few(group.paths, verbose)
        why = f" ({group.reason})" if group.reason and group.reason not in said else ""
        items[group.state].append(printable(" on ".join(filter(None, (who, what))) + why))
    for state, label, is_bad in LABELS:
        yield Row(label=label, items=tuple(items[state]), is_bad=is_bad)
    yield Row(label="No reviewer", items=(_few(summary.unreviewed, verbose),) if summary.unreviewed else ())


def _groups(cover: Iterable[Cover]) -> tuple[_Group, ...]:
    """Group by state and reason; reviewers with the same files share a group."""
    paths: dict[tuple[State, str, str], dict[str, None]] = defaultdict(dict)
    for one in cover:
        paths[one.state, one.reason, one.reviewer][one.path] = None
    merged: dict[tuple[State, str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (state, reason, reviewer), files in paths.items():
        merged[state, reason, tuple(files)].append(reviewer)
    return tuple(_Group(state, reason, tuple(who), files) for (state, reason, files), who in merged.items())


def _held_back(report: Report, explain: bool) -> tuple[str, ...]:
    groups = held_back(report)
    if not groups:
        return ()
    total = count(sum(map(len, groups.values())), "finding")
    parts = ", ".join(f"{len(found):,} {decision.value}" for decision, found in groups.items())
    return (f"{total}: {parts}{'' if explain else '; --explain shows them'}",)


def _resolved(report: Report) -> tuple[str, ...]:
    return (f"{count(len(report.resolved), 'earlier comment')} no longer found",) if report.resolved else ()


def _looked_at(report: Report) -> int:
    """Count the changed lines that at least one reviewer looked at."""
    seen = {(one.path, one.side, one.start, one.end) for one in report.cover if one.state in LOOKED_AT}
    return sum(end - start + 1 for _, _, start, end in seen)


def _few(paths: Sequence[str], verbose: bool) -> str:
    few = paths if verbose or len(paths) <= FEW + 1 else paths[:FEW]
    rest = len(paths) - len(few)
    return ", ".join(map(display_path, few)) + (f" and {rest:,} more" if rest else "")
