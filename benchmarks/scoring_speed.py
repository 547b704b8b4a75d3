"""How long describing and scoring the places of a change takes, beside parsing its diff.

    python benchmarks/scoring_speed.py CASES.jsonl...

Prints, for each part, the mean and the greatest processor time a change in milliseconds.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from hunkwise.core.config import FocusMode
from hunkwise.core.focus import pick_focus
from hunkwise.core.kinds import classify
from hunkwise.core.places import commentable, with_features, with_probabilities
from hunkwise.evaluation.cases import read_cases
from hunkwise.plugins.places.learned_scorer import LearnedScorer
from hunkwise.plugins.places.registry import hunkwise_features
from hunkwise.workspace.patched import PatchWorkspace


def main() -> int:
    """Print the table."""
    scorer = LearnedScorer()
    spent: dict[str, list[float]] = defaultdict(list)

    def timed(name: str, call: Callable):
        started = time.process_time()
        found = call()
        spent[name].append(1000 * (time.process_time() - started))
        return found

    for case in read_cases([Path(name) for name in sys.argv[1:]]).cases:
        change = timed("parse the diff", case.change)
        change = replace(change, files=classify(change.files))
        places = commentable(change)
        columns = {}
        for one in hunkwise_features():
            columns |= timed(one.name, partial(one.features, places, change, PatchWorkspace({}), ()))
        places = with_features(places, columns)
        places = with_probabilities(places, timed("score", partial(scorer.score, places)))
        point = scorer.points[FocusMode.THOROUGH]
        timed("pick and explain", partial(pick_focus, places, 10, scorer.explain, point))
    for name, values in spent.items():
        print(f"{name:18} {sum(values) / len(values):8.2f} {max(values):9.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
