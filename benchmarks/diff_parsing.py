"""Compare reading a 200,000-line diff into values with unidiff alone: time, and memory per changed line.

Exits with 1 beyond 1.5 times unidiff's time, or 2 kB for each changed line beyond what unidiff itself holds.
"""

import gc
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable

from unidiff import PatchSet

from hunkwise.core.diff import parse_diff

TIME_LIMIT, MEMORY_LIMIT = 1.5, 2048
ROUNDS = 5


def make_diff(lines: int = 200_000) -> str:
    """Write a diff of many files with hunks of common size."""
    hunk = "".join(
        [" def compute(value, other):\n", "     total = 0\n", "     for item in value:\n"]
        + [f"-        total += item.price * item.count  # {number}\n" for number in range(3)]
        + [f"+        total += item.price * item.count * rate(item, other)  # {number}\n" for number in range(4)]
        + ["     return total\n", " \n", " \n"]
    )
    parts = []
    written = 0
    while written < lines:
        name = f"src/package/module_{len(parts)}.py"
        parts.append(f"diff --git a/{name} b/{name}\nindex 1111111..2222222 100644\n--- a/{name}\n+++ b/{name}\n")
        for number in range(20):
            parts.append(f"@@ -{number * 40 + 1},9 +{number * 41 + 1},10 @@ class Basket:\n{hunk}")
            written += 13
    return "".join(parts)


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes, its result thrown away."""
    gc.collect()
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def peak(call: Callable[[], object]) -> int:
    """Return the most bytes that a call holds at one time."""
    gc.collect()
    tracemalloc.start()
    kept = call()
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return highest


def main() -> int:
    """Measure both in turn, print the ratios, and say whether they are within the limits."""
    text = make_diff()
    raw = text.encode()
    changed = sum(len(file.changed_lines()) for file in parse_diff(raw))
    pairs = [(seconds(lambda: PatchSet(text)), seconds(lambda: parse_diff(raw))) for _ in range(ROUNDS)]
    ratio = statistics.median(ours / theirs for theirs, ours in pairs)
    extra = (peak(lambda: parse_diff(raw)) - peak(lambda: PatchSet(text))) / changed
    print(f"{text.count(chr(10)):,} lines, {changed:,} of them changed")
    print(f"unidiff alone {min(pair[0] for pair in pairs):.3f} s, parse_diff {min(pair[1] for pair in pairs):.3f} s")
    print(f"time: {ratio:.2f} times unidiff (limit {TIME_LIMIT})")
    print(f"memory: {extra:,.0f} bytes per changed line beyond unidiff (limit {MEMORY_LIMIT:,})")
    return int(ratio > TIME_LIMIT or extra > MEMORY_LIMIT)


if __name__ == "__main__":
    sys.exit(main())
