"""Fit the learned place scorer to the history of one's own projects, as far as that scores better than what ships.

What ships was learned from thousands of pull requests; a team has some hundred with comments. So its trees stay, and
two parts are tried: what is added to the terms of a hunk, and the curve from a pick to a probability, with the
operating points. Each is kept where it does better, beyond chance, on pull requests that it was not fitted on.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

import numpy as np

from hunkwise.core.config import FocusMode
from hunkwise.core.errors import UsageError
from hunkwise.core.focus import Point
from hunkwise.core.reading import Gain
from hunkwise.evaluation.bootstrap import Table as Sums
from hunkwise.evaluation.bootstrap import divided, estimate, ratio
from hunkwise.evaluation.cases import Case, CaseKind
from hunkwise.training.listwise import rounded
from hunkwise.training.operating import Counts, Picked, count, named, quiet_point, shown, thorough_point
from hunkwise.training.ranker import commented_tables
from hunkwise.training.refitting import (
    Seen,
    Stored,
    curve_gain,
    fit_curve,
    hunk_gain,
    model_of,
    see,
    stored_curve,
    with_curve,
    with_hunks,
)
from hunkwise.training.tables import Table

LEAST = 200
"""From fewer commented pull requests nothing is learned that could be told from chance."""
FOLDS = 5
SHIPPED, OWN = "shipped", "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which weights of a part are kept, and by how many nats one's own are better where they were not fitted.

    One's own are kept where the whole interval is above 0.
    """

    kept: str
    gain: Gain


@dataclass(frozen=True, slots=True, kw_only=True)
class F1:
    """F1 of all places that are worth a look, by the shipped weights, by those kept, and by how much the latter is
    better; all on pull requests that nothing of one's own was fitted on."""

    shipped: float
    kept: float
    gain: Gain


@dataclass(frozen=True, slots=True, kw_only=True)
class Refit:
    """The weights as they are stored, and why they are these.

    hunks: which hunk, in nats a comment. curve: how sure, in nats a pick. f1: by measure. overlap: repositories that
    the weights to start from were learned from, which flatters these.
    """

    weights: Stored
    commented: int
    silent: int
    hunks: Choice
    curve: Choice
    f1: Mapping[str, F1]
    overlap: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether anything of one's own is kept."""
        return OWN in (self.hunks.kept, self.curve.kept)


def refit(cases: Sequence[Case], shipped: str) -> Refit:
    """Return the weights for projects with these pull requests; shipped: the text of the weights to start from.

    Raises UsageError where too few have comments.
    """
    tables = commented_tables(one for one in cases if one.kind is CaseKind.COMMENTED)
    if len(tables) < LEAST:
        raise UsageError(
            f"{len(tables)} pull requests that other people commented on are too few to learn from: {LEAST} are "
            "needed; nothing was written, and the weights that ship stay in use"
        )
    silent = commented_tables(one for one in cases if one.kind is CaseKind.SILENT)
    stored: Stored = json.loads(shipped)
    folds = _folds(tables, {one.id: f"{one.repository}#{one.number}" for one in cases})
    theirs = see(stored, tables)
    ours: dict[str, Seen] = {}
    refitted = [with_hunks(stored, rest, theirs) for _, rest in folds]
    for (fold, _), part in zip(folds, refitted, strict=True):
        ours |= see(part, fold)
    hunks = _choice(hunk_gain(table, ours[table.case], theirs[table.case]) for table in tables)
    weights, seen = stored, theirs
    parts: Sequence[Stored] = [stored] * FOLDS
    if hunks.kept == OWN:
        weights, seen, parts = with_hunks(stored, tables, theirs), ours, refitted
    curves = [fit_curve(rest, seen) for _, rest in folds]
    new = {table.case: one for (fold, _), one in zip(folds, curves, strict=True) for table in fold}
    old = stored_curve(stored)
    curve = _choice(curve_gain(table, seen[table.case], new[table.case], old) for table in tables)
    if curve.kept == OWN:
        parts = [with_curve(part, one) for part, one in zip(parts, curves, strict=True)]
    model = model_of(stored)
    points = dict.fromkeys(theirs, model.points[FocusMode.THOROUGH])
    before = _counts((shown(model, table) for table in tables), points)
    unseen: dict[str, Picked] = {}
    for (fold, _), part in zip(folds, parts, strict=True):
        model = model_of(part)
        unseen |= {table.case: shown(model, table) for table in fold}
    if curve.kept == OWN:
        for fold, rest in folds:
            points |= dict.fromkeys((t.case for t in fold), thorough_point([unseen[t.case] for t in rest]))
        weights = with_curve(weights, fit_curve(tables, seen))
        model = model_of(weights)
        weights = _with_points(weights, list(unseen.values()), [shown(model, table) for table in silent])
    return Refit(
        weights=weights,
        commented=len(tables),
        silent=len(silent),
        hunks=hunks,
        curve=curve,
        f1=_f1(before, _counts((unseen[table.case] for table in tables), points)),
        overlap=tuple(sorted({table.repository for table in tables} & set(stored.get("repositories", ())))),
    )


def stored_form(found: Refit, cases: Sequence[Case], shipped: str) -> dict[str, object]:
    """Return the weights with the record of what was done, without the hashes of the cases' files.

    What the shipped weights say of their own data and figures does not hold any more and is left out.
    """
    kept = {name: value for name, value in found.weights.items() if name not in ("schema", "data", "left_out")}
    record = {name: value for name, value in asdict(found).items() if name != "weights"}
    return {
        **kept,
        "repositories": sorted({one.repository for one in cases}),
        "own_history": {"folds": FOLDS, "shipped": sha256(shipped.encode()).hexdigest(), **_rounded(record)},
    }


def _folds(tables: Sequence[Table], groups: Mapping[str, str]) -> list[tuple[list[Table], list[Table]]]:
    """Return each fold and the rest; what a hash of the pull request says, so that no order matters."""
    names = sorted({groups[table.case] for table in tables}, key=lambda name: sha256(name.encode()).digest())
    number = {name: index % FOLDS for index, name in enumerate(names)}
    return [
        (
            [table for table in tables if number[groups[table.case]] == fold],
            [table for table in tables if number[groups[table.case]] != fold],
        )
        for fold in range(FOLDS)
    ]


def _choice(gains: Iterable[tuple[float, float]]) -> Choice:
    gain = ratio(np.array(list(gains), dtype=np.float64))
    return Choice(kept=OWN if gain.low > 0 else SHIPPED, gain=gain)


def _with_points(stored: Stored, unseen: Sequence[Picked], silent: Sequence[Picked]) -> Stored:
    points = {"quiet": asdict(quiet_point(unseen, silent)), "thorough": asdict(thorough_point(unseen))}
    return {**stored, "points": points}


def _counts(all_picked: Iterable[Picked], points: Mapping[str, Point]) -> Sums:
    """Return a row a change with what the picks that are named at its point come to."""
    return np.array([count(one.table, named(one, points[one.table.case])) for one in all_picked], dtype=np.float64)


def _f1(before: Sums, after: Sums) -> dict[str, F1]:
    width = before.shape[1]
    found = {}
    for name, met, sizes in (
        ("within 3 lines", "near", ("picks", "people")),
        ("by hunk", "hunks_met", ("hunks_picked", "hunks_told")),
        ("exact", "exact", ("picks", "people")),
    ):
        hit, one, other = (Counts._fields.index(name) for name in (met, *sizes))

        def f1(sums: Sums, at: int, hit: int = hit, one: int = one, other: int = other) -> Sums:
            return divided(2 * sums[:, at + hit], sums[:, at + one] + sums[:, at + other])

        both = np.hstack([before, after])
        total = both.sum(axis=0, keepdims=True)
        found[name] = F1(
            shipped=float(f1(total, 0)[0]),
            kept=float(f1(total, width)[0]),
            gain=estimate(both, lambda sums, f1=f1: f1(sums, width) - f1(sums, 0)),  # type: ignore[misc]
        )
    return found


def _rounded(record: Mapping[str, object]) -> dict[str, object]:
    return {
        name: _rounded(one) if isinstance(one, Mapping) else rounded(one) if isinstance(one, float) else one
        for name, one in record.items()
    }
