from itertools import combinations, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from hunkwise.evaluation.matching import match_lines, match_spots

few = st.lists(st.integers(1, 12), max_size=4)


def most(ours, theirs, within):
    """Return the size of the largest matching, by trying all."""
    for count in range(min(len(ours), len(theirs)), 0, -1):
        for chosen in combinations(ours, count):
            for other in permutations(theirs, count):
                if all(abs(one - two) <= within for one, two in zip(chosen, other, strict=True)):
                    return count
    return 0


def test_greedy_by_distance_would_lose_a_pair():
    """Line 5 is nearest to 6, but then 3 has nobody: both can be paired."""
    assert len(match_lines([3, 5], [6, 8], 3)) == 2


@settings(deadline=None)
@given(few, few, st.sampled_from([0, 1, 3]))
def test_no_matching_has_more_pairs(ours, theirs, within):
    """The matching is as large as the largest of all."""
    assert len(match_lines(ours, theirs, within)) == most(ours, theirs, within)


@settings(deadline=None)
@given(few, few, st.sampled_from([0, 1, 3]))
def test_matching_is_one_to_one_and_within_reach(ours, theirs, within):
    """No line is used twice, and none is farther than it may be."""
    pairs = match_lines(ours, theirs, within)
    assert len({one for one, _ in pairs}) == len({two for _, two in pairs}) == len(pairs)
    assert all(abs(ours[one] - theirs[two]) <= within for one, two in pairs)


@settings(deadline=None)
@given(few, few)
def test_matching_does_not_depend_on_who_is_who(ours, theirs):
    """Swapping the sides, or shuffling one, changes nothing in the number of pairs."""
    count = len(match_lines(ours, theirs, 3))
    assert count == len(match_lines(theirs, ours, 3)) == len(match_lines(ours[::-1], theirs, 3))


@settings(deadline=None)
@given(few, few)
def test_wider_windows_never_lose_a_pair(ours, theirs):
    """What agrees exactly agrees within a line, and so on."""
    counts = [len(match_lines(ours, theirs, within)) for within in (0, 1, 3)]
    assert counts == sorted(counts)


@settings(deadline=None)
@given(few)
def test_everything_agrees_with_itself(lines):
    """The same lines are all paired, even if one is there twice."""
    assert len(match_lines(lines, lines, 0)) == len(lines)


def test_files_are_kept_apart():
    """The same line of another file is no match, and what is nowhere matches nothing."""
    assert match_spots([("a", 1), ("b", 1), None], [("b", 2), ("c", 1), None], 3) == ((1, 0),)
