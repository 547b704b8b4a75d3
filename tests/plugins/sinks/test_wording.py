"""What a comment says in words."""

from dataclasses import replace

import pytest

from hunkwise.core.model import Finding, Location, RepoPath
from hunkwise.plugins.sinks.wording import (
    explained,
    say_message,
    say_place,
    say_reasons,
    say_rule,
    say_sources,
    shorten,
    web_url,
)

HERE = Location(path=RepoPath("a.py"), start=1)


def with_sources(report, *sources):
    comment = report.comments[0]
    candidate = replace(comment.scored.candidate, sources=sources)
    return replace(comment, scored=replace(comment.scored, candidate=candidate))


def source(tool, rule, url=""):
    return Finding(tool=tool, rule=rule, message="m", location=HERE, url=url)


@pytest.mark.parametrize(
    ("sources", "text"),
    [
        ([("ruff", "B006")], "ruff B006"),
        ([("pylint", "W0102"), ("ruff", "B006")], "pylint W0102, ruff B006 agree"),
        ([("ruff", "B006"), ("ruff", "B008"), ("ruff", "B006")], "ruff B006, B008"),
        ([("model", "")], "model"),
    ],
)
def test_sources_are_named_once_and_agree_if_they_are_two(sources, text, realistic):
    """Two rules of one tool are not an agreement."""
    assert say_sources(with_sources(realistic, *(source(*one) for one in sources))) == text


def test_reasons_are_one_line(realistic):
    """Sources, probability, why."""
    assert say_reasons(realistic.comments[1]) == "pylint W0102, ruff B006 agree · 0.62 · new parameter, medium severity"


def test_a_message_falls_back_to_its_rule(hostile):
    """A tool that says nothing leaves no empty comment."""
    assert say_message(hostile.comments[2]) == "t r"


@pytest.mark.parametrize(
    ("start", "end", "text"), [(None, None, "a.py"), (3, None, "a.py:3"), (3, 3, "a.py:3"), (3, 5, "a.py:3-5")]
)
def test_a_place_is_path_and_lines(start, end, text):
    """Without a line it is the file."""
    assert say_place(Location(path=RepoPath("a.py"), start=start, end=end)) == text


def test_a_rule_is_named_by_its_first_source(realistic):
    """Tool and rule."""
    assert say_rule(realistic.comments[1].scored.candidate) == "pylint/W0102"


@pytest.mark.parametrize(
    ("url", "passes"),
    [
        ("https://docs.example/rules/x#y?z=1", True),
        ("http://docs.example", True),
        ("javascript:alert(1)", False),
        ("https://a.example/\x1b", False),
        ('https://a.example/"onclick=', False),
        ("https://user@evil.example/", False),
    ],
)
def test_only_plain_web_addresses_are_links(url, passes, realistic):
    """What else a tool gives as a URL is not passed on."""
    assert web_url(with_sources(realistic, source("t", "r", url)).scored.candidate) == (url if passes else "")


def test_what_is_held_back_is_explained_in_one_line(realistic):
    """Where, by whom, how likely, what, and why it is not said."""
    assert explained(realistic.comments[5]) == (
        "src/shop/mail.py:5 · pylint C0116 · 0.08 · Missing function or method docstring"
        " — 0.08 is below the floor of 0.20"
    )


def test_shortened_text_has_at_most_that_many_characters():
    """The ellipsis included."""
    assert (shorten("abcdef", 4), shorten("abcd", 4)) == ("abc…", "abcd")
