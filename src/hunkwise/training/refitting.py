"""The parts of the stored weights that comments teach: the terms of a hunk, and the curve of a pick."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from hunkwise.plugins.places.picks import Indices, Numbers
from hunkwise.plugins.places.place_model import PlaceModel
from hunkwise.plugins.places.ranker_weights import load_weights
from hunkwise.training.listwise import fit_conditional_logit, fit_logistic, rounded
from hunkwise.training.operating import MOST, is_near
from hunkwise.training.tables import Table

Stored = Mapping[str, Any]
"""Weights as they are stored."""

RIDGE = 30.0
"""Holds what is added to the terms near 0: the weights to start from know more than a few hundred pull requests."""
MANY_COMMENTS = 5
"""A change with more comments counts as one with so many."""
LEAST_CHANCE = 1e-6


class Seen(NamedTuple):
    """What weights make of a change: log P(hunk) of each hunk, and of its first picks the inputs of the curve."""

    hunks: Numbers
    rows: Numbers
    picks: Indices


class Curve(NamedTuple):
    """A logistic curve from a pick to the probability that somebody comments near it."""

    intercept: float
    slopes: Numbers

    def chances(self, rows: Numbers) -> Numbers:
        """Return the probabilities of picks."""
        found: Numbers = 1 / (1 + np.exp(-(self.intercept + rows @ self.slopes)))
        return found


def model_of(stored: Stored) -> PlaceModel:
    """Return what scores with these weights."""
    return PlaceModel(load_weights(json.dumps(stored)))


def see(stored: Stored, tables: Sequence[Table]) -> dict[str, Seen]:
    """Return what the weights make of each change, by its name."""
    model = model_of(stored)
    return {table.case: _seen(model, table) for table in tables}


def with_hunks(stored: Stored, tables: Sequence[Table], seen: Mapping[str, Seen]) -> Stored:
    """Return the weights with terms of a hunk to which was added what makes these changes' comments likelier.

    seen: what the weights make of the changes as they are.
    """
    hunk = stored["hunk"]
    told = [table for table in tables if table.told.any()]
    added = fit_conditional_logit(
        np.concatenate([hunk_rows(table, hunk["columns"], hunk["logs"]) for table in told]),
        np.concatenate([told_by_hunk(table) for table in told]),
        np.array([len(table.starts) for table in told]),
        RIDGE,
        np.concatenate([seen[table.case].hunks for table in told]),
    )
    slopes = [rounded(old + float(new)) for old, new in zip(hunk["slopes"], added, strict=True)]
    return {**stored, "hunk": {**hunk, "slopes": slopes}}


def stored_curve(stored: Stored) -> Curve:
    """Return the curve of the weights."""
    return Curve(stored["calibration"]["intercept"], np.array(stored["calibration"]["slopes"], dtype=np.float64))


def fit_curve(tables: Sequence[Table], seen: Mapping[str, Seen]) -> Curve:
    """Return the curve that suits the picks of these changes."""
    near = [is_near(table, int(index)) for table in tables for index in seen[table.case].picks]
    rows = np.concatenate([seen[table.case].rows for table in tables])
    return Curve(*fit_logistic(rows, np.array(near, dtype=np.float64)))


def with_curve(stored: Stored, curve: Curve) -> Stored:
    """Return the weights with this curve."""
    slopes = [rounded(float(one)) for one in curve.slopes]
    return {
        **stored,
        "calibration": {**stored["calibration"], "intercept": rounded(curve.intercept), "slopes": slopes},
    }


def hunk_gain(table: Table, ours: Seen, theirs: Seen) -> tuple[float, float]:
    """Return by how many nats the commented hunks of a change are likelier to ours than to theirs, and the comments."""
    told = told_by_hunk(table)
    return float(told @ (ours.hunks - theirs.hunks)), float(told.sum())


def curve_gain(table: Table, seen: Seen, ours: Curve, theirs: Curve) -> tuple[float, float]:
    """Return by how many nats our curve fits what became of the picks of a change better than theirs, and the picks."""
    near = np.array([is_near(table, int(index)) for index in seen.picks])

    def likelihood(curve: Curve) -> float:
        chances = np.clip(curve.chances(seen.rows), LEAST_CHANCE, 1 - LEAST_CHANCE)
        return float(np.log(np.where(near, chances, 1 - chances)).sum())

    return likelihood(ours) - likelihood(theirs), float(len(near))


def hunk_rows(table: Table, columns: Sequence[str], logs: Sequence[str]) -> Numbers:
    """Return what the terms see of each hunk."""
    rows = table.take(columns)[table.starts]
    return np.where([name in logs for name in columns], np.log1p(np.maximum(rows, 0.0)), rows)


def told_by_hunk(table: Table) -> Numbers:
    """Return how much each hunk counts: by its comments, all together as up to a few."""
    told: Numbers = np.bincount(table.layout.hunk, table.told) / max(1.0, table.told.sum() / MANY_COMMENTS)
    return told


def _seen(model: PlaceModel, table: Table) -> Seen:
    inputs, leader = model.inputs(table.places)
    first = np.flatnonzero(leader == np.arange(len(leader)))
    first = first[np.lexsort((first, -inputs[first, :2].sum(axis=1), inputs[first, 4]))][:MOST]
    return Seen(inputs[table.starts, 0], inputs[first], first)
