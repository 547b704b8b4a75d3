"""Texts of bounded length: only items give way, and the reader is told."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hunkwise.plugins.github.fitting import Section, characters, fit, octets

ITEMS = st.lists(st.text("aé😀", max_size=40).map("- {}".format), max_size=12).map(tuple)
SECTIONS = st.lists(
    st.builds(
        Section, title=st.just("Title"), items=ITEMS, order=st.integers(0, 3), is_folded=st.booleans()
    ),
    max_size=4,
)  # fmt: skip


@settings(deadline=None)
@given(SECTIONS, st.integers(500, 900), st.sampled_from([characters, octets]))
def test_a_text_is_never_too_long(sections, most, size):
    """In its own measure, and what is left out is counted."""
    text = fit("head", sections, "tail", most=most, size=size)
    assert size(text) <= most
    assert text.startswith("head") and text.endswith("tail")
    shown = sum(line.startswith("- ") and "left out" not in line for line in text.split("\n"))
    left = sum(int(line.split()[3]) for line in text.split("\n") if "left out for length" in line)
    assert sum(len(section.items) for section in sections) == shown + left


def test_what_matters_least_gives_way_first():
    """Sections stay in their places, whatever their order."""
    sections = [Section(title="B", items=("- b" * 9,) * 9, order=2), Section(title="A", items=("- a" * 9,) * 9)]
    text = fit("", sections, "", most=400)
    assert 9 == text.count("- a" * 9) and "**B**\n\n- b" in text and "… and" in text
    assert text.index("**B**") < text.index("**A**")


def test_an_empty_section_is_not_shown():
    """Nor are the blank lines around it."""
    assert "head\n\ntail" == fit("head", [Section(title="A", items=())], "tail", most=100)
