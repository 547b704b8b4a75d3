"""mypy: type errors in Python.

Needs: `mypy`, in its own Python environment; the project's dependencies are not in it, so what comes from them is Any.
Call: `mypy -O json --config-file= --cache-dir=/dev/null --no-site-packages --ignore-missing-imports …  ./FILE…`; of a
foreign change, imported files are not followed, otherwise silently.
Own changes: the repository's mypy configuration is honoured. The setting `python` of `[tools.mypy]` names the
interpreter of an environment that has the dependencies.
Cannot see: bodies of functions without annotations. It stops at the first file that it cannot parse, and then the
others have failed too. It obeys `# type: ignore`, also foreign ones, for it has no switch against it.
"""

import ast
import io
import re
import tokenize
from collections.abc import Mapping, Sequence

from hunkwise.core.columns import Columns
from hunkwise.core.configured import in_ini, in_toml, own_configuration
from hunkwise.core.errors import UsageError
from hunkwise.core.inherited_rules import InheritedRules, inherited_reason, inherited_rules
from hunkwise.core.model import Category, FileDiff, FileOutcome, Finding, Location, RepoPath, Severity, State, Trust
from hunkwise.core.modules import ModuleLayout, lay_out
from hunkwise.core.ports import AnalyzerInputs, Example, Tool, ToolResult, ToolRun
from hunkwise.core.targets import (
    Record,
    applicable,
    arguments,
    as_target,
    check_settings,
    decoded,
    is_utf8,
    one_line,
    outcomes,
    read_json,
    said,
    unbelievable,
)

LANGUAGES = ("python", "pyi")

ABSENT = ("import-not-found", "import-untyped")
"""Codes that say no more than that a dependency is not installed here; never reported without the project's own."""

OFF = (
    "annotation-unchecked",
    "empty-body",  # stubs and protocols without the base class
    "has-type",  # mypy gave up, not the code
    "method-assign",  # how tests replace methods
    "misc",  # a mixture; mostly about base classes that are Any here
    "no-redef",  # conditional definitions
    "override",  # substitutability, which projects without a type checker do not keep to
    "type-abstract",
    "var-annotated",  # asks for an annotation
)
"""Codes that are off where the repository does not configure mypy."""

WITHOUT_DEPENDENCIES = (
    "--allow-any-unimported",
    "--allow-subclassing-any",
    "--allow-untyped-decorators",
    "--disable-error-code=has-type",  # mypy could not follow where the type comes from
    "--no-warn-return-any",
    "--no-warn-unused-ignores",
)
"""What a strict configuration asks for and is false where the dependencies are not there."""

SEVERITIES = {
    **dict.fromkeys(
        ("call-arg", "name-defined", "str-format", "syntax", "unused-awaitable", "unused-coroutine", "used-before-def"),
        Severity.HIGH,
    ),
    **dict.fromkeys(
        ("assignment", "misc", "no-redef", "override", "type-arg", "union-attr", "unused-ignore", "valid-type"),
        Severity.LOW,
    ),
    **dict.fromkeys(("no-untyped-call", "no-untyped-def", "var-annotated"), Severity.INFO),
}
"""The severity of a code; the others are medium."""
BUGS = ("call-arg", "name-defined", "str-format", "syntax", "unused-awaitable", "unused-coroutine", "used-before-def")

RESERVED = tuple(
    "_typeshed abc builtins collections mypy_extensions sys types typing typing_extensions".split()  # noqa: SIM905
)
"""Modules that mypy refuses to take from anywhere but its own library."""
SYNTAX = "syntax"
INI = "mypy.ini"
OPTIONAL = re.compile(rb"implicit[_-]optional")
CONFIGURATIONS = ("mypy.ini", ".mypy.ini")
SHARED = (("pyproject.toml", in_toml("mypy")), ("setup.cfg", in_ini(lambda section: section == "mypy")))
IGNORED = re.compile(rb"^# mypy:.*\bignore-errors\b(?!\s*=\s*[Ff]alse)", re.MULTILINE)
PLAIN_ERROR = re.compile(r"^(.+?)(?::\d+)?: error: (.*)$", re.MULTILINE)
ABOUT_CONFIGURATION = re.compile(r".+: \[mypy[^\]]*\]: ")
"""A complaint about a setting of the project's own, which mypy then does without."""
DOCUMENTATION = "https://mypy.readthedocs.io/en/stable/_refs.html#code-"


class Mypy:
    """Finds type errors in Python."""

    name = "mypy"
    tool = Tool(
        name="mypy",
        kind="python",
        packages=("mypy==2.4.1",),
        program="mypy",
        oldest="1.11",
        licence="MIT",
        url="https://mypy.readthedocs.io",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the Python files and stubs that are still there, as far as mypy can tell them apart."""
        targets = applicable(files, LANGUAGES)
        layout = lay_out(targets, inputs.workspace.paths(), RESERVED)
        refused = _refused(targets, layout, inputs)
        given = [path for path in targets if path not in refused]
        if not targets:
            return None
        follow = "skip" if inputs.trust is Trust.FOREIGN else "silent"
        options = (
            "-O",
            "json",
            "--no-error-summary",
            "--show-column-numbers",
            "--show-error-end",
            "--explicit-package-bases",
            "--scripts-are-modules",
            "--cache-dir=/dev/null",
            f"--follow-imports={follow}",
            *_rules(inputs),
        )
        return ToolRun(
            tool=self.name,
            args=(*options, *arguments(given)) if given else ("--version",),
            targets=targets,
            files={INI: _chosen(rules)} if (rules := inherited_rules(self.name, inputs)) else {},
            env={"MYPYPATH": ":".join(layout.bases), "MYPY_CACHE_DIR": ""},
            cost=8.0,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return the findings of each file; where mypy stopped at one file, the others have failed too."""
        trouble = _refused(run.targets, lay_out(run.targets, inputs.workspace.paths(), RESERVED), inputs)
        given = [path for path in run.targets if path not in trouble]
        if not given:
            return outcomes(self.name, run, trouble=trouble)
        if result.exit_code not in (0, 1, 2):
            raise unbelievable(self.name, "not 0, 1 or 2", result)
        errors = _errors(result)
        if result.exit_code < 2 and bool(result.exit_code) is not bool(errors):
            raise unbelievable(self.name, f"though it found {len(errors)} errors", result)
        columns = Columns(inputs.workspace)
        findings: list[Finding] = []
        for error in errors:
            path = as_target(error.text("file"), run)
            is_consequence = result.exit_code == 2 and any(one.location.path == path for one in findings)
            # After the syntax error at which mypy stopped come those that it causes.
            if path is not None and "code" in error and not is_consequence:
                findings.append(_finding(error, path, columns))
        if result.exit_code == 2:
            trouble |= _stopped(given, errors, run, result)
        else:
            trouble |= {
                path: (State.SKIPPED, "a comment in it tells mypy to ignore it")
                for path in given
                if _is_ignored(path, inputs)
            }
        return outcomes(self.name, run, findings, trouble, inherited_reason(self.name, inputs))


def _rules(inputs: AnalyzerInputs) -> tuple[str, ...]:
    rules = inherited_rules(Mypy.name, inputs)
    own = own_configuration(inputs, CONFIGURATIONS, SHARED)
    configuration = f"{inputs.scratch}/{INI}" if rules else f"./{own}" if own else ""
    check_settings(Mypy.name, inputs, ("python",))
    python = inputs.settings.get("python", "")
    if not isinstance(python, str):
        raise UsageError(f"tools.mypy.python must be the path of a Python interpreter, not {python!r}")
    options = [f"--config-file={configuration}"]
    if not _says_what_none_means(rules, own, inputs):
        options.append("--implicit-optional")
    if not configuration:
        options += [f"--disable-error-code={code}" for code in OFF]
    # The interpreter of a foreign change's own making must not be run.
    if python and inputs.trust is Trust.OWN:
        return (*options, f"--python-executable={python}")
    options += ["--no-site-packages", "--ignore-missing-imports", *(f"--disable-error-code={code}" for code in ABSENT)]
    return (*options, *(WITHOUT_DEPENDENCIES if configuration else ()))


def _says_what_none_means(rules: InheritedRules | None, own: RepoPath | str, inputs: AnalyzerInputs) -> bool:
    """Whether the configuration says if a parameter with the default None may be None without saying so.

    mypy allowed it before 0.990, and many configurations are older: what they do not ask for is no error.
    """
    text = _chosen(rules).encode() if rules else inputs.workspace.read(RepoPath(own)) if own else b""
    return OPTIONAL.search(text) is not None


def _chosen(rules: InheritedRules) -> str:
    lines = [
        f"{name.replace('-', '_')} = {', '.join(value) if isinstance(value, tuple) else value}"
        for name, value in rules.values.items()
    ]
    return "\n".join(("[mypy]", *lines, ""))


def _refused(
    targets: Sequence[RepoPath], layout: ModuleLayout, inputs: AnalyzerInputs
) -> dict[RepoPath, tuple[State, str]]:
    """Return the files that would end the run of the others, or of which mypy says nothing, with the reason."""
    refused: dict[RepoPath, tuple[State, str]] = {}
    modules: dict[str, RepoPath] = {}
    for path in targets:
        try:
            module = layout.module(path)
        except ValueError as error:
            refused[path] = (State.SKIPPED, str(error))
            continue
        if not is_utf8(path):
            refused[path] = (State.SKIPPED, "mypy cannot read a file whose name is not UTF-8")
        elif "@" in module:
            refused[path] = (State.SKIPPED, "mypy says nothing of a file with `@` in its name")
        elif module in modules:
            refused[path] = (State.SKIPPED, f"mypy cannot tell it from {modules[module]}: both are the module {module}")
        elif not _is_decodable(path, inputs):
            refused[path] = (State.FAILED, "its text is not in the encoding that it declares")
        elif len(targets) > 1 and (line := _broken_at(path, inputs)):
            refused[path] = (State.FAILED, f"syntax error at line {line}")
        else:
            modules[module] = path
    return refused


def _broken_at(path: RepoPath, inputs: AnalyzerInputs) -> int | None:
    """Return the line of a syntax error, at which mypy would stop and leave the other files unread.

    A foreign file is not parsed here: one that is made to exhaust the parser would take the review down with it.
    """
    if inputs.trust is Trust.FOREIGN:
        return None
    try:
        ast.parse(inputs.workspace.read(path))
    except SyntaxError as error:
        return error.lineno or 1
    except (FileNotFoundError, ValueError, RecursionError, MemoryError):
        return None
    return None


def _is_decodable(path: RepoPath, inputs: AnalyzerInputs) -> bool:
    try:
        text = inputs.workspace.read(path)
    except FileNotFoundError:
        return True
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(text).readline)
        text.decode(encoding)
    except (SyntaxError, UnicodeDecodeError):
        return False
    return True


def _errors(result: ToolResult) -> list[Record]:
    """Return the errors among the lines of output, each of which is a JSON object, except where mypy stopped."""
    errors = []
    for line in decoded(result.stdout).splitlines():
        if not line.startswith("{") and (result.exit_code == 2 or ABOUT_CONFIGURATION.match(line)):
            continue
        record = Record(Mypy.name, read_json(Mypy.name, line, result), result)
        if record.text("severity") == "error":
            errors.append(record)
    return errors


def _stopped(
    given: Sequence[RepoPath], errors: Sequence[Record], run: ToolRun, result: ToolResult
) -> Mapping[RepoPath, tuple[State, str]]:
    """Return why each file failed: those at which mypy stopped first, then the others on their account."""
    culprits: dict[RepoPath, str] = {}
    for error in errors:
        path = as_target(error.text("file"), run)
        if path is not None and path not in culprits:
            is_syntax = "code" in error and error.text("code") == SYNTAX
            culprits[path] = (
                f"syntax error at line {error.number('line')}" if is_syntax else one_line(error.text("message"))
            )
    for name, reason in PLAIN_ERROR.findall(decoded(result.stderr)):
        path = as_target(name, run)
        if path is not None:
            culprits.setdefault(path, "mypy crashed on it" if "INTERNAL ERROR" in reason else one_line(reason))
    first = next(iter(culprits), None)
    because = f"mypy stopped at {first}: {culprits[first]}" if first is not None else f"mypy stopped: {said(result)}"
    return {path: (State.FAILED, culprits.get(path, because)) for path in given}


def _is_ignored(path: RepoPath, inputs: AnalyzerInputs) -> bool:
    try:
        return bool(IGNORED.search(inputs.workspace.read(path)))
    except FileNotFoundError:
        return False


def _finding(error: Record, path: RepoPath, columns: Columns) -> Finding:
    code = error.text("code")
    start, end = error.line("line"), error.line("end_line")
    # In a line that is not ASCII, mypy 2.4 counts neither bytes nor characters.
    is_counted = columns.is_ascii(path, start) and columns.is_ascii(path, end)
    return Finding(
        tool=Mypy.name,
        rule=code,
        message=one_line(error.text("message")),
        location=Location(
            path=path,
            start=start,
            end=max(start, end) if start and end else start,
            column=error.line("column", first=0) if is_counted else None,
            end_column=error.line("end_column", first=0) if is_counted else None,
        ),
        severity=SEVERITIES.get(code, Severity.MEDIUM),
        category=Category.BUG if code in BUGS else Category.TYPES,
        url=f"{DOCUMENTATION}{code}",
    )


EXAMPLES = (
    Example(
        name="an argument too many, in a package with a src folder",
        path="src/shop/cart.py",
        source="from shop.price import price\n\n\ndef total(count: int) -> int:\n    return price(count, 2)\n",
        files={
            "src/shop/__init__.py": "",
            "src/shop/price.py": "def price(count: int) -> int:\n    return count * 3\n",
        },
        rules=("call-arg",),
    ),
    Example(
        name="what may be None, and a value of another type",
        path="find.py",
        source=(
            "import re\n\n\ndef number(text: str) -> int:\n    match = re.search(r'[0-9]+', text)\n"
            "    return match.group()\n"
        ),
        rules=("return-value", "union-attr"),
    ),
    Example(
        name="a coroutine that nobody awaits",
        path="send.py",
        source=(
            'async def send(text: str) -> None:\n    print(text)\n\n\nasync def main() -> None:\n    send("hello")\n'
        ),
        rules=("unused-coroutine",),
    ),
    Example(
        name="code without annotations, and dependencies that are not installed, are left alone",
        path="app.py",
        source="import numpy\nimport nowhere\n\n\ndef f(x, y: int = None):\n    return numpy.sum(x) + nowhere.get(y)\n",
    ),
    Example(
        name="a configuration from when None as a default said enough",
        path="app.py",
        source="def f(x: int = None) -> int | None:\n    return x\n",
        files={"setup.cfg": "[mypy]\ndisallow_untyped_defs = True\n"},
    ),
    Example(
        name="a base that wants None to be said",
        path="app.py",
        source="def f(x: int = None) -> int | None:\n    return x\n",
        files={"pyproject.toml": "[tool.mypy]\nimplicit_optional = false\n"},
        trust=Trust.FOREIGN,
        rules=("assignment",),
    ),
    Example(
        name="the repository's configuration is honoured, as far as it needs no dependencies",
        path="app.py",
        source="import requests\n\n\ndef f(x):\n    return requests.get(x)\n\n\nclass C(requests.Session):\n    pass\n",
        files={"pyproject.toml": "[tool.mypy]\nstrict = true\n"},
        rules=("no-untyped-def",),
    ),
    Example(
        name="a foreign change cannot silence a rule by its configuration",
        path="app.py",
        source='x: int = ""\n',
        files={"mypy.ini": "[mypy]\nignore_errors = True\nplugins = evil.py\n"},
        base={},
        trust=Trust.FOREIGN,
        rules=("assignment",),
    ),
    Example(
        name="the rules that the base chose hold for a foreign change",
        path="mod.py",
        source="def double(x):\n    return 2 * x\n",
        files={"setup.cfg": "[mypy]\ndisallow_untyped_defs = True\n"},
        trust=Trust.FOREIGN,
        rules=("no-untyped-def",),
    ),
)
