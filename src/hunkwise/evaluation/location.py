"""Whether a model's P(line) says anything, and anything new: the figures of its card."""

from collections.abc import Sequence
from dataclasses import dataclass

from hunkwise.core.reading import Gain
from hunkwise.evaluation.added_value import AddedValue, added_value
from hunkwise.evaluation.auc import HunkLines, auc_gain, by_position, permuted


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationFigures:
    """What was measured on `hunks` hunks of `cases` changes with `comments` commented lines.

    alone: the within-hunk AUC of P(line). position: that of rules that look at the line's place alone.
    shuffled, reached: that under shuffled labels, and how often it is as high. added: beside shape and tools.
    """

    cases: int
    hunks: int
    comments: int
    repositories: tuple[str, ...]
    alone: Gain
    position: dict[str, Gain]
    shuffled: Gain
    reached: float
    added: AddedValue

    def figures(self) -> dict[str, Gain]:
        """Return what a card shows beside the two main figures."""
        return {
            **{f"AUC of position alone, {name} line": gain for name, gain in self.position.items()},
            "AUC under shuffled labels": self.shuffled,
            "share of shuffled labels with an AUC as high": Gain(
                value=self.reached, low=self.reached, high=self.reached
            ),
            "AUC of shape and tools": self.added.without,
            "AUC of shape, tools and P(line)": self.added.together,
            "nats a comment that P(line) adds": self.added.nats,
        }


def measure_location(hunks: Sequence[HunkLines]) -> LocationFigures:
    """Measure P(line) on hunks with both kinds of lines; raise UsageError where they are of one repository."""
    usable = [hunk for hunk in hunks if hunk.is_usable]
    added = added_value(usable)
    shuffled, reached = permuted(usable)
    return LocationFigures(
        cases=len({hunk.case for hunk in usable}),
        hunks=len(usable),
        comments=sum(int(hunk.is_commented.sum()) for hunk in usable),
        repositories=tuple(sorted({hunk.repository for hunk in usable})),
        alone=auc_gain(usable),
        position=by_position(usable),
        shuffled=shuffled,
        reached=reached,
        added=added,
    )
