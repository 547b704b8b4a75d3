from hunkwise.core.config import Config, Level, Override, RuleConfig
from hunkwise.core.model import Severity
from hunkwise.core.rules import apply_rules
from hunkwise.testing import make_candidate, make_finding


def applied(config, path="src/a.py"):
    found, off = apply_rules(
        [make_candidate(make_finding(tool="ruff", rule="F401", path=path), fingerprint="f")], config
    )
    return found[0].severity, "f" in off


def test_a_rule_can_be_switched_off():
    """An exact rule goes before the tool's wildcard."""
    off = RuleConfig(enabled=False)
    assert applied(Config(rules={"ruff.F401": off}))[1]
    assert applied(Config(rules={"ruff.*": off}))[1]
    assert not applied(Config(rules={"ruff.*": off, "ruff.F401": RuleConfig()}))[1]


def test_a_rule_can_have_another_severity():
    """The configured severity replaces the tool's."""
    assert applied(Config(rules={"ruff.F401": RuleConfig(severity=Level.HIGH)}))[0] is Severity.HIGH


def test_an_override_holds_for_its_paths():
    """What is said for a directory goes before what is said for all."""
    config = Config(overrides=(Override(paths=("tests/",), rules={"ruff.F401": RuleConfig(enabled=False)}),))
    assert applied(config, "tests/a.py")[1]
    assert not applied(config, "src/a.py")[1]
