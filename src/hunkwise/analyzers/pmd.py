"""PMD: defects and needless code in Java.

Needs: Java 17 or newer; Maven brings the jars of `pmd-cli` and `pmd-java`, each checked by its hash.
Call: `java -cp 'lib/*' net.sourceforge.pmd.cli.PmdCli check -f json --no-cache -R OURS.xml … -- ./FILE…`.
Own changes: a ruleset of the repository is honoured where it lies in a usual place, and so are `// NOPMD` and
`@SuppressWarnings("PMD")`; class files in the usual folders tell it the project's own types.
Foreign changes: our rules alone, and what such comments silence is reported.
Cannot see: the types of libraries, other files, and more of a file that does not parse than that it does not.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files as resources
from pathlib import Path

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Category, FileDiff, FileOutcome, Finding, Location, RepoPath, Severity, State, Trust
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

LANGUAGES = ("java",)
OURS = "pmd.xml"
PLACES = (OURS, "pmd-ruleset.xml", f"config/pmd/{OURS}", "config/pmd/ruleset.xml", f"etc/{OURS}", f"src/pmd/{OURS}")
CLASSES = ("target/classes", "build/classes/java/main")
LONGEST = 6
"""Lines of a range; of a longer one only the first says where to look."""
UNSEEN = (State.FAILED, "PMD did not look at it")
UNNAMEABLE = (State.SKIPPED, "Java cannot open a file whose name is not UTF-8")

WITNESS = "HunkwiseWitness"
WITNESS_RULES = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<ruleset name="witness" xmlns="http://pmd.sourceforge.net/ruleset/2.0.0">
  <description>Says of each file that it was looked at, for PMD does not.</description>
  <rule name="{WITNESS}" language="java" message="seen"
        class="net.sourceforge.pmd.lang.rule.xpath.XPathRule">
    <description>Each file.</description>
    <priority>5</priority>
    <properties><property name="xpath"><value>/CompilationUnit</value></property></properties>
  </rule>
</ruleset>
"""

GROUPS: Mapping[str, tuple[Category, Severity]] = {
    "Best Practices": (Category.MAINTAINABILITY, Severity.LOW),
    "Code Style": (Category.STYLE, Severity.LOW),
    "Design": (Category.MAINTAINABILITY, Severity.LOW),
    "Documentation": (Category.DOCUMENTATION, Severity.INFO),
    "Error Prone": (Category.BUG, Severity.MEDIUM),
    "Multithreading": (Category.BUG, Severity.MEDIUM),
    "Performance": (Category.PERFORMANCE, Severity.LOW),
    "Security": (Category.SECURITY, Severity.MEDIUM),
}
MEANINGS: Mapping[str, tuple[Category, Severity]] = {
    "AssignmentToNonFinalStatic": (Category.BUG, Severity.LOW),
    "AvoidCatchingGenericException": (Category.BUG, Severity.LOW),
    "AvoidPrintStackTrace": (Category.MAINTAINABILITY, Severity.LOW),
    "BrokenNullCheck": (Category.BUG, Severity.HIGH),
    "CheckResultSet": (Category.BUG, Severity.MEDIUM),
    "ClassCastExceptionWithToArray": (Category.BUG, Severity.HIGH),
    "CollectionTypeMismatch": (Category.BUG, Severity.HIGH),
    "ComparisonWithNaN": (Category.BUG, Severity.HIGH),
    "DoubleCheckedLocking": (Category.BUG, Severity.HIGH),
    "EmptyControlStatement": (Category.BUG, Severity.LOW),
    "HardCodedCryptoKey": (Category.SECURITY, Severity.HIGH),
    "InsecureCryptoIv": (Category.SECURITY, Severity.HIGH),
    "JumbledIncrementer": (Category.BUG, Severity.HIGH),
    "MisplacedNullCheck": (Category.BUG, Severity.HIGH),
    "NonExhaustiveSwitch": (Category.BUG, Severity.LOW),
    "OverrideBothEqualsAndHashcode": (Category.BUG, Severity.HIGH),
    "PreserveStackTrace": (Category.BUG, Severity.MEDIUM),
    "ReturnFromFinallyBlock": (Category.BUG, Severity.HIGH),
    "SimplifiableTestAssertion": (Category.TESTS, Severity.LOW),
    "UnnecessaryBooleanAssertion": (Category.TESTS, Severity.LOW),
    "UseEqualsToCompareStrings": (Category.BUG, Severity.HIGH),
    "UseLocaleWithCaseConversions": (Category.BUG, Severity.LOW),
}
"""Rules whose group says too little of them."""


class Pmd:
    """Finds defects and needless code in Java.

    Settings: `ruleset` is `quickstart`, or the path of a ruleset in the repository.
    """

    name = "pmd"
    tool = Tool(
        name="pmd",
        kind="maven",
        packages=("net.sourceforge.pmd:pmd-cli:7.27.0", "net.sourceforge.pmd:pmd-java:7.27.0"),
        program="net.sourceforge.pmd.cli.PmdCli",
        oldest="7.18",
        licence="BSD-4-Clause",
        url="https://pmd.github.io",
        hashes="hunkwise.analyzers:jars/pmd.sha256",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the Java files that are still there."""
        targets = applicable(files, LANGUAGES)
        check_settings(self.name, inputs, ("ruleset",))
        if not targets:
            return None
        rules, text = _rules(inputs)
        options = ["check", "-f", "json", "--no-cache", "--no-progress", "--show-suppressed", "-e", "UTF-8"]
        options += ["--no-fail-on-violation", "--no-fail-on-error", "-R", rules, "-R", f"{inputs.scratch}/witness.xml"]
        if classes := _classes(inputs):
            options += ["--aux-classpath", ":".join(classes)]
        return ToolRun(
            tool=self.name,
            args=(*options, "--", *arguments(targets)),
            targets=targets,
            files={"witness.xml": WITNESS_RULES, OURS: text},
            cost=6.0,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return the findings of each file; one that does not parse, or that breaks a rule, has failed."""
        report = Record(self.name, read_json(self.name, decoded(result.stdout), result), result)
        # 1 is what it says where a file is not there; who it was, the witness tells.
        if result.exit_code not in (0, 1):
            raise unbelievable(self.name, "not 0", result)
        for error in report.records("configurationErrors"):
            message = f"the rule {error.text('rule')!r:.80} cannot run: {one_line(error.text('message'))[:200]}"
            raise unbelievable(self.name, message, result)
        trouble = {path: UNSEEN if is_utf8(path) else UNNAMEABLE for path in run.targets}
        findings = []
        for kind in ("files", "suppressedViolations"):
            for file in report.records(kind):
                path = _target(file, run, result)
                for violation in file.records("violations"):
                    if violation.text("rule") == WITNESS:
                        trouble.pop(path, None)
                    elif kind == "files" or inputs.trust is Trust.FOREIGN:
                        findings.append(_finding(violation, path))
        for error in report.records("processingErrors"):
            trouble[_target(error, run, result)] = (State.FAILED, _failure(error))
        whole = [finding for finding in findings if finding.location.path not in trouble]
        return outcomes(self.name, run, whole, trouble, _reason(inputs))


def _rules(inputs: AnalyzerInputs) -> tuple[str, str]:
    ours = (resources("hunkwise.analyzers") / OURS).read_text("utf-8")
    wanted = _wanted(inputs)
    if wanted == "quickstart":
        return "rulesets/java/quickstart.xml", ours
    if wanted and inputs.trust is Trust.OWN:
        try:
            return f"{inputs.scratch}/{OURS}", inputs.workspace.read(RepoPath(wanted)).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UsageError(f"{wanted} cannot be used as PMD's ruleset: it is not UTF-8") from error
        except FileNotFoundError as error:
            raise UsageError(f"tools.pmd.ruleset: there is no file {wanted!r:.200} in the repository") from error
    return f"{inputs.scratch}/{OURS}", ours


def _wanted(inputs: AnalyzerInputs) -> str:
    wanted = inputs.settings.get("ruleset", "")
    if not isinstance(wanted, str):
        raise UsageError(f"tools.pmd.ruleset must be 'quickstart' or a path, not {wanted!r:.80}")
    if wanted or inputs.trust is Trust.FOREIGN:
        return wanted
    paths = inputs.workspace.paths()
    return next((place for place in PLACES if place in paths), "")


def _reason(inputs: AnalyzerInputs) -> str:
    wanted = _wanted(inputs)
    if inputs.trust is Trust.OWN or wanted in ("", "quickstart"):
        return ""
    return "by our own rules, because a ruleset may hold more than data"


def _classes(inputs: AnalyzerInputs) -> tuple[str, ...]:
    if inputs.trust is Trust.FOREIGN:
        return ()
    folders = (Path(inputs.root) / folder for folder in CLASSES)
    return tuple(str(folder) for folder in folders if folder.is_dir() and ":" not in str(folder))


def _target(record: Record, run: ToolRun, result: ToolResult) -> RepoPath:
    path = as_target(record.text("filename"), run)
    if path is None:
        raise unbelievable(Pmd.name, "a report on a file that it was not given", result)
    return path


def _failure(error: Record) -> str:
    message = one_line(error.text("message"))
    place = message.partition(" at line ")[2].partition(",")[0]
    if "ParseException" in message or "LexException" in message:
        return f"syntax error at line {place}" if place.isdigit() else "it does not parse as Java"
    return message[:200] or "PMD broke on it"


def _finding(violation: Record, path: RepoPath) -> Finding:
    rule = violation.text("rule")
    category, severity = MEANINGS.get(rule) or GROUPS.get(
        violation.text("ruleset"), (Category.MAINTAINABILITY, Severity.LOW)
    )
    start, end = violation.line("beginline"), violation.line("endline")
    column, end_column = violation.line("begincolumn"), violation.line("endcolumn")
    if start is None or end is None or not start <= end < start + LONGEST:
        end, end_column = start, None
    return Finding(
        tool=Pmd.name,
        rule=rule,
        message=one_line(violation.text("description")) or rule,
        location=Location(path=path, start=start, end=end, column=column, end_column=end_column),
        severity=severity,
        category=category,
        url=violation.text("externalInfoUrl") if "externalInfoUrl" in violation else "",
    )


EXAMPLES = (
    Example(
        name="a text that is compared by identity",
        path="src/main/java/Login.java",
        source=('class Login {\n    boolean isAdmin(String name) {\n        return name == "root";\n    }\n}\n'),
        rules=("UseEqualsToCompareStrings",),
        lines=(3,),
    ),
    Example(
        name="an error whose cause is lost, and a stream that stays open",
        path="Reader.java",
        source=(
            "import java.io.FileReader;\nimport java.io.IOException;\n\nclass Reader {\n"
            "    int read(String name) {\n        try {\n            FileReader in = new FileReader(name);\n"
            "            return in.read();\n        } catch (IOException e) {\n"
            '            throw new IllegalStateException("cannot read " + name);\n        }\n    }\n}\n'
        ),
        rules=("CloseResource", "PreserveStackTrace"),
        lines=(7, 10),
    ),
    Example(
        name="a list that may be null, and a result that depends on where it runs",
        path="Names.java",
        source=(
            "import java.util.List;\n\nclass Names {\n    List<String> all(String name) {\n"
            "        if (name.isEmpty()) {\n            return null;\n        }\n"
            "        return List.of(name.toLowerCase());\n    }\n}\n"
        ),
        rules=("ReturnEmptyCollectionRatherThanNull", "UseLocaleWithCaseConversions"),
        lines=(6, 8),
    ),
    Example(
        name="the grammar of new Javas is known",
        path="Shapes.java",
        source=(
            "sealed interface Shape permits Circle, Square {}\n\nrecord Circle(double radius) implements Shape {}\n\n"
            "record Square(double side) implements Shape {}\n\nclass Shapes {\n    double area(Object shape) {\n"
            "        return switch (shape) {\n            case Circle(double radius) when radius > 0 -> radius;\n"
            "            case Square(var side) -> side * side;\n            case null, default -> 0;\n        };\n"
            "    }\n}\n"
        ),
    ),
    Example(
        name="names, braces and parentheses are left alone",
        path="style.java",
        source="class style{\n  public int F( int A_b ){\n    if (A_b>1) return (A_b*17);\n    return 2;\n  }\n}\n",
    ),
    Example(
        name="the repository's own ruleset is honoured",
        path="src/Login.java",
        source=(
            "class Login {\n    boolean isAdmin(String name) {\n        System.gc();\n"
            '        return name == "root";\n    }\n}\n'
        ),
        files={
            "pmd.xml": (
                '<?xml version="1.0"?>\n<ruleset name="ours" xmlns="http://pmd.sourceforge.net/ruleset/2.0.0">\n'
                "<description>Ours</description>\n"
                '<rule ref="category/java/errorprone.xml/DoNotCallGarbageCollectionExplicitly"/>\n</ruleset>\n'
            )
        },
        rules=("DoNotCallGarbageCollectionExplicitly",),
    ),
    Example(
        name="an own change silences a rule by a comment",
        path="Login.java",
        source=(
            'class Login {\n    boolean isAdmin(String name) {\n        return name == "root"; // NOPMD\n    }\n}\n'
        ),
    ),
    Example(
        name="a foreign change cannot silence a rule, by a comment, an annotation or a ruleset",
        path="Login.java",
        source=(
            '@SuppressWarnings("PMD")\nclass Login {\n    boolean isAdmin(String name) {\n'
            '        return name == "root"; // NOPMD\n    }\n}\n'
        ),
        files={"pmd.xml": "<ruleset/>\n"},
        trust=Trust.FOREIGN,
        rules=("UseEqualsToCompareStrings",),
    ),
)
