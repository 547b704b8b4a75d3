"""SARIF 2.1.0: results with their rules, suppressions and fixes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hunkwise.core.errors import ReportError
from hunkwise.core.model import Category, Finding, Fix, RepoPath, Severity
from hunkwise.readers.json_object import JsonObject, read_json
from hunkwise.readers.reading import (
    Reading,
    Sources,
    category_of,
    keep,
    message_text,
    rule_name,
    severity_of,
    tool_name,
)
from hunkwise.readers.sarif_places import Places, message_of

OURS = "hunkwise"
LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)+)\]\((?:[^()\s]|\([^()\s]*\))*\)")
QUIET_KINDS = ("pass", "notApplicable")
GONE = "absent"
CVSS = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (0.0, Severity.LOW))
"""From which `security-severity` on GitHub speaks of which severity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    id: str = ""
    level: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()
    score: float | None = None
    strings: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""


NO_RULE = _Rule()


def read_sarif(data: bytes, sources: Sources) -> Reading:
    """Return the results of all runs; raise ReportError where the document is not SARIF 2.1."""
    document = JsonObject(read_json(data))
    version = document.text("version")
    if not version.startswith("2.1"):
        raise ReportError(f"it is SARIF of version {version[:20]!r}; 2.1.0 is read here")
    if "runs" not in document:
        raise ReportError("it has no runs")
    reading = Reading()
    for run in document.children("runs"):
        _read_run(run, sources, reading)
    return reading


def _read_run(run: JsonObject, sources: Sources, reading: Reading) -> None:
    driver = run.child("tool").child("driver")
    tool = tool_name(driver.text("name"), "sarif")
    places = Places(run, sources, tool)
    rules = [_rule(rule) for rule in driver.children("rules")]
    by_id = {rule.id: rule for rule in rules}
    reading.named.update(places.artifacts())
    for invocation in run.children("invocations"):
        if invocation.flag("executionSuccessful") is False:
            notes = invocation.children("toolExecutionNotifications")
            why = next((text for note in notes if (text := note.child("message").text("text"))), "")
            reading.trouble.append(f"{tool} says that it did not succeed{f': {why[:200]}' if why else ''}")
    for result in run.children("results"):
        if result.text("kind") in QUIET_KINDS or result.text("baselineState") == GONE:
            continue
        _read_result(result, tool, _rule_of(result, rules, by_id), places, sources, reading)


def _read_result(
    result: JsonObject, tool: str, rule: _Rule, places: Places, sources: Sources, reading: Reading
) -> None:
    locations = result.children("locations")
    physical = locations[0].child("physicalLocation") if locations else JsonObject({})
    path, name = places.path(physical.child("artifactLocation"))
    if path is None:
        reading.lost.append(name or "a result without a file")
        return
    code = result.text("ruleId") or result.child("rule").text("id") or rule.id
    named = rule_name(code)
    if tool == OURS and "/" in named:
        # our own output names the tool that found it before the rule
        tool, _, named = named.partition("/")
    severity, category = _weight(result, rule)
    message = LINK.sub(r"\1", message_of(result.child("message"), rule.strings)) or rule.summary
    finding = Finding(
        tool=tool,
        rule=named,
        message=message_text(message, named),
        location=places.location(path, physical.child("region")),
        severity=severity,
        category=category,
        url=rule.url,
        fix=_fix(result, path, places),
    )
    keep(reading, sources, finding, is_suppressed=_is_suppressed(result))


def _rule(rule: JsonObject) -> _Rule:
    properties = rule.child("properties")
    score = properties.text("security-severity") if "security-severity" in properties else ""
    strings = rule.child("messageStrings")
    return _Rule(
        id=rule.text("id"),
        level=rule.child("defaultConfiguration").text("level"),
        url=rule.text("helpUri"),
        tags=(*properties.texts("tags"), properties.text("category")),
        score=float(score) if re.fullmatch(r"\d{1,2}(\.\d{1,4})?", score) else None,
        strings={name: strings.child(name).text("text") for name in strings.names()},
        summary=rule.child("shortDescription").text("text"),
    )


def _rule_of(result: JsonObject, rules: list[_Rule], by_id: Mapping[str, _Rule]) -> _Rule:
    reference = result.child("rule")
    index = result.number("ruleIndex") if "ruleIndex" in result else reference.number("index")
    if index is not None and 0 <= index < len(rules) and "toolComponent" not in reference:
        return rules[index]
    code = result.text("ruleId") or reference.text("id")
    # a hierarchical id, `rule/part`, belongs to the rule that it begins with
    return by_id.get(code) or by_id.get(code.rpartition("/")[0]) or NO_RULE


def _weight(result: JsonObject, rule: _Rule) -> tuple[Severity, Category]:
    """Return severity and category; a score that the rule has counts for more than a level, as on GitHub."""
    own = result.text("level")
    properties = result.child("properties")
    category = category_of(properties.text("category"), *rule.tags)
    if rule.score is not None and category is Category.BUG:
        category = Category.SECURITY
    if result.text("kind") == "informational":
        return Severity.INFO, category
    if rule.score is not None:
        return next(severity for least, severity in CVSS if rule.score >= least), category
    return severity_of(own or rule.level or "warning"), category


def _fix(result: JsonObject, path: RepoPath, places: Places) -> Fix | None:
    """Return the first fix of a result that changes only text of its own file."""
    for fix in result.children("fixes"):
        edits = []
        for change in fix.children("artifactChanges"):
            target, _ = places.path(change.child("artifactLocation"))
            for replacement in change.children("replacements"):
                edits.append(places.edit(path, replacement) if target == path else None)
        if edits and None not in edits:
            found = tuple(edit for edit in edits if edit is not None)
            return Fix(edits=found, description=message_of(fix.child("description"), {})[:200])
    return None


def _is_suppressed(result: JsonObject) -> bool:
    return any(one.text("status") in ("", "accepted") for one in result.children("suppressions"))
