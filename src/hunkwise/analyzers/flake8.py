"""flake8: the checks of pycodestyle, pyflakes and mccabe, for repositories that chose it.

Needs: `flake8` (MIT), in its own Python environment, without its plugins.
Call: `flake8 -vv --jobs=1 --output-file= --format=OURS ./FILE…`; it runs only where the repository configures it or
the setting `select` names codes, for ruff says the same otherwise.
Foreign changes: `--isolated --disable-noqa`, with codes and the line length of the base revision.
Its `exclude` is honoured where a pattern matches a file; as always with flake8, one that names only the file's folder
does not.
Cannot see: what plugins of flake8 find, for none are installed; anything at all where one file makes it crash (a sum of
500 terms is enough): then all its files have failed.
"""

import configparser
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hunkwise.core.columns import Columns
from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.inherited_rules import inherited_reason, inherited_rules
from hunkwise.core.model import Category, FileDiff, FileOutcome, Finding, Location, RepoPath, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs, Example, Tool, ToolResult, ToolRun
from hunkwise.core.targets import (
    IDLE,
    applicable,
    arguments,
    as_target,
    check_settings,
    decoded,
    is_utf8,
    one_line,
    outcomes,
    unbelievable,
)

LANGUAGES = ("python",)
CONFIGURATIONS = ("setup.cfg", "tox.ini", ".flake8")
"""In flake8's own order."""
CODE = re.compile(r"[A-Z]{1,3}[0-9]{0,3}")
START, END, BETWEEN = "\x1d", "\x1e", "\x1f"
FORMAT = START + BETWEEN.join(("%(code)s", "%(row)d", "%(col)d", "%(path)s", "%(text)s")) + END
SYNTAX, UNREADABLE = "E999", "E902"
EXCLUSION = (State.SKIPPED, "the repository's configuration of flake8 excludes it")
UNNAMEABLE = (State.SKIPPED, "flake8 cannot report on a file whose name is not UTF-8")
COMPLAINT = re.compile(r"^ValueError: (Error code .+)$", re.MULTILINE)
"""How it ends over a configuration that is wrong, or of an older flake8."""
WAY_OUT = "mend it, or name the flake8 that the project uses as `programs.flake8` in your own configuration"
LOGGED = re.compile(rb"^flake8[\w.]* +MainProcess .*\n", re.MULTILINE)
EXCLUDED = re.compile(r'"(?P<path>[^\n]+)" has been excluded$', re.MULTILINE)

MEANINGS: Mapping[str, tuple[Category, Severity]] = {
    "": (Category.STYLE, Severity.INFO),
    "C90": (Category.MAINTAINABILITY, Severity.LOW),
    "E711": (Category.BUG, Severity.LOW),
    "E721": (Category.BUG, Severity.LOW),
    "E722": (Category.BUG, Severity.MEDIUM),
    "E9": (Category.BUG, Severity.HIGH),
    "F": (Category.BUG, Severity.HIGH),
    "F401": (Category.MAINTAINABILITY, Severity.LOW),
    "F403": (Category.MAINTAINABILITY, Severity.LOW),
    "F405": (Category.MAINTAINABILITY, Severity.LOW),
    "F541": (Category.MAINTAINABILITY, Severity.LOW),
    "F811": (Category.BUG, Severity.MEDIUM),
    "F841": (Category.MAINTAINABILITY, Severity.LOW),
    "F842": (Category.MAINTAINABILITY, Severity.LOW),
    "W605": (Category.BUG, Severity.LOW),
}
"""By the longest prefix of the code."""


class Flake8:
    """Runs flake8 where the repository configures it; its setting `select` is a list of codes to run instead."""

    name = "flake8"
    tool = Tool(
        name="flake8",
        kind="python",
        packages=("flake8==7.5.0",),
        program="flake8",
        licence="MIT",
        url="https://flake8.pycqa.org",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the Python files that are still there, if there is a choice of rules."""
        targets = applicable(files, LANGUAGES)
        selected = _selected(inputs)
        options = _options(selected, inputs) if targets else ()
        if not options:
            return None
        common = ("-vv", "--jobs=1", "--color=never", "--no-show-source", "--output-file=", f"--format={FORMAT}")
        given = arguments(path for path in targets if is_utf8(path))
        return ToolRun(
            tool=self.name,
            args=(*common, *options, *given) if given else IDLE,
            targets=targets,
            env={"PYTHONIOENCODING": "utf-8:surrogateescape"},
            cost=2.0,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return the findings of each file; one that it could not read or parse has failed."""
        trouble = {path: UNNAMEABLE for path in run.targets if not is_utf8(path)}
        if run.args == IDLE:
            return outcomes(self.name, run, trouble=trouble)
        records = _records(decoded(result.stdout))
        if result.exit_code not in (0, 1) or bool(result.exit_code) is not bool(records):
            quiet = replace(result, stdout=b"", stderr=LOGGED.sub(b"", result.stderr))
            if complaint := COMPLAINT.search(decoded(quiet.stderr)):
                raise ToolError(self.name, f"it does not take the configuration: {complaint[1].strip()}; {WAY_OUT}")
            raise unbelievable(self.name, f"with {len(records)} findings", quiet)
        log = decoded(result.stderr)
        if "Found a total of" not in log:
            raise unbelievable(self.name, "before it had finished", result)
        excluded = {_relative(match["path"], inputs.root) for match in EXCLUDED.finditer(log)}
        trouble |= {path: EXCLUSION for path in run.targets if path in excluded}
        findings, columns = [], Columns(inputs.workspace)
        for code, row, column, name, text in records:
            path = as_target(name, run)
            if path is None or not row.isdecimal() or not column.isdecimal():
                raise unbelievable(self.name, "a finding in a file that it was not given", result)
            if code == UNREADABLE:
                trouble[path] = (State.FAILED, one_line(text))
                continue
            if code == SYNTAX:
                trouble[path] = (State.FAILED, f"syntax error at line {row}")
            findings.append(_finding(path, code, int(row), int(column), one_line(text), columns))
        reason = "" if inputs.settings.get("select") else inherited_reason(self.name, inputs)
        return outcomes(self.name, run, findings, trouble, reason)


def _relative(path: str, root: str) -> RepoPath:
    return RepoPath(os.path.relpath(path, os.path.realpath(root)))


def _selected(inputs: AnalyzerInputs) -> tuple[str, ...]:
    check_settings(Flake8.name, inputs, ("select",))
    value = inputs.settings.get("select", [])
    if not isinstance(value, list) or not all(isinstance(one, str) and CODE.fullmatch(one) for one in value):
        raise UsageError(f"tools.flake8.options.select must be a list of codes such as 'F' or 'E711', not {value!r}")
    return tuple(value)


def _options(selected: Sequence[str], inputs: AnalyzerInputs) -> tuple[str, ...]:
    """Return what says which rules run; nothing where nobody chose any."""
    always = f"--extend-select={UNREADABLE},{SYNTAX}"
    if selected:
        noqa = ("--disable-noqa",) if inputs.trust is Trust.FOREIGN else ()
        return ("--isolated", *noqa, f"--select={','.join(selected)}", always)
    if inputs.trust is Trust.FOREIGN:
        rules = inherited_rules(Flake8.name, inputs)
        return ("--isolated", "--disable-noqa", *rules.options(), always) if rules else ()
    configuration = next((name for name in CONFIGURATIONS if _configures(name, inputs)), "")
    return (f"--config=./{configuration}", always) if configuration else ()


def _configures(name: str, inputs: AnalyzerInputs) -> bool:
    if name not in inputs.workspace.paths():
        return False
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(inputs.workspace.read(RepoPath(name)).decode("utf-8", "replace"))
    except configparser.Error:
        return name == ".flake8"
    return parser.has_section("flake8")


def _records(output: str) -> list[list[str]]:
    found = re.findall(f"{START}([^{START}{END}]*){END}", output)
    return [fields for text in found if len(fields := text.split(BETWEEN, 4)) == 5]


def _finding(path: RepoPath, code: str, row: int, column: int, text: str, columns: Columns) -> Finding:
    category, severity = MEANINGS[max((prefix for prefix in MEANINGS if code.startswith(prefix)), key=len)]
    return Finding(
        tool=Flake8.name,
        rule=code,
        message=text,
        location=Location(
            path=path,
            start=max(row, 1),
            end=max(row, 1),
            # pyflakes counts bytes, pycodestyle characters
            column=columns.character(path, row, column) if code.startswith("F") else column,
        ),
        severity=severity,
        category=category,
    )


EXAMPLES = (
    Example(
        name="the repository's own choice of rules is honoured",
        path="mod.py",
        source="import os\n\n\ndef f(x):\n    if x == None:\n        return nobody\n",
        files={"tox.ini": "[flake8]\nselect = E711,F\n"},
        rules=("F401", "E711", "F821"),
    ),
    Example(
        name="it is silent about what the repository ignores",
        path="mod.py",
        source="import os\nx=1\n",
        files={".flake8": "[flake8]\nextend-ignore = E,F401\n"},
    ),
    Example(
        name="the settings of Hunkwise make it run where the repository does not configure it",
        path="mod.py",
        source="import os\nx=1\n",
        settings={"select": ["F401"]},
        rules=("F401",),
    ),
    Example(
        name="the rules that the base chose hold for a foreign change",
        path="mod.py",
        source="import os\nx=1  # noqa\n",
        files={".flake8": "[flake8]\nignore = F401\n"},
        trust=Trust.FOREIGN,
        rules=("E225",),
    ),
)
