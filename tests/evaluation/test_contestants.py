from pathlib import Path

import pytest

from hunkwise.core.diff import parse_diff
from hunkwise.core.model import Change
from hunkwise.evaluation.cases import read_cases
from hunkwise.evaluation.contestants import SIMPLE
from hunkwise.evaluation.ruler import Hunks, Pointer, agreement, tally

SHARED = Path(__file__).parents[3] / "shared" / "data"


def file(name, *hunks):
    head = f"diff --git a/{name} b/{name}\n--- a/{name}\n+++ b/{name}\n"
    return head + "".join(
        f"@@ -{start},{1 + removed} +{start},{1 + added} @@\n x\n" + "-old\n" * removed + "+new\n" * added
        for start, removed, added in hunks
    )


CHANGE = Change(
    id="o/r#1",
    files=parse_diff(
        (file("a.py", (1, 0, 2), (10, 1, 5)) + file("tests/test_a.py", (1, 0, 9)) + file("b.py", (5, 2, 0))).encode()
    ),
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("first-of-hunks", [("a.py", 2), ("a.py", 11), ("tests/test_a.py", 2)]),
        ("middle-of-3-largest", [("tests/test_a.py", 6), ("a.py", 13), ("a.py", 3)]),
        ("middle-of-largest", [("tests/test_a.py", 6)]),
        ("last-of-2-largest", [("a.py", 15), ("a.py", 3)]),
    ],
)
def test_rule_picks_what_its_name_says(name, expected):
    """Hunks are ranked by their added lines; one that only removes is left out."""
    assert list(SIMPLE[name](CHANGE)) == expected


def test_every_line_is_every_added_one():
    """Two and five and nine."""
    assert len(SIMPLE["every-line"](CHANGE)) == 16


def test_random_lines_are_the_same_each_time():
    """Three different added lines, drawn by the change itself."""
    drawn = SIMPLE["random-3"](CHANGE)
    assert drawn == SIMPLE["random-3"](CHANGE)
    assert len(set(drawn)) == 3
    assert set(drawn) <= set(SIMPLE["every-line"](CHANGE))


def test_rules_have_nothing_to_say_of_an_empty_change():
    """A change without added lines gets no pick."""
    assert {rule(Change(id="empty")) for rule in SIMPLE.values()} == {()}


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the review data is not beside the checkout")
def test_ruler_gives_the_known_floors():
    """On dev, "middle of the 3 largest hunks" scores what an independent prototype measured."""
    cases = read_cases([SHARED / "pr_dev.jsonl"]).cases
    rows = []
    for case in cases:
        change = case.change()
        human = [Pointer(one.path, one.line, one.start) for one in case.scored]
        picks = [Pointer(*spot) for spot in SIMPLE["middle-of-3-largest"](change)]
        rows.append(tally(picks, human, Hunks(change)))
    found = {name: round(agreement([row[name] for row in rows]).f1.value, 3) for name in ("exact", "±3", "hunk")}
    assert found == {"exact": 0.097, "±3": 0.248, "hunk": 0.473}
