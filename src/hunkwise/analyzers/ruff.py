"""ruff: fast checks of Python files.

Needs: `ruff` (MIT); its package carries the program.
Call: `ruff check --output-format=json --isolated --select=OURS ./FILE…`; it never mends a file.
Own changes: the repository's `ruff.toml` or `[tool.ruff]` is honoured, with what it excludes.
Cannot see: types, and other files. It aborts on nesting that CPython itself refuses.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.inherited_rules import inherited_reason, inherited_rules
from hunkwise.core.model import (
    Category,
    Edit,
    FileDiff,
    FileOutcome,
    Finding,
    Fix,
    Location,
    RepoPath,
    Severity,
    State,
    Trust,
)
from hunkwise.core.ports import AnalyzerInputs, Example, Tool, ToolResult, ToolRun, Workspace
from hunkwise.core.python_version import oldest_minor
from hunkwise.core.targets import Record, decoded, read_json, unbelievable
from hunkwise.core.toml import read_toml

LANGUAGES = frozenset({"python", "pyi"})
NEWEST_PYTHON = 14
SYNTAX_ERROR = "invalid-syntax"
UNREADABLE = "E902"

# Where a repository does not configure ruff: what is wrong whoever reads it, and nothing that is a matter of taste.
SELECT = (
    "ASYNC105,ASYNC116,ASYNC210,ASYNC212,ASYNC22,ASYNC251,B,E711,E721,E722,E9,F,G101,INT,ISC004,LOG004,LOG007,LOG009,"
    "LOG014,NPY001,NPY003,NPY201,PLE,PLR0124,PLW0120,PLW0127,PLW0128,PLW0129,PLW0131,PLW0133,PLW0177,PLW0211,PLW0245,"
    "PLW0406,PLW0604,PLW0711,PLW1501,PLW1507,PLW1508,PLW1509,PLW2101,PT010,PT014,PT015,RUF006,RUF008,RUF009,RUF016,"
    "RUF017,RUF018,RUF024,RUF026,RUF030,RUF032,RUF033,RUF034,RUF040,RUF048,RUF049,RUF060,RUF064,SIM107,SIM115,T100,"
    "W605,YTT"
)
IGNORE = "B007,B008,B009,B010,B011,B024,B027,B028,B904,B905,B911,B912,F403,F405"

# By the longest prefix of the rule.
MEANINGS: Mapping[str, tuple[Category, Severity]] = {
    "": (Category.STYLE, Severity.INFO),
    SYNTAX_ERROR: (Category.BUG, Severity.HIGH),
    "A": (Category.MAINTAINABILITY, Severity.LOW),
    "ANN": (Category.TYPES, Severity.INFO),
    "ARG": (Category.MAINTAINABILITY, Severity.LOW),
    "ASYNC": (Category.PERFORMANCE, Severity.MEDIUM),
    "ASYNC105": (Category.BUG, Severity.HIGH),
    "B": (Category.BUG, Severity.MEDIUM),
    "B007": (Category.MAINTAINABILITY, Severity.LOW),
    "B009": (Category.STYLE, Severity.INFO),
    "B010": (Category.STYLE, Severity.INFO),
    "B017": (Category.TESTS, Severity.LOW),
    "B019": (Category.PERFORMANCE, Severity.MEDIUM),
    "B028": (Category.MAINTAINABILITY, Severity.INFO),
    "B033": (Category.MAINTAINABILITY, Severity.LOW),
    "B034": (Category.MAINTAINABILITY, Severity.LOW),
    "B904": (Category.MAINTAINABILITY, Severity.LOW),
    "B905": (Category.MAINTAINABILITY, Severity.INFO),
    "B911": (Category.MAINTAINABILITY, Severity.INFO),
    "B912": (Category.MAINTAINABILITY, Severity.INFO),
    "BLE": (Category.MAINTAINABILITY, Severity.LOW),
    "C90": (Category.MAINTAINABILITY, Severity.LOW),
    "D": (Category.DOCUMENTATION, Severity.INFO),
    "DTZ": (Category.BUG, Severity.LOW),
    "E711": (Category.BUG, Severity.LOW),
    "E721": (Category.BUG, Severity.LOW),
    "E722": (Category.BUG, Severity.MEDIUM),
    "E9": (Category.BUG, Severity.HIGH),
    "F": (Category.BUG, Severity.HIGH),
    "F401": (Category.MAINTAINABILITY, Severity.LOW),
    "F403": (Category.MAINTAINABILITY, Severity.LOW),
    "F405": (Category.MAINTAINABILITY, Severity.LOW),
    "F504": (Category.BUG, Severity.MEDIUM),
    "F522": (Category.BUG, Severity.MEDIUM),
    "F523": (Category.BUG, Severity.MEDIUM),
    "F541": (Category.MAINTAINABILITY, Severity.LOW),
    "F811": (Category.BUG, Severity.MEDIUM),
    "F841": (Category.MAINTAINABILITY, Severity.LOW),
    "F842": (Category.MAINTAINABILITY, Severity.LOW),
    "G101": (Category.BUG, Severity.HIGH),
    "INT": (Category.BUG, Severity.MEDIUM),
    "ISC004": (Category.BUG, Severity.MEDIUM),
    "LOG": (Category.BUG, Severity.LOW),
    "NPY": (Category.BUG, Severity.MEDIUM),
    "PERF": (Category.PERFORMANCE, Severity.LOW),
    "PLC": (Category.MAINTAINABILITY, Severity.INFO),
    "PLE": (Category.BUG, Severity.HIGH),
    "PLR": (Category.MAINTAINABILITY, Severity.LOW),
    "PLR0124": (Category.BUG, Severity.MEDIUM),
    "PLW": (Category.BUG, Severity.MEDIUM),
    "PLW0120": (Category.MAINTAINABILITY, Severity.LOW),
    "PLW1508": (Category.BUG, Severity.LOW),
    "PLW2901": (Category.MAINTAINABILITY, Severity.LOW),
    "PT": (Category.TESTS, Severity.LOW),
    "PT015": (Category.TESTS, Severity.MEDIUM),
    "RUF": (Category.MAINTAINABILITY, Severity.LOW),
    "RUF006": (Category.BUG, Severity.MEDIUM),
    "RUF008": (Category.BUG, Severity.HIGH),
    "RUF009": (Category.BUG, Severity.MEDIUM),
    "RUF016": (Category.BUG, Severity.HIGH),
    "RUF017": (Category.PERFORMANCE, Severity.LOW),
    "RUF018": (Category.BUG, Severity.MEDIUM),
    "RUF024": (Category.BUG, Severity.HIGH),
    "RUF032": (Category.BUG, Severity.MEDIUM),
    "RUF033": (Category.BUG, Severity.MEDIUM),
    "RUF064": (Category.BUG, Severity.HIGH),
    "S": (Category.SECURITY, Severity.MEDIUM),
    "S101": (Category.SECURITY, Severity.INFO),
    "SIM107": (Category.BUG, Severity.MEDIUM),
    "SIM115": (Category.BUG, Severity.LOW),
    "T10": (Category.BUG, Severity.HIGH),
    "TRY": (Category.MAINTAINABILITY, Severity.INFO),
    "W605": (Category.BUG, Severity.LOW),
    "YTT": (Category.BUG, Severity.MEDIUM),
}


class Ruff:
    """Runs ruff by the repository's own configuration if it is trusted and there is one, else by our selection.

    Settings: `select` replaces our selection, `ignore` takes rules out of it; both are lists of rules or prefixes.
    """

    name = "ruff"
    tool = Tool(
        name="ruff",
        kind="python",
        packages=("ruff==0.17.6",),
        program="ruff",
        licence="MIT",
        url="https://docs.astral.sh/ruff/",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        targets = tuple(file.path for file in files if file.language in LANGUAGES)
        if not targets:
            return None
        options, version = _options(inputs.settings), _python_version(inputs)
        common = ("check", "--no-cache", "--no-fix", "--no-fix-only", "--no-show-fixes", "--output-format=json")
        if inputs.trust is Trust.OWN and not options and _is_configured(targets, inputs.workspace):
            # What the project excludes is left out, and the log is the only place that says so.
            chosen: tuple[str, ...] = ("--force-exclude", f"--extend-select={UNREADABLE}", "--verbose")
        elif rules := None if options else inherited_rules(self.name, inputs):
            chosen = ("--isolated", *rules.options(target_version=version), f"--extend-select={UNREADABLE}")
        else:
            select = (*options.get("select", (SELECT,)), UNREADABLE)
            ignore = (*(() if "select" in options else (IGNORE,)), *options.get("ignore", ()))
            chosen = ("--isolated", f"--target-version={version}", f"--select={','.join(select)}")
            chosen += (f"--ignore={','.join(ignore)}",) if ignore else ()
        if inputs.trust is Trust.FOREIGN:
            chosen = (*chosen, "--ignore-noqa")
        paths = tuple(f"./{path}" for path in targets)
        return ToolRun(tool=self.name, args=(*common, *chosen, *paths), targets=targets, cost=0.1)

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        log = result.stderr.decode("utf-8", "replace")
        if result.exit_code not in (0, 1):
            message = f"ended with exit code {result.exit_code}: {_last_words(log)}"
            if "Unknown rule selector" in log:
                message += f"; Hunkwise is made for {self.tool.packages[0]}, which `hunkwise tools install ruff` brings"
            raise ToolError(self.name, message, argv=run.args, exit_code=result.exit_code)
        names = {path.encode("utf-8", "surrogateescape").decode("utf-8", "replace"): path for path in run.targets}
        found: dict[RepoPath, list[Finding]] = {path: [] for path in run.targets}
        unreadable: dict[RepoPath, str] = {}
        items = read_json(self.name, decoded(result.stdout), result)
        if not isinstance(items, list):
            raise unbelievable(self.name, "without a list of findings", result)
        for item in items:
            finding = _finding(Record(self.name, item, result), inputs.root, names)
            path = finding.location.path
            earlier = found.setdefault(path, [])
            if finding.rule == UNREADABLE:
                unreadable[path] = finding.message
            elif finding.rule != SYNTAX_ERROR or all(one.rule != SYNTAX_ERROR for one in earlier):
                # After the first syntax error come those that it causes.
                earlier.append(finding)
        checked = _checked(log, inputs.root, names) if "--verbose" in run.args else found.keys()
        reason = "" if inputs.settings else inherited_reason(self.name, inputs)
        return tuple(_outcome(path, found[path], unreadable.get(path), path in checked, reason) for path in found)


def _options(settings: Mapping[str, object]) -> Mapping[str, tuple[str, ...]]:
    for key, value in settings.items():
        if key not in ("select", "ignore"):
            raise UsageError(f"tools.ruff.{key} is unknown; there are `select` and `ignore`")
        if not isinstance(value, list) or not all(re.fullmatch(r"[A-Z]+[0-9]*", str(rule)) for rule in value):
            raise UsageError(f"tools.ruff.{key} must be a list of rules such as 'F' or 'B006', not {value!r}")
    return {key: tuple(value) for key, value in settings.items() if isinstance(value, list)}


def _is_configured(targets: Iterable[RepoPath], workspace: Workspace) -> bool:
    folders = {folder for target in targets for folder in PurePosixPath(target).parents}
    for path in workspace.paths():
        pure = PurePosixPath(path)
        if pure.parent in folders and (
            pure.name in ("ruff.toml", ".ruff.toml")
            or (pure.name == "pyproject.toml" and "ruff" in _pyproject(workspace, path).get("tool", {}))
        ):
            return True
    return False


def _python_version(inputs: AnalyzerInputs) -> str:
    return f"py3{min(max(oldest_minor(inputs) or NEWEST_PYTHON, 7), NEWEST_PYTHON)}"


def _pyproject(workspace: Workspace, path: RepoPath) -> dict[str, Any]:
    try:
        return read_toml(workspace.read(path))
    except (FileNotFoundError, ValueError):
        return {}


def _finding(item: Record, root: str, names: Mapping[str, RepoPath]) -> Finding:
    rule = item.text("code") if "code" in item else SYNTAX_ERROR
    category, severity = _meaning(rule)
    line, column = _position(item, "location")
    end, end_column = _position(item, "end_location")
    is_at_line_end = end > line and end_column == 1
    return Finding(
        tool=Ruff.name,
        rule=rule,
        message=item.text("message"),
        location=Location(
            path=_path(item.text("filename"), root, names),
            start=line,
            end=end - 1 if is_at_line_end else end,
            column=column,
            end_column=None if is_at_line_end else end_column,
        ),
        severity=severity,
        category=category,
        url=item.text("url") if "url" in item else "",
        fix=_fix(item.record("fix")) if "fix" in item else None,
    )


def _fix(fix: Record) -> Fix | None:
    if fix.text("applicability") != "safe":
        return None
    edits = tuple(
        Edit(*_position(edit, "location"), *_position(edit, "end_location"), edit.text("content"))
        for edit in fix.records("edits")
    )
    return Fix(edits=edits, description=fix.text("message") if "message" in fix else "")


def _outcome(
    path: RepoPath, findings: list[Finding], unreadable: str | None, is_checked: bool, reason: str
) -> FileOutcome:
    state = State.REVIEWED
    if unreadable is not None:
        state, reason = State.FAILED, unreadable
    elif not is_checked and not findings:
        state, reason = State.SKIPPED, "the project's ruff configuration excludes it"
    return FileOutcome(tool=Ruff.name, path=path, state=state, reason=reason, findings=tuple(findings))


def _checked(log: str, root: str, names: Mapping[str, RepoPath]) -> frozenset[RepoPath]:
    return frozenset(_path(name, root, names) for name in re.findall(r"\[DEBUG\] Checking: (.+)$", log, re.MULTILINE))


def _meaning(rule: str) -> tuple[Category, Severity]:
    return MEANINGS[max((prefix for prefix in MEANINGS if rule.startswith(prefix)), key=len)]


def _path(file: str, root: str, names: Mapping[str, RepoPath]) -> RepoPath:
    for base in (root, os.path.realpath(root)):
        relative = os.path.relpath(file, base)
        if not relative.startswith(".."):
            return names.get(relative, RepoPath(relative))
    raise ToolError(Ruff.name, f"reports {file}, which lies outside {root}")


def _position(item: Record, name: str) -> tuple[int, int]:
    place = item.record(name)
    return place.number("row"), place.number("column")


def _last_words(log: str) -> str:
    lines = [line.strip() for line in log.splitlines() if line.strip(" |^") and "[DEBUG]" not in line]
    return "; ".join(lines[-6:]) or "no word"


EXAMPLES = (
    Example(
        name="a name that nobody defines",
        path="app/total.py",
        source="def total(items):\n    return sum(item.price for item in itmes)\n",
        rules=("F821",),
    ),
    Example(
        name="a default that all calls share",
        path="cart.py",
        source="def add(item, cart=[]):\n    cart.append(item)\n    return cart\n",
        rules=("B006",),
    ),
    Example(
        name="a closure that sees only the last value of its loop",
        path="callbacks.py",
        source="def make(names):\n    return [lambda: print(name) for name in names]\n",
        rules=("B023",),
    ),
    Example(
        name="an assertion that is always true",
        path="test_login.py",
        source='def test_login(page):\n    assert (page.ok, "no access")\n',
        rules=("F631",),
    ),
    Example(
        name="a format that lacks an argument, and a comparison of identity",
        path="log.py",
        source='def say(level, name):\n    if level is "warn":\n        print("%s: %s" % (name,))\n',
        rules=("F632", "F507"),
    ),
    Example(
        name="a task that the garbage collector may take",
        path="worker.py",
        source="import asyncio\n\n\nasync def start(job):\n    asyncio.create_task(job())\n",
        rules=("RUF006",),
    ),
    Example(
        name="only the first of the errors of syntax", path="broken.py", source="def (\nclass\n", rules=(SYNTAX_ERROR,)
    ),
    Example(
        name="style is left alone",
        path="style.py",
        source="import sys, os\nl = {'a':1}\ndef f( x ) :\n    print (sys.argv,os.name,l)\n    return x==True\n",
    ),
    Example(
        name="the grammar of new Pythons is known",
        path="new.py",
        source="type Pair[T] = tuple[T, T]\n\n\ndef first[T](pair: Pair[T]) -> T:\n    return pair[0]\n",
    ),
    Example(
        name="the oldest Python that the project supports decides on the grammar",
        path="old.py",
        source="def first[T](pair: tuple[T, T]) -> T:\n    return pair[0]\n",
        files={"pyproject.toml": '[project]\nname = "old"\nversion = "1"\nrequires-python = ">=3.9"\n'},
        rules=(SYNTAX_ERROR,),
    ),
    Example(
        name="the project's own configuration is honoured",
        path="lib/mod.py",
        source="import os\n\nl = 1\n",
        files={"lib/ruff.toml": '[lint]\nselect = ["E741"]\n'},
        rules=("E741",),
    ),
    Example(
        name="a foreign change cannot silence a rule by its configuration or by a comment",
        path="lib/mod.py",
        source="# ruff: noqa\ndef add(item, cart=[]):  # noqa: B006\n    return cart\n",
        files={"ruff.toml": "lint.select = []\n", "lib/.ruff.toml": 'extend = "/etc/passwd"\n'},
        base={},
        trust=Trust.FOREIGN,
        rules=("B006",),
    ),
    Example(
        name="the rules that the base chose hold for a foreign change",
        path="lib/mod.py",
        source="import os\n\nl = 1\n",
        files={"ruff.toml": 'lint.select = ["E741"]\n'},
        trust=Trust.FOREIGN,
        rules=("E741",),
    ),
    Example(
        name="an own change silences a rule by a comment",
        path="mod.py",
        source="def add(item, cart=[]):  # noqa: B006\n    return cart\n",
    ),
    Example(
        name="the settings of Hunkwise choose the rules",
        path="mod.py",
        source="import os\n\nl = 1\n",
        settings={"select": ["E741"]},
        rules=("E741",),
    ),
)
