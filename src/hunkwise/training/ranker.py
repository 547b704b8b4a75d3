"""Fit the weights of the learned place scorer, to the same bytes each time.

    python -m hunkwise.training.ranker DATA -o ranker.json

DATA holds pr_train.jsonl (where people commented), pr_train_quiet.jsonl (where nobody did; for the quiet point) and
pr_train_revised.jsonl.xz (which lines were changed again). First trees learn from revised lines which line of a hunk
and which hunk of a change is changed again; then a conditional logit learns from comments, and a little from revised
lines, which hunk people look at twice: the trees and the logit have half a vote each. Last, a logistic curve turns
picks into probabilities. The curve and the operating points come from repositories that were left out of the fit; the
points, like what is recorded as `left_out`, from what a review would name there: a place without a reason is passed
over.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hunkwise.core.errors import UsageError
from hunkwise.core.focus import Point
from hunkwise.evaluation.cases import Case, read_cases
from hunkwise.plugins.places.picks import CALIBRATION, Numbers
from hunkwise.plugins.places.ranker_weights import SCHEMA
from hunkwise.training.listwise import Boosting, fit_conditional_logit, fit_trees, rounded
from hunkwise.training.operating import Picked, counted, named, quiet_point, shown, thorough_point
from hunkwise.training.refitting import (
    RIDGE,
    Seen,
    Stored,
    fit_curve,
    hunk_rows,
    model_of,
    see,
    told_by_hunk,
    with_curve,
)
from hunkwise.training.tables import Table, short_runs, table_of


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, so that long lists stay readable."""
    return tuple(text.split())


COMMENTED, SILENT, REVISED = "pr_train.jsonl", "pr_train_quiet.jsonl", "pr_train_revised.jsonl.xz"
REVISED_SHARE = 0.2
"""A change of which more was revised was unfinished, which says little about single lines."""
REVISED_RUN = 5
REVISED_LINES = 600
REVISED_WEIGHT = 0.3
"""Of a change with revised lines beside one with comments: it is there for the languages that no comments are in."""
VOTE = 0.5
"""The share of the logit in the utility of a hunk; the trees have the rest."""
LINE_TREES = Boosting(rounds=60, leaves=12, least=100)
HUNK_TREES = Boosting(rounds=50, leaves=8, least=60)
LOGS = words(
    """
    hunk_added hunk_removed hunk_rank hunk_order file_hunks hunk_places hunk_new_tokens hunk_gone_tokens
    hunk_new_words
    """
)
HUNK = words(
    """
    hunk_added hunk_removed hunk_share hunk_rank hunk_position hunk_order is_largest is_test is_new_file file_share
    file_hunks hunk_places hunk_new_tokens hunk_gone_tokens hunk_net_share hunk_kept hunk_moved hunk_repeated
    hunk_like_earlier hunk_like_other hunk_new_words hunk_is_import hunk_is_comment
    """
)
OF_FILE = ("is_largest", "is_test", "is_text", "is_new_file")
BOTH = ("hunk_places", "hunk_removed", "is_new_file", "is_test", "hunk_kept")
UNSEEN = ("tools",)
"""Columns that the cases have no numbers for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the data, fit, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args(arguments)
    hashes = {name: sha256((asked.data / name).read_bytes()).hexdigest() for name in (COMMENTED, SILENT, REVISED)}
    commented = commented_tables(read_cases([asked.data / COMMENTED]).cases)
    silent = commented_tables(read_cases([asked.data / SILENT]).cases)
    known = frozenset(table.repository for table in commented)
    revised = revised_tables(case for case in read_cases([asked.data / REVISED]).cases if case.repository not in known)
    asked.output.write_text(as_text(fit(commented, silent, revised), hashes), "utf-8")
    return 0


def as_text(weights: Mapping[str, object], hashes: Mapping[str, str]) -> str:
    """Return the weights as JSON, one line a tree, with the hashes of the files that they come from."""
    return (
        json.dumps({"schema": SCHEMA, "data": dict(hashes), **weights}, separators=(",", ":")).replace(
            '{"column"', '\n{"column"'
        )
        + "\n"
    )


def commented_tables(cases: Iterable[Case]) -> tuple[Table, ...]:
    """Return the tables of cases with the comments that count, by the cases' names."""
    found = (
        table_of(case, [(one.path, one.line) if one.line is not None else None for one in case.scored])
        for case in sorted(cases, key=lambda one: one.id)
    )
    return tuple(table for table in found if table is not None)


def revised_tables(cases: Iterable[Case]) -> tuple[Table, ...]:
    """Return the tables of cases whose few revised lines say where one looked twice."""
    found = []
    for case in sorted(cases, key=lambda one: one.id):
        added = sum(line.old is None for file in case.change().files for line in file.changed_lines())
        if not case.revised or added > REVISED_LINES or len(case.revised) >= REVISED_SHARE * added:
            continue
        table = table_of(case, sorted(short_runs(case.revised, REVISED_RUN)))
        if table is not None and table.told.any():
            found.append(table)
    return tuple(found)


def fit(
    commented: Sequence[Table],
    silent: Sequence[Table],
    revised: Sequence[Table],
    trees: tuple[dict[str, object], dict[str, object]] | None = None,
) -> dict[str, object]:
    """Return the weights as they are stored; at least two repositories with comments are needed.

    trees: of lines and of hunks, where they were fitted to the revised lines before.
    """
    terms = _Terms(trees or (fit_line_trees(revised), fit_hunk_trees(revised)), revised)
    unseen = _leave_out(terms, commented, silent)
    quiet, thorough = quiet_point(unseen.commented, unseen.silent), thorough_point(unseen.commented)
    return {
        "repositories": sorted({table.repository for table in commented}),
        "left_out": _figures(unseen, quiet, thorough),
        **with_curve(_with_rounded_terms(terms.weights(commented)), fit_curve(commented, unseen.seen)),
        "points": {"quiet": asdict(quiet), "thorough": asdict(thorough)},
    }


class Unseen(NamedTuple):
    """What a review would name in changes of repositories that were left out of the fit.

    seen: what the weights, still without a curve, make of the commented ones.
    """

    commented: Sequence[Picked]
    silent: Sequence[Picked]
    seen: Mapping[str, Seen]


def leave_out(commented: Sequence[Table], silent: Sequence[Table], revised: Sequence[Table]) -> Unseen:
    """Return what would be named in each change by a fit without its repository; at least two are needed."""
    return _leave_out(_Terms((fit_line_trees(revised), fit_hunk_trees(revised)), revised), commented, silent)


def _leave_out(terms: "_Terms", commented: Sequence[Table], silent: Sequence[Table]) -> Unseen:
    repositories = sorted({table.repository for table in commented})
    if len(repositories) < 2:
        raise UsageError("a ranker is fitted on at least two repositories, so that one can be left out to check it")
    rest = {name: [table for table in commented if table.repository != name] for name in repositories}
    without = {name: terms.weights(rest[name]) for name in repositories}
    seen: dict[str, Seen] = {}
    for name, stored in without.items():
        seen |= see(stored, [table for table in commented if table.repository == name])
    models = {name: model_of(with_curve(without[name], fit_curve(rest[name], seen))) for name in repositories}
    said, unsaid = (
        [shown(models[t.repository], t) for t in some if t.repository in models] for some in (commented, silent)
    )
    return Unseen(said, unsaid, seen)


def fit_line_trees(revised: Sequence[Table]) -> dict[str, object]:
    """Return trees that say which line of a hunk is changed again."""
    columns = [name for name in revised[0].columns if not _is_of_hunk(name) and name not in UNSEEN] + list(BOTH)
    rows, target, sizes = [], [], []
    for table in revised:
        taken = table.take(columns)
        for hunk, start in enumerate(table.starts):
            stop = table.starts[hunk + 1] if hunk + 1 < len(table.starts) else len(taken)
            told = np.minimum(table.told[start:stop], 1)
            if stop - start > 1 and told.any():
                rows.append(taken[start:stop])
                target.append(told / told.sum())
                sizes.append(stop - start)
    return fit_trees(np.concatenate(rows), np.concatenate(target), np.array(sizes), columns, LINE_TREES)


def fit_hunk_trees(revised: Sequence[Table]) -> dict[str, object]:
    """Return trees that say which hunk of a change is changed again."""
    columns = [name for name in revised[0].columns if _is_of_hunk(name)]
    rows, target, sizes = [], [], []
    for table in revised:
        if len(table.starts) > 1:
            rows.append(table.take(columns)[table.starts])
            target.append(_revised_hunks(table))
            sizes.append(len(table.starts))
    return fit_trees(np.concatenate(rows), np.concatenate(target), np.array(sizes), columns, HUNK_TREES)


class _Terms:
    def __init__(self, trees: tuple[dict[str, object], dict[str, object]], revised: Sequence[Table]) -> None:
        self._trees = trees
        self._revised = [(hunk_rows(table, HUNK, LOGS), REVISED_WEIGHT * _revised_hunks(table)) for table in revised]

    def weights(self, commented: Sequence[Table]) -> Stored:
        """Return weights that learned the terms of a hunk from these changes, still without a curve and points."""
        told = [(hunk_rows(table, HUNK, LOGS), told_by_hunk(table)) for table in commented if table.told.any()]
        rows, target = zip(*told, *self._revised, strict=True)
        sizes = np.array([len(one) for one in target])
        slopes = fit_conditional_logit(np.concatenate(rows), np.concatenate(target), sizes, RIDGE)
        line, hunk = self._trees
        return {
            "schema": SCHEMA,
            "points": {},
            "calibration": {"inputs": list(CALIBRATION), "intercept": 0.0, "slopes": [0.0] * len(CALIBRATION)},
            "hunk": {"columns": list(HUNK), "logs": list(LOGS), "slopes": [float(VOTE * one) for one in slopes]},
            "tree_slope": 1 - VOTE,
            "typical": _typical(commented),
            "hunk_trees": hunk,
            "line_trees": line,
        }


def _with_rounded_terms(stored: Stored) -> Stored:
    hunk = stored["hunk"]
    return {**stored, "hunk": {**hunk, "slopes": [rounded(one) for one in hunk["slopes"]]}}


def _revised_hunks(table: Table) -> Numbers:
    """Return how much each hunk counts: by its revised lines up to three, all together as up to three hunks."""
    told = np.minimum(np.bincount(table.layout.hunk, np.minimum(table.told, 1)), 3)
    share: Numbers = told / told.sum() * min(3, (told > 0).sum())
    return share


def _figures(unseen: Unseen, quiet: Point, thorough: Point) -> dict[str, object]:
    """Return what the operating points do on repositories that were left out."""
    said, unsaid, _ = unseen
    near, hunk, exact = counted(said, thorough).scores
    sure, silent_sure = ([one for one in some if named(one, quiet)] for some in (said, unsaid))
    met = [one.table.places[one.chosen[0]].hunk in one.table.hunks_told for one in sure]
    return {
        "thorough": {"f1_near": rounded(near), "f1_hunk": rounded(hunk), "f1_exact": rounded(exact)},
        "quiet": {
            "share": rounded(len(sure) / len(said)),
            "near": rounded(float(np.mean([one.is_near[0] for one in sure]))) if sure else 0.0,
            "hunk": rounded(float(np.mean(met))) if sure else 0.0,
            "share_of_silent": rounded(len(silent_sure) / len(unsaid)) if unsaid else 0.0,
        },
    }


def _typical(tables: Sequence[Table]) -> dict[str, float]:
    """Return the median place of the median change, so that large changes do not say alone what is typical."""
    columns = tables[0].columns
    medians = np.median([np.median(table.rows, axis=0) for table in tables], axis=0)
    return {name: rounded(float(value)) for name, value in zip(columns, medians, strict=True)}


def _is_of_hunk(name: str) -> bool:
    return name.startswith(("hunk_", "file_", "change_")) or name in OF_FILE


if __name__ == "__main__":
    sys.exit(main())
