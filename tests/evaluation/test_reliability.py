import random

import pytest
from bench_values import case, run, said

from hunkwise.evaluation.outputs import entries
from hunkwise.evaluation.reliability import measure_reliability


def measured(stated, truth, count=300, seed=7):
    """Measure picks that state one thing while another is true, a pick a case."""
    drawn = random.Random(seed)
    rows = []
    for number in range(count):
        chance = drawn.random()
        human = [5] if drawn.random() < truth(chance) else [30]
        rows.append((case(number, human=human), [said(5, score=stated(chance))], []))
    return measure_reliability(entries([run(*rows)])[0].answers)


def test_kept_probabilities_have_a_small_error_and_skill():
    """Who states what is true is off by chance alone, and better than the base rate for certain."""
    found = measured(lambda chance: chance, lambda chance: chance)
    assert found.error < 0.12
    assert found.skill.low > 0
    assert sum(one.picks for one in found.bins) == found.picks == 300


def test_what_is_off_by_chance_is_told():
    """The error of true probabilities is about what is to be expected of them, over twenty draws; more picks, less."""
    few = [measured(lambda chance: chance, lambda chance: chance, seed=seed) for seed in range(20)]
    many = measured(lambda chance: chance, lambda chance: chance, count=3000)
    assert sum(one.error for one in few) / len(few) == pytest.approx(few[0].chance, rel=0.15)
    assert many.chance < 0.4 * few[0].chance


def test_base_rate_alone_has_no_error_and_no_skill():
    """An error alone can be had by always stating the base rate; the skill tells."""
    found = measured(lambda chance: 0.5, lambda chance: 0.5)
    assert found.error < 0.07
    assert found.skill.value <= 0.01


def test_overstated_probabilities_have_an_error_and_negative_skill():
    """Always stating .95 where a third is right is worse than the base rate."""
    found = measured(lambda chance: 0.95, lambda chance: 1 / 3)
    assert found.error == pytest.approx(0.95 - found.base)
    assert found.skill.high < 0


def test_picks_without_scores_have_no_reliability():
    """A tool that states nothing cannot be wrong about it."""
    assert measure_reliability(entries([run((case(human=[5]), [said(5, score=None)], []))])[0].answers) is None
