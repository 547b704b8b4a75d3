"""What a contestant of ours is: a review as anyone would run it, or one from which a part was taken."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from hunkwise.core.model import Place
from hunkwise.plugins.facade import Plugins


class Ablation(StrEnum):
    """A part that is left out."""

    NO_MODEL = "no-model"
    NO_ANALYZERS = "no-analyzers"
    NO_CONTEXT = "no-context"
    NO_RANKER = "no-ranker"


FULL = "full"
"""The name of the contestant that lacks nothing."""
VARIANTS: Mapping[str, Mapping[str, object]] = {
    "quiet": {"focus_mode": "quiet"},
    "thorough": {"focus_mode": "thorough"},
}
"""Operating points by their names, as settings from the command line."""


class Even:
    """A place scorer that knows nothing: each place is as likely as the next."""

    name = "even"

    def score(self, places: Sequence[Place]) -> tuple[float, ...]:
        return (1 / len(places),) * len(places) if places else ()

    def explain(self, place: Place) -> tuple[str, ...]:
        return ("no ranker",)


def without(plugins: Plugins, left_out: Sequence[Ablation]) -> Plugins:
    """Return the plugins of a contestant."""
    if Ablation.NO_CONTEXT in left_out:
        plugins = plugins.bringing("hunkwise_contexts", ())
    if Ablation.NO_RANKER in left_out:
        # what says the same twice is still joined: that is no opinion on what is worth saying
        rankers = [one for one in plugins.rankers() if one.name == "duplicates"]
        plugins = plugins.bringing("hunkwise_rankers", rankers).bringing("hunkwise_scorers", (Even(),))
    return plugins


def settings(left_out: Sequence[Ablation]) -> dict[str, object]:
    """Return the settings of a contestant, as from the command line."""
    found: dict[str, object] = {}
    if Ablation.NO_MODEL in left_out:
        found["llm"] = False
    if Ablation.NO_ANALYZERS in left_out:
        found["analyzers"] = False
    if Ablation.NO_RANKER in left_out:
        # without scores nothing could clear a floor, and no other scorer may be named
        found |= {"floor": 0.0, "scorer": ""}
    return found
