"""Register the built-in feature providers and place scorers, each imported only when asked for."""

from typing import TYPE_CHECKING

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import FeatureProvider, PlaceScorer


@hookimpl
def hunkwise_features() -> "tuple[FeatureProvider, ...]":
    from hunkwise.plugins.places.lexical import Lexical
    from hunkwise.plugins.places.novelty import Novelty
    from hunkwise.plugins.places.redundancy import Redundancy
    from hunkwise.plugins.places.shape import Shape

    return (Shape(), Lexical(), Redundancy(), Novelty())


@hookimpl
def hunkwise_scorers() -> "tuple[PlaceScorer, ...]":
    from hunkwise.plugins.places.learned_scorer import LearnedScorer
    from hunkwise.plugins.places.plain_scorer import PlainScorer

    return (LearnedScorer(), PlainScorer())
