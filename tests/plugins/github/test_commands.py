"""Commands: heard where a person gives one, and nowhere else."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hunkwise.plugins.github.commands import Command, parse_command

PLAIN = [f"/hunkwise {command}" for command in Command]
MIXED = st.lists(
    st.sampled_from(
        ["/hunkwise full", "`", "```", "~~~", "> q", ">", "- a", "1. a", "  ", "    ", "<!--", "-->", "<pre>", "</pre>",
         "text", "# h", "\u00a0", "\t", "``", "- ```", "  - > a", "<details>", "</details>", "\\`", "``` x", "````"]
    ),
    max_size=9,
)  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_a_command_is_heard(text):
    """Alone, with spaces, between paragraphs, in capitals, with GitHub's line ends."""
    expected = Command(text.split()[1])
    for body in (text, f"  {text}  ", f"Please:\r\n\r\n{text}\r\n\r\nThanks", text.upper(), f"Hello\n{text}\nthere"):
        assert expected == parse_command(body)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hunkwise review",
        "/hunkwise",
        "/hunkwise reviews",
        "/hunkwise review now",
        "please /hunkwise review",
        "/hunkwise\nreview",
        "/other review",
        "//hunkwise review",
        "> /hunkwise review",
        "> words\n/hunkwise review",
        "> words\n\u00a0\n/hunkwise review",
        "- > words\n  /hunkwise review",
        "`/hunkwise review`",
        "`\n/hunkwise review\n`",
        "```\n/hunkwise review\n```",
        "```\n/hunkwise review",
        "~~~ text\n/hunkwise review\n```\n~~~",
        "````\n```\n/hunkwise review\n````",
        "- ```\n\n  /hunkwise review\n\n  ```",
        "    /hunkwise review",
        "\t/hunkwise review",
        "<!--\n/hunkwise review\n-->",
        "<!-- -- \n\n/hunkwise review",
        "<pre>\n/hunkwise review\n</pre>",
        "<details>\n\n/hunkwise review\n\n</details>",
        "<details>\n\n```\n</details>\n/hunkwise review\n```",
        "- ```\n```\n/hunkwise review",
        "- ```\nx\n  ```\n/hunkwise review\n",
        "<blockquote>\n\n/hunkwise review",
        "| /hunkwise review |\n|---|",
        "- /hunkwise review",
        "# /hunkwise review",
        "/hunkwise\u00a0review",
        "/hunkwise\u200b review",
        "/hunkwise review" + " " * 66_000,
    ],
)
def test_what_is_no_command_is_not_heard(body):
    """In quotes, code, comments of HTML and what folds or quotes, with more or less on the line, or too long."""
    assert parse_command(body) is None


def test_a_command_after_what_is_closed_is_heard():
    """A quote ends with an empty line, code with its fence."""
    for start in ("> quote\n", "```\ncode\n```", "`a` and ``b`\n", "- a\n  ```\n  code\n  ```", "~~~~\n~~~\n~~~~"):
        assert Command.PAUSE == parse_command(f"{start}\n/hunkwise pause")


def test_the_first_command_counts():
    """One comment, one command."""
    assert Command.PAUSE == parse_command("/hunkwise pause\n/hunkwise full")


def test_another_app_has_another_name():
    """Two installations do not answer to each other's name."""
    assert (Command.HELP, None) == (parse_command("/my-bot help", "my-bot"), parse_command("/hunkwise help", "my-bot"))


@settings(deadline=None)
@given(MIXED)
def test_what_is_heard_is_text_to_a_parser(lines):
    """What we hear a CommonMark parser has as text of a paragraph outside any quote, with just that on its line."""
    body = "\n".join(lines)
    if parse_command(body) is None:
        return
    depth, heard = 0, False
    for token in MarkdownIt("commonmark").parse(body):
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "inline" and not depth:
            text = "".join("\n" if one.type == "softbreak" else one.content * (one.type == "text")
                           for one in token.children)  # fmt: skip
            heard = heard or "/hunkwise full" in (line.strip() for line in text.split("\n"))
        if token.type == "html_block" and not depth:
            shown = re.sub(r"<!--.*?(-->|\Z)|<(pre|details)>.*?(</\2>|\Z)", "", token.content, flags=re.DOTALL)
            heard = heard or "/hunkwise full" in (line.strip() for line in shown.split("\n"))
    assert heard


@pytest.mark.parametrize(
    "body", ["`" * 65_000, "` `` ``` " * 7000, "<!--" * 16_000, "<pre>\n" * 10_000, "- " * 32_000, "1. " * 21_000,
             "\n> " * 20_000, " " * 65_000, "~~~\n" * 16_000, "`\n" * 32_000, "İ<pre>" * 9000]
)  # fmt: skip
def test_any_comment_is_read_at_once(body):
    """In a time that grows with its length only."""
    started = time.process_time()
    parse_command((f"{body}\n/hunkwise help")[-65_536:])
    assert time.process_time() - started < 0.5
