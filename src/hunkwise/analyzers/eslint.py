"""eslint: defects in JavaScript and TypeScript.

Needs: Node.js and `eslint` 10 with `globals`, `typescript-eslint` and `typescript`; without the last two it skips
TypeScript.
Call: `node eslint.js -f json --no-config-lookup -c OURS -- ./FILE…`; with `--no-inline-config` for a foreign change.
Own changes: the repository's `eslint.config.*` is honoured where its `node_modules` are, for it imports from them.
Cannot see: types, other files, Flow. In foreign files `no-undef` is off, for the comments that declare globals are
ignored with all the others.
"""

import json
import posixpath
import re
from collections.abc import Sequence
from importlib.resources import files as resources
from pathlib import Path

from hunkwise.core.inherited_rules import inherited_rules
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
    unbelievable,
)

LANGUAGES = ("javascript", "jsx", "ts", "tsx")
SUFFIXES = (".mts", ".cts")
CONFIGURATIONS = tuple(f"eslint.config.{suffix}" for suffix in ("js", "mjs", "cjs", "ts", "mts", "cts"))
OURS = "eslint.config.cjs"
CHOSEN = "rules.json"
"""Severities by rule, as the base of a foreign change chose them; our configuration reads them as data."""
OLD_CONFIGURATIONS = tuple(f".eslintrc{suffix}" for suffix in (".js", ".cjs", ".yaml", ".yml", ".json", ""))
HEAP = 2048
"""MiB for the heap of V8."""
MEMORY = 8 * 2**30
"""Bytes of address space, of which V8 reserves far more than it uses."""

HIGH = (
    "constructor-super",
    "no-async-promise-executor",
    "no-class-assign",
    "no-compare-neg-zero",
    "no-const-assign",
    "no-constant-binary-expression",
    "no-dupe-args",
    "no-dupe-keys",
    "no-eval",
    "no-func-assign",
    "no-import-assign",
    "no-invalid-regexp",
    "no-new-native-nonconstructor",
    "no-obj-calls",
    "no-setter-return",
    "no-this-before-super",
    "no-undef",
    "no-unsafe-finally",
    "no-unsafe-negation",
    "no-unsafe-optional-chaining",
    "use-isnan",
    "valid-typeof",
)
"""Rules whose findings are nearly always failures at run time; the others are medium."""
SEVERITIES = {
    **dict.fromkeys(HIGH, Severity.HIGH),
    **dict.fromkeys(
        ("eslint-comment", "no-fallthrough", "no-sparse-arrays", "no-template-curly-in-string"), Severity.LOW
    ),
}
SECURITY = ("no-eval", "no-implied-eval", "no-new-func", "no-script-url")
WARNING = 1
"""eslint's own weaker level, which lowers a rule that is not in the table."""
UNSEEN = (State.FAILED, "eslint did not look at it")
UNNAMEABLE = (State.SKIPPED, "Node.js cannot open a file whose name is not UTF-8")
SYNTAX = "syntax-error"
COMMENT = "eslint-comment"
LINE_END = re.compile("\r\n|[\n\r\u2028\u2029]")


class Eslint:
    """Finds defects in JavaScript and TypeScript."""

    name = "eslint"
    tool = Tool(
        name="eslint",
        kind="npm",
        packages=("eslint@10.15.0", "globals@17.14.0", "typescript-eslint@8.73.0", "typescript@5.9.3"),
        program="eslint/bin/eslint.js",
        oldest="9",
        licence="MIT",
        url="https://eslint.org",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the JavaScript and TypeScript files that are still there."""
        targets = applicable(files, LANGUAGES, SUFFIXES)
        check_settings(self.name, inputs)
        if not targets:
            return None
        options = ["-f", "json", "--no-error-on-unmatched-pattern"]
        if not _is_honoured(inputs):
            options += ["--no-config-lookup", "-c", f"{inputs.scratch}/{OURS}"]
        if inputs.trust is Trust.FOREIGN:
            options += ["--no-inline-config", "--rule", "no-undef:off"]
        return ToolRun(
            tool=self.name,
            args=(*options, "--", *arguments(targets)),
            targets=targets,
            files={OURS: (resources("hunkwise.analyzers") / OURS).read_text("utf-8"), CHOSEN: _chosen(inputs)},
            env={"NODE_OPTIONS": f"--max-old-space-size={HEAP}"},
            memory_limit=MEMORY,
            cost=3.0,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return the findings of each file; one that eslint ignores is skipped, one that it cannot parse has failed."""
        reports = read_json(self.name, decoded(result.stdout), result)
        if not isinstance(reports, list) or result.exit_code not in (0, 1):
            raise unbelievable(self.name, "without a report", result)
        trouble = {path: UNSEEN if is_utf8(path) else UNNAMEABLE for path in run.targets}
        findings: list[Finding] = []
        is_honoured = _is_honoured(inputs)
        for report in (Record(self.name, value, result) for value in reports):
            path = _target(report.text("filePath"), run, inputs)
            if path is None:
                raise unbelievable(self.name, "a report on a file that it was not given", result)
            trouble.pop(path, None)
            source = _Source(report.text("source")) if "source" in report else None
            for message in report.records("messages"):
                text = one_line(message.text("message"))
                if _is_syntax(message, text):
                    trouble[path] = _unparsed(message, path, inputs)
                elif "ruleId" not in message and "line" not in message:
                    is_fatal = message.raw("fatal") is True
                    trouble[path] = (State.FAILED, text) if is_fatal else (State.SKIPPED, _ignored(text))
                is_skipped = path in trouble and trouble[path][0] is State.SKIPPED
                if "line" in message and not is_skipped and (is_honoured or not _is_about_comment(message, text)):
                    findings.append(_finding(message, text, path, source))
        return outcomes(self.name, run, findings, trouble, _reason(inputs))


def _is_honoured(inputs: AnalyzerInputs) -> bool:
    has_configuration = inputs.trust is Trust.OWN and _configuration(inputs) in CONFIGURATIONS
    return has_configuration and (Path(inputs.root) / "node_modules").is_dir()


def _configuration(inputs: AnalyzerInputs) -> str:
    paths = inputs.workspace.paths()
    return next((name for name in (*CONFIGURATIONS, *OLD_CONFIGURATIONS) if name in paths), "")


def _chosen(inputs: AnalyzerInputs) -> str:
    rules = inherited_rules(Eslint.name, inputs)
    pairs = (one.partition(":") for one in (rules.texts("rules") if rules else ()))
    return json.dumps({rule: severity for rule, _, severity in pairs})


def _reason(inputs: AnalyzerInputs) -> str:
    if rules := inherited_rules(Eslint.name, inputs):
        return rules.reason
    name = _configuration(inputs)
    if inputs.trust is Trust.FOREIGN or not name or _is_honoured(inputs):
        return ""
    if name in CONFIGURATIONS:
        return f"by our own rules, because {name} needs node_modules, which are not there"
    return f"by our own rules, because eslint 10 no longer reads {name}"


def _target(reported: str, run: ToolRun, inputs: AnalyzerInputs) -> RepoPath | None:
    root = Path(inputs.root)
    for directory in (root.absolute(), root.resolve()):
        path = as_target(posixpath.relpath(reported, directory) if posixpath.isabs(reported) else reported, run)
        if path is not None:
            return path
    return None


def _is_syntax(message: Record, text: str) -> bool:
    return message.raw("fatal") is True and "line" in message and text.startswith("Parsing error")


def _is_about_comment(message: Record, text: str) -> bool:
    """Tell a complaint about a comment that configures eslint, for which it needs the repository's own rules."""
    is_named = text.startswith(("Definition for rule ", "Inline configuration for rule "))
    return is_named or ("ruleId" not in message and not _is_syntax(message, text))


def _ignored(text: str) -> str:
    return text.partition(" Use ")[0].rstrip(".")


def _unparsed(message: Record, path: RepoPath, inputs: AnalyzerInputs) -> tuple[State, str]:
    if _is_flow(path, inputs):
        return State.SKIPPED, "eslint cannot parse Flow types"
    return State.FAILED, f"syntax error at line {message.number('line')}"


def _is_flow(path: RepoPath, inputs: AnalyzerInputs) -> bool:
    try:
        return b"@flow" in inputs.workspace.read(path)[:2000]
    except FileNotFoundError:
        return False


def _finding(message: Record, text: str, path: RepoPath, source: "_Source | None") -> Finding:
    is_syntax = _is_syntax(message, text)
    rule = message.text("ruleId") if "ruleId" in message else SYNTAX if is_syntax else COMMENT
    start, column = message.line("line"), message.line("column")
    end, end_column = message.line("endLine") or start, message.line("endColumn")
    if source is not None:
        start, column = source.place(start, column)
        end, end_column = source.place(end, end_column)
    level = Severity.HIGH if is_syntax else Severity.LOW if message.number("severity") == WARNING else Severity.MEDIUM
    return Finding(
        tool=Eslint.name,
        rule=rule,
        message=text,
        location=Location(path=path, start=start, end=end, column=column, end_column=end_column),
        severity=SEVERITIES.get(rule, level),
        category=Category.SECURITY if rule in SECURITY else Category.BUG,
        url=_url(rule),
        fix=_fix(message.record("fix"), source) if "fix" in message and source is not None else None,
    )


def _url(rule: str) -> str:
    if rule in (SYNTAX, COMMENT):
        return ""
    plugin, _, name = rule.rpartition("/")
    if plugin == "@typescript-eslint":
        return f"https://typescript-eslint.io/rules/{name}"
    return "" if plugin else f"https://eslint.org/docs/latest/rules/{name}"


def _fix(fix: Record, source: "_Source") -> Fix | None:
    span = fix.array("range")
    if len(span) != 2 or not all(isinstance(offset, int) and 0 <= offset <= source.length for offset in span):
        return None
    start, end = (source.at(offset) for offset in span if isinstance(offset, int))
    return Fix(edits=(Edit(*start, *end, fix.text("text")),))


class _Source:
    """A file's text as eslint counts it, in UTF-16 units and with more line ends than `\\n`, and as we do."""

    def __init__(self, text: str) -> None:
        self._units = text.encode("utf-16-le", "surrogatepass")
        self._starts = [0]
        for match in LINE_END.finditer(text):
            self._starts.append(len(text[: match.end()].encode("utf-16-le", "surrogatepass")) // 2)
        self.length = len(self._units) // 2

    def at(self, offset: int) -> tuple[int, int]:
        """Return the line and the column, in characters, of a UTF-16 offset."""
        before = self._units[: 2 * offset].decode("utf-16-le", "surrogatepass")
        return before.count("\n") + 1, len(before) - before.rfind("\n")

    def place(self, line: int | None, column: int | None) -> tuple[int | None, int | None]:
        """Return our line and column for eslint's."""
        if line is None or line > len(self._starts):
            return line, column
        found, at = self.at(min(self._starts[line - 1] + (column or 1) - 1, self.length))
        return found, at if column is not None else None


EXAMPLES = (
    Example(
        name="a comparison that is never true, and a key that is lost",
        path="src/total.js",
        source="export function f(price) {\n  if (price === NaN) return { value: 0, value: 1 };\n  return price;\n}\n",
        rules=("use-isnan", "no-dupe-keys"),
    ),
    Example(
        name="an assignment where a comparison was meant, and a name that nobody defines",
        path="login.js",
        source="export function login(user) {\n  if (user.admin = true) {\n    return grantt(user);\n  }\n}\n",
        rules=("no-cond-assign", "no-constant-condition", "no-undef"),
    ),
    Example(
        name="a call that may be of undefined, in TypeScript",
        path="src/name.ts",
        source="interface A { b?: { c(): string } }\n\nexport const first = (a?: A) => (a?.b).c();\n",
        rules=("no-unsafe-optional-chaining",),
    ),
    Example(
        name="a callback that forgets to return, in TSX",
        path="src/List.tsx",
        source=(
            "export const List = ({ names }: { names: string[] }) => (\n"
            "  <ul>{names.map((name) => { <li key={name}>{name}</li>; })}</ul>\n);\n"
        ),
        rules=("array-callback-return",),
    ),
    Example(
        name="style, globals of browsers, Node.js and test runners are left alone",
        path="test/app.test.js",
        source=(
            'var unused = 1\ndescribe("app", function () {\n  it("has", () => { expect(document.title == "x") })\n'
            "  process.exit(module.exports ? 0 : 1)\n})\n"
        ),
    ),
    Example(
        name="JSX and overloads are understood",
        path="src/View.tsx",
        source=(
            "class Store {\n  get(key: string): string;\n  get(key: number): number;\n"
            "  get(key: unknown): unknown { return key; }\n}\n\n"
            "export const View = ({ store }: { store: Store }) => <b>{store.get(1)}</b>;\n"
        ),
    ),
    Example(
        name="an own change silences a rule by a comment",
        path="debug.js",
        source="// eslint-disable-next-line no-debugger\ndebugger;\n",
    ),
    Example(
        name="a foreign change cannot silence a rule, by a comment or by its configuration",
        path="debug.js",
        source="/* eslint-disable */\ndebugger;\n",
        files={"eslint.config.mjs": "export default [];\n"},
        base={},
        trust=Trust.FOREIGN,
        rules=("no-debugger",),
    ),
    Example(
        name="the rules that the base chose as data hold for a foreign change",
        path="debug.js",
        source="debugger;\nvar a = 1;\nalert(a == 2);\n",
        files={".eslintrc.json": '{"rules": {"no-debugger": 0, "eqeqeq": "warn"}}\n'},
        trust=Trust.FOREIGN,
        rules=("eqeqeq",),
    ),
    Example(
        name="the repository's configuration is honoured where its node_modules are",
        path="main.js",
        source="debugger;\nconst unused = 1;\n",
        files={
            "eslint.config.mjs": 'import rules from "our-rules";\n\nexport default [{ rules }];\n',
            "node_modules/our-rules/package.json": '{"name": "our-rules", "type": "module", "exports": "./index.js"}\n',
            "node_modules/our-rules/index.js": 'export default { "no-unused-vars": "warn" };\n',
        },
        rules=("no-unused-vars",),
    ),
)
