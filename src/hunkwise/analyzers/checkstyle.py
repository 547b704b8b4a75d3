"""checkstyle: defects and hard-to-read code in Java, and a team's own style.

Needs: Java 17 or newer; Maven brings the jars of `com.puppycrawl.tools:checkstyle`, each checked by its hash.
Call: `java -cp 'lib/*' com.puppycrawl.tools.checkstyle.Main -f xml -c OURS.xml ./FILE…`.
Own changes: the repository's `checkstyle.xml` is honoured where it lies in a usual place, and so are `CHECKSTYLE:OFF`
comments and `@SuppressWarnings`.
Foreign changes: of the base revision's configuration only known checks with plain values are taken; what names a
pattern, a file, a filter or an address is left out, and comments silence nothing.
Cannot see: types, other files, and more of a file that does not parse than that it does not.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files as resources
from posixpath import dirname
from typing import NamedTuple
from xml.etree.ElementTree import Element

from hunkwise.core.checkstyle_config import reduced, robust
from hunkwise.core.errors import UsageError
from hunkwise.core.markup import MarkupError, attribute, number, read_report
from hunkwise.core.model import (
    Category,
    FileDiff,
    FileOutcome,
    Finding,
    Location,
    RepoPath,
    Severity,
    Side,
    State,
    Trust,
)
from hunkwise.core.ports import AnalyzerInputs, Example, Tool, ToolResult, ToolRun
from hunkwise.core.targets import (
    applicable,
    arguments,
    as_target,
    check_settings,
    is_utf8,
    one_line,
    outcomes,
    unbelievable,
)

LANGUAGES = ("java",)
OURS = "checkstyle.xml"
PLACES = (OURS, f"config/checkstyle/{OURS}", f".checkstyle/{OURS}", f"etc/{OURS}", f"src/checkstyle/{OURS}")
ON_BOARD = {"google": "/google_checks.xml", "sun": "/sun_checks.xml"}
PROPERTIES = "checkstyle.properties"
PACKAGE = "com.puppycrawl.tools.checkstyle."
BROKEN = ("TreeWalker", "Checker")
"""The modules that report a file which could not be looked at."""
UNSEEN = (State.FAILED, "checkstyle did not look at it")
UNNAMEABLE = (State.SKIPPED, "Java cannot open a file whose name is not UTF-8")

MEANINGS: Mapping[str, tuple[Category, Severity]] = {
    "ArrayTypeStyle": (Category.STYLE, Severity.INFO),
    "AvoidDoubleBraceInitialization": (Category.BUG, Severity.LOW),
    "CovariantEquals": (Category.BUG, Severity.HIGH),
    "EmptyBlock": (Category.MAINTAINABILITY, Severity.LOW),
    "EmptyCatchBlock": (Category.BUG, Severity.MEDIUM),
    "EmptyStatement": (Category.BUG, Severity.LOW),
    "EqualsHashCode": (Category.BUG, Severity.HIGH),
    "FallThrough": (Category.BUG, Severity.MEDIUM),
    "IllegalCatch": (Category.BUG, Severity.LOW),
    "MissingSwitchDefault": (Category.BUG, Severity.LOW),
    "ModifiedControlVariable": (Category.BUG, Severity.MEDIUM),
    "MutableException": (Category.BUG, Severity.LOW),
    "NoClone": (Category.BUG, Severity.LOW),
    "NoFinalizer": (Category.BUG, Severity.MEDIUM),
    "PatternVariableAssignment": (Category.BUG, Severity.LOW),
    "StringLiteralEquality": (Category.BUG, Severity.HIGH),
    "SuperClone": (Category.BUG, Severity.MEDIUM),
    "SuperFinalize": (Category.BUG, Severity.MEDIUM),
    "UpperEll": (Category.STYLE, Severity.LOW),
}
"""Rules whose group says too little of them."""
GROUPS: Mapping[str, tuple[Category, Severity]] = {
    "annotation": (Category.MAINTAINABILITY, Severity.LOW),
    "blocks": (Category.STYLE, Severity.LOW),
    "coding": (Category.MAINTAINABILITY, Severity.LOW),
    "design": (Category.MAINTAINABILITY, Severity.LOW),
    "header": (Category.STYLE, Severity.INFO),
    "imports": (Category.MAINTAINABILITY, Severity.LOW),
    "indentation": (Category.STYLE, Severity.INFO),
    "javadoc": (Category.DOCUMENTATION, Severity.INFO),
    "metrics": (Category.MAINTAINABILITY, Severity.LOW),
    "modifier": (Category.STYLE, Severity.INFO),
    "naming": (Category.STYLE, Severity.LOW),
    "sizes": (Category.MAINTAINABILITY, Severity.INFO),
    "whitespace": (Category.STYLE, Severity.INFO),
}


class _Choice(NamedTuple):
    """Which configuration is used: the file or resource, and what to write; `reason` is for the report."""

    config: str
    files: Mapping[str, str]
    reason: str = ""

    @property
    def is_ours(self) -> bool:
        return self.files.get(OURS) in (_ours(is_own=True), _ours(is_own=False))


class Checkstyle:
    """Finds defects and style in Java.

    Settings: `config` is `google`, `sun`, or the path of a configuration in the repository.
    """

    name = "checkstyle"
    tool = Tool(
        name="checkstyle",
        kind="maven",
        packages=("com.puppycrawl.tools:checkstyle:12.3.1",),
        program=f"{PACKAGE}Main",
        oldest="11",
        licence="LGPL-2.1",
        url="https://checkstyle.org",
        hashes="hunkwise.analyzers:jars/checkstyle.sha256",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the Java files that are still there."""
        targets = applicable(files, LANGUAGES)
        check_settings(self.name, inputs, ("config",))
        if not targets:
            return None
        choice = _choose(inputs)
        return ToolRun(
            tool=self.name,
            args=("-f", "xml", "-c", choice.config, "-p", f"{inputs.scratch}/{PROPERTIES}", *arguments(targets)),
            targets=targets,
            files=choice.files,
            cost=4.0,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return the findings of each file; one that does not parse has failed."""
        choice = _choose(inputs)
        if result.exit_code < 0 or not result.stdout.rstrip().endswith(b"</checkstyle>"):
            raise unbelievable(self.name, f"no whole report; Hunkwise is made for {self.tool.packages[0]}", result)
        report = read_report(self.name, "checkstyle", result)
        trouble = {path: UNSEEN if is_utf8(path) else UNNAMEABLE for path in run.targets}
        findings, errors = [], 0
        for file in report.iterfind("file"):
            name = attribute(self.name, file, "name", result)
            path = as_target(name.partition("/./")[2] or name, run)
            if path is None:
                raise unbelievable(self.name, "a report on a file that it was not given", result)
            trouble.pop(path, None)
            if (exception := file.find("exception")) is not None:
                trouble[path] = (State.FAILED, _first_line(exception.text or "") or "checkstyle broke on it")
            for error in file.iterfind("error"):
                errors += error.get("severity") == "error"
                if (reason := _failure(error, result)) is not None:
                    trouble[path] = (State.FAILED, reason)
                else:
                    findings.append(_finding(error, path, has_columns=choice.is_ours, result=result))
        if result.exit_code != errors & 0xFF:
            raise unbelievable(self.name, f"though it reports {errors} errors", result)
        whole = [finding for finding in findings if finding.location.path not in trouble]
        return outcomes(self.name, run, whole, trouble, choice.reason)


def _choose(inputs: AnalyzerInputs) -> _Choice:
    wanted = inputs.settings.get("config", "")
    if not isinstance(wanted, str):
        raise UsageError(f"tools.checkstyle.config must be 'google', 'sun' or a path, not {wanted!r:.80}")
    is_own = inputs.trust is Trust.OWN
    if wanted in ON_BOARD:
        return _Choice(ON_BOARD[wanted], {PROPERTIES: _properties("", inputs)})
    side = Side.HEAD if is_own else Side.BASE
    paths = inputs.workspace.paths(side)
    if wanted and wanted not in paths:
        raise UsageError(f"tools.checkstyle.config: there is no file {wanted!r:.200} in the repository")
    path = wanted or next((place for place in PLACES if place in paths), "")
    text, reason = _ours(is_own=is_own), ""
    if path:
        text, reason = _read(RepoPath(path), side, inputs)
    folder = dirname(path)
    return _Choice(f"{inputs.scratch}/{OURS}", {OURS: text, PROPERTIES: _properties(folder, inputs)}, reason)


def _read(path: RepoPath, side: Side, inputs: AnalyzerInputs) -> tuple[str, str]:
    content = inputs.workspace.read(path, side)
    try:
        if side is Side.HEAD:
            return robust(content), ""
        found = reduced(content)
    except MarkupError as error:
        if side is Side.HEAD:
            raise UsageError(f"{path} cannot be used as checkstyle's configuration: {error}") from error
        return _ours(is_own=False), f"by our own rules, because the base's {path} cannot be read: {error}"
    if not found.checks:
        return _ours(is_own=False), f"by our own rules, because the base's {path} has no check that is plain data"
    count = len(found.left_out)
    return found.text, f"by the base's {path} without {count} of its modules, which are not data" if count else ""


def _ours(*, is_own: bool) -> str:
    content = (resources("hunkwise.analyzers") / OURS).read_bytes()
    return robust(_without_filters(content) if not is_own else content)


def _without_filters(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(line for line in lines if b'name="Suppress' not in line)


def _properties(folder: str, inputs: AnalyzerInputs) -> str:
    # What the plugins of Maven, Gradle and Eclipse define for a configuration.
    places = dict.fromkeys(("basedir", "project_loc", "workspace_loc"), inputs.root)
    places |= dict.fromkeys(("config_loc", "samedir", "checkstyle.config.dir"), f"{inputs.root}/{folder}".rstrip("/"))
    places["checkstyle.cache.file"] = f"{inputs.scratch}/checkstyle.cache"
    if inputs.trust is Trust.FOREIGN:
        for family in ("google", "sun"):
            for kind in ("suppressionfilter", "suppressionxpathfilter"):
                places[f"org.checkstyle.{family}.{kind}.config"] = f"{inputs.scratch}/none.xml"
    return "".join(f"{name}={_escaped(value)}\n" for name, value in places.items())


def _escaped(value: str) -> str:
    return "".join(
        f"\\{letter}" if letter in "\\ #!=:" else letter if " " < letter < "\x7f" else _units(letter)
        for letter in value
    )


def _units(letter: str) -> str:
    encoded = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{encoded[at : at + 2].hex()}" for at in range(0, len(encoded), 2))


def _failure(error: Element, result: ToolResult) -> str | None:
    source = attribute(Checkstyle.name, error, "source", result)
    if source.removeprefix(PACKAGE) not in BROKEN:
        return None
    message = one_line(attribute(Checkstyle.name, error, "message", result))
    if "exception during parsing" in message or "occurred while parsing" in message:
        return "it does not parse as Java"
    return message[:200]


def _first_line(text: str) -> str:
    return next((line.strip()[:200] for line in text.splitlines() if line.strip()), "")


def _finding(error: Element, path: RepoPath, *, has_columns: bool, result: ToolResult) -> Finding:
    source = attribute(Checkstyle.name, error, "source", result)
    group, rule = _named(source)
    category, severity = MEANINGS.get(rule) or GROUPS.get(group, (Category.MAINTAINABILITY, Severity.LOW))
    line = number(Checkstyle.name, error, "line", result)
    # Elsewhere a tab counts for as many columns as the configuration says.
    column = number(Checkstyle.name, error, "column", result) if has_columns else None
    return Finding(
        tool=Checkstyle.name,
        rule=rule,
        message=one_line(attribute(Checkstyle.name, error, "message", result)) or rule,
        location=Location(path=path, start=line, end=line, column=column if line else None),
        severity=severity,
        category=category,
        url=_url(source, group, rule),
    )


def _named(source: str) -> tuple[str, str]:
    # A module with an `id` says it after a `#`.
    parts = source.partition("#")[0].split(".")
    rule = parts[-1].removesuffix("Check") or source
    group = parts[-2] if len(parts) > 1 and source.startswith(f"{PACKAGE}checks.") else ""
    return ("misc" if group == "checks" else group), rule


def _url(source: str, group: str, rule: str) -> str:
    if not source.startswith(f"{PACKAGE}checks.") or not rule.isalnum():
        return ""
    return f"https://checkstyle.org/checks/{group}/{rule.lower()}.html"


EXAMPLES = (
    Example(
        name="a text that is compared by identity",
        path="src/main/java/Login.java",
        source=('class Login {\n    boolean isAdmin(String name) {\n        return name == "root";\n    }\n}\n'),
        rules=("StringLiteralEquality",),
        lines=(3,),
    ),
    Example(
        name="equals without hashCode, and a case that runs into the next",
        path="Point.java",
        source=(
            "final class Point {\n    int x;\n\n    @Override\n    public boolean equals(Object other) {\n"
            "        return other instanceof Point point && point.x == x;\n    }\n\n"
            '    String name(int size) {\n        String name = "";\n        switch (size) {\n'
            '            case 0:\n                name = "none";\n            case 1:\n'
            '                name = "one";\n                break;\n            default:\n        }\n'
            "        return name;\n    }\n}\n"
        ),
        rules=("EqualsHashCode", "FallThrough"),
        lines=(5, 14),
    ),
    Example(
        name="an error that nobody hears of, and an assignment in a condition",
        path="Reader.java",
        source=(
            "class Reader {\n    void read(java.io.InputStream in) {\n        int next;\n        try {\n"
            "            if ((next = in.read()) > 0) {\n                System.out.println(next);\n            }\n"
            "        } catch (java.io.IOException e) {\n        }\n    }\n}\n"
        ),
        rules=("InnerAssignment", "EmptyCatchBlock"),
        lines=(5, 8),
    ),
    Example(
        name="the grammar of new Javas is known",
        path="Shapes.java",
        source=(
            "sealed interface Shape permits Circle, Square {}\n\nrecord Circle(double radius) implements Shape {}\n\n"
            "record Square(double side) implements Shape {}\n\nclass Shapes {\n    double area(Object shape) {\n"
            "        return switch (shape) {\n            case Circle(double radius) when radius > 0 -> radius;\n"
            "            case Square(var side) -> side * side;\n            case null, default -> 0;\n        };\n"
            '    }\n\n    String text() {\n        return """\n            a\n            """;\n    }\n}\n'
        ),
        rules=("OneTopLevelClass", "OneTopLevelClass", "OneTopLevelClass"),
    ),
    Example(
        name="white space, names, Javadoc and magic numbers are left alone",
        path="style.java",
        source="class style{\n\tpublic int F( int A_b ){return A_b*17 ;}   \n}\n",
    ),
    Example(
        name="the repository's own configuration is honoured",
        path="src/Long.java",
        source="class Long {\n    int aNumber = 17; // and much to say about it\n}\n",
        files={
            "config/checkstyle/checkstyle.xml": "".join(
                (
                    '<?xml version="1.0"?>\n<module name="Checker">\n<module name="LineLength">',
                    '<property name="max" value="30"/></module>\n</module>\n',
                )
            )
        },
        rules=("LineLength",),
    ),
    Example(
        name="an own change silences a check by a comment",
        path="Login.java",
        source=(
            'class Login {\n    // CHECKSTYLE:OFF\n    boolean isAdmin(String name) {\n        return name == "root";\n'
            "    }\n    // CHECKSTYLE:ON\n}\n"
        ),
    ),
    Example(
        name="a foreign change cannot silence a check, by a comment or by its configuration",
        path="Login.java",
        source=(
            'class Login {\n    // CHECKSTYLE:OFF\n    @SuppressWarnings("all")\n    boolean isAdmin(String name) {\n'
            '        return name == "root";\n    }\n}\n'
        ),
        files={"checkstyle.xml": '<module name="Checker"/>\n'},
        base={},
        trust=Trust.FOREIGN,
        rules=("StringLiteralEquality",),
    ),
    Example(
        name="the settings of Hunkwise choose Google's style",
        path="Tab.java",
        source="class Tab {\n\tint x;\n}\n",
        settings={"config": "google"},
        rules=("FileTabCharacter", "Indentation", "MemberName"),
    ),
)
