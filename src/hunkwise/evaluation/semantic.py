"""Whether comments say what people said: text scores over matched and over all human comments, beside floors."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hunkwise.core.reading import Gain
from hunkwise.evaluation.auc import SEED
from hunkwise.evaluation.bootstrap import ratio
from hunkwise.evaluation.encoder import Encoder, bert_score
from hunkwise.evaluation.matching import match_spots
from hunkwise.evaluation.outputs import NEAR, Facts
from hunkwise.evaluation.overlap import chrf, rouge_l
from hunkwise.evaluation.review_row import Reviewed
from hunkwise.evaluation.run_file import Run

CONSTANT = "Could you add a test for this?"
"""The one comment that the constant floor makes everywhere."""
Score = Callable[[Sequence[tuple[str, str]]], Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFigure:
    """One text score of one contestant. everyone: over all human comments, of which unmatched ones count as 0.

    random, constant: the floors, over the matched ones: another human comment, and one that is always the same.
    rescaled: the matched score with the random floor as 0 and 1 as 1; 0 where the floor leaves no room.
    """

    contestant: str
    measure: str
    matched: int
    humans: int
    score: Gain
    everyone: Gain
    random: float
    constant: float
    rescaled: float


def measure_texts(runs: Sequence[Run], encoder: Encoder | None) -> tuple[TextFigure, ...]:
    """Measure the texts of all contestants that have comments within three lines of people's."""
    found: list[TextFigure] = []
    for run in runs:
        facts = {case.id: Facts(case) for case in run.cases.values()}
        texts = sorted({(case.id, one.text) for case in run.cases.values() for one in case.human if one.text.strip()})
        for contestant in dict.fromkeys(row.contestant for row in run.reviews):
            rows = [row for row in run.reviews if row.contestant == contestant and facts[row.case].is_commented]
            pairs = [_pairs(row, facts[row.case]) for row in rows]
            if any(pairs):
                humans = [len(facts[row.case].human) for row in rows]
                found += _figures(contestant, [row.case for row in rows], pairs, humans, texts, encoder)
    return tuple(found)


def scores_of(encoder: Encoder | None) -> Mapping[str, Score]:
    """Return the text scores by name; those of an encoder first, if there is one."""
    found: dict[str, Score] = {}
    if encoder is not None:
        for index, name in enumerate(("precision", "recall", "F1")):
            found[f"BERTScore {name}"] = _bert(encoder, index)
    found["chrF"] = lambda pairs: [chrf(*pair) for pair in pairs]
    found["ROUGE-L"] = lambda pairs: [rouge_l(*pair) for pair in pairs]
    return found


def _bert(encoder: Encoder, index: int) -> Score:
    def score(pairs: Sequence[tuple[str, str]]) -> Sequence[float]:
        ours, theirs = encoder.vectors([one for one, _ in pairs]), encoder.vectors([two for _, two in pairs])
        return [bert_score(one, two)[index] for one, two in zip(ours, theirs, strict=True)]

    return score


def _figures(
    contestant: str,
    cases: Sequence[str],
    pairs: Sequence[Sequence[tuple[str, str]]],
    humans: Sequence[int],
    texts: Sequence[tuple[str, str]],
    encoder: Encoder | None,
) -> list[TextFigure]:
    flat = [(index, pair) for index, found in enumerate(pairs) for pair in found]
    drawn = random.Random(SEED)
    others = [(_other(drawn, texts, cases[index], pair[1]), pair[1]) for index, pair in flat]
    always = [(CONSTANT, pair[1]) for _, pair in flat]
    figures = []
    for name, score in scores_of(encoder).items():
        table = np.zeros((len(cases), 3))
        table[:, 2] = humans
        for (index, _), value in zip(flat, score([pair for _, pair in flat]), strict=True):
            table[index, :2] += (value, 1)
        matched, floor = ratio(table[:, :2]), float(np.mean(score(others)))
        figures.append(
            TextFigure(
                contestant=contestant,
                measure=name,
                matched=len(flat),
                humans=sum(humans),
                score=matched,
                everyone=ratio(table[:, [0, 2]]),
                random=floor,
                constant=float(np.mean(score(always))),
                rescaled=(matched.value - floor) / (1 - floor) if floor < 1 else 0.0,
            )
        )
    return figures


def _pairs(row: Reviewed, facts: Facts) -> list[tuple[str, str]]:
    said = [one for one in row.comments if one.is_kept and one.path in facts.hunks]
    human = facts.case.human
    found = match_spots([one.pointer.spot for one in said], [one.pointer.spot for one in human], NEAR)
    texts = [(said[one].text, human[two].text) for one, two in found]
    return [(ours, theirs) for ours, theirs in texts if ours.strip() and theirs.strip()]


def _other(drawn: random.Random, texts: Sequence[tuple[str, str]], case: str, text: str) -> str:
    """Return a comment that somebody made on another case; the same one where there is no other."""
    for _ in range(100):
        other, found = drawn.choice(texts)
        if other != case:
            return found
    return text
