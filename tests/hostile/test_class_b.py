"""Configuration that reaches out: what it reads, fetches or writes outside, it does not in a sandbox or through us."""

import pytest
from reach_recipes import HARMLESS, REACH
from trap import TIERS, by_id, fire_inside, fire_outside, fire_through_us


@pytest.mark.tools
@pytest.mark.parametrize("recipe", by_id(REACH))
def test_it_reaches_out_outside(recipe):
    """The control: the obvious call reads, fetches or writes; or the tool that is pinned no longer does."""
    fired, said = fire_outside(recipe)
    assert fired == (set() if recipe.id in HARMLESS else recipe.fires), said


@pytest.mark.tools
@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("recipe", by_id(one for one in REACH if one.id not in HARMLESS))
def test_it_reaches_nothing_in_the_sandbox(recipe, tier):
    """The same call, honoured: nothing of the secret is said, nobody is called, nothing is written."""
    fired, _ = fire_inside(recipe, tier)
    assert fired == set()


@pytest.mark.tools
@pytest.mark.parametrize("recipe", by_id(REACH))
def test_our_calls_reach_nothing(recipe):
    """Even with the hostile file in the base, the call that we make reaches nothing, and the file is looked at."""
    fired, outcome = fire_through_us(recipe)
    assert fired == set()
    assert outcome.state.value == "reviewed"
    assert outcome.findings
