"""What a finished review means to whoever called the program."""

from collections.abc import Mapping

from hunkwise.core.cover import summarise
from hunkwise.core.model import Report, Severity

DONE = 0
GATE_REACHED = 1
INCOMPLETE = 3


def exit_code(report: Report) -> int:
    """Return 1 if a kept comment reaches `fail_on`, else 3 if the review is incomplete and may not be, else 0."""
    config = report.manifest.get("config")
    effective: Mapping[str, object] = config if isinstance(config, Mapping) else {}
    fail_on = str(effective.get("fail_on", "none"))
    if fail_on != "none" and any(
        comment.scored.candidate.severity >= Severity[fail_on.upper()] for comment in report.kept
    ):
        return GATE_REACHED
    if not effective.get("allow_incomplete", False) and not summarise(report).is_complete:
        return INCOMPLETE
    return DONE
