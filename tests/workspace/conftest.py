"""A repository with a feature branch, a way to compare in it, and a place for a confined tool."""

import sys
from pathlib import Path

import pytest

from hunkwise.workspace.comparison import Comparison, compare, look

sys.path.append(str(Path(__file__).parent))

from confined import Place, open_folder


@pytest.fixture
def place():
    """Return a place for a confined tool."""
    with open_folder() as folder:
        yield Place(folder)


@pytest.fixture
def ask(request: pytest.FixtureRequest):
    """Compare in a directory, and close the workspace afterwards."""

    def call(path, base=None, head=None, *, staged=False, working=False) -> Comparison:
        comparison = compare(look(str(path)), base, head, staged=staged, working=working)
        request.addfinalizer(comparison.workspace().close)
        return comparison

    return call


@pytest.fixture
def feature(repo):
    """A branch `feature` with one commit, off a `main` that went on."""
    repo.write("base.py", "a\n")
    repo.start = repo.commit()
    repo.git("checkout", "-q", "-b", "feature")
    repo.write("new.py", "a\n")
    repo.tip = repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("later.py", "later\n")
    repo.commit()
    repo.git("checkout", "-q", "feature")
    return repo
