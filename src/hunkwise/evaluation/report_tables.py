"""The tables of a report, as rows of text: what Markdown and HTML show alike."""

from collections.abc import Mapping, Sequence

from hunkwise.core.reading import Gain
from hunkwise.evaluation.addressed import Addressed
from hunkwise.evaluation.cost_tables import cost_table, tools_table
from hunkwise.evaluation.curve import Point
from hunkwise.evaluation.figures import Scores
from hunkwise.evaluation.report_table import NONE, Table

THRESHOLDS = 6
"""Rows of each curve; the plot and JSON have all of its points."""


def tables(scores: Scores) -> tuple[Table, ...]:
    """Return the tables that have rows, in the order in which they are read."""
    found = (
        _glance(scores),
        _location(scores),
        _sides(scores),
        _addressed(scores),
        _silence(scores),
        _threshold(scores),
        _quiet(scores),
        _reliability(scores),
        _texts(scores),
        _languages(scores),
        _silent_languages(scores),
        cost_table(scores),
        tools_table(scores),
    )
    return tuple(table for table in found if table.rows)


def interval(gain: Gain, *, sign: bool = False) -> str:
    """Return a figure with its interval."""
    form = "+.3f" if sign else ".3f"
    return f"{gain.value:{form}} [{gain.low:{form}}, {gain.high:{form}}]"


def _glance(scores: Scores) -> Table:
    return Table(
        "At a glance",
        "F1 against the comments of people; the share of picks that were changed later, above a random added line of "
        "the same pull requests; the share of pull requests without comments that get any pick.",
        ("contestant", "picks a PR", "F1 ±3", "F1 by hunk", "addressed, above random", "silent PRs with any"),
        tuple(
            (
                one.label,
                f"{one.silence.per_commented.value:.2f}",
                interval(one.agreement["±3"].f1),
                interval(one.agreement["hunk"].f1),
                interval(one.addressed.above_random, sign=True) if one.addressed.picks else NONE,
                interval(one.silence.silent) if one.silence.silent_cases else NONE,
            )
            for one in scores.figures
            if one.output != "first of focus"
        ),
    )


def _location(scores: Scores) -> Table:
    return Table(
        "Where: F1 against the comments of people",
        "Predictions and human comments are matched one to one inside a file, at most so many lines apart. "
        "Of hunks and files each counts once. Micro averages with 95 % intervals by a bootstrap over pull requests.",
        ("contestant", "a PR", "exact", "±1", "±3", "by hunk", "by file"),
        tuple(
            (
                one.label,
                f"{one.silence.per_commented.value:.2f}",
                *(interval(one.agreement[name].f1) for name in ("exact", "±1", "±3", "hunk", "file")),
            )
            for one in scores.figures
        ),
    )


def _sides(scores: Scores) -> Table:
    return Table(
        "Precision and recall",
        "",
        ("contestant", "precision ±3", "recall ±3", "precision by hunk", "recall by hunk"),
        tuple(
            (
                one.label,
                *(
                    interval(gain)
                    for name in ("±3", "hunk")
                    for gain in (one.agreement[name].precision, one.agreement[name].recall)
                ),
            )
            for one in scores.figures
        ),
    )


def _addressed(scores: Scores) -> Table:
    rows = [("people", scores.people), *((one.label, one.addressed) for one in scores.figures)]
    return Table(
        "Addressed: changed before the pull request ended",
        "The share of picks of which a line from one above to one below was changed later. "
        "The floors are of the same pull requests, with the same number of picks in each.",
        ("contestant", "picks", "addressed", "random added line", "above it", "middle of the largest hunk", "above it"),
        tuple((name, *_addressed_row(one)) for name, one in rows if one.picks),
    )


def _addressed_row(one: Addressed) -> tuple[str, ...]:
    return (
        str(one.picks),
        interval(one.share),
        f"{one.random.value:.3f}",
        interval(one.above_random, sign=True),
        f"{one.middle.value:.3f}",
        interval(one.above_middle, sign=True),
    )


def _silence(scores: Scores) -> Table:
    return Table(
        "Silence: pull requests that nobody commented on",
        f"{scores.silent} of them. The share with any pick, beside the same share of commented ones of like size.",
        ("contestant", "share with any", "commented of like size", "all commented", "picks a silent PR"),
        tuple(
            (
                one.label,
                interval(one.silence.silent),
                interval(one.silence.commented_of_like_size),
                interval(one.silence.commented),
                f"{one.silence.per_silent.value:.2f}",
            )
            for one in scores.figures
            if one.silence.silent_cases
        ),
    )


def _threshold(scores: Scores) -> Table:
    return Table(
        "Threshold: precision and recall of what is at least so sure",
        "Points of the curve, surest first. Comments that were held back for their score alone are among them.",
        (
            "contestant",
            "threshold",
            "precision ±3",
            "recall ±3",
            "precision by hunk",
            "recall by hunk",
            "of commented PRs",
            "of silent PRs",
        ),
        tuple(
            (
                one.label,
                f"{point.threshold:.3f}",
                f"{point.precision:.3f}",
                f"{point.recall:.3f}",
                f"{point.hunk_precision:.3f}",
                f"{point.hunk_recall:.3f}",
                f"{point.commented:.0%}",
                f"{point.silent:.0%}",
            )
            for one in scores.figures
            for point in _spread(one.curve)
        ),
    )


def _spread(points: Sequence[Point]) -> Sequence[Point]:
    """Return some points, from end to end."""
    last = len(points) - 1
    if last < THRESHOLDS:
        return points
    return [points[round(last * index / (THRESHOLDS - 1))] for index in range(THRESHOLDS)]


def _quiet(scores: Scores) -> Table:
    return Table(
        "Quiet: at most one pick, on the surest pull requests",
        "The threshold is that of these very cases, so this is what could be had, not what a fixed one gives.",
        (
            "contestant",
            "of commented PRs",
            "threshold",
            "precision ±3",
            "by hunk",
            "of silent PRs",
            "addressed",
            "above the middle",
        ),
        tuple(
            (
                one.label,
                f"{point.share:.0%}",
                f"{point.threshold:.3f}",
                f"{point.precision:.3f}",
                f"{point.hunk:.3f}",
                f"{point.silent:.3f}",
                f"{point.addressed.share.value:.3f}",
                interval(point.addressed.above_middle, sign=True),
            )
            for one in scores.figures
            if one.output != "first of focus"
            for point in one.quiet
        ),
    )


def _reliability(scores: Scores) -> Table:
    return Table(
        "Reliability: stated probability against a human comment within three lines",
        "The error is the mean distance in bins of equal mass; with so few picks, probabilities that are exactly right "
        "would have that by chance. "
        "The Brier skill is against stating the base rate each time: above 0 it is better.",
        ("contestant", "picks", "base rate", "error", "by chance", "Brier skill"),
        tuple(
            (
                one.label,
                str(one.reliability.picks),
                f"{one.reliability.base:.3f}",
                f"{one.reliability.error:.3f}",
                f"{one.reliability.chance:.3f}",
                interval(one.reliability.skill, sign=True),
            )
            for one in scores.figures
            if one.reliability is not None
        ),
    )


def _texts(scores: Scores) -> Table:
    return Table(
        "Texts: comments within three lines of a person's, against what the person wrote",
        "Over all human comments, those that were not matched count as 0. "
        "The floors are another human comment, and one and the same comment each time; rescaled puts the first at 0.",
        ("contestant", "score", "matched", "over matched", "random comment", "constant", "rescaled", "over all"),
        tuple(
            (
                one.contestant,
                one.measure,
                f"{one.matched} of {one.humans}",
                interval(one.score),
                f"{one.random:.3f}",
                f"{one.constant:.3f}",
                f"{one.rescaled:+.3f}",
                interval(one.everyone),
            )
            for one in scores.texts
        ),
    )


def _languages(scores: Scores) -> Table:
    return _by_language("By language: F1 within three lines", [(one.label, one.languages) for one in scores.figures])


def _silent_languages(scores: Scores) -> Table:
    return _by_language(
        "By language: share of pull requests without comments that get any pick",
        [(one.label, one.silent_languages) for one in scores.figures],
    )


def _by_language(title: str, rows: Sequence[tuple[str, Mapping[str, tuple[int, Gain]]]]) -> Table:
    """Return a table with a column a language; none where there is only one."""
    counts: dict[str, int] = {}
    for _, figures in rows:
        for name, (count, _) in figures.items():
            counts[name] = max(count, counts.get(name, 0))
    if len(counts) < 2:
        return Table(title, "", (), ())
    names = sorted(counts)
    return Table(
        title,
        "",
        ("contestant", *(f"{name} ({counts[name]} PRs)" for name in names)),
        tuple(
            (label, *(interval(figures[name][1]) if name in figures else NONE for name in names))
            for label, figures in rows
        ),
    )
