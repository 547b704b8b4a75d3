"""What people commented on and the focus did not name: how often and why, and as many of them as one wants to read.

    python benchmarks/misses.py CASES.jsonl... [--show 30]

Reads the patches alone, without tools and a model, at the operating point `thorough`. Prints how many comments are
missed, and of these: on a change without any place, on another hunk than those that were picked, or on a picked hunk
but more than three lines away; each with the changes of nine hunks and more. Then the texts, drawn by their hash, with
the lines around: `>` is where the comment stands, `*` a pick.
"""

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from hunkwise.core.config import FocusMode
from hunkwise.core.focus import pick_focus
from hunkwise.core.kinds import classify
from hunkwise.core.model import Hunk
from hunkwise.core.places import commentable, with_features, with_probabilities
from hunkwise.evaluation.cases import Case, HumanComment, read_cases
from hunkwise.plugins.places.learned_scorer import LearnedScorer
from hunkwise.plugins.places.registry import hunkwise_features
from hunkwise.workspace.patched import PatchWorkspace

NEAR, MANY, AROUND = 3, 9, 6
NO_PLACE, OTHER, SAME, OFF = "on a change without a place", "on another hunk", "on a picked hunk", "off the diff"


@dataclass(frozen=True, kw_only=True)
class Miss:
    """A comment that no pick is near to."""

    case: str
    comment: HumanComment
    hunk: Hunk | None
    kind: str
    hunks: int
    picks: frozenset

    def show(self) -> None:
        """Print it with the lines around."""
        print(f"\n{self.case} {self.comment.path}:{self.comment.line}, {self.kind}; {self.hunks} hunks")
        print("  " + " ".join(self.comment.text.split())[:400])
        lines = self.hunk.lines if self.hunk else ()
        at = next((index for index, line in enumerate(lines) if line.new == self.comment.line), 0)
        for index in range(max(0, at - AROUND), min(len(lines), at + AROUND)):
            line = lines[index]
            sign = "+" if line.old is None else "-" if line.new is None else " "
            mark = ">" if index == at else "*" if (self.comment.path, line.new) in self.picks else " "
            print(f"  {mark}{sign}{line.text[:120]}")


def main() -> int:
    """Print the counts and the texts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, nargs="+")
    parser.add_argument("--show", type=int, default=0)
    asked = parser.parse_args()
    scorer, misses, comments = LearnedScorer(), [], 0
    for case in read_cases(asked.cases).cases:
        comments += len(case.scored)
        misses += missed(case, scorer)
    print(f"{len(misses)} of {comments} comments are missed")
    kinds, large = Counter(miss.kind for miss in misses), Counter(m.kind for m in misses if m.hunks >= MANY)
    for kind, number in kinds.most_common():
        print(f"  {number} {kind}, {large[kind]} of them in changes of {MANY} hunks and more")
    by_hash = {
        sha256(f"{m.case}{m.comment.line}{m.comment.text}".encode("utf-8", "replace")).digest(): m for m in misses
    }
    for key in sorted(by_hash)[: asked.show]:
        by_hash[key].show()
    return 0


def missed(case: Case, scorer: LearnedScorer) -> list[Miss]:
    """Return the comments of a case that no pick is near to."""
    change = case.change()
    change = replace(change, files=classify(change.files))
    places = commentable(change)
    columns = {}
    for one in hunkwise_features():
        columns |= one.features(places, change, PatchWorkspace({}), ())
    places = with_features(places, columns)
    places = with_probabilities(places, scorer.score(places))
    focus = pick_focus(places, 10, scorer.explain, scorer.points[FocusMode.THOROUGH]) if places else ()
    picks = frozenset((one.location.path, one.location.start) for one in focus)
    hunks = [hunk for file in change.files for hunk in file.hunks]
    found = []
    for comment in case.scored:
        near = comment.line and any(p == comment.path and abs(n - comment.line) <= NEAR for p, n in picks)
        if near:
            continue
        hunk = next((one for one in hunks if one.path == comment.path and holds(one, comment.line)), None)
        if not picks:
            kind = NO_PLACE
        elif hunk is None:
            kind = OFF
        else:
            kind = SAME if any(path == hunk.path and holds(hunk, line) for path, line in picks) else OTHER
        found.append(Miss(case=case.id, comment=comment, hunk=hunk, kind=kind, hunks=len(hunks), picks=picks))
    return found


def holds(hunk: Hunk, line: int | None) -> bool:
    """Tell whether a line of the head is in a hunk."""
    return line is not None and hunk.new_start <= line < hunk.new_start + max(hunk.new_length, 1)


if __name__ == "__main__":
    sys.exit(main())
