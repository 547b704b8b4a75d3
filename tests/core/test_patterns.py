"""Gitignore patterns that cost no more than they must."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from hunkwise.core.model import RepoPath
from hunkwise.core.patterns import Patterns


@pytest.mark.parametrize("pattern", ["*a" * 30 + "b", "*[ab]" * 30 + "c", "*a?" * 30 + "b", "**/" + "*a" * 30 + "b"])
def test_many_stars_are_matched_at_once(pattern):
    """A name of one letter, which a change may bring, does not meet its match in a pattern with many stars."""
    started = time.monotonic()
    assert not Patterns([pattern]).match(RepoPath("d/" * 20 + "a" * 200 + ".py"))
    assert time.monotonic() - started < 1


PART = st.text("ab*?./", min_size=1, max_size=8)


@given(pattern=PART, path=st.text("ab./", min_size=1, max_size=8))
@settings(deadline=None, max_examples=300)
def test_what_matches_is_what_pathspec_matches(pattern, path):
    """The faster expression means the same as the one that it was made of."""
    try:
        expected = GitIgnoreSpec.from_lines([pattern]).match_file(path)
    except ValueError:
        return
    assert Patterns([pattern]).match(RepoPath(path)) == expected
