"""How our severities are called in each format: the one place that says it."""

from collections.abc import Mapping

from hunkwise.core.model import Severity

SARIF: Mapping[Severity, str] = {
    Severity.INFO: "note",
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
SARIF_SECURITY: Mapping[Severity, str] = {
    Severity.INFO: "1.0",
    Severity.LOW: "3.0",
    Severity.MEDIUM: "5.5",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}
"""`security-severity` of rules about security, the number that GitHub turns back into a word."""
RDJSON: Mapping[Severity, str] = {
    Severity.INFO: "INFO",
    Severity.LOW: "INFO",
    Severity.MEDIUM: "WARNING",
    Severity.HIGH: "ERROR",
    Severity.CRITICAL: "ERROR",
}
CHECKSTYLE: Mapping[Severity, str] = {
    Severity.INFO: "info",
    Severity.LOW: "info",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
WARNINGS_NG: Mapping[Severity, str] = {
    Severity.INFO: "LOW",
    Severity.LOW: "LOW",
    Severity.MEDIUM: "NORMAL",
    Severity.HIGH: "HIGH",
    Severity.CRITICAL: "ERROR",
}
GITLAB: Mapping[Severity, str] = {
    Severity.INFO: "info",
    Severity.LOW: "minor",
    Severity.MEDIUM: "major",
    Severity.HIGH: "critical",
    Severity.CRITICAL: "blocker",
}
FORMATS: Mapping[str, Mapping[Severity, str]] = {
    "sarif": SARIF,
    "sarif security-severity": SARIF_SECURITY,
    "rdjson, rdjsonl": RDJSON,
    "checkstyle": CHECKSTYLE,
    "warnings-ng": WARNINGS_NG,
    "gitlab": GITLAB,
}
