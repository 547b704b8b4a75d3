import pytest

from hunkwise.core.model import Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.core.python_version import oldest_minor
from hunkwise.testing import FakeWorkspace


def project(wanted):
    return {"pyproject.toml": f"[project]\nrequires-python = {wanted}\n"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [('">=3.9"', 9), ('"~=3.11"', 11), ('">= 3.8, <4"', 8), ('"<4"', None), ("3", None), ("[", None)],
)
def test_the_project_says_from_which_python_on(wanted, expected):
    """The lower bound of `requires-python` counts; what is none, or cannot be read, says nothing."""
    with FakeWorkspace(project(wanted)) as workspace:
        assert oldest_minor(AnalyzerInputs(workspace=workspace, trust=Trust.OWN)) == expected


def test_a_foreign_change_does_not_move_it():
    """For a foreign change the base says it."""
    with FakeWorkspace(project('">=3.14"'), project('">=3.9"')) as workspace:
        assert oldest_minor(AnalyzerInputs(workspace=workspace, trust=Trust.FOREIGN)) == 9
    with FakeWorkspace(project('">=3.14"')) as workspace:
        assert oldest_minor(AnalyzerInputs(workspace=workspace, trust=Trust.FOREIGN)) is None
