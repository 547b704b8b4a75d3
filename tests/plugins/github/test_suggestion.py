"""Suggestions: GitHub applies them to just the lines that they were tried on, or they are only shown."""

import pytest
from drafts import comment, finding, fixable, report
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hunkwise.core.model import RepoPath, Side
from hunkwise.plugins.github.places import Anchor
from hunkwise.plugins.github.suggestion import suggestion_block, suggestion_preview

A = RepoPath("a.py")


def block(one, where=None):
    own = one.scored.candidate.location
    start = own.start if own.end and own.end > own.start else None
    return suggestion_block(one, where or Anchor(path=A, line=own.end or own.start, start=start), report().change)


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("`~ax /-<>"), max_size=8), min_size=1, max_size=4))
def test_the_block_holds_the_lines(lines):
    """A parser finds one block with just these lines, whatever backticks are in them."""
    text = "\n".join(lines)
    made = block(comment(fixable(), suggestion=text + "\n"))
    if not made:
        return
    tokens = MarkdownIt("commonmark").parse(f"{made}\n\nend")
    assert ["fence", "paragraph_open", "inline", "paragraph_close"] == [token.type for token in tokens]
    assert ("suggestion", text + "\n") == (tokens[0].info, tokens[0].content)


def test_an_empty_suggestion_removes_the_lines():
    """A block with nothing in it is GitHub's way to say so."""
    assert "```suggestion\n```" == block(comment(fixable(line=5, end=6), suggestion=""))


@pytest.mark.parametrize(
    ("one", "where"),
    [
        (comment(fixable(), suggestion="new 5\n"), None),
        (comment(fixable(), suggestion=None), None),
        (comment(finding(), suggestion="x\n"), None),
        (comment(fixable(line=5, end=6), suggestion="x\n"), Anchor(path=A, line=5)),
        (comment(fixable(line=5), suggestion="x\n"), Anchor(path=A, line=6, start=5)),
        (comment(fixable(line=5), suggestion="x\n"), Anchor(path=A)),
        (comment(fixable(line=5), suggestion="x\n"), Anchor(path=RepoPath("b.py"), line=5)),
        (comment(fixable(line=30, side=Side.BASE), suggestion="x\n"), Anchor(path=A, line=30, side=Side.BASE)),
        (comment(fixable(line=15), suggestion="x\n"), Anchor(path=A, line=15)),
        (comment(fixable(), suggestion="x" * 10_001), None),
        (comment(fixable(), suggestion="x" * 5_000), None),
    ],
    ids=[
        "no change",
        "none",
        "no tool's fix",
        "shorter",
        "longer",
        "file",
        "other file",
        "base",
        "off",
        "long",
        "line",
    ],
)
def test_what_would_not_be_just_the_fix_is_no_block(one, where):
    """It must change just the lines of the comment, on the right side, all of them shown, and come from a tool."""
    assert "" == block(one, where)


@pytest.mark.parametrize(
    "line",
    ["/approve", "  /merge now", "@dependabot merge", "x\u202ey", "x\u200by", "x\ry", "x\x1by", "\U000e0041",
     "<!-- hunkwise:1 comment -->", "k = 'ghs_" + "a" * 40 + "'"],
)  # fmt: skip
def test_a_line_that_hides_or_commands_is_no_block(line):
    """It is shown as a diff in which it does neither."""
    one = comment(fixable(), suggestion=f"{line}\n")
    assert "" == block(one)
    shown = suggestion_preview(one, report().change)
    assert shown.startswith("```diff\n-new 5\n+") and line.strip() not in shown.split("\n")


def test_no_line_of_a_private_key_is_shown():
    """The first line tells that the others are one."""
    key = "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKC\n-----END PRIVATE KEY-----\nx = 1\n"
    one = comment(fixable(), suggestion=key)
    assert "" == block(one)
    assert "```diff\n-new 5\n+…\n+x = 1\n```" == suggestion_preview(one, report().change)


@pytest.mark.parametrize("line", ["@app.route('/x')", "@property", "x = a / b", "//comment", "return /re/.test(x)"])
def test_plain_code_is_a_block(line):
    """Decorators, divisions and patterns command nobody."""
    assert f"```suggestion\n{line}\n```" == block(comment(fixable(), suggestion=f"{line}\n"))
