"""Which rules' findings are kept as comments, and whether people saw something there too.

    python benchmarks/kept_rules.py RUN.jsonl [--contestant no-model] [--most 20]

RUN is what `hunkwise bench run` wrote. Prints for the rules that are kept most, and for all together: how many
comments; how many of them on pull requests where nobody commented; of the others the share within three lines of a
person's comment, the share that was changed later, and that of a random added line of the same pull requests.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from hunkwise.evaluation.addressed import measure_addressed
from hunkwise.evaluation.outputs import Answered, Facts, Pick
from hunkwise.evaluation.run_file import read_run

ALL = "all"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--contestant", default="no-model")
    parser.add_argument("--most", type=int, default=20)
    asked = parser.parse_args()
    run = read_run(asked.run)
    facts = {case.id: Facts(case) for case in run.cases.values()}
    found: dict[str, dict[str, list[Pick]]] = defaultdict(lambda: defaultdict(list))
    for review in run.reviews:
        for comment in review.comments if review.contestant == asked.contestant else ():
            if comment.is_kept:
                pick = Pick(comment.pointer, None)
                for name in (ALL, comment.rule):
                    found[name][review.case].append(pick)
    print("| rule | kept | on silent ones | within 3 lines | changed later | random added line |")
    sizes = {name: sum(map(len, picks.values())) for name, picks in found.items()}
    for name in sorted(found, key=lambda name: (-sizes[name], name))[: asked.most + 1]:
        show(name, found[name], facts)
    for kind in ("commented", "silent"):
        cases = [case for case in facts.values() if (case.is_commented if kind == "commented" else case.is_silent)]
        spoken = sum(case.id in found[ALL] for case in cases)
        print(f"{kind}: a comment on {spoken} of {len(cases)}")
    return 0


def show(name: str, picks: Mapping[str, Sequence[Pick]], facts: Mapping[str, Facts]) -> None:
    """Print the row of a rule."""
    answers = [
        Answered(case=facts[case], picks=tuple(some), candidates=tuple(some))
        for case, some in picks.items()
        if facts[case].is_commented
    ]
    count, commented = sum(map(len, picks.values())), sum(len(one.picks) for one in answers)
    near = sum(hit for one in answers for hit in one.hits(one.picks))
    later = measure_addressed(answers)
    shares = f"{near / max(commented, 1):.2f} | {later.share.value:.2f} | {later.random.value:.2f}"
    print(f"| {name} | {count} | {count - commented} | {shares} |")


if __name__ == "__main__":
    sys.exit(main())
