"""The weights of the learned scorer: numbers in a JSON file, which `make ranker` writes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from hunkwise.core.config import FocusMode
from hunkwise.core.errors import UsageError
from hunkwise.core.focus import Point
from hunkwise.plugins.places.picks import CALIBRATION
from hunkwise.plugins.places.trees import Numbers, Trees, matrix

SCHEMA = 1
SHIPPED = "ranker.json"


@dataclass(frozen=True, slots=True)
class Terms:
    """A weighted sum over columns; of those in `logs` the logarithm of one more is taken first."""

    columns: tuple[str, ...]
    logs: Numbers
    slopes: Numbers

    def sums(self, features: Sequence[Mapping[str, float]]) -> Numbers:
        """Return the sum for each row of features."""
        rows = matrix(features, self.columns)
        total: Numbers = np.where(self.logs, np.log1p(np.maximum(rows, 0.0)), rows) @ self.slopes
        return total


@dataclass(frozen=True, slots=True)
class Weights:
    """All that the scorer has learned.

    hunk: the terms of a hunk, to which `hunk_trees` times `tree_slope` are added. line_trees: of a line in its hunk.
    intercept, calibration: of the logistic curve from a pick to the probability that somebody comments near it.
    typical: the median of each column, for explanations. points: what each focus mode asks of a place.
    """

    hunk: Terms
    hunk_trees: Trees
    tree_slope: float
    line_trees: Trees
    intercept: float
    calibration: Numbers
    typical: Mapping[str, float]
    points: Mapping[FocusMode, Point]


def load_weights(text: str | None = None) -> Weights:
    """Return the weights in a JSON text, by default the shipped ones; raises UsageError where it is not of our form."""
    stored = json.loads(text if text is not None else shipped_text())
    if stored.get("schema") != SCHEMA or tuple(stored.get("calibration", {}).get("inputs", ())) != CALIBRATION:
        raise UsageError(f"these ranker weights are not of schema {SCHEMA}; fit them anew with this version")
    hunk = stored["hunk"]
    return Weights(
        hunk=Terms(
            columns=tuple(hunk["columns"]),
            logs=np.array([name in set(hunk["logs"]) for name in hunk["columns"]], dtype=np.float64),
            slopes=np.array(hunk["slopes"], dtype=np.float64),
        ),
        hunk_trees=Trees.of(stored["hunk_trees"]),
        tree_slope=stored["tree_slope"],
        line_trees=Trees.of(stored["line_trees"]),
        intercept=stored["calibration"]["intercept"],
        calibration=np.array(stored["calibration"]["slopes"], dtype=np.float64),
        typical=stored["typical"],
        points={FocusMode(name): Point(**values) for name, values in stored["points"].items()},
    )


def shipped_text() -> str:
    """Return the weights that came with this version."""
    return files("hunkwise.plugins.places").joinpath(SHIPPED).read_text("utf-8")
