"""Agreement of texts by what they are written with: chrF by characters, ROUGE-L by words."""

import re
from collections import Counter
from collections.abc import Sequence

ORDER = 6
BETA = 2.0
WORD = re.compile(r"[a-z0-9]+")


def chrf(candidate: str, reference: str) -> float:
    """Return chrF2 of two texts, 0 to 1: n-grams of 1 to 6 characters, blanks left out, recall weighs double."""
    ours, theirs = ("".join(text.split()) for text in (candidate, reference))
    precisions, recalls = [], []
    for order in range(1, ORDER + 1):
        left, right = _grams(ours, order), _grams(theirs, order)
        if not left or not right:
            continue
        shared = (left & right).total()
        precisions.append(shared / left.total())
        recalls.append(shared / right.total())
    if not precisions:
        return 0.0
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    below = BETA**2 * precision + recall
    return (1 + BETA**2) * precision * recall / below if below else 0.0


def rouge_l(candidate: str, reference: str) -> float:
    """Return F1 of the longest common subsequence of words, 0 to 1; words are letters and digits, in small letters."""
    ours, theirs = WORD.findall(candidate.lower()), WORD.findall(reference.lower())
    common = _longest(ours, theirs)
    return 2 * common / (len(ours) + len(theirs)) if common else 0.0


def _grams(text: str, order: int) -> Counter[str]:
    return Counter(text[at : at + order] for at in range(len(text) - order + 1))


def _longest(ours: Sequence[str], theirs: Sequence[str]) -> int:
    row = [0] * (len(theirs) + 1)
    for word in ours:
        before = 0
        for at, other in enumerate(theirs, start=1):
            before, row[at] = row[at], before + 1 if word == other else max(row[at], row[at - 1])
    return row[-1]
