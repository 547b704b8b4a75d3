"""pylint: defects in Python that need a look at more than one statement.

Needs: `pylint` 4 (GPL-2.0, run as a program), in its own Python environment.
Call: `pylint -v -sn -f json2 --rcfile=OURS ./FILE…`; `-v` names the files that it looked at.
Own changes: the repository's pylintrc, `[tool.pylint]` or `[pylint…]` takes the place of our choice of rules.
Cannot see: what depends on packages that its environment lacks, so the rules about imports and members are off; files
that the Python it runs on cannot parse, or walk (a sum of 500 terms is enough). It obeys `# pylint:` comments, also
foreign ones, for it has no switch against them; a file that tells it to skip it is reported as skipped.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from hunkwise.core.columns import Columns
from hunkwise.core.configured import in_ini, in_toml, own_configuration
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
RC_FILE = "pylintrc"
RC_FILES = ("pylintrc", "pylintrc.toml", ".pylintrc", ".pylintrc.toml")

IS_MEANT = in_ini(lambda section: section.lower().startswith("pylint"))
SHARED = (("pyproject.toml", in_toml("pylint")), ("setup.cfg", IS_MEANT), ("tox.ini", IS_MEANT))
BLIND = ("E0401", "E0611", "E1101", "I1101")
"""Rules about what is imported: false where the project's dependencies are not installed, so never run."""

OFF = (
    "E1133",  # not iterable, subscriptable, ...: said of attributes that start as None and are set later
    "E1135",
    "E1136",
    "E1137",
    "E1138",
)
"""Errors that are off where the repository does not choose."""

ON = (
    "W0101",  # unreachable
    "W0102",  # dangerous-default-value
    "W0109",  # duplicate-key
    "W0124",  # confusing-with-statement
    "W0126",  # missing-parentheses-for-call-in-test
    "W0127",  # self-assigning-variable
    "W0128",  # redeclared-assigned-name
    "W0129",  # assert-on-string-literal
    "W0130",  # duplicate-value
    "W0131",  # named-expr-without-context
    "W0133",  # pointless-exception-statement
    "W0134",  # return-in-finally
    "W0136",  # continue-in-finally
    "W0137",  # break-in-finally
    "W0143",  # comparison-with-callable
    "W0150",  # lost-exception
    "W0177",  # nan-comparison
    "W0199",  # assert-on-tuple
    "W0211",  # bad-staticmethod-argument
    "W0233",  # non-parent-init-called
    "W0236",  # invalid-overridden-method
    "W0239",  # overridden-final-method
    "W0240",  # subclassed-final-class
    "W0245",  # super-without-brackets
    "W0406",  # import-self
    "W0416",  # shadowed-import
    "W0601",  # global-variable-undefined
    "W0631",  # undefined-loop-variable
    "W0640",  # cell-var-from-loop
    "W0642",  # self-cls-assignment
    "W0644",  # unbalanced-dict-unpacking
    "W0705",  # duplicate-except
    "W0706",  # try-except-raise
    "W0711",  # binary-op-exception
    "W0715",  # raising-format-tuple
    "W0716",  # wrong-exception-operation
    "W1113",  # keyword-arg-before-vararg
    "W1114",  # arguments-out-of-order
    "W1115",  # non-str-assignment-to-dunder-name
    "W1116",  # isinstance-second-argument-not-valid-type
    "W1117",  # kwarg-superseded-by-positional-arg
    "W1300",  # bad-format-string-key
    "W1301",  # unused-format-string-key
    "W1302",  # bad-format-string
    "W1303",  # missing-format-argument-key
    "W1304",  # unused-format-string-argument
    "W1305",  # format-combined-specification
    "W1306",  # missing-format-attribute
    "W1307",  # invalid-format-index
    "W1308",  # duplicate-string-formatting-argument
    "W1501",  # bad-open-mode
    "W1502",  # boolean-datetime
    "W1503",  # redundant-unittest-assert
    "W1506",  # bad-thread-instantiation
    "W1507",  # shallow-copy-environ
    "W1508",  # invalid-envvar-default
    "W1509",  # subprocess-popen-preexec-fn
    "W1515",  # forgotten-debug-statement
    "W1518",  # method-cache-max-size-none
    "W2101",  # useless-with-lock
    "W3601",  # bad-chained-comparison
    "W4701",  # modified-iterating-list
    "W4801",  # looping-through-iterator
    "W4902",  # deprecated-method
    "W4903",  # deprecated-argument
    "W4904",  # deprecated-class
    "W4905",  # deprecated-decorator
    "W4906",  # deprecated-attribute
    "R0123",  # literal-comparison
    "R0124",  # comparison-with-itself
    "R0133",  # comparison-of-constants
    "R0206",  # property-with-parameters
    "R1704",  # redefined-argument-from-local
    "R1707",  # trailing-comma-tuple
    "R1708",  # stop-iteration-return
    "R1739",  # impossible-comparison
)
"""The warnings and refactorings that run beside the errors where the repository does not choose: real defects."""

SKIPPED, SYNTAX = "I0013", "E0001"
BY_LETTER = {"E": Severity.HIGH, "W": Severity.MEDIUM, "R": Severity.LOW, "C": Severity.INFO, "I": Severity.INFO}
SEVERITIES = {
    "E0102": Severity.MEDIUM,  # redefined: often on purpose, behind a condition
    "E0213": Severity.MEDIUM,  # no self: right for what some decorators make of a method
    "E0606": Severity.MEDIUM,  # possibly used before assignment: it cannot see which conditions go together
    "W0706": Severity.LOW,
    "W1113": Severity.LOW,
    "W1308": Severity.LOW,
    "W1509": Severity.LOW,
    **dict.fromkeys(("W4902", "W4903", "W4904", "W4905", "W4906"), Severity.LOW),
    "R0124": Severity.MEDIUM,
    "R0133": Severity.MEDIUM,
    "R1707": Severity.MEDIUM,
    "R1708": Severity.MEDIUM,
    "R1739": Severity.MEDIUM,
}
BUGS = ("R0123", "R0124", "R0133", "R1704", "R1707", "R1708", "R1739")
"""Refactorings that are defects."""
CATEGORIES = {
    "C0112": Category.DOCUMENTATION,
    "C0114": Category.DOCUMENTATION,
    "C0115": Category.DOCUMENTATION,
    "C0116": Category.DOCUMENTATION,
    "W0122": Category.SECURITY,
    "W0123": Category.SECURITY,
    "W1518": Category.PERFORMANCE,
    **dict.fromkeys(("W4901", "W4902", "W4903", "W4904", "W4905", "W4906"), Category.MAINTAINABILITY),
}
BY_CATEGORY = {"E": Category.BUG, "W": Category.BUG, "R": Category.MAINTAINABILITY, "C": Category.STYLE}
KINDS = {"E": "error", "W": "warning", "R": "refactor", "C": "convention", "I": "information", "F": "fatal"}
DOCUMENTATION = "https://pylint.readthedocs.io/en/stable/user_guide/messages"
JSON_START = '{\n    "messages":'


class Pylint:
    """Finds defects in Python that need a look at more than one statement."""

    name = "pylint"
    tool = Tool(
        name="pylint",
        kind="python",
        packages=("pylint==4.1.4",),
        program="pylint",
        licence="GPL-2.0",
        url="https://pylint.readthedocs.io",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the Python files that are still there."""
        targets = applicable(files, LANGUAGES)
        check_settings(self.name, inputs)
        if not targets:
            return None
        configuration = _configuration(inputs)
        options: tuple[str, ...]
        if rules := inherited_rules(self.name, inputs):
            options = (f"--rcfile={inputs.scratch}/{RC_FILE}", f"--disable={','.join(BLIND)}", f"--enable={SKIPPED}")
        elif configuration:
            options = (f"--rcfile=./{configuration}", f"--disable={','.join(BLIND)}", f"--enable={SKIPPED}")
        else:
            options = (f"--rcfile={inputs.scratch}/{RC_FILE}", f"--disable={','.join((*BLIND, *OFF))}")
        return ToolRun(
            tool=self.name,
            # `--` would not help: pylint takes a file named `--init-hook=…` for an option even after it.
            args=("-v", "-sn", "-f", "json2", *options, *arguments(targets)),
            targets=targets,
            files={RC_FILE: _chosen(rules) if rules else _rules()},
            env={"PYLINTHOME": inputs.scratch, "PYTHONIOENCODING": "utf-8:surrogateescape"},
            cost=10.0,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return the findings of each file; one that pylint could not parse, crashed on or did not name has failed."""
        output = "\n" + decoded(result.stdout)
        start = output.rfind("\n" + JSON_START)
        if start < 0 or result.exit_code not in range(32):
            raise unbelievable(self.name, "without a report", result)
        report = Record(self.name, read_json(self.name, output[start:], result), result)
        looked_at = _looked_at(run, output[: start + 1])
        if not looked_at:
            raise unbelievable(self.name, "without naming a file that it looked at, as pylint 4 does", result)
        trouble = {path: _left_out(inputs) for path in run.targets if path not in looked_at}
        findings, complaints, columns = [], [], Columns(inputs.workspace)
        for message in report.records("messages"):
            path, rule = as_target(message.text("path"), run), message.text("messageId")
            if path is None:
                complaints.append(one_line(message.text("message")))
            elif rule.startswith("F"):
                trouble[path] = (State.FAILED, _failure(message, inputs))
            elif rule == SKIPPED:
                trouble[path] = (State.SKIPPED, "a comment in it tells pylint to skip it")
            else:
                if rule == SYNTAX:
                    trouble[path] = (State.FAILED, f"syntax error at line {message.number('line')}")
                findings.append(_finding(message, path, rule, _said(message, inputs), columns))
        complaint = f"pylint says of its configuration: {complaints[0]}" if complaints else ""
        reason = complaint or inherited_reason(self.name, inputs)
        return outcomes(self.name, run, findings, trouble, reason)


def _rules() -> str:
    return _configured("disable=all", f"enable=F,E,{SKIPPED},{','.join(ON)}")


def _chosen(rules: InheritedRules) -> str:
    lists = [f"{name}={','.join(rules.texts(name))}" for name in ("disable", "enable") if rules.texts(name)]
    length = [f"max-line-length={rules.values['max-line-length']}"] if "max-line-length" in rules.values else []
    return _configured(*lists, "[FORMAT]", *length)


def _configured(*messages: str) -> str:
    return "\n".join(
        (
            "[MAIN]",
            # Without roots, the folder of each file is put before the library, and a test's `collections.py` blinds it.
            "source-roots=src,.",
            "ignore=",
            "ignore-patterns=",
            "ignore-paths=",
            "persistent=no",
            "jobs=1",
            "[MESSAGES CONTROL]",
            *messages,
            "",
        )
    )


def _configuration(inputs: AnalyzerInputs) -> str:
    return own_configuration(inputs, RC_FILES, SHARED)


def _looked_at(run: ToolRun, words: str) -> set[RepoPath]:
    return {path for path in run.targets if re.search(rf"\n{re.escape(path)} \(\d+ of \d+\)\n", words)}


def _left_out(inputs: AnalyzerInputs) -> tuple[State, str]:
    if _configuration(inputs):
        return State.SKIPPED, "the repository's configuration of pylint leaves it out"
    return State.FAILED, "pylint did not look at it"


def _failure(message: Record, inputs: AnalyzerInputs) -> str:
    if message.text("symbol") == "astroid-error":
        return "pylint crashed on it"
    return _said(message, inputs).rstrip(".")


def _said(message: Record, inputs: AnalyzerInputs) -> str:
    text = message.text("message")
    for root in (Path(inputs.root).absolute(), Path(inputs.root).resolve()):
        text = text.replace(f"{root}/", "")
    return one_line(text)


def _finding(message: Record, path: RepoPath, rule: str, text: str, columns: Columns) -> Finding:
    symbol, letter = message.text("symbol"), rule[:1]
    start = message.line("line")
    end = message.line("endLine") or start
    return Finding(
        tool=Pylint.name,
        rule=rule,
        message=f"{text} ({symbol})",
        location=Location(
            path=path,
            start=start,
            end=end,
            column=columns.character(path, start, message.line("column", first=0)),
            end_column=columns.character(path, end, message.line("endColumn", first=0)),
        ),
        severity=SEVERITIES.get(rule, BY_LETTER.get(letter, Severity.LOW)),
        category=CATEGORIES.get(rule, Category.BUG if rule in BUGS else BY_CATEGORY.get(letter, Category.BUG)),
        url=f"{DOCUMENTATION}/{KINDS[letter]}/{symbol}.html" if letter in KINDS else "",
    )


EXAMPLES = (
    Example(
        name="a default that all calls share, and a loop variable that may not exist",
        path="cart.py",
        source=(
            "def add(item, cart=[]):\n    cart.append(item)\n    for one in cart:\n        print(one)\n    return one\n"
        ),
        rules=("W0102", "W0631"),
    ),
    Example(
        name="an argument too few, and a format without its argument",
        path="app/log.py",
        source=(
            'import logging\n\n\ndef say(level, text):\n    logging.info("%s: %s", level)\n    return text\n\n\n'
            'say("info")\n'
        ),
        rules=("E1206", "E1120"),
    ),
    Example(
        name="a handler that is never reached, and an exception that is not raised",
        path="read.py",
        source=(
            "def read(path):\n    try:\n        return open(path).read()\n    except OSError:\n"
            '        ValueError("cannot read")\n    except FileNotFoundError:\n        return ""\n'
        ),
        rules=("W0133", "E0701"),
    ),
    Example(
        name="style, size and what is imported are left alone",
        path="style.py",
        source=(
            "import nowhere\n\n\nclass c:\n    def f(self, a, b, c, d, e, g, unused):\n        try:\n"
            "            return nowhere.thing(a)\n        except Exception:\n            return self.missing\n"
        ),
    ),
    Example(
        name="a module of the change that is named like one of the library does not blind it",
        path="tests/data/one.py",
        source='import collections\n\nPoint = collections.namedtuple("Point", "x y")\nprint(Point(1, 2)[0])\n',
        files={"tests/data/collections.py": "import core\n"},
    ),
    Example(
        name="the repository's own choice of rules is honoured",
        path="mod.py",
        source="import os\n\n\ndef f(x=[]):\n    return x\n",
        files={"pyproject.toml": '[tool.pylint."messages control"]\ndisable = "all"\nenable = "unused-import"\n'},
        rules=("W0611",),
    ),
    Example(
        name="a foreign change cannot silence a rule by its configuration",
        path="mod.py",
        source="def f(x=[]):\n    return x\n",
        files={".pylintrc": "[MAIN]\ndisable=all\ninit-hook=raise SystemExit(3)\n"},
        base={},
        trust=Trust.FOREIGN,
        rules=("W0102",),
    ),
    Example(
        name="the rules that the base chose hold for a foreign change",
        path="mod.py",
        source="import os\n\n\ndef f(x=[]):\n    return x\n",
        files={"tox.ini": "[pylint.messages control]\ndisable = all\nenable = unused-import\n"},
        trust=Trust.FOREIGN,
        rules=("W0611",),
    ),
)
