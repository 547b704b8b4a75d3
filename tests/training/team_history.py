"""Cases of a team that was made up: each change has three hunks, and a rule says on which one people comment."""

import hashlib
import json

SIZES = (9, 4, 2)
WORDS = ("parse", "store", "fetch", "merge", "print")


def history(count, commented, start=0):
    """Return so many rows of cases, as text; commented: takes a number and returns the index of a hunk."""
    return "".join(json.dumps(row(number, commented(number))) + "\n" for number in range(start, start + count))


def row(number, hunk):
    """Return a case in which somebody commented on the first added line of a hunk."""
    starts, lines, shift = [], [], 0
    for index, size in enumerate(SIZES):
        old = 1 + 40 * index
        size += drawn(number, index) % 3
        starts.append(old + shift + 1)
        lines += [f"@@ -{old},2 +{old + shift},{size + 2} @@", " def before():"]
        lines += [f"+    {WORDS[(number + at + index) % 5]}_{at} = {number} + {at}" for at in range(size)]
        lines += [" def after():"]
        shift += size
    diff = "\n".join(["diff --git a/a.py b/a.py", "--- a/a.py", "+++ b/a.py", *lines]) + "\n"
    comments = [{"path": "a.py", "line": starts[hunk], "comment": "Why?"}]
    return {"id": f"o/r#{number}", "repo": "o/r", "pr": number, "diff": diff, "comments": comments}


def on_the_smallest(number):
    """Return the hunk that the shipped weights like least."""
    return 2


def at_random(number):
    """Return any hunk, the same one each time."""
    return drawn(number, 7) % 3


def drawn(number, salt):
    return hashlib.sha256(f"{number} {salt}".encode()).digest()[0]
