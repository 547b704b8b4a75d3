"""Apply what the configuration says of rules: which are off, and how severe they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hunkwise.core.config import Config, RuleConfig
from hunkwise.core.model import Candidate, RepoPath, Severity
from hunkwise.core.patterns import Patterns


def apply_rules(candidates: Iterable[Candidate], config: Config) -> tuple[tuple[Candidate, ...], Mapping[str, str]]:
    """Return the candidates with their configured severities, and why some are off, by fingerprint."""
    overrides = [(Patterns(override.paths), override.rules) for override in config.overrides]
    found, off = [], {}
    for candidate in candidates:
        rules = (*_applying(candidate.location.path, overrides), config.rules)
        setting = next((one for one in (_setting(candidate.rule, mapping) for mapping in rules) if one), None)
        if setting is None:
            found.append(candidate)
            continue
        if not setting.enabled:
            off[candidate.fingerprint] = f"rule {candidate.rule} is off in the configuration"
        severity = Severity[setting.severity.name] if setting.severity else candidate.severity
        found.append(replace(candidate, severity=severity))
    return tuple(found), off


def _applying(
    path: RepoPath, overrides: Sequence[tuple[Patterns, Mapping[str, RuleConfig]]]
) -> tuple[Mapping[str, RuleConfig], ...]:
    return tuple(rules for patterns, rules in reversed(overrides) if patterns.match(path))


def _setting(rule: str, rules: Mapping[str, RuleConfig]) -> RuleConfig | None:
    tool = rule.partition(".")[0]
    return rules.get(rule) or rules.get(f"{tool}.*")
