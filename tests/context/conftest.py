"""What the tests of context share."""

import sys
from pathlib import Path

import pytest

from hunkwise.context.parsed_outlines import ParsedOutlines
from hunkwise.context.pool import WorkerPool

sys.path.insert(0, str(Path(__file__).parent))

from reviews import open_review


@pytest.fixture(scope="session")
def pool():
    """Return workers that are started once."""
    pool = WorkerPool(1)
    yield pool
    pool.close()


@pytest.fixture
def outlines_of():
    """Return a function that opens the outlines of a workspace; they are closed after the test."""
    opened = []

    def open_outlines(workspace, **options):
        opened.append(ParsedOutlines(workspace, workers=1, **options))
        return opened[-1]

    yield open_outlines
    for one in opened:
        one.close()


@pytest.fixture
def review(repo):
    """Return a function that opens a change from texts before and after; it is closed after the test."""
    opened = []

    def call(before, after):
        opened.append(open_review(repo, before, after))
        return opened[-1]

    yield call
    for one in opened:
        one.outlines.close()
        one.workspace.close()
