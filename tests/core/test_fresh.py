"""What of a change is new since it was reviewed last."""

from dataclasses import replace

from hunkwise.core.cover import build_cover
from hunkwise.core.fresh import fresh_lines, fresh_places, is_fresh, no_longer_found, not_new, stale_hunks
from hunkwise.core.model import Decision, Location, PriorComment, RepoPath, Sha, Side, State
from hunkwise.core.places import commentable
from hunkwise.testing.builders import make_candidate, make_change, make_finding, make_outcome

OLD = "".join(f"line {number}\n" for number in range(1, 31))
FIRST = OLD.replace("line 3\n", "first\n")
SECOND = FIRST.replace("line 20\n", "second\nmore\n")
CHANGE = make_change({"a.py": (OLD, SECOND)})
NEW = replace(CHANGE, since=Sha("c" * 40), fresh=fresh_lines(make_change({"a.py": (FIRST, SECOND)}).files))


def at(start, end=None, path="a.py", side=Side.HEAD):
    return Location(path=RepoPath(path), side=side, start=start, end=end or start)


def test_lines_that_changed_since_are_fresh():
    """And no others; without an earlier review, all are."""
    assert {"a.py": frozenset({20, 21})} == NEW.fresh
    assert [True, False, True, False] == [is_fresh(NEW, at(*lines)) for lines in ((20,), (3,), (18, 20), (22,))]
    assert is_fresh(CHANGE, at(3))


def test_a_removal_is_fresh_where_a_comment_on_it_would_be():
    """On the line after it."""
    fresh = fresh_lines(make_change({"a.py": ("a\nb\nc\nd\n", "a\nc\nd\n")}).files)
    assert {"a.py": frozenset({2})} == fresh


def test_a_file_is_fresh_if_any_of_it_is():
    """Other files are not."""
    assert is_fresh(NEW, Location(path=RepoPath("a.py")))
    assert not is_fresh(NEW, Location(path=RepoPath("b.py")))


def test_hunks_without_news_are_not_read_again():
    """Those with a new line are."""
    assert {"a.py:1"} == stale_hunks(NEW)
    assert frozenset() == stale_hunks(CHANGE)
    assert [20, 21] == [place.location.start for place in fresh_places(NEW, commentable(NEW))]
    assert 3 == len(fresh_places(CHANGE, commentable(CHANGE)))


def test_what_is_on_old_lines_is_held_back():
    """With the reason; what was said there is told apart."""
    old, said, new = (
        make_candidate(make_finding(line=line, rule=f"E{line}"), fingerprint=f"f{line}") for line in (3, 4, 20)
    )
    change = replace(NEW, prior=(PriorComment(fingerprint="f4"),))
    verdicts = not_new((old, said, new), change)
    assert ["f3"] == list(verdicts)
    assert (Decision.NOT_NEW, "the line is as it was in the last review at cccccccccccc") == verdicts["f3"]
    assert {} == not_new((old, said, new), CHANGE)


def test_open_comments_that_nobody_makes_any_more_are_gone():
    """Resolved ones are history, and what was said by one who has not looked again, or by nobody known, may be so."""
    prior = (
        PriorComment(fingerprint="a", state="open", by=("lint",)),
        PriorComment(fingerprint="b", state="open", by=("lint",)),
        PriorComment(fingerprint="c", state="resolved", by=("lint",)),
        PriorComment(fingerprint="d", state="open", by=("lint", "model")),
        PriorComment(fingerprint="e", state="open"),
    )
    found = [make_candidate(fingerprint="a")]
    assert ("b",) == no_longer_found(found, replace(NEW, prior=prior), {"lint", "other"})


def test_lines_that_a_model_read_before_say_so():
    """Those that it read now do not, and other reviewers have read all."""
    outcomes = [make_outcome("a.py", tool="model"), make_outcome("a.py", tool="lint")]
    cover = build_cover(NEW, outcomes, ("lint", "model"), {"model": stale_hunks(NEW)})
    assert {
        ("lint", 3): State.REVIEWED,
        ("lint", 20): State.REVIEWED,
        ("model", 3): State.REVIEWED_BEFORE,
        ("model", 20): State.REVIEWED,
    } == {(one.reviewer, one.start): one.state for one in cover}
