from importlib.metadata import entry_points

import pytest

from hunkwise.testing import check_plugin

BUILT_IN = [point for point in entry_points(group="hunkwise") if point.dist and point.dist.name == "hunkwise"]


@pytest.mark.parametrize("point", BUILT_IN, ids=lambda point: point.name)
def test_what_is_built_in_passes_the_kit(point):
    """Our own plugins keep the rules that the conformance kit checks for strangers."""
    assert check_plugin(point.load())
