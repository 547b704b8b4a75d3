"""Processes for reviews, forked from one that has loaded what each of them needs: else half of a review is loading."""

import multiprocessing
from multiprocessing.context import ForkServerContext, SpawnContext

LOADED = (
    "numpy",
    "pydantic",
    "hunkwise.analyzers.registry",
    "hunkwise.context.registry",
    "hunkwise.evaluation.bench_review",
    "hunkwise.evaluation.run_file",
    "hunkwise.plugins.places.learned_scorer",
    "hunkwise.plugins.places.place_model",
    "hunkwise.plugins.places.registry",
    "hunkwise.plugins.rankers.registry",
    "hunkwise.plugins.sources.registry",
    "hunkwise.validation",
)
"""Nothing of a stranger's, and nothing that starts threads."""


def review_processes() -> ForkServerContext | SpawnContext:
    """Return what makes processes for reviews; where none can be forked from a clean one, each loads for itself."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    return context
