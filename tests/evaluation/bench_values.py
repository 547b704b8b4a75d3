"""Builders of runs for the tests of scoring."""

from hunkwise.evaluation.review_row import Pointed, Reviewed, Said
from hunkwise.evaluation.run_file import Human, Run, RunCase, RunHead

LINES = 40


def diff(path="a.py", lines=LINES):
    added = "".join(f"+x = {number}\n" for number in range(1, lines + 1))
    head = f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n"
    return f"{head}@@ -0,0 +1,{lines} @@\n{added}"


def case(number=1, human=(), later=None, **members):
    values = {
        "id": f"o/r#{number}",
        "repo": "o/r",
        "number": number,
        "language": "python",
        "kind": "commented" if human else "silent",
        "has_tree": True,
        "diff": diff(lines=members.pop("lines", LINES)),
        "human": tuple(one if isinstance(one, Human) else Human(path="a.py", line=one, text="Why?") for one in human),
        "later": None if later is None else {"a.py": tuple(later)},
    }
    return RunCase(**{**values, **members})


def said(line, score=0.5, decision="kept", path="a.py", start=None):
    return Said(path, line, start, score, "tool.rule", ("tool",), "Mind this.", decision)


def pointed(line, probability=0.3, path="a.py"):
    return Pointed(path, line, probability, ("new branch",))


def run(*rows, name="run", contestant="full", costs=None):
    """Return a run of (case, comments, focus) rows."""
    return Run(
        name=name,
        head=RunHead(data="d" * 64, contestants=(contestant,), hunkwise="0"),
        cases={one.id: one for one, _, _ in rows},
        reviews=tuple(
            Reviewed(case=one.id, contestant=contestant, comments=tuple(comments), focus=tuple(focus))
            for one, comments, focus in rows
        ),
        costs=costs or {},
    )
