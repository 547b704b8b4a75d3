"""What the name of a file says about it."""

import re

from hunkwise.core.model import RepoPath

_TEST = re.compile(
    r"(?:^|/)(?:tests?|testing|__tests__|spec|specs|fixtures?|testdata)/"
    r"|(?:^|/)test_[^/]*$|(?:^|/)conftest\.py$"
    r"|[_.-](?:test|tests|spec)\.[^/.]+$|(?:^|/)[^/]*(?:Test|Tests|IT|TestCase)\.(?:java|kt|scala|cs)$"
)


def is_test(path: RepoPath) -> bool:
    """Return whether a file holds tests or what they need, by the conventions of the common languages."""
    return _TEST.search(path) is not None
