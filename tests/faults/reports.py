"""The reports that the stand-in for the review gives: one comment on the first new line of every file."""

import hashlib
from collections.abc import Collection
from typing import TYPE_CHECKING

from hunkwise.core.cover import build_cover
from hunkwise.core.diff import parse_diff
from hunkwise.core.model import Change, Decision, FileDiff, Report, ReviewComment, Scored, Sha, State, Verdict
from hunkwise.core.ports import RenderOptions
from hunkwise.plugins.sinks.json import JsonSink
from hunkwise.testing.builders import make_candidate, make_finding, make_outcome, make_place

if TYPE_CHECKING:
    from hunkwise.testing.github.people import PullHandle

TOOL = "small"


def make_report(pull: "PullHandle", head: str, *, failed: Collection[str] = (), words: str = "Look at") -> bytes:
    """Return the report on a head of a pull request; the tool failed on the files of these names."""
    base, files = _diff(pull, head)
    change = Change(id=f"{pull.repository.full_name}#{pull.number}", files=files, base=base, head=Sha(head))
    return report_on(change, failed=failed, words=words)


def report_on(change: Change, *, failed: Collection[str] = (), words: str = "Look at") -> bytes:
    """Return the report on a change."""
    outcomes = [
        make_outcome(file.path, tool=TOOL, state=State.FAILED, reason="it crashed")
        if file.path in failed
        else make_outcome(file.path, tool=TOOL)
        for file in change.files
    ]
    comments = tuple(
        comment for file in change.files if file.path not in failed and (comment := _comment(file, words)) is not None
    )
    report = Report(change=change, comments=comments, cover=build_cover(change, outcomes, [TOOL]))
    return JsonSink().render(report, RenderOptions())


def expected(pull: "PullHandle", head: str) -> set[str]:
    """Return the fingerprints of the comments that a review of a head has."""
    _, files = _diff(pull, head)
    return {comment.scored.candidate.fingerprint for file in files if (comment := _comment(file, "")) is not None}


def _diff(pull: "PullHandle", head: str) -> tuple[Sha, tuple[FileDiff, ...]]:
    base = pull.world.merge_base(pull.repository.state, pull.state, head)
    return Sha(base), parse_diff(pull.repository.git("diff", "--no-color", "--no-ext-diff", "-M", base, head))


def _comment(file: FileDiff, words: str) -> ReviewComment | None:
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.old is not None or line.new is None:
                continue
            message = f"{words} {line.text.strip()[:40]}."
            finding = make_finding(message, path=file.path, line=line.new, tool=TOOL, rule="S1")
            fingerprint = hashlib.sha256(f"{file.path}:{line.text}".encode()).hexdigest()[:16]
            place = make_place(file.path, line.new, hunk=hunk.id)
            candidate = make_candidate(finding, fingerprint=fingerprint, place=place)
            return ReviewComment(scored=Scored(candidate=candidate), verdict=Verdict(Decision.KEPT))
    return None
