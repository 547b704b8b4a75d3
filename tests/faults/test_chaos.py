"""The random runs, a few of them; `python tests/faults/chaos.py` makes as many as are wanted."""

import pytest
from bot import Nursery
from chaos import run_batch

from hunkwise.testing.postgres import Cluster


def test_random_kills_and_lost_answers_cost_and_double_nothing(nursery: Nursery):
    """Twelve runs over SQLite, each request judged: nothing twice, nothing lost, nothing stale that is not excused."""
    tally = run_batch(0, 7, 12, "", nursery, judged=True)
    assert tally.wrong == []
    assert (tally.duplicate, tally.lost, tally.stale) == (0, 0, 0)
    assert tally.kills >= 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_runs_over_postgresql(nursery: Nursery, postgres: Cluster, seed: int):
    """The same over PostgreSQL, three times."""
    tally = run_batch(0, seed, 15, postgres.database(), nursery, judged=True)
    assert tally.wrong == []
    assert tally.reviews >= 15
