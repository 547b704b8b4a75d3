"""GitLab's Code Quality report."""

from collections.abc import Mapping
from hashlib import sha256

from hunkwise.core.model import Candidate, Category, Report, ReviewComment
from hunkwise.core.ports import RenderOptions
from hunkwise.core.text import json_text, valid_text
from hunkwise.plugins.sinks.excerpt import target
from hunkwise.plugins.sinks.severity import GITLAB
from hunkwise.plugins.sinks.wording import say_message, say_rule

CATEGORIES: Mapping[Category, str] = {
    Category.BUG: "Bug Risk",
    Category.SECURITY: "Security",
    Category.TYPES: "Bug Risk",
    Category.PERFORMANCE: "Performance",
    Category.MAINTAINABILITY: "Complexity",
    Category.STYLE: "Style",
    Category.DOCUMENTATION: "Clarity",
    Category.TESTS: "Bug Risk",
}
"""Code Climate's words, which other readers of the format require."""


class GitlabSink:
    """What GitLab reads as `gl-code-quality-report.json`."""

    name = "gitlab"
    description = "Code Quality report, for GitLab"

    def render(self, report: Report, options: RenderOptions) -> bytes:
        """Return the comments as issues, each with a fingerprint of its own."""
        seen: dict[str, int] = {}
        issues = []
        for comment in report.kept:
            own = comment.scored.candidate.fingerprint
            seen[own] = seen.get(own, 0) + 1
            issues.append(_issue(comment, _unique(own, seen[own])))
        return (json_text(issues) + "\n").encode()


def _issue(comment: ReviewComment, fingerprint: str) -> dict[str, object]:
    candidate = comment.scored.candidate
    return {
        "type": "issue",
        "description": " ".join(say_message(comment).split()),
        "check_name": say_rule(candidate),
        "categories": [CATEGORIES[candidate.category]],
        "fingerprint": fingerprint,
        "severity": GITLAB[candidate.severity],
        "location": {"path": valid_text(target(candidate).path), "lines": _lines(candidate)},
    }


def _lines(candidate: Candidate) -> dict[str, int]:
    """GitLab requires a line; what is about the file itself goes to its first."""
    where = target(candidate)
    start = where.start or 1
    return {"begin": start, "end": max(start, where.end or start)}


def _unique(fingerprint: str, ordinal: int) -> str:
    text = fingerprint if ordinal == 1 else f"{fingerprint}#{ordinal}"
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
