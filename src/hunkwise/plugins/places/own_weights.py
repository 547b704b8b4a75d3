"""Let the learned scorer use weights out of a file of the user's, which `hunkwise train ranker` wrote."""

from pathlib import Path
from typing import TYPE_CHECKING

from hunkwise.core.errors import UsageError
from hunkwise.core.ports import PlaceScorer
from hunkwise.plugins.places.learned_scorer import LearnedScorer

if TYPE_CHECKING:
    from hunkwise.plugins.places.ranker_weights import Weights

LARGEST = 64 * 2**20


def with_own_weights(scorer: PlaceScorer, path: Path) -> PlaceScorer:
    """Return the scorer with the weights of a file; one that is not ours stays as it is.

    Raises UsageError where the file cannot be read or holds no weights.
    """
    if not isinstance(scorer, LearnedScorer):
        return scorer
    return LearnedScorer(read_weights(path))


def read_weights(path: Path) -> "Weights":
    """Return the weights in a file; raise UsageError, which names it, where there are none."""
    from hunkwise.plugins.places.ranker_weights import load_weights

    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"ranker: {path} cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise UsageError(f"ranker: {path} is larger than {LARGEST // 2**20} MB and holds no ranker weights")
    try:
        return load_weights(content.decode("utf-8"))
    except UsageError as error:
        raise UsageError(f"ranker: {path}: {error}") from error
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        raise UsageError(f"ranker: {path} holds no ranker weights; `hunkwise train ranker` writes them") from error
