"""Options of the test run."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`: write what the code gives into tests/golden instead of failing."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the files under tests/golden")
