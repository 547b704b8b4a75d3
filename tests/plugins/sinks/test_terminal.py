"""What a developer reads."""

import dataclasses
import re
import unicodedata

import pytest

from hunkwise.core.model import Severity
from hunkwise.core.ports import RenderOptions
from hunkwise.plugins.sinks.terminal import TerminalSink

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def render(report, **options):
    return TerminalSink().render(report, RenderOptions(**{"width": 80, **options})).decode()


@pytest.mark.parametrize("name", ["realistic", "nothing-found", "nothing-looked-at", "empty", "incomplete"])
def test_it_reads_as_the_golden_file(name, make, golden):
    """Plain text at 80 columns."""
    golden(f"terminal/{name}.txt", render(make(name)).encode())


def test_explain_reads_as_the_golden_file(realistic, golden):
    """With `explain`, every held-back candidate with its reason."""
    golden("terminal/explain.txt", render(realistic, explain=True).encode())


def test_colour_reads_as_the_golden_file(realistic, golden):
    """With colour, the same text with ANSI styles."""
    golden("terminal/colour.txt", render(realistic, color=True).encode())


def test_colour_changes_no_character(report):
    """Without its styles, coloured output is the plain output."""
    coloured = "\n".join(line.rstrip() for line in ANSI.sub("", render(report, color=True)).split("\n"))
    assert coloured == render(report)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_too_wide_or_ends_in_a_space(report, width):
    """Lines fit the terminal, headers and code included."""
    from rich.cells import cell_len

    for line in render(report, width=width, explain=True, verbose=True).split("\n"):
        assert line == line.rstrip()
        assert cell_len(line) <= width


def test_hostile_text_is_inert(hostile):
    """No control, bidi or zero-width character reaches the terminal, coloured or not, except our own styles."""
    for color in (False, True):
        text = ANSI.sub("", render(hostile, color=color, explain=True, verbose=True))
        left = {c for c in text if unicodedata.category(c)[0] in "CZ"} - {"\n", " ", "\u200d"}
        assert left == set()


def test_hostile_text_adds_no_styles(hostile):
    """Markup and escapes in a message give no style that a harmless message does not give."""
    assert "[red]x[/red]" in render(hostile)
    assert "[red]x[/red]" in ANSI.sub("", render(hostile, color=True))


def test_the_environment_changes_nothing(realistic, monkeypatch):
    """NO_COLOR, TERM and COLUMNS are the command line's business, not the sink's."""
    before = render(realistic, color=True)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "20")
    assert render(realistic, color=True) == before


def test_comments_keep_the_order_of_the_report(realistic):
    """The order is the ranker's: best first."""
    places = re.findall(r"^── (\S+)", render(realistic), re.MULTILINE)
    assert places == ["src/shop/cart.py:49", "src/shop/cart.py:15", "scripts/deploy.sh:4", "src/shop/cart.py:52"]


def test_the_commented_lines_are_pointed_at(realistic):
    """Each line of the range has a pointer, and no other."""
    pointed = [line for line in render(realistic).split("\n") if line.startswith("▸")]
    assert pointed[-2:] == ["▸ 52 +         except:", "▸ 53 +             pass"]
    assert len(pointed) == 5


def test_a_complete_review_alone_is_green(report):
    """The tick stands only where lines were looked at and nothing is missing."""
    assert ("✓" in render(report)) == (
        report.description == "HEAD compared with main" and "pylint 7, ruff 7" in render(report)
    )


def test_a_long_message_is_cut_and_says_so(hostile):
    """100,000 characters do not bury the rest."""
    text = render(hostile)
    assert len(text) < 20_000
    assert "more characters in the json format" in text


def test_every_severity_has_a_style(realistic):
    """No severity makes the sink fail."""
    for severity in Severity:
        scored = realistic.comments[0].scored
        candidate = dataclasses.replace(scored.candidate, severity=severity)
        comment = dataclasses.replace(realistic.comments[0], scored=dataclasses.replace(scored, candidate=candidate))
        assert f" {severity.label} ──" in render(dataclasses.replace(realistic, comments=(comment,)), color=False)
