"""The first place scorer: which hunk, then which line in it, by weights that were reasoned and not fitted."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from hunkwise.core.model import Place
from hunkwise.core.model_reading import P_LINE

STOPS = 2.0
"""How often a reviewer is expected to stop in a change that gets any comment."""
HUNK = {"is_test": 0.5, "is_text": 0.6, "is_new_file": 0.9}
LINE = {
    "is_blank": 0.05,
    "is_closing": 0.2,
    "is_import": 0.4,
    "is_comment": 0.7,
    "is_branch": 1.4,
    "is_error_handling": 1.5,
    "is_signature": 1.4,
    "is_todo": 1.5,
    "is_deletion": 0.6,
}
TOOLS = 1.5
"""Each tool with a finding on the line makes it this much likelier."""
LEAST = 0.05
"""Of a uniform share: a model that rules a line out does not make it impossible."""
REASONS = (
    ("is_error_handling", "error handling"),
    ("is_signature", "new or changed signature"),
    ("is_branch", "new or changed branch"),
    ("is_todo", "left to do"),
    ("is_largest", "largest part of the change ({hunk_added:.0f} added lines)"),
)


class PlainScorer:
    """P(hunk) grows with the root of what is new in it; P(line in hunk) with what the line is and brings."""

    name = "plain"
    order = 1

    def score(self, places: Sequence[Place]) -> tuple[float, ...]:
        hunks: dict[str, list[int]] = defaultdict(list)
        for index, place in enumerate(places):
            hunks[place.hunk].append(index)
        weights = {hunk: _hunk_weight([places[index].features for index in indices]) for hunk, indices in hunks.items()}
        total = sum(weights.values()) or 1.0
        scores = [0.0] * len(places)
        for hunk, indices in hunks.items():
            lines = [_line_weight(places[index].features) for index in indices]
            whole = sum(lines) or 1.0
            for index, weight in zip(indices, lines, strict=True):
                scores[index] = 1 - math.exp(-STOPS * weights[hunk] / total * weight / whole)
        return tuple(scores)

    def explain(self, place: Place) -> tuple[str, ...]:
        if place.features.get("is_text"):
            return ()
        tools = int(place.features.get("tools", 0))
        reported = [] if not tools else ["a tool reports here" if tools == 1 else f"{tools} tools report here"]
        return (
            *reported,
            *(text.format(**place.features) for name, text in REASONS if place.features.get(name)),
        )


def _hunk_weight(rows: Sequence[Mapping[str, float]]) -> float:
    first = rows[0]
    weight = math.sqrt(1 + first.get("hunk_new_tokens", 0.0))
    for name, factor in HUNK.items():
        if first.get(name):
            weight *= factor
    if all(row.get("is_import") or row.get("is_comment") or row.get("is_blank") for row in rows):
        weight *= 0.4
    return weight


def _line_weight(row: Mapping[str, float]) -> float:
    weight = math.sqrt(1 + row.get("new_tokens", 0.0)) * math.pow(TOOLS, row.get("tools", 0.0))
    for name, factor in LINE.items():
        if row.get(name):
            weight *= factor
    if P_LINE in row:
        weight *= math.sqrt(max(row[P_LINE] * row.get("hunk_places", 1.0), LEAST))
    return weight
