"""What a file is for is told by its name."""

import pytest

from hunkwise.core.names import is_test


@pytest.mark.parametrize(
    "path", ["tests/a.py", "src/x/test_a.py", "t/unit/app.py", "src/test/java/AIT.java", "a.spec.ts"]
)
def test_test_code_is_known_by_its_place_or_its_name(path):
    """The conventions of the common languages count, the folder `t` in the root included."""
    assert is_test(path)


@pytest.mark.parametrize("path", ["src/t/a.py", "app/latest.py", "testimony.py", "contest/a.java"])
def test_other_code_is_no_test(path):
    """A name that only contains the word is not meant."""
    assert not is_test(path)
