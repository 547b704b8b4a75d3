"""What other operating points would do on training projects, each by a fit that was made without it.

    python benchmarks/operating_points.py DATA [--trees DIR]

DATA is the directory that `make ranker` reads. Prints for `thorough` the F1 scores with so many places at least, and
for `quiet` its precision and how often it speaks, with silent pull requests at several weights. With the trees, also
how often what `quiet` names is changed later, beside the middle of the largest hunk of the same pull requests: there,
on the development projects by the shipped weights, and on both together, with 95 % intervals.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hunkwise.core.config import FocusMode
from hunkwise.core.focus import Point
from hunkwise.evaluation.addressed import measure_addressed
from hunkwise.evaluation.cases import read_cases
from hunkwise.evaluation.outputs import Answered, Facts, Pick
from hunkwise.evaluation.ruler import Pointer
from hunkwise.evaluation.run_file import run_case
from hunkwise.plugins.places.place_model import PlaceModel
from hunkwise.training.operating import Picked, counted, named, quiet_point, shown, thorough_point
from hunkwise.training.ranker import COMMENTED, REVISED, SILENT, commented_tables, leave_out, revised_tables

DEVELOPMENT = "pr_dev.jsonl"


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--trees", type=Path)
    asked = parser.parse_args()
    commented, silent = (commented_tables(read_cases([asked.data / name]).cases) for name in (COMMENTED, SILENT))
    known = {table.repository for table in commented}
    cases = read_cases([asked.data / REVISED]).cases
    unseen = leave_out(commented, silent, revised_tables(case for case in cases if case.repository not in known))
    print("| thorough, at least | threshold | near | by hunk | exact | places |")
    for least in range(4):
        point = thorough_point(unseen.commented, least)
        counts = counted(unseen.commented, point)
        scores = " | ".join(f"{one:.3f}" for one in counts.scores)
        print(f"| {least} | {point.probability:.2f} | {scores} | {counts.picks / len(unseen.commented):.1f} |")
    print("| quiet, weight of silent ones | asks | near | by hunk | commented ones | silent ones |")
    for weight in (0.0, 0.5, 1.0):
        point = quiet_point(unseen.commented, unseen.silent if weight else (), weight)
        sure, unasked = ([one for one in some if named(one, point)] for some in (unseen.commented, unseen.silent))
        near = np.mean([one.is_near[0] for one in sure])
        hunk = np.mean([one.table.places[one.chosen[0]].hunk in one.table.hunks_told for one in sure])
        shares = f"{len(sure) / len(unseen.commented):.3f} | {len(unasked) / len(unseen.silent):.3f}"
        print(f"| {weight} | {point.probability:.3f} | {near:.3f} | {hunk:.3f} | {shares} |")
    if asked.trees:
        show_addressed(unseen.commented, asked.data, asked.trees)
    return 0


def show_addressed(training: Sequence[Picked], data: Path, trees: Path) -> None:
    """Print how often the one place that `quiet` names is changed later."""
    model = PlaceModel()
    point = model.points[FocusMode.QUIET]
    cases = read_cases([data / COMMENTED, data / DEVELOPMENT], trees).cases
    facts = {one.id: Facts(run_case(one)) for one in cases}
    development = [shown(model, table) for table in commented_tables(read_cases([data / DEVELOPMENT]).cases)]
    print("| quiet | places | changed later | above the middle of the largest hunk |")
    for name, some in (("training", training), ("development", development), ("both", [*training, *development])):
        found = measure_addressed(answered(one, point, facts[one.table.case]) for one in some)
        cells = " | ".join(
            f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]" for one in (found.share, found.above_middle)
        )
        print(f"| {name} | {found.picks} | {cells} |")


def answered(one: Picked, point: Point, facts: Facts) -> Answered:
    """Return the places that the mode names as the answer of a contestant."""
    spots = [one.table.places[index].location for index in named(one, point)]
    picks = tuple(Pick(Pointer(spot.path, spot.start), None) for spot in spots)
    return Answered(case=facts, picks=picks, candidates=picks)


if __name__ == "__main__":
    sys.exit(main())
