"""The state of every changed line under every reviewer, and what a reader needs to know of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hunkwise.core.model import Change, Cover, FileDiff, FileOutcome, Kind, RepoPath, Report, Side, State, Status

WORST_FIRST = (State.FAILED, State.REFUSED, State.SKIPPED, State.REVIEWED, State.REVIEWED_BEFORE)
"""The order in which the states of a line fold; what is not named here does not count as a look at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerSummary:
    """What one reviewer did: lines and files by state, and the reasons it gave with the number of files."""

    reviewer: str
    lines: Mapping[State, int]
    files: Mapping[State, int]
    reasons: Mapping[State, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was looked at: changed lines by folded state, reviewers, files left out, and why it is incomplete."""

    changed: int
    lines: Mapping[State, int]
    reviewers: tuple[ReviewerSummary, ...]
    left_out: tuple[tuple[RepoPath, str], ...]
    """Files that nobody was asked to review, with the reason."""
    unreviewed: tuple[RepoPath, ...]
    """Files with changed lines that no reviewer applied to."""
    incomplete: tuple[str, ...]
    """Why the review is incomplete; empty if it is not."""

    @property
    def is_complete(self) -> bool:
        return not self.incomplete


def changed_ranges(file: FileDiff) -> tuple[tuple[Side, int, int], ...]:
    """Return the changed lines of a file as inclusive ranges: removed ones at the base, added ones at the head."""
    removed = [line.old for line in file.changed_lines() if line.old is not None and line.new is None]
    added = [line.new for line in file.changed_lines() if line.new is not None and line.old is None]
    return (
        *((Side.BASE, start, end) for start, end in _runs(removed)),
        *((Side.HEAD, start, end) for start, end in _runs(added)),
    )


def build_cover(
    change: Change,
    outcomes: Iterable[FileOutcome],
    reviewers: Sequence[str],
    before: Mapping[str, frozenset[str]] | None = None,
) -> tuple[Cover, ...]:
    """Give every changed line a state for each reviewer; one that says nothing of a file did not apply to it.

    before: the ids of hunks that a reviewer passed over, since they are as they were in the last complete review.
    """
    said = {(outcome.tool, outcome.path): outcome for outcome in outcomes}
    cover = []
    for file in change.files:
        ranges = changed_ranges(file)
        for reviewer in reviewers:
            state, reason = _state(file, said.get((reviewer, file.path)))
            passed_over = _lines_in(file, (before or {}).get(reviewer, ())) if state is State.REVIEWED else ()
            cover += [
                Cover(
                    path=file.path,
                    side=side,
                    start=start,
                    end=end,
                    reviewer=reviewer,
                    state=State.REVIEWED_BEFORE if (side, start) in passed_over else state,
                    reason=reason,
                )
                for side, start, end in ranges
            ]
    return tuple(cover)


def fold(cover: Iterable[Cover]) -> Mapping[tuple[RepoPath, Side, int, int], State]:
    """Return the worst state of each range; ranges of different reviewers coincide by construction."""
    states: dict[tuple[RepoPath, Side, int, int], set[State]] = defaultdict(set)
    for one in cover:
        states[one.path, one.side, one.start, one.end].add(one.state)
    return {
        key: next((state for state in WORST_FIRST if state in found), State.UNREVIEWED) for key, found in states.items()
    }


def summarise(report: Report) -> Summary:
    """Count what was looked at, by whom, and say why the review is incomplete if it is."""
    kinds = {file.path: file.kind for file in report.change.files}
    folded = fold(report.cover) if report.cover else _nobody(report.change)
    lines: dict[State, int] = defaultdict(int)
    unreviewed: dict[RepoPath, int] = defaultdict(int)
    for (path, _, start, end), state in folded.items():
        lines[state] += end - start + 1
        if state is State.UNREVIEWED:
            unreviewed[path] += end - start + 1
    code = sum(count for path, count in unreviewed.items() if kinds.get(path) is Kind.CODE)
    incomplete = [f"{failure.who}: {failure.message}" for failure in report.failures]
    if lines[State.REFUSED]:
        incomplete.append(f"{_lines(lines[State.REFUSED])} refused for lack of trust")
    incomplete += _broken(report)
    if code:
        incomplete.append(f"{_lines(code)} of code that no reviewer looked at")
    return Summary(
        changed=sum(lines.values()),
        lines={state: count for state, count in lines.items() if count},
        reviewers=_reviewers(report.cover),
        left_out=tuple(
            (file.path, file.reason or file.kind.value) for file in report.change.files if not file.kind.is_reviewed
        ),
        unreviewed=tuple(unreviewed),
        incomplete=tuple(incomplete),
    )


def _state(file: FileDiff, outcome: FileOutcome | None) -> tuple[State, str]:
    if not file.kind.is_reviewed:
        return State.SKIPPED, file.reason or file.kind.value
    if file.status is Status.DELETED:
        return State.SKIPPED, "the file was deleted"
    if outcome is None:
        return State.NOT_APPLICABLE, ""
    return outcome.state, outcome.reason


def _lines_in(file: FileDiff, hunks: Collection[str]) -> frozenset[tuple[Side, int | None]]:
    return frozenset(
        one
        for hunk in file.hunks
        if hunk.id in hunks
        for line in hunk.lines
        for one in ((Side.BASE, line.old), (Side.HEAD, line.new))
    )


def _broken(report: Report) -> tuple[str, ...]:
    """Return who could not read what, where no failure says so already."""
    named = {failure.who for failure in report.failures}
    failed: dict[tuple[str, str], list[RepoPath]] = defaultdict(list)
    for one in report.cover:
        paths = failed[one.reviewer, one.reason] if one.state is State.FAILED and one.reviewer not in named else []
        if one.path not in paths:
            paths.append(one.path)
    return tuple(
        f"{reviewer} could not read {paths[0] if len(paths) == 1 else f'{len(paths)} files'}: {reason}"
        for (reviewer, reason), paths in failed.items()
    )


def _nobody(change: Change) -> Mapping[tuple[RepoPath, Side, int, int], State]:
    return {
        (file.path, side, start, end): State.UNREVIEWED if file.kind.is_reviewed else State.SKIPPED
        for file in change.files
        for side, start, end in changed_ranges(file)
    }


def _reviewers(cover: Iterable[Cover]) -> tuple[ReviewerSummary, ...]:
    grouped: dict[str, list[Cover]] = defaultdict(list)
    for one in cover:
        grouped[one.reviewer].append(one)
    found = []
    for reviewer, ranges in sorted(grouped.items()):
        lines: dict[State, int] = defaultdict(int)
        paths: dict[State, set[RepoPath]] = defaultdict(set)
        reasons: dict[State, dict[str, set[RepoPath]]] = defaultdict(lambda: defaultdict(set))
        for one in ranges:
            lines[one.state] += one.end - one.start + 1
            paths[one.state].add(one.path)
            if one.reason:
                reasons[one.state][one.reason].add(one.path)
        found.append(
            ReviewerSummary(
                reviewer=reviewer,
                lines=dict(lines),
                files={state: len(found) for state, found in paths.items()},
                reasons={
                    state: {reason: len(found) for reason, found in sorted(by_reason.items())}
                    for state, by_reason in reasons.items()
                },
            )
        )
    return tuple(found)


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    start = end = None
    for number in sorted(numbers):
        if end is not None and number == end + 1:
            end = number
            continue
        if start is not None and end is not None:
            yield start, end
        start = end = number
    if start is not None and end is not None:
        yield start, end


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"
