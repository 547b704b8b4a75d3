"""What the name of a file says about it."""

import re

from hunkwise.core.model import RepoPath

_TEST = re.compile(
    r"^t/|(?:^|/)(?:tests?|testing|__tests__|spec|specs|fixtures?|testdata)/"
    r"|(?:^|/)test_[^/]*$|(?:^|/)conftest\.py$"
    r"|[_.-](?:test|tests|spec)\.[^/.]+$|(?:^|/)[^/]*(?:Test|Tests|IT|TestCase)\.(?:java|kt|scala|cs)$"
)

_TEST_DATA = re.compile(
    r"(?:^|/)(?:testdata|test-data|test_data|__fixtures__|__snapshots__|golden)/"
    r"|(?:^|/)(?:tests?|specs?|__tests__|e2e)/(?:[^/]+/)*(?:data|samples?|snapshots?|cases|resources)/"
    r"|(?:^|/)fixtures?/(?:[^/]+/)*[^/]+(?<!\.py)$"
)


def is_test(path: RepoPath) -> bool:
    """Return whether a file holds tests or what they need, by the conventions of the common languages."""
    return _TEST.search(path) is not None


def is_test_data(path: RepoPath) -> bool:
    """Return whether a file is what tests read rather than run: often odd on purpose.

    Python files under `fixtures/` are not counted: pytest's fixtures are code.
    """
    return _TEST_DATA.search(path) is not None
