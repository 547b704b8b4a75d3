"""Turn what plugins brought into the guarded parts of a review."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from hunkwise.core.config import FocusMode
from hunkwise.core.errors import PluginError
from hunkwise.core.focus import Point
from hunkwise.core.model import Change, Failure, Finding, Place, Scored
from hunkwise.core.places import with_features, with_probabilities
from hunkwise.core.ports import FeatureProvider, PlaceScorer, Ranker, Workspace
from hunkwise.plugins.manager import guarded

PLAIN_POINTS: Mapping[FocusMode, Point] = {FocusMode.QUIET: Point(most=1, least_places=30), FocusMode.THOROUGH: Point()}


def describe_places(
    providers: Sequence[FeatureProvider],
) -> Callable[[Sequence[Place], Change, Workspace, Sequence[Finding]], tuple[tuple[Place, ...], tuple[Failure, ...]]]:
    """Return the part that adds each provider's columns; one that fails adds none."""

    def describe(
        places: Sequence[Place], change: Change, workspace: Workspace, findings: Sequence[Finding]
    ) -> tuple[tuple[Place, ...], tuple[Failure, ...]]:
        failures = []
        columns: dict[str, Sequence[float]] = {}
        for provider in providers:

            def call(provider: FeatureProvider = provider) -> Mapping[str, Sequence[float]]:
                found = provider.features(places, change, workspace, findings)
                for name, column in found.items():
                    if len(column) != len(places):
                        message = f"column {name} has {len(column)} numbers for {len(places)} places"
                        raise PluginError(provider.name, "features", message)
                return found

            outcome = guarded(provider.name, "features", call)
            if isinstance(outcome, Failure):
                failures.append(outcome)
            else:
                columns |= outcome
        return with_features(places, columns), tuple(failures)

    return describe


def score_places(
    scorer: PlaceScorer,
) -> Callable[[Sequence[Place]], tuple[tuple[Place, ...], tuple[Failure, ...]]]:
    """Return the part that gives places their probabilities; all stay at 0 if the scorer fails."""

    def score(places: Sequence[Place]) -> tuple[tuple[Place, ...], tuple[Failure, ...]]:
        def call() -> tuple[Place, ...]:
            probabilities = [float(value) for value in scorer.score(places)]
            if len(probabilities) != len(places):
                raise PluginError(scorer.name, "score", f"{len(probabilities)} numbers for {len(places)} places")
            if not all(math.isfinite(value) and 0 <= value <= 1 for value in probabilities):
                raise PluginError(scorer.name, "score", "a probability is not between 0 and 1")
            return with_probabilities(places, probabilities)

        outcome = guarded(scorer.name, "score", call)
        return (tuple(places), (outcome,)) if isinstance(outcome, Failure) else (outcome, ())

    return score


def explain_place(scorer: PlaceScorer) -> Callable[[Place], tuple[str, ...]]:
    """Return the part that says why a place matters; a scorer that fails at it gives no reasons."""

    def explain(place: Place) -> tuple[str, ...]:
        outcome = guarded(scorer.name, "explain", lambda: tuple(scorer.explain(place)))
        return () if isinstance(outcome, Failure) else outcome

    return explain


def focus_points(scorer: PlaceScorer) -> Mapping[FocusMode, Point]:
    """Return what each focus mode asks of a place: the scorer's own `points`, else plain ones.

    Without points of its own a scorer's probabilities may mean anything: quiet is then the first place alone.
    """
    own = getattr(scorer, "points", None)
    return dict(own) if isinstance(own, Mapping) else PLAIN_POINTS


def rank_candidates(
    rankers: Sequence[Ranker],
) -> Callable[[Sequence[Scored]], tuple[tuple[Scored, ...], tuple[Failure, ...]]]:
    """Return the part that runs the rankers in order; the result of one that fails or loses something is not used."""

    def rank(scored: Sequence[Scored]) -> tuple[tuple[Scored, ...], tuple[Failure, ...]]:
        current = tuple(scored)
        failures = []
        for ranker in rankers:

            def call(ranker: Ranker = ranker, current: tuple[Scored, ...] = current) -> tuple[Scored, ...]:
                found = tuple(ranker.rank(current))
                if _identities(found) != _identities(current):
                    raise PluginError(ranker.name, "rank", "it lost, added or repeated a candidate")
                if not all(math.isfinite(one.score) and 0 <= one.score <= 1 for one in found):
                    raise PluginError(ranker.name, "rank", "a score is not between 0 and 1")
                return found

            outcome = guarded(ranker.name, "rank", call)
            if isinstance(outcome, Failure):
                failures.append(outcome)
            else:
                current = outcome
        return current, tuple(failures)

    return rank


def _identities(scored: Sequence[Scored]) -> Counter[str]:
    return Counter(one.candidate.fingerprint for one in scored)
