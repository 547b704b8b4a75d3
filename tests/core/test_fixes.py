"""Fixes are applied together where they are apart, and judged by what their tool says afterwards."""

from dataclasses import replace

from hunkwise.core.fixes import apart, mended_file, mended_text, unmended
from hunkwise.core.suggest import Proposal
from hunkwise.testing import make_change, make_finding

TEXT = "one\ntwo\nthree\nfour\nfive\n"


def proposal(start, end, text, rule="E1", path="a.py"):
    source = make_finding(line=start, rule=rule, path=path)
    return Proposal(
        fingerprint=f"{start}{rule}", source=source, path=source.location.path, start=start, end=end, text=text
    )


def test_fixes_of_other_lines_or_files_are_apart():
    """Two fixes of one line cannot be tried together; the first goes before."""
    first, same, other, elsewhere = (
        proposal(2, 3, "x"),
        proposal(3, 3, "y"),
        proposal(4, 4, "z"),
        proposal(3, 3, "y", path="b.py"),
    )
    assert apart([first, same, other, elsewhere]) == ((first, other, elsewhere), (same,))


def test_fixes_may_add_and_remove_lines():
    """Each replaces its own lines, however many it leaves."""
    assert mended_text(TEXT, [proposal(2, 2, "2a\n2b"), proposal(4, 5, "")]) == "one\n2a\n2b\nthree\n"


def test_the_diff_is_that_of_the_file_with_its_fixes():
    """Lines behind a fix move, and a context line that a fix replaces is removed."""
    files = {"a.py": ("one\nthree\nfour\nfive\n", TEXT)}
    fixes = [proposal(2, 3, "2a\n2b\n2c"), proposal(5, 5, "")]
    file = mended_file(make_change(files).files[0], fixes)
    assert [(line.old, line.new, line.text) for line in file.hunks[0].lines] == [
        (1, 1, "one"),
        (2, None, "three"),
        (None, 2, "2a"),
        (None, 3, "2b"),
        (None, 4, "2c"),
        (3, 5, "four"),
        (4, None, "five"),
    ]
    assert file.hunks[0].new_length == 5


def test_a_fix_that_clears_its_finding_is_good():
    """The finding is gone; another of the same rule, on a line that moved, does not count."""
    before = [make_finding(line=2), make_finding(line=4)]
    assert unmended([proposal(2, 2, "a\nb")], before, [make_finding(line=5)]) == {}


def test_one_of_two_findings_of_a_line_is_cleared():
    """Where a line has two findings of a rule, one less is what its fix promises."""
    before = [make_finding("a", line=2), make_finding("b", line=2)]
    assert unmended([proposal(2, 2, "x")], before, [make_finding("b", line=2)]) == {}


def test_a_fix_that_leaves_its_finding_is_not_good():
    """The tool says the same on the new lines, or, of a finding that begins before them, as often as before."""
    before = [make_finding(line=2), make_finding(line=4)]
    after = [make_finding(line=2)]
    assert unmended([proposal(2, 2, "x"), proposal(4, 4, "y")], before, after) == {"2E1": "leaves E1 as it is"}
    wide = replace(proposal(3, 3, "x"), source=make_finding(line=2, end=3))
    assert unmended([wide], before, before) == {"3E1": "leaves E1 as it is"}
    assert unmended([wide], before, [make_finding(line=4)]) == {}


def test_fixes_that_meet_are_told_apart():
    """One clears a rule on its line while another brings the same rule to its own."""
    before = [make_finding(line=2), make_finding(line=4, rule="E2")]
    fixes = [proposal(2, 2, "x"), proposal(4, 4, "y", rule="E2")]
    assert unmended(fixes, before, [make_finding(line=4)]) == {"4E2": "brings E1"}


def test_a_finding_that_moves_from_a_removed_line_is_not_cleared():
    """A fix that removes its line must not bring the finding to another."""
    moved = unmended([proposal(2, 2, "")], [make_finding(line=2)], [make_finding(line=2)])
    assert moved == {"2E1": "or one beside it brings E1 to another line"}


def test_a_fix_that_brings_another_finding_is_not_good():
    """On its own lines it is that fix; elsewhere it may be any of the file."""
    before = [make_finding(line=2), make_finding(line=4)]
    fixes = [proposal(2, 2, "x"), proposal(4, 4, "y")]
    assert unmended(fixes, before, [make_finding(line=4, rule="E9")]) == {"4E1": "brings E9"}
    elsewhere = "or one beside it brings E9 to another line"
    assert unmended(fixes, before, [make_finding(line=5, rule="E9")]) == {"2E1": elsewhere, "4E1": elsewhere}
