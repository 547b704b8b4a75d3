"""Measure outlines and context offers over the hunks of recorded pull requests, on their trees.

    python benchmarks/context.py CASES.jsonl... --trees DIR [--limit N] [--show N]

A case is a JSON object with `repo` and `pr`; DIR holds OWNER+NAME.git with refs/pull/N/base and refs/pull/N/head.
Start-up of a worker is told as a multiple of `python -c pass`, the offers of a case as a multiple of what is needed
to read the case: diffing the two trees. Tokens are words and marks, as no tokenizer is at hand here.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from hunkwise.context.parsed_outlines import ParsedOutlines
from hunkwise.context.pool import WorkerPool
from hunkwise.core.model import Trust
from hunkwise.core.packing import heading, pack
from hunkwise.core.places import is_open
from hunkwise.core.ports import Request
from hunkwise.plugins.manager import load_plugins
from hunkwise.plugins.offers import Offers
from hunkwise.session import classified, load_change, read_settings

BUDGET = 1000
TOKEN = re.compile(r"\w+|[^\w\s]|\n[ \t]*")


def main() -> int:
    """Measure all cases and print what they came to; return 1 if a provider failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--trees", type=Path, required=True)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--show", type=int, default=0, help="print the offers of so many hunks")
    arguments = parser.parse_args()
    start_up()
    rows = [json.loads(line) for path in arguments.cases for line in path.read_text().splitlines()]
    plugins = load_plugins()
    results, shown = [], arguments.show
    for row in rows[: arguments.limit]:
        tree = arguments.trees / f"{row['repo'].replace('/', '+')}.git"
        results.append(run_case(plugins, tree, row["pr"], shown))
        shown = max(0, shown - results[-1]["hunks"])
    return summary(results)


def start_up() -> None:
    """Print how long a worker takes to its first outline, against an empty interpreter."""
    plain = min(timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)) for _ in range(5))

    def first() -> None:
        pool = WorkerPool(1)
        pool.parse("python", b"x = 1\n")
        pool.close()

    worker = min(timed(first) for _ in range(5))
    print(f"worker to its first outline {worker * 1000:.0f} ms: {worker / plain:.1f} × `python -c pass`")


def run_case(plugins, tree: Path, number: int, show: int) -> dict:
    """Return figures of one pull request."""
    request = Request(directory=str(tree), base=f"refs/pull/{number}/base", head=f"refs/pull/{number}/head")
    started = time.perf_counter()
    loaded, _ = load_change(request, plugins)
    loading = time.perf_counter() - started
    settings = read_settings(loaded.workspace, Trust.OWN, {}, {})
    change = classified(loaded.change, loaded.workspace, settings.config, Trust.OWN)
    greps = Counter()
    grep = loaded.workspace.grep

    def counted(*args, **more):
        greps["n"] += 1
        begun = time.perf_counter()
        try:
            return grep(*args, **more)
        finally:
            greps["us"] += int((time.perf_counter() - begun) * 1e6)

    loaded.workspace.grep = counted
    files = [file for file in change.files if is_open(file) and file.hunks]
    parsed, seconds, kinds, tokens, packed_tokens, left = [], [], Counter(), [], [], 0
    with ParsedOutlines(loaded.workspace) as outlines:
        for file in files:
            parsed.append(timed(lambda path=file.path: outlines.outline(path)))
        offers = Offers(plugins.contexts(), change, loaded.workspace, outlines)
        for file in files:
            for hunk in file.hunks:
                found: list = []
                seconds.append(timed(lambda hunk=hunk, found=found: found.extend(offers.of(hunk))))
                kinds.update(item.kind for item in found)
                tokens.append(sum(count(f"{heading(item)}\n{item.text}\n") for item in found))
                packed = pack(hunk, found, (), BUDGET, count)
                assert packed.tokens <= BUDGET
                packed_tokens.append(packed.tokens)
                left += len(packed.left_out)
                if show > 0:
                    show -= 1
                    print_hunk(hunk, packed)
        notes, failures = outlines.notes, offers.failures
    loaded.workspace.close()
    return {
        "files": parsed,
        "hunks": len(seconds),
        "seconds": seconds,
        "ratio": (sum(parsed) + sum(seconds)) / loading,
        "kinds": kinds,
        "tokens": tokens,
        "packed": packed_tokens,
        "left": left,
        "greps": greps["n"],
        "grep_seconds": greps["us"] / 1e6,
        "notes": notes,
        "failures": failures,
    }


def summary(results: list[dict]) -> int:
    """Print what all cases came to."""
    files = [one for result in results for one in result["files"]]
    seconds = [one for result in results for one in result["seconds"]]
    tokens = [one for result in results for one in result["tokens"]]
    packed = [one for result in results for one in result["packed"]]
    kinds = sum((result["kinds"] for result in results), Counter())
    greps = sum(result["greps"] for result in results)
    grep_seconds = sum(result["grep_seconds"] for result in results)
    print(f"{len(results)} cases, {len(files)} files, {len(seconds)} hunks on {os.cpu_count()} cores")
    print(f"outline of a file: {spread(files)} ms")
    print(f"offers of a hunk: {spread(seconds)} ms")
    print(f"outlines and offers of a case / diffing it: median {statistics.median(r['ratio'] for r in results):.2f}")
    print(f"greps: {greps / len(seconds):.2f} a hunk, {1000 * grep_seconds / max(greps, 1):.0f} ms each")
    print(f"tokens offered to a hunk: median {statistics.median(tokens):.0f}, none to {tokens.count(0)} hunks")
    print(
        f"tokens packed of {BUDGET}: median {statistics.median(packed):.0f}; {sum(r['left'] for r in results)} left out"
    )
    print("items: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    for result in results:
        for line in (*result["notes"], *(f"{one.who}: {one.message} {one.hint}" for one in result["failures"])):
            print(f"  {line}")
    return 1 if any(result["failures"] for result in results) else 0


def print_hunk(hunk, packed) -> None:
    """Print a hunk and what is packed with it."""
    print(f"=== {hunk.id}")
    for line in hunk.lines:
        print(("+" if line.is_added else "-" if line.is_removed else " ") + line.text)
    for item in packed.context:
        print(f"--- {item.kind}: {heading(item)}\n{item.text}")
    for item, reason in packed.left_out:
        print(f"--- left out ({reason}): {heading(item)}")


def spread(values: list[float]) -> str:
    """Return median and ninth decile in milliseconds."""
    ordered = sorted(values)
    return f"median {1000 * statistics.median(ordered):.1f}, 90 % {1000 * ordered[int(len(ordered) * 0.9)]:.1f}"


def count(text: str) -> int:
    """Return the words and marks of a text."""
    return len(TOKEN.findall(text))


def timed(call) -> float:
    """Return how many seconds a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
