"""Match predicted lines with those where people commented: one to one, as many pairs as can be."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from hunkwise.core.model import RepoPath

Spot = tuple[RepoPath, int]


def match_lines(ours: Sequence[int], theirs: Sequence[int], within: int) -> tuple[tuple[int, int], ...]:
    """Return the pairs, as indices into both, of the largest one-to-one matching of lines at most `within` apart.

    Of the largest it is the one that pairs in order: for equal windows on a line no other has more pairs.
    """
    left = sorted(range(len(ours)), key=lambda index: (ours[index], index))
    right = sorted(range(len(theirs)), key=lambda index: (theirs[index], index))
    pairs = []
    i = j = 0
    while i < len(left) and j < len(right):
        apart = ours[left[i]] - theirs[right[j]]
        if abs(apart) <= within:
            pairs.append((left[i], right[j]))
            i, j = i + 1, j + 1
        elif apart < 0:
            i += 1
        else:
            j += 1
    return tuple(pairs)


def match_spots(ours: Sequence[Spot | None], theirs: Sequence[Spot | None], within: int) -> tuple[tuple[int, int], ...]:
    """Return the pairs, as indices into both, of the largest one-to-one matching inside each file.

    None is nowhere: it is matched with nothing.
    """
    left, right = _by_path(ours), _by_path(theirs)
    pairs = []
    for path in sorted(left.keys() & right.keys()):
        mine, others = left[path], right[path]
        found = match_lines([line for _, line in mine], [line for _, line in others], within)
        pairs += [(mine[one][0], others[other][0]) for one, other in found]
    return tuple(sorted(pairs))


def _by_path(spots: Iterable[Spot | None]) -> dict[RepoPath, list[tuple[int, int]]]:
    found: dict[RepoPath, list[tuple[int, int]]] = defaultdict(list)
    for index, spot in enumerate(spots):
        if spot is not None:
            found[spot[0]].append((index, spot[1]))
    return found
