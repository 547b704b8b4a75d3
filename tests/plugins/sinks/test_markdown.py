"""Markdown, as a CommonMark parser that is not ours reads it."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hunkwise.core.ports import RenderOptions
from hunkwise.plugins.escaping import code_span, escape, fence
from hunkwise.plugins.sinks.markdown import MarkdownSink

OURS = {"<sub>", "</sub>", "<details><summary>What was reviewed</summary>", "</details>", "<!-- -->"}
HOSTILE = st.text(st.sampled_from("`*_[]()<>!&#@|~\\-+.:/=$ \t1ax\n\x1b\u202e\ud800"), max_size=30)


def render(report, **options):
    return MarkdownSink().render(report, RenderOptions(**options)).decode()


def parse(text):
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def flat(tokens):
    for token in tokens:
        yield token
        yield from flat(token.children or ())


def shown(text):
    """What a reader sees of Markdown text, white space aside."""
    parts = [token.content for token in flat(parse(text)) if token.type in ("text", "code_inline", "text_special")]
    return "".join("".join(parts).split())


@pytest.mark.parametrize("name", ["realistic", "nothing-found", "incomplete"])
def test_it_reads_as_the_golden_file(name, make, golden):
    """As it is written for a pull request."""
    golden(f"markdown/{name}.md", render(make(name)).encode())


def test_explain_shows_what_was_held_back(realistic, golden):
    """With `explain`, a folded list for each decision."""
    golden("markdown/explain.md", render(realistic, explain=True).encode())


def test_hostile_text_brings_no_markup(hostile):
    """All HTML is our own, and there is no link, image, table or emphasis beyond our bold labels."""
    tokens = list(flat(parse(render(hostile, explain=True))))
    found = {token.content.strip() for token in tokens if token.type in ("html_inline", "html_block")}
    assert {one for one in found if not one.startswith("<details><summary>Held back: ")} <= OURS
    assert {token.type for token in tokens} & {"link_open", "image", "table_open", "em_open", "s_open"} == set()


def test_hostile_text_mentions_nobody(hostile):
    """No @name and no #number stands in running text, where GitHub would make it a link."""
    for token in flat(parse(render(hostile, explain=True))):
        if token.type == "text":
            assert not re.search(r"[@#]\w|\w://\w", token.content)


@given(HOSTILE)
def test_escaped_text_reads_as_it_was(text):
    """A CommonMark parser gives back the characters, control characters as escapes, and no structure."""
    from hunkwise.core.text import printable

    escaped = escape(text)
    types = {token.type for token in flat(parse(escaped))}
    assert types <= {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
        "text_special",
        "code_inline",
        "softbreak",
        "hardbreak",
        "html_inline",
    }
    assert {t.content for t in flat(parse(escaped)) if t.type == "html_inline"} <= {"<!-- -->"}
    expected = "".join(printable(text, keep="\n").split())
    assert shown(escaped).replace("`", "") == expected.replace("`", "")


@given(HOSTILE.filter(str.strip))
def test_a_code_span_holds_any_text(text):
    """Whatever backticks are in it."""
    from hunkwise.core.text import printable

    inner = [token for token in flat(parse(f"x {code_span(text)} y")) if token.type == "code_inline"]
    assert [token.content.strip() for token in inner] == [printable(text).strip()]


@given(st.lists(HOSTILE, max_size=4))
def test_a_fence_holds_any_lines(lines):
    """No line can end the block."""
    tokens = parse(f"{fence(lines, 'diff')}\n\nend")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]


def test_code_between_backticks_stays_code():
    """Tools write names that way."""
    assert escape("Do not use `x[0]*` or *y*") == "Do not use `x[0]*` or \\*y\\*"


def test_html_shows_as_text():
    """Entities, since not every renderer knows a backslash before `<`."""
    assert escape("<b>&amp;</b>") == "&lt;b&gt;&amp;amp;&lt;/b&gt;"
    assert html.unescape(escape("a < b")) == "a < b"


def test_a_long_message_is_cut(hostile):
    """A comment on GitHub may have 65,536 characters."""
    assert len(render(hostile)) < 30_000
