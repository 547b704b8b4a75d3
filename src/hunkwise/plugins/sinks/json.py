"""The whole report as JSON, in the form that `report.schema.json` publishes."""

import json
from collections import Counter
from importlib.resources import files
from typing import Any, cast

from hunkwise.core.cover import summarise
from hunkwise.core.model import (
    Candidate,
    Cover,
    Decision,
    Failure,
    FileDiff,
    Finding,
    Fix,
    Focus,
    Location,
    Report,
    ReviewComment,
    Severity,
    State,
)
from hunkwise.core.ports import RenderOptions
from hunkwise.core.text import json_text, uri_path


def report_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of the report."""
    text = files("hunkwise.plugins.sinks").joinpath("report.schema.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


class JsonSink:
    """Everything the review knows, for programs."""

    name = "json"
    description = "the whole report, by its published schema"

    def render(self, report: Report, options: RenderOptions) -> bytes:
        """Return the report as JSON with a stable order of keys; `manifest`, the last, may differ between runs."""
        return (json_text(report_value(report)) + "\n").encode()


def report_value(report: Report) -> dict[str, object]:
    """Return the report as the plain values that its JSON holds."""
    return {
        "schema": report.schema,
        "description": report.description,
        "trust": report.trust.value,
        "summary": _summary(report),
        "change": {
            "id": report.change.id,
            "base": report.change.base,
            "head": report.change.head,
            "since": report.change.since,
            "notes": list(report.change.notes),
            "files": [_file(file) for file in report.change.files],
        },
        "focus": [_focus(focus) for focus in report.focus],
        "comments": [_comment(comment) for comment in report.comments],
        "resolved": list(report.resolved),
        "cover": [_cover(cover) for cover in report.cover],
        "failures": [_failure(failure) for failure in report.failures],
        "notes": list(report.notes),
        "manifest": report.manifest,
    }


def _summary(report: Report) -> dict[str, object]:
    summary = summarise(report)
    decisions = Counter(comment.verdict.decision for comment in report.comments)
    severities = Counter(comment.scored.candidate.severity for comment in report.kept)
    return {
        "is_complete": summary.is_complete,
        "incomplete": list(summary.incomplete),
        "changed_lines": summary.changed,
        "lines": {state.value: summary.lines[state] for state in State if state in summary.lines},
        "comments": {decision.value: decisions[decision] for decision in Decision},
        "severities": {severity.label: severities[severity] for severity in reversed(Severity)},
        "reviewers": [
            {
                "reviewer": one.reviewer,
                "lines": {state.value: one.lines[state] for state in State if state in one.lines},
                "files": {state.value: one.files[state] for state in State if state in one.files},
            }
            for one in summary.reviewers
        ],
        "left_out": [{"path": path, "reason": reason} for path, reason in summary.left_out],
        "unreviewed": list(summary.unreviewed),
    }


def _file(file: FileDiff) -> dict[str, object]:
    lines = file.changed_lines()
    return {
        "path": file.path,
        "uri": uri_path(file.path),
        "old_path": file.old_path,
        "status": file.status.value,
        "kind": file.kind.value,
        "reason": file.reason,
        "language": file.language,
        "added": sum(line.is_added for line in lines),
        "removed": sum(line.is_removed for line in lines),
    }


def _location(where: Location) -> dict[str, object]:
    return {
        "path": where.path,
        "side": where.side.value,
        "start": where.start,
        "end": where.end,
        "column": where.column,
        "end_column": where.end_column,
    }


def _focus(focus: Focus) -> dict[str, object]:
    return {
        "location": _location(focus.location),
        "probability": focus.probability,
        "reasons": list(focus.reasons),
    }


def _comment(comment: ReviewComment) -> dict[str, object]:
    candidate = comment.scored.candidate
    return {
        "fingerprint": candidate.fingerprint,
        "verdict": {"decision": comment.verdict.decision.value, "reason": comment.verdict.reason},
        "score": comment.scored.score,
        "why": list(comment.scored.why),
        "duplicate_of": comment.scored.duplicate_of,
        "severity": candidate.severity.label,
        "category": candidate.category.value,
        "rule": candidate.rule,
        "message": candidate.message,
        "text": comment.text,
        "generated_by": comment.generated_by,
        "suggestion": comment.suggestion,
        "unoffered": comment.unoffered,
        "location": _location(candidate.location),
        "code": candidate.code,
        "place": _place(candidate),
        "sources": [_finding(finding) for finding in candidate.sources],
    }


def _place(candidate: Candidate) -> dict[str, object] | None:
    if candidate.place is None:
        return None
    return {
        "location": _location(candidate.place.location),
        "hunk": candidate.place.hunk,
        "probability": candidate.place.probability,
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "tool": finding.tool,
        "rule": finding.rule,
        "message": finding.message,
        "severity": finding.severity.label,
        "category": finding.category.value,
        "location": _location(finding.location),
        "url": finding.url,
        "fix": _fix(finding.fix) if finding.fix else None,
    }


def _fix(fix: Fix) -> dict[str, object]:
    return {"description": fix.description, "edits": [edit._asdict() for edit in fix.edits]}


def _cover(cover: Cover) -> dict[str, object]:
    return {
        "path": cover.path,
        "side": cover.side.value,
        "start": cover.start,
        "end": cover.end,
        "reviewer": cover.reviewer,
        "state": cover.state.value,
        "reason": cover.reason,
    }


def _failure(failure: Failure) -> dict[str, object]:
    return {"who": failure.who, "stage": failure.stage, "message": failure.message, "hint": failure.hint}
