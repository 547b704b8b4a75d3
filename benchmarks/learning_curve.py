"""What more pull requests would teach the ranker: fits on fewer of them, each scored on projects that were left out.

    python benchmarks/learning_curve.py DATA [--draws 3]

DATA is the directory that `make ranker` reads. Of the pull requests with comments, or of those with revised lines, a
share is drawn of each project; the rest of the fit is as ever. All pull requests with comments are scored, each by a
fit without its project, at the operating point `thorough` of that fit. Prints the mean F1 over the draws, and from
where to where they go.
"""

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from hunkwise.core.config import FocusMode
from hunkwise.evaluation.cases import read_cases
from hunkwise.plugins.places.place_model import PlaceModel
from hunkwise.plugins.places.ranker_weights import load_weights
from hunkwise.training.operating import Counts, counted, shown
from hunkwise.training.ranker import (
    COMMENTED,
    REVISED,
    as_text,
    commented_tables,
    fit,
    fit_hunk_trees,
    fit_line_trees,
    revised_tables,
)
from hunkwise.training.tables import Table

SHARES = (0.125, 0.25, 0.5, 1.0)
FIGURES = ("f1_near", "f1_hunk", "f1_exact")


def main() -> int:
    """Print the two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--draws", type=int, default=3)
    asked = parser.parse_args()
    commented = commented_tables(read_cases([asked.data / COMMENTED]).cases)
    known = {table.repository for table in commented}
    cases = read_cases([asked.data / REVISED]).cases
    revised = revised_tables(case for case in cases if case.repository not in known)
    print(f"| learned from | {' | '.join(FIGURES)} |")
    for share in SHARES:
        show(f"{share:.1%} of {len(commented)} with comments", commented, revised, (share, 1.0), asked.draws)
    for share in SHARES[:-1]:
        show(f"{share:.1%} of {len(revised)} with revised lines", commented, revised, (1.0, share), asked.draws)
    return 0


def show(name: str, commented: Sequence[Table], revised: Sequence[Table], shares: tuple[float, float], draws: int):
    """Print a row."""
    found = []
    for seed in range(draws if min(shares) < 1 else 1):
        learned, lines = (
            drawn(tables, share, seed) for tables, share in zip((commented, revised), shares, strict=True)
        )
        found.append(scored(commented, learned, lines))
    cells = []
    for values in zip(*found, strict=True):
        spread = f" ({min(values):.3f} to {max(values):.3f})" if len(values) > 1 else ""
        cells.append(f"{sum(values) / len(values):.3f}{spread}")
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def scored(commented: Sequence[Table], learned: Sequence[Table], revised: Sequence[Table]) -> tuple[float, ...]:
    """Return F1 within three lines, by hunk and exact, of each project by a fit without it."""
    trees = fit_line_trees(revised), fit_hunk_trees(revised)
    counts = []
    for repository in sorted({table.repository for table in commented}):
        rest = [table for table in learned if table.repository != repository]
        model = PlaceModel(load_weights(as_text(fit(rest, (), revised, trees), {})))
        picks = [shown(model, table) for table in commented if table.repository == repository]
        counts.append(counted(picks, model.points[FocusMode.THOROUGH]))
    return Counts(*(sum(values) for values in zip(*counts, strict=True))).scores


def drawn(tables: Sequence[Table], share: float, seed: int) -> list[Table]:
    """Return a share of the changes, of each project, at least one."""
    found = []
    for repository in sorted({table.repository for table in tables}):
        own = [table for table in tables if table.repository == repository]
        count = max(1, round(share * len(own)))
        found += own if count == len(own) else random.Random(f"{seed} {repository}").sample(own, count)
    return sorted(found, key=lambda table: table.case)


if __name__ == "__main__":
    sys.exit(main())
