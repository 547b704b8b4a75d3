"""SARIF 2.1.0, for code scanning and viewers; only what is kept becomes a result."""

from collections.abc import Sequence
from importlib.metadata import version

from hunkwise.core.cover import summarise
from hunkwise.core.model import Candidate, Category, Failure, Location, Report, ReviewComment, Side
from hunkwise.core.ports import RenderOptions
from hunkwise.core.text import json_text, printable, uri_path
from hunkwise.plugins.sinks.excerpt import target
from hunkwise.plugins.sinks.severity import SARIF, SARIF_SECURITY
from hunkwise.plugins.sinks.wording import say_message, say_reasons, say_rule, web_url

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class SarifSink:
    """SARIF 2.1.0."""

    name = "sarif"
    description = "SARIF 2.1.0, for code scanning"

    def render(self, report: Report, options: RenderOptions) -> bytes:
        """Return one run; it is marked as not successful where the review is incomplete."""
        rules: dict[str, list[Candidate]] = {}
        for comment in report.kept:
            rules.setdefault(say_rule(comment.scored.candidate), []).append(comment.scored.candidate)
        names = list(rules)
        driver = {
            "name": "Hunkwise",
            "fullName": "Hunkwise, static analyzers on the changed hunks",
            "semanticVersion": version("hunkwise"),
            "rules": [_rule(name, candidates) for name, candidates in rules.items()],
        }
        run = {
            "tool": {"driver": driver},
            "automationDetails": {"id": "hunkwise/"},
            "columnKind": "unicodeCodePoints",
            "invocations": [_invocation(report)],
            "results": [_result(comment, names.index(say_rule(comment.scored.candidate))) for comment in report.kept],
        }
        return (json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n").encode()


def _rule(name: str, candidates: Sequence[Candidate]) -> dict[str, object]:
    worst = max(candidate.severity for candidate in candidates)
    first = candidates[0]
    tool, _, code = name.partition("/")
    about = f"{code or tool}, a rule of {tool}, about {first.category.value}."
    rule: dict[str, object] = {
        "id": name,
        "shortDescription": {"text": _plain(about)},
        "fullDescription": {"text": _plain(about)},
        "help": {"text": _plain(web_url(first) or about)},
        "defaultConfiguration": {"level": SARIF[worst]},
    }
    if url := web_url(first):
        rule["helpUri"] = url
    properties: dict[str, object] = {"tags": [first.category.value]}
    if first.category is Category.SECURITY:
        properties["security-severity"] = SARIF_SECURITY[worst]
    return {**rule, "properties": properties}


def _result(comment: ReviewComment, index: int) -> dict[str, object]:
    candidate = comment.scored.candidate
    result: dict[str, object] = {
        "ruleId": say_rule(candidate),
        "ruleIndex": index,
        "level": SARIF[candidate.severity],
        "message": {"text": _plain(say_message(comment))},
        "locations": [{"physicalLocation": _physical(target(candidate))}],
        "partialFingerprints": {"hunkwise/v1": printable(candidate.fingerprint)},
        "rank": round(min(max(comment.scored.score, 0.0), 1.0) * 100, 1),
        "properties": {"category": candidate.category.value, "reasons": _plain(say_reasons(comment))},
    }
    if fix := _fix(comment):
        result["fixes"] = [fix]
    return result


def _physical(where: Location) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": uri_path(where.path)}}
    if where.start is None:
        return physical
    end = max(where.start, where.end or where.start)
    region = {"startLine": where.start, "endLine": end}
    if where.column is not None:
        region["startColumn"] = where.column
        if where.end_column is not None and (end > where.start or where.end_column >= where.column):
            region["endColumn"] = where.end_column
    return {**physical, "region": region}


def _fix(comment: ReviewComment) -> dict[str, object] | None:
    where = comment.scored.candidate.location
    if comment.suggestion is None or where.start is None or where.side is not Side.HEAD:
        return None
    end = max(where.start, where.end or where.start)
    if comment.suggestion:
        replacement: dict[str, object] = {
            "deletedRegion": {"startLine": where.start, "endLine": end},
            "insertedContent": {"text": comment.suggestion.removesuffix("\n")},
        }
    else:
        region = {"startLine": where.start, "startColumn": 1, "endLine": end + 1, "endColumn": 1}
        replacement = {"deletedRegion": region}
    change = {"artifactLocation": {"uri": uri_path(where.path)}, "replacements": [replacement]}
    return {"description": {"text": "Replace these lines."}, "artifactChanges": [change]}


def _invocation(report: Report) -> dict[str, object]:
    summary = summarise(report)
    said = {f"{failure.who}: {failure.message}" for failure in report.failures}
    notifications = [
        *(_notification("error", _failure(failure)) for failure in report.failures),
        *(_notification("warning", f"Incomplete: {reason}.") for reason in summary.incomplete if reason not in said),
        *(_notification("note", note) for note in (*report.change.notes, *report.notes)),
    ]
    return {"executionSuccessful": summary.is_complete, "toolExecutionNotifications": notifications}


def _failure(failure: Failure) -> str:
    return f"{failure.who} ({failure.stage}): {failure.message}" + (f" ({failure.hint})" if failure.hint else "")


def _notification(level: str, text: str) -> dict[str, object]:
    return {"level": level, "message": {"text": _plain(printable(text, keep="\n"))}}


def _plain(text: str) -> str:
    """Return the text without SARIF's embedded links, `[text](target)`."""
    return text.replace("](", "] (")
