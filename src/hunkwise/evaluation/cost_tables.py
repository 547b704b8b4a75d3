"""The tables of a report on what reviews took and what tools did."""

from collections.abc import Iterable, Mapping, Sequence

from hunkwise.evaluation.figures import Figures, Scores, Spent
from hunkwise.evaluation.report_table import NONE, Table


def cost_table(scores: Scores) -> Table:
    """Return what the reviews took, in the mean and in all."""
    first = _first_of_each(scores.figures)
    return Table(
        "Cost of a review",
        "Seconds on the clock, where other reviews may have run beside it; CPU and memory are of all its processes. "
        "Where what analyzers said came from an earlier review, the seconds that they took then are counted in, and "
        "memory is not.",
        (
            "contestant",
            "reviews",
            "analyzers not run again",
            "seconds, mean",
            "median",
            "in all",
            "CPU seconds",
            "memory, mean",
            "at most",
            "tokens, mean",
            "in all",
            "seconds by stage",
        ),
        tuple(
            (
                one.contestant,
                str(one.spent.reviews),
                str(one.spent.replayed),
                f"{one.spent.seconds:.1f}",
                f"{one.spent.seconds_median:.1f}",
                f"{one.spent.seconds_all:,.0f}",
                f"{one.spent.cpu:.1f}",
                *_memory(one.spent),
                f"{one.spent.tokens / one.spent.reviews:,.0f}",
                f"{one.spent.tokens:,}",
                _stages(one.spent.stages),
            )
            for one in first
            if one.spent is not None
        ),
    )


def _memory(spent: Spent) -> tuple[str, str]:
    if not spent.memory:
        return NONE, NONE
    return f"{spent.memory_mean:.0f} MB", f"{spent.memory:.0f} MB"


def _stages(stages: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.1f}" for name, value in stages.items() if value >= 0.05) or NONE


def tools_table(scores: Scores) -> Table:
    """Return what each tool looked at, failed on and found."""
    return Table(
        "What tools did",
        "Files that each tool looked at, failed on or skipped, and how many findings fell on changed lines.",
        ("contestant", "tool", "files", "findings", "on changed lines"),
        tuple(
            (
                one.contestant,
                one.tool,
                ", ".join(f"{count} {state}" for state, count in one.files.items() if state != "not applicable"),
                str(one.findings),
                str(one.on_changed_lines),
            )
            for one in scores.tools
            if set(one.files) - {"not applicable"}
        ),
    )


def _first_of_each(figures: Iterable[Figures]) -> Sequence[Figures]:
    found: dict[str, Figures] = {}
    for one in figures:
        found.setdefault(one.contestant, one)
    return tuple(found.values())
