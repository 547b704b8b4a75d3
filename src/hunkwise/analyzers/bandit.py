"""bandit: security defects in Python.

Needs: `bandit`, in its own Python environment.
Call: `bandit -f json -q --ini EMPTY -x // -t RULES ./FILE…`; with `--ignore-nosec` for a foreign change.
Own changes: the repository's `.bandit`, `bandit.yaml` or `[tool.bandit]` takes the place of our choice of rules.
Cannot see: what spans functions or files, and files that the Python it runs on cannot parse or walk (1,500 chained
operations are enough): it ends with exit code 0 then, so its `errors` are read.
"""

from collections.abc import Sequence

from hunkwise.core.columns import Columns
from hunkwise.core.configured import in_toml, own_configuration
from hunkwise.core.inherited_rules import InheritedRules, inherited_reason, inherited_rules
from hunkwise.core.model import Category, FileDiff, FileOutcome, Finding, Location, RepoPath, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs, Example, Tool, ToolResult, ToolRun
from hunkwise.core.targets import (
    Record,
    applicable,
    arguments,
    as_target,
    check_settings,
    decoded,
    one_line,
    outcomes,
    read_json,
    unbelievable,
)

LANGUAGES = ("python",)

RULES = {
    "B102": "exec",
    "B103": "file made writable for everyone",
    "B110": "an exception swallowed by pass",
    "B112": "an exception swallowed by continue",
    "B113": "a request without a timeout",
    "B201": "Flask in debug mode",
    "B202": "an archive unpacked without a check",
    "B301": "pickle",
    "B302": "marshal",
    "B304": "a weak cipher",
    "B305": "a weak cipher mode",
    "B306": "mktemp",
    "B307": "eval",
    "B308": "mark_safe",
    "B312": "telnet",
    "B321": "FTP",
    "B323": "TLS without verification",
    "B324": "a weak hash",
    "B413": "pyCrypto, abandoned",
    "B501": "a request without certificate checks",
    "B502": "an old TLS version",
    "B503": "an old TLS version by default",
    "B504": "TLS without a version",
    "B505": "a short key",
    "B506": "yaml.load",
    "B507": "SSH without host key checks",
    "B508": "SNMP of old",
    "B509": "SNMP without encryption",
    "B602": "a subprocess with a shell",
    "B605": "a process with a shell",
    "B608": "SQL put together from strings",
    "B609": "a wildcard for a command",
    "B610": "Django extra()",
    "B611": "Django RawSQL",
    "B612": "logging configuration over the network",
    "B613": "text that displays in another order than it runs",
    "B614": "torch.load",
    "B701": "Jinja without escaping",
    "B702": "Mako without escaping",
    "B703": "Django mark_safe",
    "B704": "Markup of unescaped text",
}
"""The rules that run where the repository does not choose: what is nearly always worth a look, in any code."""

SEVERITIES = {"HIGH": Severity.HIGH, "MEDIUM": Severity.MEDIUM, "LOW": Severity.LOW, "UNDEFINED": Severity.LOW}
UNSURE = "LOW"
"""The confidence that lowers a severity by one step."""
BY_RULE = {"B110": Severity.LOW, "B112": Severity.LOW, "B301": Severity.LOW, "B113": Severity.LOW}
INI = "bandit.ini"
CONFIGURATIONS = {
    ".bandit": "--ini",
    "bandit.yaml": "-c",
    "bandit.yml": "-c",
    ".bandit.yaml": "-c",
    ".bandit.yml": "-c",
}
CATEGORIES = {"B110": Category.BUG, "B112": Category.BUG, "B113": Category.BUG}


class Bandit:
    """Finds security defects in Python."""

    name = "bandit"
    tool = Tool(
        name="bandit",
        kind="python",
        packages=("bandit==1.9.4",),
        program="bandit",
        licence="Apache-2.0",
        url="https://bandit.readthedocs.io",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the Python files that are still there."""
        targets = applicable(files, LANGUAGES)
        check_settings(self.name, inputs)
        if not targets:
            return None
        return ToolRun(
            tool=self.name,
            args=("-f", "json", "-q", *_options(inputs), *arguments(targets)),
            targets=targets,
            files={INI: "[bandit]\n"},
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return the findings of each file; one that bandit names as an error or does not count has failed."""
        report = Record(self.name, read_json(self.name, decoded(result.stdout), result), result)
        if result.exit_code not in (0, 1):
            raise unbelievable(self.name, "neither 0 nor 1", result)
        counted = {as_target(path, run) for path in report.record("metrics").names()}
        trouble = {path: _left_out(inputs) for path in run.targets if path not in counted}
        for error in report.records("errors"):
            path = as_target(error.text("filename"), run)
            if path is None:
                raise unbelievable(self.name, "an error about a file that it was not given", result)
            trouble[path] = (State.FAILED, one_line(error.text("reason")))
        findings, columns = [], Columns(inputs.workspace)
        for record in report.records("results"):
            path = as_target(record.text("filename"), run)
            if path is None:
                raise unbelievable(self.name, "a finding in a file that it was not given", result)
            findings.append(_finding(record, path, columns))
        return outcomes(self.name, run, findings, trouble, inherited_reason(self.name, inputs))


def _options(inputs: AnalyzerInputs) -> tuple[str, ...]:
    if inputs.trust is Trust.FOREIGN:
        rules = inherited_rules(Bandit.name, inputs)
        return (*(_chosen(rules, inputs) if rules else _ours(inputs)), "--ignore-nosec")
    return _configuration(inputs) or _ours(inputs)


def _ours(inputs: AnalyzerInputs) -> tuple[str, ...]:
    # Paths that contain an excluded text are left out without a word, `src/CVS.py` by default; none contains `//`.
    return ("--ini", f"{inputs.scratch}/{INI}", "-x", "//", "-t", ",".join(RULES))


def _chosen(rules: InheritedRules, inputs: AnalyzerInputs) -> tuple[str, ...]:
    lists = [("-t", rules.texts("tests")), ("-s", rules.texts("skips"))]
    chosen = [part for option, codes in lists if codes for part in (option, ",".join(codes))]
    return ("--ini", f"{inputs.scratch}/{INI}", "-x", "//", *chosen)


def _configuration(inputs: AnalyzerInputs) -> tuple[str, ...]:
    paths = inputs.workspace.paths()
    for name, option in CONFIGURATIONS.items():
        if name in paths:
            return (option, f"./{name}")
    shared = own_configuration(inputs, (), (("pyproject.toml", in_toml("bandit")),))
    return ("-c", f"./{shared}") if shared else ()


def _left_out(inputs: AnalyzerInputs) -> tuple[State, str]:
    if inputs.trust is Trust.OWN and _configuration(inputs):
        return State.SKIPPED, "the repository's configuration of bandit leaves it out"
    return State.FAILED, "bandit did not look at it"


def _finding(record: Record, path: RepoPath, columns: Columns) -> Finding:
    rule = record.text("test_id")
    start = record.line("line_number")
    lines = [line for line in record.array("line_range") if isinstance(line, int)]
    end = max([line for line in (start, *lines) if line is not None], default=None)
    return Finding(
        tool=Bandit.name,
        rule=rule,
        message=one_line(record.text("issue_text")),
        location=Location(
            path=path,
            start=start,
            end=end,
            column=columns.character(path, start, record.line("col_offset", first=0)),
            end_column=columns.character(path, end, record.line("end_col_offset", first=0)) if start == end else None,
        ),
        severity=_severity(rule, record.text("issue_severity"), record.text("issue_confidence")),
        category=CATEGORIES.get(rule, Category.SECURITY),
        url=record.text("more_info"),
    )


def _severity(rule: str, severity: str, confidence: str) -> Severity:
    if rule in BY_RULE:
        return BY_RULE[rule]
    found = SEVERITIES.get(severity, Severity.LOW)
    return Severity(max(found - 1, Severity.LOW)) if confidence == UNSURE else found


EXAMPLES = (
    Example(
        name="a shell that runs what a user typed",
        path="app/convert.py",
        source='import subprocess\n\n\ndef convert(name):\n    subprocess.run(f"convert {name}", shell=True)\n',
        rules=("B602",),
    ),
    Example(
        name="YAML that makes any object, and a query put together from text",
        path="load.py",
        source=(
            "import yaml\n\n\ndef load(text, db, name):\n    yaml.load(text)\n"
            "    return db.execute(f\"SELECT * FROM users WHERE name = '{name}'\")\n"
        ),
        rules=("B506", "B608"),
    ),
    Example(
        name="certificates that nobody checks, and an exception that nobody sees",
        path="fetch.py",
        source=(
            "import requests\n\n\ndef fetch(url):\n    try:\n"
            "        return requests.get(url, timeout=5, verify=False)\n    except Exception:\n        pass\n"
        ),
        rules=("B501", "B110"),
    ),
    Example(
        name="asserts, subprocesses without a shell and random numbers are left alone",
        path="test_dice.py",
        source=(
            'import random\nimport subprocess\n\nassert random.random() < 1\nsubprocess.run(["ls"])\n'
            'PASSWORD = "secret"\nPATH = "/tmp/x"\n'
        ),
    ),
    Example(
        name="an own change silences a rule by a comment",
        path="run.py",
        source='exec("x = 1")  # nosec: our own text\n',
    ),
    Example(
        name="a foreign change cannot silence a rule, by a comment or by its configuration",
        path="run.py",
        source='exec("x = 1")  # nosec\n',
        files={".bandit": "[bandit]\nskips = B102\n", "pyproject.toml": '[tool.bandit]\nskips = ["B102"]\n'},
        base={},
        trust=Trust.FOREIGN,
        rules=("B102",),
    ),
    Example(
        name="the rules that the base chose hold for a foreign change",
        path="run.py",
        source="exec(input())\nassert input()\n",
        files={"pyproject.toml": '[tool.bandit]\ntests = ["B101"]\n'},
        trust=Trust.FOREIGN,
        rules=("B101",),
    ),
    Example(
        name="the repository's own choice of rules is honoured",
        path="check.py",
        source='assert exec("x = 1")\n',
        files={"pyproject.toml": '[tool.bandit]\nskips = ["B102"]\n'},
        rules=("B101",),
    ),
)
