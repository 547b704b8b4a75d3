"""The oldest Python that a project supports."""

import re

from hunkwise.core.model import RepoPath, Side, Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.core.toml import read_toml

PROJECT = RepoPath("pyproject.toml")


def oldest_minor(inputs: AnalyzerInputs) -> int | None:
    """Return N of the 3.N that `requires-python` of the project starts from, by the base for a foreign change."""
    side = Side.BASE if inputs.trust is Trust.FOREIGN else Side.HEAD
    try:
        project = read_toml(inputs.workspace.read(PROJECT, side)).get("project")
    except (FileNotFoundError, ValueError):
        return None
    wanted = project.get("requires-python") if isinstance(project, dict) else None
    lowest = re.search(r"(?:>=|~=|==)\s*3\.([0-9]{1,3})", wanted) if isinstance(wanted, str) else None
    return int(lowest[1]) if lowest else None
