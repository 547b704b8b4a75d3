import json

import numpy as np
import pytest
from team_history import history, on_the_smallest

from hunkwise.evaluation.cases import read_cases
from hunkwise.plugins.places.place_model import PlaceModel
from hunkwise.plugins.places.ranker_weights import load_weights, shipped_text
from hunkwise.training.operating import is_near
from hunkwise.training.ranker import commented_tables
from hunkwise.training.refitting import fit_curve, see, stored_curve, with_curve, with_hunks


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


def test_the_curve_is_fitted_to_what_a_review_sees(tables, stored):
    """The first picks of a change are the likeliest places of a review, with the same probabilities."""
    for table in tables:
        seen = see(stored, [table])[table.case]
        chances = stored_curve(stored).chances(seen.rows)
        scores = PlaceModel(load_weights()).score(table.places)
        assert [round(float(one), 6) for one in chances] == [scores[index] for index in seen.picks]
        assert max(chances) == pytest.approx(max(scores), abs=1e-6)


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
    stated = np.concatenate([curve.chances(seen[table.case].rows) for table in tables])
    near = [is_near(table, int(index)) for table in tables for index in seen[table.case].picks]
    assert np.isclose(np.mean(stated), np.mean(near), atol=1e-6)
    assert stored_curve(with_curve(stored, curve)).intercept == pytest.approx(curve.intercept, rel=1e-5)
