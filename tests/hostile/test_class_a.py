"""Configuration that is code: it fires outside, and neither in a sandbox nor through our own calls."""

import pytest
from code_recipes import NOT_HONOURED, RECIPES
from trap import TIERS, by_id, fire_inside, fire_outside, fire_through_us


@pytest.mark.tools
@pytest.mark.parametrize("recipe", by_id(RECIPES))
def test_it_fires_outside(recipe):
    """The control: as an ordinary user, the obvious call runs the hostile code; or the tool no longer honours it."""
    fired, said = fire_outside(recipe)
    expected = set() if recipe.id in NOT_HONOURED else recipe.fires
    assert fired - {"secret"} == expected, said


@pytest.mark.tools
@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("recipe", by_id(one for one in RECIPES if one.id not in NOT_HONOURED))
def test_it_is_inert_in_the_sandbox(recipe, tier):
    """The same call, honoured: the code runs, as it can write to the scratch directory, and does nothing else."""
    assert fire_inside(recipe, tier) == (set(), True)


@pytest.mark.tools
@pytest.mark.parametrize("recipe", by_id(RECIPES))
def test_our_calls_do_not_honour_it(recipe):
    """By its options alone, the call that we make on a foreign change runs none of it; the file is still looked at."""
    fired, outcome = fire_through_us(recipe)
    assert fired == set()
    assert (outcome.state.value, outcome.reason) == ("reviewed", "")
