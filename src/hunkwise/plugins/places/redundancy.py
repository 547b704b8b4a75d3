"""Describe hunks by how much of them is there already: in what they remove, in earlier hunks, in any other hunk."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hunkwise.core.model import Change, Finding, Hunk, Place
from hunkwise.core.ports import Workspace
from hunkwise.plugins.places.tokens import likeness, tokens_of, words_of

COMMON = 60
"""A word in more hunks than this tells none of them from the others."""


@dataclass(frozen=True, slots=True)
class _Text:
    added: tuple[str, ...]
    removed: tuple[str, ...]
    net: int
    gone: int
    tokens: int
    kept: float
    words: frozenset[str]
    old_words: frozenset[str]


class Redundancy:
    """What a hunk brings that the change does not show elsewhere."""

    name = "redundancy"

    def features(
        self, places: Sequence[Place], change: Change, workspace: Workspace, findings: Sequence[Finding]
    ) -> Mapping[str, Sequence[float]]:
        """Return columns of the hunk.

        `hunk_new_tokens`: tokens that it adds and does not remove; `hunk_gone_tokens`: the other way round;
        `hunk_net_share`: new ones of all added. `hunk_kept`: likeness of what is added to what is removed.
        `hunk_moved`: share of its added lines that the change removes somewhere else. `hunk_repeated`: share of its
        added lines that another hunk adds too. `hunk_like_earlier`, `hunk_like_other`: the greatest likeness to the
        words of an earlier hunk, of any other. `hunk_new_words`: words that no earlier line of the change shows.
        """
        if not places:
            return {}
        hunks = [hunk for file in change.files for hunk in file.hunks]
        texts = [_text(hunk) for hunk in hunks]
        removed = Counter(line for text in texts for line in set(text.removed))
        added = Counter(line for text in texts for line in set(text.added))
        earlier, other = _likenesses([text.words for text in texts])
        shown: set[str] = set()
        rows: dict[str, dict[str, float]] = {}
        for index, (hunk, text) in enumerate(zip(hunks, texts, strict=True)):
            own = set(text.removed)
            count = max(len(text.added), 1)
            new_words = text.words - text.old_words - shown
            shown |= text.words | text.old_words
            rows[hunk.id] = {
                "hunk_new_tokens": float(text.net),
                "hunk_gone_tokens": float(text.gone),
                "hunk_net_share": text.net / max(text.tokens, 1),
                "hunk_kept": text.kept,
                "hunk_moved": sum(removed[line] > (line in own) for line in text.added) / count,
                "hunk_repeated": sum(added[line] > 1 for line in text.added) / count,
                "hunk_like_earlier": earlier[index],
                "hunk_like_other": other[index],
                "hunk_new_words": float(len(new_words)),
            }
        return {name: [rows[place.hunk][name] for place in places] for name in rows[hunks[0].id]}


def _text(hunk: Hunk) -> _Text:
    added = [line.text for line in hunk.lines if line.old is None]
    removed = [line.text for line in hunk.lines if line.new is None]
    new = Counter(token for text in added for token in tokens_of(text))
    old = Counter(token for text in removed for token in tokens_of(text))
    context = frozenset(word for line in hunk.lines if line.old is not None for word in words_of(line.text))
    return _Text(
        added=tuple(stripped for text in added if len(stripped := text.strip()) > 3),
        removed=tuple(stripped for text in removed if len(stripped := text.strip()) > 3),
        net=(new - old).total(),
        gone=(old - new).total(),
        tokens=new.total(),
        kept=likeness(new.keys(), old.keys()) if old else 0.0,
        words=frozenset(word for text in added for word in words_of(text)),
        old_words=context,
    )


def _likenesses(words: Sequence[frozenset[str]]) -> tuple[list[float], list[float]]:
    """Return for each set its greatest likeness to an earlier one and to any other one."""
    owners: dict[str, list[int]] = defaultdict(list)
    for index, own in enumerate(words):
        for word in own:
            owners[word].append(index)
    earlier, other = [0.0] * len(words), [0.0] * len(words)
    for index, own in enumerate(words):
        shared: Counter[int] = Counter()
        for word in own:
            if len(owners[word]) <= COMMON:
                shared.update(mate for mate in owners[word] if mate < index)
        for mate, count in shared.items():
            value = count / (len(own) + len(words[mate]) - count)
            earlier[index] = max(earlier[index], value)
            other[index] = max(other[index], value)
            other[mate] = max(other[mate], value)
    return earlier, other
