"""The names in a diff's headers."""

import pytest

from hunkwise.core.diff_names import checked_path, header_name, split_git_header, strip_prefixes, unquote
from hunkwise.core.errors import DiffError


@pytest.mark.parametrize(
    ("quoted", "name"),
    [
        ("plain.py", "plain.py"),
        (r'"tab\there.py"', "tab\there.py"),
        (r'"a\nb\"c\\d\001"', 'a\nb"c\\d\x01'),
        (r'"\303\244.py"', "ä.py"),
        (r'"lat\351.py"', "lat\udce9.py"),
        ('"half', '"half'),
    ],
)
def test_quoting_is_undone(quoted: str, name: str) -> None:
    """A name in git's C quotes comes out as its bytes, those outside UTF-8 as surrogates; others stay."""
    assert unquote(quoted) == name


def test_a_timestamp_ends_the_name() -> None:
    """What `diff -u` writes after a tab is no part of the name, and the epoch means that the file is not there."""
    assert header_name("old/x y.py\t2024-01-02 03:04:05.000000000 +0000") == ("old/x y.py", False)
    assert header_name("old/x.py\t1970-01-01 00:00:00.000000000 +0000") == ("old/x.py", True)


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("a/x.py b/x.py", ("a/x.py", "b/x.py")),
        ("a/x y b/x y", ("a/x y", "b/x y")),
        ("a/b b/x b/b b/x", ("a/b b/x", "b/b b/x")),
        (r'"a/t\tb" "b/t\tb"', ("a/t\tb", "b/t\tb")),
        (r'a/plain "b/t\tb"', ("a/plain", "b/t\tb")),
        ("src/x.py src/x.py", ("src/x.py", "src/x.py")),
        ("a/old.py b/new.py", ("a/old.py", "b/new.py")),
    ],
)
def test_a_git_header_is_split(header: str, names: tuple[str, str]) -> None:
    """The two names of `diff --git` are told apart although names may hold spaces."""
    assert split_git_header(header) == names


@pytest.mark.parametrize(
    ("given", "stripped"),
    [
        (("a/x", "b/x"), ("x", "x")),
        (("i/x", "w/x"), ("x", "x")),
        (("a/x", "a/x"), ("a/x", "a/x")),
        (("/dev/null", "b/x"), ("/dev/null", "x")),
        (("old/pkg/x", "new/pkg/x"), ("pkg/x", "pkg/x")),
        (("x.orig", "x"), ("x.orig", "x")),
    ],
)
def test_prefixes_are_taken_off(given: tuple[str, str], stripped: tuple[str, str]) -> None:
    """Pairs of prefixes go, a directory that is really called `a` stays."""
    assert strip_prefixes(*given) == stripped


@pytest.mark.parametrize("name", ["../x", "a/../../x", "", "a//x", "x\0y"])
def test_a_name_outside_the_repository_is_refused(name: str) -> None:
    """No header can name a file outside the repository."""
    with pytest.raises(DiffError, match="line 7"):
        checked_path(name, 7)
