"""The place scorer that has learned where people comment; what it computes with is loaded when it is first asked."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from hunkwise.core.model import Place

if TYPE_CHECKING:
    from hunkwise.core.config import FocusMode
    from hunkwise.core.focus import Point
    from hunkwise.plugins.places.place_model import PlaceModel
    from hunkwise.plugins.places.ranker_weights import Weights


class LearnedScorer:
    """P(hunk | change) times P(line | hunk), calibrated to P(somebody comments within three lines)."""

    name = "learned"
    order = 0

    def __init__(self, weights: "Weights | None" = None) -> None:
        self._weights = weights

    @property
    def points(self) -> "Mapping[FocusMode, Point]":
        """What each focus mode asks of a place."""
        return self._model.points

    def score(self, places: Sequence[Place]) -> tuple[float, ...]:
        """Return for each place the probability that somebody comments there, given that somebody comments at all."""
        return self._model.score(places) if places else ()

    def explain(self, place: Place) -> tuple[str, ...]:
        """Return what made the place likelier than a typical one, strongest first."""
        return self._model.explain(place)

    @cached_property
    def _model(self) -> "PlaceModel":
        # numpy takes as long to import as all that a review of nothing does.
        from hunkwise.plugins.places.place_model import PlaceModel

        return PlaceModel(self._weights)
