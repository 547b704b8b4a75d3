import json

import numpy as np
import pytest
from team_history import history, on_the_smallest

from hunkwise.evaluation.cases import read_cases
from hunkwise.plugins.places.place_model import PlaceModel
from hunkwise.plugins.places.ranker_weights import load_weights, shipped_text
from hunkwise.training.ranker import commented_tables
from hunkwise.training.refitting import fit_curve, picks_of, see, stored_curve, with_curve, with_hunks


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Return the tables of thirty changes."""
    path = tmp_path_factory.mktemp("history") / "cases.jsonl"
    path.write_text(history(30, on_the_smallest))
    return commented_tables(read_cases([path]).cases)


@pytest.fixture(scope="module")
def stored():
    """Return the shipped weights as they are stored."""
    return json.loads(shipped_text())


def test_stored_curve_gives_the_probabilities_of_the_scorer(tables, stored):
    """A pick is as likely here as in a review."""
    table = tables[0]
    picked = picks_of(table, see(stored, tables)[table.case], stored_curve(stored))
    scores = PlaceModel(load_weights()).score(table.places)
    assert [round(one, 6) for one in picked.probability] == [scores[index] for index in picked.chosen]


def test_terms_grow_towards_the_comments(tables, stored):
    """The commented hunks are likelier afterwards, and what the trees say is as it was."""
    seen = see(stored, tables)
    refitted = with_hunks(stored, tables, seen)
    after = see(refitted, tables)
    assert np.mean([after[t.case].hunks[2] - seen[t.case].hunks[2] for t in tables]) > 0.1
    assert refitted["hunk_trees"] == stored["hunk_trees"]


def test_a_curve_states_what_happens(tables, stored):
    """The mean of its probabilities is the share of picks that people agree with."""
    seen = see(stored, tables)
    curve = fit_curve(tables, seen)
    picked = [picks_of(table, seen[table.case], curve) for table in tables]
    stated = np.mean([chance for one in picked for chance in one.probability])
    assert np.isclose(stated, np.mean([near for one in picked for near in one.is_near]), atol=1e-6)
    assert stored_curve(with_curve(stored, curve)).intercept == pytest.approx(curve.intercept, rel=1e-5)
