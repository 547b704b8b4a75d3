"""SpotBugs: defects in compiled Java.

Needs: Java 17 or newer, and the class files of your own build; Hunkwise never builds anything. Maven brings the jars of
`com.github.spotbugs:spotbugs`, each checked by its hash.
Call: `java -cp 'lib/*' …LaunchAppropriateUI -textui -xml:withMessages -onlyAnalyze CLASSES -- FOLDER…`.
Own changes alone: class files are made by running the build, which for a foreign change is running the change.
They are looked for in the usual folders of each module, or in those that the settings name; they must be newer than
their sources, for else their lines are those of an older text.
A filter of the repository is honoured where it lies in a usual place.
Cannot see: what was not compiled, libraries (unless `classpath` names them), and fields of which it knows no line.
"""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import basename
from typing import NamedTuple
from xml.etree.ElementTree import Element

from hunkwise.core.errors import NotApplicable, UsageError
from hunkwise.core.java_classes import JavaSource, field_line, read_source
from hunkwise.core.markup import attribute, number, read_report
from hunkwise.core.model import Category, FileDiff, FileOutcome, Finding, Location, RepoPath, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs, Example, Tool, ToolResult, ToolRun
from hunkwise.core.targets import applicable, check_settings, one_line, outcomes, unbelievable

LANGUAGES = ("java",)
USUAL = ("target/classes", "build/classes/java/main")
FILTERS = (
    "src/spotbugs/excludesFilter.xml",
    "config/spotbugs/exclude.xml",
    "spotbugs-exclude.xml",
    "findbugs-exclude.xml",
)
SLACK = 1.0
"""Seconds by which a class file may be older than its source: clocks of file systems are coarse."""
LONGEST_LIST = 100_000
"""Characters of one argument; beyond, all classes of the folders are analyzed."""
SETTING = "tools.spotbugs.options.classes"
FOREIGN = (State.NOT_APPLICABLE, "SpotBugs needs class files, and those of a foreign change are not built")
UNCOMPILED = (State.NOT_APPLICABLE, f"no class files of it: build the project, and name their folder as `{SETTING}`")
STALE = (State.NOT_APPLICABLE, "its class files are older than it: build the project first")
UNSEEN = (State.FAILED, "SpotBugs did not look at its classes")

CATEGORIES: Mapping[str, Category] = {
    "BAD_PRACTICE": Category.MAINTAINABILITY,
    "CORRECTNESS": Category.BUG,
    "EXPERIMENTAL": Category.BUG,
    "I18N": Category.BUG,
    "MALICIOUS_CODE": Category.MAINTAINABILITY,
    "MT_CORRECTNESS": Category.BUG,
    "PERFORMANCE": Category.PERFORMANCE,
    "SECURITY": Category.SECURITY,
    "STYLE": Category.BUG,
}
LONGEST = 6
"""Lines of a range; of a longer one only the first says where to look."""
RANKS = ((9, Severity.HIGH), (14, Severity.MEDIUM), (20, Severity.LOW))
"""The worst rank that each severity begins with: up to 9 is "scary" in SpotBugs' words, up to 14 "troubling"."""


class _Compiled(NamedTuple):
    """The folder with the class files of a source, and its top-level classes in it."""

    folder: Path
    classes: tuple[str, ...]


class Spotbugs:
    """Finds defects in the class files of changed Java sources.

    Settings: `classes` are folders of class files, relative to the repository; `classpath` are folders and jars of
    libraries, so that their types are known.
    """

    name = "spotbugs"
    tool = Tool(
        name="spotbugs",
        kind="maven",
        packages=("com.github.spotbugs:spotbugs:4.10.4", "org.slf4j:slf4j-simple:2.0.18"),
        program="edu.umd.cs.findbugs.LaunchAppropriateUI",
        oldest="4.8",
        licence="LGPL-2.1",
        url="https://spotbugs.github.io",
        hashes="hunkwise.analyzers:jars/spotbugs.sha256",
        version_args=("-textui", "-version"),
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the classes of the Java files; raise NotApplicable where none has class files."""
        targets = applicable(files, LANGUAGES)
        check_settings(self.name, inputs, ("classes", "classpath"))
        if not targets:
            return None
        if inputs.trust is Trust.FOREIGN:
            raise NotApplicable(targets, FOREIGN[1])
        found = {path: _compiled(path, inputs) for path in targets}
        compiled = [one for one in found.values() if isinstance(one, _Compiled)]
        if not compiled:
            reasons = dict.fromkeys(one[1] for one in found.values())
            raise NotApplicable(targets, "; ".join(map(str, reasons)))
        return ToolRun(
            tool=self.name,
            args=("-textui", "-xml:withMessages", "-nested:false", *_options(compiled, inputs)),
            targets=targets,
            cost=8.0,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return the findings of each file whose classes were looked at."""
        if result.exit_code:
            raise unbelievable(self.name, "not 0", result)
        report = read_report(self.name, "BugCollection", result)
        sources: dict[str, RepoPath] = {}
        trouble: dict[RepoPath, tuple[State, str]] = {}
        for path in run.targets:
            compiled = _compiled(path, inputs)
            trouble[path] = compiled if not isinstance(compiled, _Compiled) else UNSEEN
            if isinstance(compiled, _Compiled):
                key = f"{compiled.classes[0].rpartition('.')[0].replace('.', '/')}/{basename(path)}"
                if sources.setdefault(key.lstrip("/"), path) != path:
                    trouble[path] = (State.SKIPPED, "another file has the same package and name")
        for seen in _seen(report, result):
            if seen in sources:
                trouble.pop(sources[seen], None)
        trouble |= _broken(report, sources, result)
        findings = [
            finding
            for bug in report.iterfind("BugInstance")
            if (finding := _finding(bug, sources, inputs, result)) and finding.location.path not in trouble
        ]
        return outcomes(self.name, run, findings, trouble)


def _options(compiled: Sequence[_Compiled], inputs: AnalyzerInputs) -> Iterator[str]:
    names = ",".join(sorted({name for one in compiled for name in one.classes}))
    if len(names) <= LONGEST_LIST:
        yield from ("-onlyAnalyze", names)
    known = inputs.workspace.paths()
    if (place := next((place for place in FILTERS if place in known), None)) is not None:
        yield from ("-exclude", str(Path(inputs.root).absolute() / place))
    if libraries := [str(_inside(name, inputs, "classpath")) for name in _listed("classpath", inputs)]:
        yield from ("-auxclasspath", ":".join(libraries))
    yield from sorted({str(one.folder) for one in compiled})


def _compiled(path: RepoPath, inputs: AnalyzerInputs) -> _Compiled | tuple[State, str]:
    source = _source(path, inputs)
    for folder in _folders(path, inputs):
        there = [name for name in source.class_names() if (folder / f"{name.replace('.', '/')}.class").is_file()]
        if there:
            file = Path(inputs.root) / path
            times = [(folder / f"{name.replace('.', '/')}.class").stat().st_mtime for name in there]
            is_stale = file.is_file() and max(times) + SLACK < file.stat().st_mtime
            return STALE if is_stale else _Compiled(folder, tuple(there))
    return UNCOMPILED


def _source(path: RepoPath, inputs: AnalyzerInputs) -> JavaSource:
    return read_source(_text(path, inputs))


def _text(path: RepoPath, inputs: AnalyzerInputs) -> str:
    return inputs.workspace.read(path).decode("utf-8", "replace")


def _folders(path: RepoPath, inputs: AnalyzerInputs) -> Iterator[Path]:
    root = Path(inputs.root).absolute()
    named = _listed("classes", inputs)
    for name in named:
        folder = _inside(name, inputs, "classes")
        if not folder.is_dir():
            raise UsageError(f"{SETTING}: there is no folder {name!r:.200}: build the project first")
        yield folder
    for parent in () if named else (root / path).parents:
        if parent == root or root in parent.parents:
            yield from (parent / usual for usual in USUAL if (parent / usual).is_dir())


def _listed(name: str, inputs: AnalyzerInputs) -> tuple[str, ...]:
    value = inputs.settings.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UsageError(f"tools.spotbugs.options.{name} must be a list of paths, not {value!r:.80}")
    return tuple(value)


def _inside(name: str, inputs: AnalyzerInputs, option: str) -> Path:
    if not name or Path(name).is_absolute() or ".." in Path(name).parts or ":" in name:
        raise UsageError(f"tools.spotbugs.options.{option}: {name!r:.200} must be a path inside the repository")
    return Path(inputs.root).absolute() / name


def _seen(report: Element, result: ToolResult) -> Iterator[str]:
    for stats in report.iterfind("FindBugsSummary/PackageStats/ClassStats"):
        package = attribute(Spotbugs.name, stats, "class", result).rpartition(".")[0].replace(".", "/")
        yield f"{package}/{stats.get('sourceFile', '')}".lstrip("/")


def _broken(
    report: Element, sources: Mapping[str, RepoPath], result: ToolResult
) -> Mapping[RepoPath, tuple[State, str]]:
    errors = report.find("Errors")
    if errors is None:
        raise unbelievable(Spotbugs.name, "a report that does not say whether it broke", result)
    said = [one_line(" ".join(error.itertext())) for error in errors.iterfind("Error")]
    trouble = {}
    for words in said:
        named = [path for key, path in sources.items() if _mentions(words, key)]
        for path in named or sources.values():
            trouble[path] = (State.FAILED, f"SpotBugs broke: {words[:200]}")
    return trouble


def _mentions(words: str, source: str) -> bool:
    name = re.escape(source.removesuffix(".java")).replace("/", "[./]")
    return re.search(rf"(?<![\w.]){name}(?!\w)", words) is not None


def _finding(
    bug: Element, sources: Mapping[str, RepoPath], inputs: AnalyzerInputs, result: ToolResult
) -> Finding | None:
    place = _place(bug)
    if place is None or (path := sources.get(place.get("sourcepath", ""))) is None:
        return None
    start, end = number(Spotbugs.name, place, "start", result), number(Spotbugs.name, place, "end", result)
    if start and end and end >= start + LONGEST:
        end = start
    field = bug.find("Field")
    if start is None and field is not None:
        start = end = field_line(_text(path, inputs), field.get("name", ""))
    rule = attribute(Spotbugs.name, bug, "type", result)
    rank = number(Spotbugs.name, bug, "rank", result) or RANKS[-1][0]
    short, message = (one_line(bug.findtext(name, "")) for name in ("ShortMessage", "LongMessage"))
    return Finding(
        tool=Spotbugs.name,
        rule=rule,
        message=message or short or rule,
        location=Location(path=path, start=start, end=end if start and end and end >= start else start),
        severity=next((severity for worst, severity in RANKS if rank <= worst), Severity.LOW),
        category=CATEGORIES.get(bug.get("category", ""), Category.BUG),
        url=_url(bug.get("abbrev", ""), short, rule),
    )


def _place(bug: Element) -> Element | None:
    """Return the line that the bug is about, or that of its method or field, but not the whole class if avoidable."""
    lines = [*bug.findall("SourceLine"), *bug.findall("Method/SourceLine"), *bug.findall("Field/SourceLine")]
    known = [line for line in lines if line.get("start") is not None]
    fallback = lines or bug.findall("Class/SourceLine")
    return next(iter(known or fallback), None)


def _url(abbrev: str, short: str, rule: str) -> str:
    anchor = re.sub(r"[^a-z0-9]+", "-", f"{abbrev} {short} {rule}".lower()).strip("-")
    return f"https://spotbugs.readthedocs.io/en/stable/bugDescriptions.html#{anchor}"


NAMES = (
    "yv66vgAAAD0AJwoAAgADBwAEDAAFAAYBABBqYXZhL2xhbmcvT2JqZWN0AQAGPGluaXQ+AQADKClWCAAIAQAEbm9uZQkACgALBwAMDAANAA4B"
    "ABFvcmcvZXhhbXBsZS9OYW1lcwEABGxhc3QBABJMamF2YS9sYW5nL1N0cmluZzsKABAAEQcAEgwAEwAUAQAQamF2YS9sYW5nL1N0cmluZwEA"
    "Bmxlbmd0aAEAAygpSQoAFgAXBwAYDAAZABoBABFqYXZhL2xhbmcvSW50ZWdlcgEAB3ZhbHVlT2YBABYoSSlMamF2YS9sYW5nL0ludGVnZXI7"
    "CgAQABwMAB0AHgEABmVxdWFscwEAFShMamF2YS9sYW5nL09iamVjdDspWgEABENvZGUBAA9MaW5lTnVtYmVyVGFibGUBABUoTGphdmEvbGFu"
    "Zy9TdHJpbmc7KUkBAA1TdGFja01hcFRhYmxlAQAGaXNSb290AQAVKExqYXZhL2xhbmcvU3RyaW5nOylaAQAKU291cmNlRmlsZQEACk5hbWVz"
    "LmphdmEAIAAKAAIAAAABAAIADQAOAAAAAwAAAAUABgABAB8AAAAdAAEAAQAAAAUqtwABsQAAAAEAIAAAAAYAAQAAAAMAAAATACEAAQAfAAAA"
    "QAACAAIAAAAXK8cACSoSB7UACSu2AA8qtAAJtgAPYKwAAAACACAAAAAOAAMAAAAHAAQACAAKAAoAIgAAAAMAAQoAAAAjACQAAQAfAAAAIQAC"
    "AAIAAAAJKwO4ABW2ABusAAAAAQAgAAAABgABAAAADgABACUAAAACACY="
)
"""The class file of the first example, by `javac --release 17 -g:lines,source`, in Base64."""
SUM = (
    "yv66vgAAAD0AEgoAAgADBwAEDAAFAAYBABBqYXZhL2xhbmcvT2JqZWN0AQAGPGluaXQ+AQADKClWBwAIAQAPb3JnL2V4YW1wbGUvU3VtAQAE"
    "Q29kZQEAD0xpbmVOdW1iZXJUYWJsZQEAAm9mAQAFKFtJKUkBAA1TdGFja01hcFRhYmxlBwAPAQACW0kBAApTb3VyY2VGaWxlAQAIU3VtLmph"
    "dmEAIAAHAAIAAAAAAAIAAAAFAAYAAQAJAAAAHQABAAEAAAAFKrcAAbEAAAABAAoAAAAGAAEAAAADAIgACwAMAAEACQAAAGYAAgAGAAAAIwM8"
    "Kk0svj4DNgQVBB2iABQsFQQuNgUbFQVgPIQEAaf/7BusAAAAAgAKAAAAFgAFAAAABQACAAYAFgAHABsABgAhAAkADQAAABUAAv8ACgAFBwAO"
    "AQcADgEBAAD4ABYAAQAQAAAAAgAR"
)
"""That of the second one."""


def _class(base64: str) -> str:
    return b64decode(base64).decode("utf-8", "surrogateescape")


EXAMPLES = (
    Example(
        name="a null that is checked for and then used, and a comparison that is never true",
        path="src/main/java/org/example/Names.java",
        source=(
            "package org.example;\n"
            "\n"
            "class Names {\n"
            "    private String last;\n"
            "\n"
            "    int length(String name) {\n"
            "        if (name == null) {\n"
            '            last = "none";\n'
            "        }\n"
            "        return name.length() + last.length();\n"
            "    }\n"
            "\n"
            "    boolean isRoot(String name) {\n"
            "        return name.equals(0);\n"
            "    }\n"
            "}\n"
        ),
        files={"target/classes/org/example/Names.class": _class(NAMES)},
        rules=("NP_NULL_ON_SOME_PATH", "EC_UNRELATED_TYPES"),
        lines=(10, 14),
    ),
    Example(
        name="a careful class is left alone, in the folder that the settings name",
        path="core/src/org/example/Sum.java",
        source=(
            "package org.example;\n"
            "\n"
            "class Sum {\n"
            "    static int of(int... numbers) {\n"
            "        int sum = 0;\n"
            "        for (int number : numbers) {\n"
            "            sum += number;\n"
            "        }\n"
            "        return sum;\n"
            "    }\n"
            "}\n"
        ),
        files={"core/out/org/example/Sum.class": _class(SUM)},
        settings={"classes": ["core/out"]},
    ),
)
