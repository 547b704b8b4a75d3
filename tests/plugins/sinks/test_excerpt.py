"""The lines of the diff around a comment."""

from dataclasses import replace

import pytest

from hunkwise.core.model import Location, Side
from hunkwise.plugins.sinks.excerpt import anchor, excerpt, line_text, replaced_lines, suggestion_diff, target


def candidate_of(report, number=0):
    return report.comments[number].scored.candidate


def test_it_shows_two_lines_around_the_commented_one(realistic):
    """With their own numbers and marks, the commented one meant."""
    shown = excerpt(realistic.change, candidate_of(realistic))
    assert [(line.number, line.mark, line.is_meant) for line in shown.lines] == [
        (48, " ", False),
        (48, "-", False),
        (49, "+", True),
        (50, "+", False),
        (51, "+", False),
    ]


def test_a_long_range_is_shown_around_its_place(realistic):
    """A finding about a whole class shows the line that takes the comment, and says that there is more."""
    candidate = candidate_of(realistic, 1)
    whole = replace(candidate, location=replace(candidate.location, start=12, end=200))
    shown = excerpt(realistic.change, whole)
    assert len(shown.lines) == 5
    assert shown.has_more


def test_off_the_diff_it_shows_the_line_where_known(realistic):
    """Without a hunk, only `code` can be shown."""
    candidate = replace(candidate_of(realistic, 7), code="class Cart:")
    assert [(line.number, line.text) for line in excerpt(realistic.change, candidate).lines] == [(2, "class Cart:")]
    assert excerpt(realistic.change, replace(candidate, code="")).lines == ()


def test_a_finding_on_removed_lines_is_meant_by_their_old_numbers(realistic):
    """Numbers of the base do not mark lines of the head."""
    candidate = candidate_of(realistic)
    where = Location(path=candidate.location.path, side=Side.BASE, start=48)
    shown = excerpt(realistic.change, replace(candidate, location=where, place=None))
    assert [(line.number, line.mark) for line in shown.lines if line.is_meant] == [(48, "-")]


def test_a_program_marks_the_range_that_begins_at_the_place(realistic):
    """Else the place alone, so that the comment is on the diff."""
    candidate = candidate_of(realistic)
    assert target(candidate) == candidate.location
    earlier = replace(candidate, location=replace(candidate.location, start=40))
    assert target(earlier) == anchor(candidate)


def test_a_program_is_not_given_lines_of_the_base(hostile):
    """Formats that know only the new version get the file."""
    where = target(candidate_of(hostile, 2))
    assert (where.side, where.start) == (Side.HEAD, None)


def test_a_line_of_the_head_has_its_text(realistic):
    """And none where the diff does not show it."""
    assert line_text(realistic.change, "src/shop/cart.py", 51) == "            self.notify()"
    assert line_text(realistic.change, "src/shop/cart.py", 999) is None


def test_a_suggestion_replaces_the_lines_of_the_finding(realistic):
    """All of them, or nothing is said about what was there."""
    comment = realistic.comments[0]
    assert replaced_lines(realistic.change, comment) == (
        "        db.execute(\"INSERT INTO carts VALUES ('%s')\" % self.id)",
    )
    location = replace(comment.scored.candidate.location, end=200)
    scored = replace(comment.scored, candidate=replace(comment.scored.candidate, location=location))
    assert replaced_lines(realistic.change, replace(comment, scored=scored)) is None


@pytest.mark.parametrize(
    ("old", "new", "diff"),
    [
        (["a", "b", "c"], ["a", "x", "c"], [("-", "b"), ("+", "x")]),
        (["a"], [], [("-", "a")]),
        ([], ["a"], [("+", "a")]),
        (["a", "a"], ["a"], [("-", "a")]),
        (["a"], ["a"], []),
    ],
)
def test_a_suggestion_shows_what_it_changes(old, new, diff):
    """Lines that stay are left out at both ends."""
    assert list(suggestion_diff(old, new)) == diff
