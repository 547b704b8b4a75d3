"""The reports that the stand-in for the review gives: one comment on the first new line of every file."""

import hashlib
from collections.abc import Collection

from hunkwise.core.cover import build_cover
from hunkwise.core.diff import parse_diff
from hunkwise.core.model import (
    Candidate,
    Category,
    Change,
    Decision,
    FileDiff,
    FileOutcome,
    Finding,
    Location,
    Place,
    Report,
    ReviewComment,
    Scored,
    Sha,
    Side,
    State,
    Verdict,
)
from hunkwise.core.ports import RenderOptions
from hunkwise.plugins.sinks.json import JsonSink
from hunkwise.testing.github.people import PullHandle

TOOL = "small"


def make_report(pull: PullHandle, head: str, *, failed: Collection[str] = (), words: str = "Look at") -> bytes:
    """Return the report on a head of a pull request; the tool failed on the files of these names."""
    base = pull.world.merge_base(pull.repository.state, pull.state, head)
    files = parse_diff(pull.repository.git("diff", "--no-color", "--no-ext-diff", "-M", base, head))
    change = Change(id=f"{pull.repository.full_name}#{pull.number}", files=files, base=Sha(base), head=Sha(head))
    outcomes = [
        FileOutcome(
            tool=TOOL,
            path=file.path,
            state=State.FAILED if file.path in failed else State.REVIEWED,
            reason="it crashed" if file.path in failed else "",
        )
        for file in files
    ]
    comments = tuple(
        comment for file in files if file.path not in failed and (comment := _comment(file, words)) is not None
    )
    report = Report(change=change, comments=comments, cover=build_cover(change, outcomes, [TOOL]))
    return JsonSink().render(report, RenderOptions())


def expected(pull: PullHandle, head: str) -> set[str]:
    """Return the fingerprints of the comments that a review of a head has."""
    base = pull.world.merge_base(pull.repository.state, pull.state, head)
    files = parse_diff(pull.repository.git("diff", "--no-color", "--no-ext-diff", "-M", base, head))
    return {comment.scored.candidate.fingerprint for file in files if (comment := _comment(file, "")) is not None}


def _comment(file: FileDiff, words: str) -> ReviewComment | None:
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.old is not None or line.new is None:
                continue
            where = Location(path=file.path, side=Side.HEAD, start=line.new, end=line.new)
            finding = Finding(tool=TOOL, rule="S1", message=f"{words} {line.text.strip()[:40]}.", location=where)
            fingerprint = hashlib.sha256(f"{file.path}:{line.text}".encode()).hexdigest()[:16]
            candidate = Candidate(
                fingerprint=fingerprint,
                location=where,
                message=finding.message,
                rule="small.S1",
                severity=finding.severity,
                category=Category.BUG,
                sources=(finding,),
                place=Place(location=where, hunk=hunk.id),
            )
            return ReviewComment(scored=Scored(candidate=candidate), verdict=Verdict(Decision.KEPT))
    return None
