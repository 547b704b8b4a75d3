"""Describe lines by what is new in them: to their hunk, to their file, to the change."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from hunkwise.core.model import Change, Finding, Hunk, Place
from hunkwise.core.ports import Workspace
from hunkwise.plugins.places.tokens import likeness, tokens_of, words_of

EARLIER = 40
"""Lines before a line, in its hunk, to which it is compared."""
GONE = 40
"""Removed lines of its hunk to which a line is compared."""


class Novelty:
    """Which words a line is the first to show, and how like it is to lines that were there."""

    name = "novelty"

    def features(
        self, places: Sequence[Place], change: Change, workspace: Workspace, findings: Sequence[Finding]
    ) -> Mapping[str, Sequence[float]]:
        """Return columns of the line.

        `tokens`; `new_tokens`: different tokens of which its hunk adds more than it removes. `words`, and those of
        them that nothing before the line shows: `new_to_hunk`, `new_to_file`, `new_to_change`. `rare_words`: that no
        other line of the change shows. `like_removed`, `like_earlier`: the greatest likeness to a line that its hunk
        removes, or adds before it.
        """
        if not places:
            return {}
        wanted = defaultdict(set)
        for place in places:
            wanted[place.hunk].add(place.location.start or 0)
        old = {file.path: _old_words(file.hunks) for file in change.files}
        everywhere = Counter(
            word for file in change.files for hunk in file.hunks for line in hunk.lines for word in words_of(line.text)
        )
        rows: dict[tuple[str, int], dict[str, float]] = {}
        in_change: set[str] = set()
        for file in change.files:
            in_file = set(old[file.path])
            in_change |= in_file
            for hunk in file.hunks:
                for number, row in _rows(hunk, in_file, in_change, everywhere):
                    if number in wanted[hunk.id]:
                        rows[hunk.id, number] = row
        found = [rows[place.hunk, place.location.start or 0] for place in places]
        return {name: [row[name] for row in found] for name in found[0]}


def _rows(
    hunk: Hunk, in_file: set[str], in_change: set[str], everywhere: Mapping[str, int]
) -> Iterable[tuple[int, dict[str, float]]]:
    cut = [tokens_of(line.text) for line in hunk.lines]
    net: Counter[str] = Counter()
    for line, tokens in zip(hunk.lines, cut, strict=True):
        if line.old is None:
            net.update(tokens)
        elif line.new is None:
            net.subtract(tokens)
    removed = [set(tokens) for line, tokens in zip(hunk.lines, cut, strict=True) if line.new is None and tokens][:GONE]
    in_hunk = {word for line in hunk.lines if line.old is not None for word in words_of(line.text)}
    before: list[set[str]] = []
    for line, tokens in zip(hunk.lines, cut, strict=True):
        if line.new is None:
            continue
        words, own = words_of(line.text), set(tokens)
        yield (
            line.new,
            {
                "tokens": float(len(tokens)),
                "new_tokens": float(sum(net[token] > 0 for token in own)) if line.old is None else 0.0,
                "words": float(len(words)),
                "new_to_hunk": float(len(words - in_hunk)),
                "new_to_file": float(len(words - in_file)),
                "new_to_change": float(len(words - in_change)),
                "rare_words": float(sum(everywhere[word] == 1 for word in words)),
                "like_removed": max((likeness(own, one) for one in removed), default=0.0),
                "like_earlier": max((likeness(own, one) for one in before[-EARLIER:]), default=0.0),
            },
        )
        in_hunk |= words
        in_file |= words
        in_change |= words
        if line.old is None and own:
            before.append(own)


def _old_words(hunks: Sequence[Hunk]) -> frozenset[str]:
    return frozenset(
        word for hunk in hunks for line in hunk.lines if line.old is not None for word in words_of(line.text)
    )
