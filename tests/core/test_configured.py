"""The file that configures a tool is found in the repository."""

import pytest

from hunkwise.core.configured import in_ini, in_toml, own_configuration
from hunkwise.core.model import Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.testing import FakeWorkspace

SHARED = (("pyproject.toml", in_toml("lint")), ("setup.cfg", in_ini(lambda section: section.startswith("lint"))))


def found(files, trust=Trust.OWN):
    with FakeWorkspace(files) as workspace:
        return own_configuration(AnalyzerInputs(workspace=workspace, trust=trust), (".lintrc",), SHARED)


def test_the_tools_own_file_goes_before_a_shared_one():
    """A shared file counts where the tool has none of its own."""
    assert found({".lintrc": "", "pyproject.toml": "[tool.lint]\n"}) == ".lintrc"
    assert found({"pyproject.toml": "[tool.lint]\n", "setup.cfg": "[lint:x]\n"}) == "pyproject.toml"
    assert found({"setup.cfg": "[lint:x]\na = 1\n"}) == "setup.cfg"


@pytest.mark.parametrize("text", ["", "[tool.other]\n", "tool = 3\n", "= broken", "[tool", "a = " + "[" * 9999])
def test_a_shared_file_without_a_section_does_not_count(text):
    """Nor does one that cannot be read."""
    assert found({"pyproject.toml": text, "setup.cfg": text}) == ""


def test_a_foreign_change_configures_nothing():
    """Its files are not looked at."""
    assert found({".lintrc": ""}, Trust.FOREIGN) == ""
