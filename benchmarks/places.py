"""How often the place scorer's first picks are where people commented, beside a simple rule.

    python benchmarks/places.py CASES.jsonl... [--picks 3] [--plain]

A case is a JSON object with `diff` and `comments` (`path`, `anchor_line`, `is_bot`, `self_comment_likely`).
Prints precision, recall and F1 of the first picks, more than six lines apart, within 0, 1 and 3 lines of a comment,
and the same for the middle lines of the largest hunks. Each comment is matched once, by the nearest pick.
No tools run, so what tools report does not count here.
"""

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

from hunkwise.core.diff import parse_diff
from hunkwise.core.focus import APART
from hunkwise.core.kinds import classify
from hunkwise.core.model import Change, Place
from hunkwise.core.places import commentable, with_features, with_probabilities
from hunkwise.core.ports import PlaceScorer
from hunkwise.plugins.places.learned_scorer import LearnedScorer
from hunkwise.plugins.places.plain_scorer import PlainScorer
from hunkwise.plugins.places.registry import hunkwise_features
from hunkwise.testing import FakeWorkspace

Spot = tuple[str, int]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--picks", type=int, default=3)
    parser.add_argument("--plain", action="store_true", help="the scorer that was reasoned, not the learned one")
    arguments = parser.parse_args()
    scorer: PlaceScorer = PlainScorer() if arguments.plain else LearnedScorer()
    print(f"{'cases':24} {'within':>6}  {'scorer P / R / F1':>20}  {'middle of largest hunks':>24}")
    for path in arguments.cases:
        cases = [_case(json.loads(line), arguments.picks, scorer) for line in path.read_text().splitlines()]
        for within in (0, 1, 3):
            scorer = _score([(people, picks) for people, picks, _ in cases], within)
            middle = _score([(people, picks) for people, _, picks in cases], within)
            print(f"{path.name:24} {within:6}  {_shown(scorer):>20}  {_shown(middle):>24}")
    return 0


def _case(row: dict, limit: int, scorer: PlaceScorer) -> tuple[list[Spot], list[Spot], list[Spot]]:
    change = Change(id=row["id"], files=classify(parse_diff(row["diff"].encode("utf-8", "surrogateescape"))))
    places = commentable(change)
    for provider in hunkwise_features():
        places = with_features(places, provider.features(places, change, FakeWorkspace(), ()))
    places = with_probabilities(places, scorer.score(places))
    people = [
        (one["path"], one["anchor_line"])
        for one in row["comments"]
        if one["anchor_line"] and not one["is_bot"] and not one["self_comment_likely"]
    ]
    return people, _first(places, limit), _middle(places, limit)


def _first(places: tuple[Place, ...], limit: int) -> list[Spot]:
    picks: list[Spot] = []
    for place in sorted(places, key=lambda one: -one.probability):
        path, line = _spot(place)
        if len(picks) < limit and all(path != other or abs(line - at) > APART for other, at in picks):
            picks.append((path, line))
    return picks


def _middle(places: tuple[Place, ...], limit: int) -> list[Spot]:
    hunks = defaultdict(list)
    for place in places:
        hunks[place.hunk].append(place)
    largest = sorted(hunks.values(), key=len, reverse=True)[:limit]
    return [_spot(group[len(group) // 2]) for group in largest]


def _spot(place: Place) -> Spot:
    assert place.location.start is not None
    return place.location.path, place.location.start


def _score(cases: list[tuple[list[Spot], list[Spot]]], within: int) -> tuple[float, float, float]:
    hits = sum(_hits(people, picks, within) for people, picks in cases)
    said = sum(len(picks) for _, picks in cases)
    wanted = sum(len(people) for people, _ in cases)
    return hits / max(said, 1), hits / max(wanted, 1), 2 * hits / max(said + wanted, 1)


def _hits(people: list[Spot], picks: list[Spot], within: int) -> int:
    near = sorted(
        (abs(line - at), number, index)
        for number, (path, line) in enumerate(people)
        for index, (other, at) in enumerate(picks)
        if path == other and abs(line - at) <= within
    )
    people_left, picks_left = set(range(len(people))), set(range(len(picks)))
    hits = 0
    for _, number, index in near:
        if number in people_left and index in picks_left:
            people_left.discard(number)
            picks_left.discard(index)
            hits += 1
    return hits


def _shown(score: tuple[float, float, float]) -> str:
    return " / ".join(f"{value:.3f}" for value in score)


if __name__ == "__main__":
    sys.exit(main())
