"""Markers: what we posted is known again, and what others wrote is not taken for it."""

import time
from dataclasses import replace

import pytest
from drafts import HEAD, MARKS
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hunkwise.core.model import Sha
from hunkwise.plugins.github.markers import (
    MOST_SAID,
    Mark,
    MarkKind,
    Marks,
    find_mark,
    hidden,
    identity,
    plain,
    read_mark,
)

FINGERPRINT = "0123456789abcdef"
COMMENT = Mark(kind=MarkKind.COMMENT, key=FINGERPRINT, head=HEAD, by=("ruff", "pylint"))
REVIEW = Mark(kind=MarkKind.REVIEW, key="c0ffee00", head=HEAD, is_complete=True, said=(FINGERPRINT, "f" * 32))
DIGITS = st.text("0123456789abcdef", min_size=8, max_size=32)
MARK = st.builds(
    Mark,
    kind=st.sampled_from(MarkKind),
    key=st.just("") | DIGITS,
    head=st.none() | st.text("0123456789abcdef", min_size=40, max_size=40).map(Sha),
    is_complete=st.booleans(),
    by=st.lists(st.sampled_from(["ruff", "pylint", "detect-secrets", "ast_grep"]), max_size=6).map(tuple),
    said=st.lists(DIGITS, max_size=5).map(tuple),
)


@settings(deadline=None)
@given(MARK, st.text(), st.booleans())
def test_what_was_marked_is_read(mark, text, is_signed):
    """The same comes back from behind any text, with a key and without."""
    marks = MARKS if is_signed else replace(MARKS, key=b"")
    assert mark == find_mark(marks, mark.kind, f"{text}\n\n{hidden(marks, mark)}")
    assert mark == find_mark(marks, mark.kind, f"{text}\r\n{hidden(marks, mark)}  \r\nand what a person added")
    assert mark == read_mark(marks, mark.kind, plain(marks, mark))


def test_it_is_hidden():
    """A Markdown parser sees one comment of HTML and no text."""
    tokens = MarkdownIt("commonmark").parse(f"Words.\n\n{hidden(MARKS, REVIEW)}")
    assert ["paragraph_open", "inline", "paragraph_close", "html_block"] == [token.type for token in tokens]


@pytest.mark.parametrize("at", range(0, 260, 7))
def test_a_changed_marker_is_none(at):
    """One other character anywhere and the signature is wrong, or it is no marker."""
    text = hidden(MARKS, COMMENT)
    at %= len(text)
    changed = text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]
    assert find_mark(MARKS, MarkKind.COMMENT, changed) is None


@pytest.mark.parametrize(
    "others",
    [
        replace(MARKS, repository="octo/other"),
        replace(MARKS, number=8),
        replace(MARKS, app="another"),
        replace(MARKS, key=b"another key"),
        replace(MARKS, key=b""),
    ],
    ids=["repository", "number", "app", "key", "unsigned"],
)
def test_a_marker_of_elsewhere_is_none(others):
    """It is bound to the repository, the pull request, the app and the key."""
    assert find_mark(MARKS, MarkKind.COMMENT, hidden(others, COMMENT)) is None


def test_a_marker_is_of_one_kind():
    """A comment's marker does not make a review."""
    assert find_mark(MARKS, MarkKind.REVIEW, hidden(MARKS, COMMENT)) is None


def test_the_repositorys_case_does_not_count():
    """GitHub keeps it, and does not tell names apart by it."""
    assert find_mark(replace(MARKS, repository="Octo/App"), MarkKind.COMMENT, hidden(MARKS, COMMENT)) == COMMENT


def test_an_old_key_still_proves():
    """So that a new key does not make the bot repeat itself."""
    rotated = replace(MARKS, key=b"new", old_keys=(MARKS.key,))
    assert find_mark(rotated, MarkKind.COMMENT, hidden(MARKS, COMMENT)) == COMMENT


def test_a_marker_counts_on_its_own_line_only():
    """Quoted, in a list, in a span of code, or with words behind it, it is text."""
    marker = hidden(MARKS, COMMENT)
    for text in (f"> {marker}", f"- {marker}", f"`{marker}`", f"    {marker}", f"{marker} x", marker.upper()):
        assert find_mark(MARKS, MarkKind.COMMENT, text) is None


def test_the_last_marker_counts():
    """What is quoted in a comment stands before our own marker."""
    unsigned = replace(MARKS, key=b"")
    forged = hidden(unsigned, replace(COMMENT, key="f" * 16))
    assert find_mark(unsigned, MarkKind.COMMENT, f"```\n{forged}\n```\n\n{hidden(unsigned, COMMENT)}") == COMMENT


def test_odd_values_are_hashed_or_left_out():
    """A report of a stranger's cannot end the comment of HTML, nor name what is no tool."""
    odd = Mark(kind=MarkKind.COMMENT, key="x --> @all", head=Sha("HEAD -->"), by=("ruff", "x --> y"), said=("-->",))
    found = find_mark(MARKS, MarkKind.COMMENT, hidden(MARKS, odd))
    assert (identity("x --> @all"), None, (), (identity("-->"),)) == (
        found.key,
        found.head,
        found.by,
        found.said,
    )
    assert hidden(MARKS, odd).count("-->") == 1


def test_what_was_said_is_capped():
    """A marker lists so many fingerprints and no more, and is read back."""
    many = replace(REVIEW, said=tuple(f"{number:032x}" for number in range(2 * MOST_SAID)))
    found = find_mark(MARKS, MarkKind.REVIEW, hidden(MARKS, many))
    assert found is not None and many.said[:MOST_SAID] == found.said


@pytest.mark.parametrize("name", ["", "Hunkwise", "a--b", "a b", "-a", "x" * 40, "a\n"])
def test_an_app_has_a_plain_name(name):
    """Else it could not stand in a comment of HTML."""
    with pytest.raises(ValueError, match="no name for markers"):
        Marks(repository="o/r", number=1, app=name)


@pytest.mark.parametrize(
    "junk",
    [
        "<!-- hunkwise:1 " * 4096,
        "\n<!-- hunkwise:1 review" * 3000,
        "<!-- hunkwise:1 comment app=hunkwise head=" + "a" * 65_000,
        "<!-- hunkwise:1 review app=hunkwise head=none key=none complete=0 by=none said=" + "0," * 32_000 + " -->",
        "<!--" * 16_000,
        "\r" * 65_536,
    ],
    ids=["one line", "many lines", "long head", "long list", "open comments", "returns"],
)
def test_junk_costs_little(junk):
    """Whatever a body holds, it is looked through in far less than a second."""
    started = time.process_time()
    assert find_mark(MARKS, MarkKind.REVIEW, junk) is None
    assert time.process_time() - started < 0.5
