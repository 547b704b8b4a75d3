import inspect
import re
from pathlib import Path

import pytest

from hunkwise.plugins import hookspecs
from hunkwise.plugins.shapes import PORTS, ports_of

ROOT = Path(__file__).parents[2]
SPECS = {name: value for name, value in vars(hookspecs).items() if name.startswith("hunkwise_")}


def test_every_hook_has_its_protocols():
    """The table of protocols knows every hook and no other."""
    assert set(PORTS) == set(SPECS)


@pytest.mark.parametrize("hook", SPECS)
def test_a_hook_returns_what_the_table_says(hook):
    """The annotation of a hook names the very protocols that its objects are checked against."""
    annotation = inspect.signature(SPECS[hook]).return_annotation
    assert annotation == f"Sequence[{' | '.join(port.__name__ for port in ports_of(hook))}]"


@pytest.mark.parametrize("hook", SPECS)
def test_a_hook_is_documented_with_its_exact_arguments(hook):
    """The reference has a heading for each hook with its exact signature, and says what it is for."""
    text = (ROOT / "docs/reference/hooks.md").read_text()
    arguments = ", ".join(inspect.signature(SPECS[hook]).parameters)
    assert re.findall(rf"^## `{hook}\((.*)\)`$", text, re.MULTILINE) == [arguments]
    for line in inspect.getdoc(SPECS[hook]).splitlines():
        assert line in text
