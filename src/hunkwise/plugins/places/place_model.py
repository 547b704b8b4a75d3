"""What was learned of where people comment: which hunk of the change, then which line of the hunk."""

from collections.abc import Mapping, Sequence

import numpy as np

from hunkwise.core.config import FocusMode
from hunkwise.core.focus import Point
from hunkwise.core.model import Place
from hunkwise.core.model_reading import P_LINE
from hunkwise.plugins.places.picks import Layout, Numbers, pick, softmax
from hunkwise.plugins.places.ranker_weights import Weights, load_weights
from hunkwise.plugins.places.reasons import REASONS, Reason
from hunkwise.plugins.places.trees import matrix

LEAST_SHARE = 0.05
"""Of a uniform share: a language model that rules a line out does not make it impossible."""
BELOW = 0.999
"""A place beside a pick is at most this share as likely as the pick."""
TELLING = 0.03
"""A reason must have made the place this much likelier, in nats, to be told."""
SAID = 3
TOGETHER = "several small signs together"


class PlaceModel:
    """P(hunk | change) times P(line | hunk), calibrated to P(somebody comments within three lines)."""

    def __init__(self, weights: Weights | None = None) -> None:
        self._weights = weights or load_weights()

    @property
    def points(self) -> Mapping[FocusMode, Point]:
        """What each focus mode asks of a place."""
        return self._weights.points

    def score(self, places: Sequence[Place]) -> tuple[float, ...]:
        """Return for each place the probability that somebody comments there, given that somebody comments at all."""
        if not places:
            return ()
        order = sorted(range(len(places)), key=lambda index: _key(places[index]))
        inputs, leader = self.inputs([places[index] for index in order])
        calibrated = 1 / (1 + np.exp(-(self._weights.intercept + inputs @ self._weights.calibration)))
        found = np.where(
            leader == np.arange(len(order)), calibrated, np.minimum(calibrated, BELOW * calibrated[leader])
        )
        scores = [0.0] * len(places)
        for index, probability in zip(order, found, strict=True):
            scores[index] = round(float(probability), 6)
        return tuple(scores)

    def inputs(self, places: Sequence[Place]) -> tuple[Numbers, "np.ndarray[tuple[int], np.dtype[np.intp]]"]:
        """Return what the calibration sees of each place, and the index of the pick that stands for it.

        The places of one hunk must come one after the other, by line.
        """
        layout = lay_out(places)
        features = [place.features for place in places]
        first = [int(index) for index in np.flatnonzero(np.diff(layout.hunk, prepend=-1))]
        of_hunk = softmax(self._hunk([features[index] for index in first]), np.zeros(layout.hunks, dtype=np.intp), 1)
        of_line = softmax(self._line(features), layout.hunk, layout.hunks)
        return pick(layout, of_hunk, of_line)

    def explain(self, place: Place) -> tuple[str, ...]:
        """Return what made the place likelier than a typical one, strongest first.

        A reason counts for what the score loses when its features are put back to what is typical.
        """
        features = place.features
        if features.get("is_text"):
            return ()
        told = [(reason, text) for reason in REASONS if (text := reason.text(features))]
        rows = [features, self._weights.typical, *(self._without(features, reason) for reason, _ in told)]
        value = self._hunk(rows) + self._line(rows)
        gains = value[0] - value[2:]
        ranked = sorted(zip(gains, (text for _, text in told), strict=True), key=lambda one: -one[0])
        said = tuple(text for gain, text in ranked[:SAID] if gain >= TELLING)
        return said or ((TOGETHER,) if value[0] - value[1] >= TELLING else ())

    def _without(self, features: Mapping[str, float], reason: Reason) -> Mapping[str, float]:
        typical = self._weights.typical
        kept = {name: value for name, value in features.items() if name not in reason.columns}
        return kept | {name: typical.get(name, 0.0) for name in reason.columns if name != P_LINE}

    def _hunk(self, features: Sequence[Mapping[str, float]]) -> Numbers:
        trees = self._weights.hunk_trees
        return self._weights.hunk.sums(features) + self._weights.tree_slope * trees.sums(
            matrix(features, trees.columns)
        )

    def _line(self, features: Sequence[Mapping[str, float]]) -> Numbers:
        trees = self._weights.line_trees
        found = trees.sums(matrix(features, trees.columns))
        for index, one in enumerate(features):
            if P_LINE in one:
                found[index] += 0.5 * np.log(max(one[P_LINE] * one.get("hunk_places", 1.0), LEAST_SHARE))
        return found


def lay_out(places: Sequence[Place]) -> Layout:
    """Return where the places are, in their order."""
    files = {path: index for index, path in enumerate(dict.fromkeys(place.location.path for place in places))}
    hunks = {hunk: index for index, hunk in enumerate(dict.fromkeys(place.hunk for place in places))}
    return Layout(
        file=np.array([files[place.location.path] for place in places], dtype=np.intp),
        hunk=np.array([hunks[place.hunk] for place in places], dtype=np.intp),
        line=np.array([place.location.start or 0 for place in places], dtype=np.intp),
    )


def _key(place: Place) -> tuple[str, str, int]:
    return place.location.path, place.hunk, place.location.start or 0
