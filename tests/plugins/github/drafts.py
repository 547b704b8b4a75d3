"""One change with several hunks, comments on it, and the occasion they are posted for."""

from dataclasses import replace

from hunkwise.core.cover import build_cover
from hunkwise.core.model import (
    Candidate,
    Category,
    Decision,
    Edit,
    FileOutcome,
    Finding,
    Fix,
    Location,
    Place,
    RepoPath,
    Report,
    ReviewComment,
    Scored,
    Sha,
    Side,
    State,
    Verdict,
)
from hunkwise.plugins.github.markers import Marks
from hunkwise.plugins.github.occasion import Occasion
from hunkwise.testing import make_change

HEAD = Sha("b" * 40)
BEFORE = [f"line {number}" for number in range(1, 61)]
AFTER = [*BEFORE[:4], "new 5", "new 6", *BEFORE[6:29], *BEFORE[31:50], "new 51 a", "new 51 b", *BEFORE[50:]]
"""Lines 5 and 6 are replaced, 30 and 31 removed, two are added before 51."""


def finding(message="A claim.", *, path="a.py", line=5, end=None, side=Side.HEAD, tool="ruff", rule="B006", **more):
    where = Location(path=RepoPath(path), side=side, start=line, end=end or line)
    return Finding(tool=tool, rule=rule, message=message, location=where, **more)


def comment(*sources, fingerprint="0123456789abcdef", on_diff=True, decision=Decision.KEPT, **more):
    first = sources[0] if sources else finding()
    where = first.location
    has_place = on_diff and where.start is not None and where.side is Side.HEAD
    place = Place(location=replace(where, end=where.start), hunk="h") if has_place else None
    candidate = Candidate(
        fingerprint=fingerprint,
        location=where,
        message=first.message,
        rule=f"{first.tool}.{first.rule}",
        severity=first.severity,
        category=Category.BUG,
        sources=sources or (first,),
        place=place,
    )
    why = more.pop("why", ())
    return ReviewComment(scored=Scored(candidate=candidate, why=why), verdict=Verdict(decision), **more)


def fixable(message="A claim.", **where):
    """Return a finding with some fix, as a tool of ours reports it."""
    return finding(message, fix=Fix(edits=(Edit(5, 1, 5, 2, "x"),)), **where)


def report(*comments, outcomes=None, **more):
    """Return a report on `a.py` in which ruff has read it."""
    change = make_change({"a.py": ("\n".join(BEFORE) + "\n", "\n".join(AFTER) + "\n")})
    said = outcomes or [FileOutcome(tool="ruff", path=RepoPath("a.py"), state=State.REVIEWED)]
    reviewers = sorted({one.tool for one in said})
    return Report(change=change, comments=comments, cover=build_cover(change, said, reviewers), **more)


MARKS = Marks(repository="octo/app", number=7, key=b"a key of the server")
OCCASION = Occasion(marks=MARKS, head=HEAD, config="c0ffee00")
