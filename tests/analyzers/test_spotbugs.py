import os
from pathlib import Path

import pytest

from hunkwise.analyzers.spotbugs import EXAMPLES, Spotbugs
from hunkwise.core.errors import NotApplicable, ToolError, UsageError
from hunkwise.core.model import Category, FileDiff, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs, ToolResult
from hunkwise.testing import FakeWorkspace

NAMES, SUM = EXAMPLES
SEEN = '<PackageStats><ClassStats class="org.example.Names" sourceFile="Names.java"/></PackageStats>'
BUG = """
<BugInstance type="NP_ALWAYS_NULL" priority="1" rank="{rank}" abbrev="NP" category="{category}">
<ShortMessage>Null pointer dereference</ShortMessage><LongMessage>Null pointer  dereference of s</LongMessage>
<Class classname="org.example.Names"><SourceLine start="3" end="16" sourcepath="org/example/Names.java"/></Class>
{place}</BugInstance>
"""
LINE = '<SourceLine start="10" end="10" sourcepath="org/example/Names.java"/>'


class Setting:
    """The first example's files, as the analyzer sees them."""

    def __init__(self, workspace, **settings):
        self.workspace = workspace
        self.settings = settings
        self.trust = Trust.OWN

    @property
    def inputs(self):
        root = self.workspace.directory()
        return AnalyzerInputs(workspace=self.workspace, trust=self.trust, settings=self.settings, root=root)

    def plan(self, *paths):
        files = [FileDiff(path=path, language="java") for path in paths or (NAMES.path,)]
        return Spotbugs().plan(files, self.inputs)

    def parse(self, content, *paths, **result):
        report = f"<BugCollection>{content}</BugCollection>".encode()
        said = ToolResult(**{"exit_code": 0, "stdout": report, **result})
        return {one.path: one for one in Spotbugs().parse(self.plan(*paths), said, self.inputs)}


def report(*bugs, seen=SEEN, errors="<Errors/>"):
    return f"{''.join(bugs)}{errors}<FindBugsSummary>{seen}</FindBugsSummary>"


def bug(*, rank=5, category="CORRECTNESS", place=LINE):
    return BUG.format(rank=rank, category=category, place=place)


@pytest.fixture
def names():
    with FakeWorkspace({**NAMES.files, NAMES.path: NAMES.source, "Other.java": "class Other { }\n"}) as workspace:
        yield Setting(workspace)


def test_the_class_of_a_changed_source_is_looked_at(names):
    """The call names the class and the folder of the build, and no other class."""
    args = names.plan().args
    assert args[args.index("-onlyAnalyze") + 1] == "org.example.Names"
    assert args[-1] == f"{names.workspace.directory()}/target/classes"


def test_a_finding_says_all_that_spotbugs_says(names):
    """Place, meaning and page of a finding come through."""
    (finding,) = names.parse(report(bug()))[NAMES.path].findings
    assert (finding.rule, finding.message) == ("NP_ALWAYS_NULL", "Null pointer dereference of s")
    assert (finding.severity, finding.category, finding.location.start) == (Severity.HIGH, Category.BUG, 10)
    assert finding.url.endswith("#np-null-pointer-dereference-np-always-null")


@pytest.mark.parametrize(
    ("rank", "severity"), [(1, Severity.HIGH), (9, Severity.HIGH), (14, Severity.MEDIUM), (20, Severity.LOW)]
)
def test_the_rank_is_the_severity(names, rank, severity):
    """What SpotBugs calls scary is high, troubling is medium, of concern is low."""
    (finding,) = names.parse(report(bug(rank=rank)))[NAMES.path].findings
    assert finding.severity is severity


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ('<Method><SourceLine start="7" end="8" sourcepath="org/example/Names.java"/></Method>', 7),
        ('<Field name="last"><SourceLine sourcepath="org/example/Names.java"/></Field>', 4),
        ('<Field name="nobody"><SourceLine sourcepath="org/example/Names.java"/></Field>', None),
        ("", 3),
    ],
    ids=["method", "field", "unknown field", "class"],
)
def test_where_no_line_is_told_the_next_best_is_taken(names, place, line):
    """That of the method, the declaration of the field in the source, the start of the class, or the file."""
    (finding,) = names.parse(report(bug(place=place)))[NAMES.path].findings
    assert finding.location.start == line


def test_findings_in_other_sources_are_left_out(names):
    """A class that was looked at beside the changed ones says nothing here."""
    place = '<SourceLine start="1" end="1" sourcepath="org/example/Else.java"/>'
    assert names.parse(report(bug(place=place)))[NAMES.path].findings == ()


def test_each_source_has_its_own_state(names):
    """One with class files is reviewed, one without is not applicable and says what is missing."""
    outcomes = names.parse(report(), NAMES.path, "Other.java")
    assert outcomes[NAMES.path].state is State.REVIEWED
    assert outcomes["Other.java"].state is State.NOT_APPLICABLE
    assert "tools.spotbugs.options.classes" in outcomes["Other.java"].reason


def test_a_class_that_is_not_in_the_report_has_failed(names):
    """SpotBugs lists the classes that it looked at, and no other is believed to be clean."""
    outcome = names.parse(report(seen=""))[NAMES.path]
    assert (outcome.state, outcome.reason) == (State.FAILED, "SpotBugs did not look at its classes")


@pytest.mark.parametrize("words", ["broke on org.example.Names.f", "broke on something"])
def test_a_class_on_which_it_broke_has_failed(names, words):
    """An error that names a class costs its file; one that names none costs all."""
    errors = f'<Errors errors="1"><Error><ErrorMessage>{words}</ErrorMessage></Error></Errors>'
    outcome = names.parse(report(bug(), errors=errors))[NAMES.path]
    assert (outcome.state, outcome.reason, outcome.findings) == (State.FAILED, f"SpotBugs broke: {words}", ())


@pytest.mark.parametrize(
    ("content", "result", "reason"),
    [
        ("<FindBugsSummary/>", {}, "does not say whether it broke"),
        (report(), {"exit_code": 1}, "exit code 1, not 0"),
        ("", {"stdout": b"Exception in thread"}, "its output cannot be read"),
        (report("<BugInstance>" + LINE + "</BugInstance>"), {}, "without 'type'"),
    ],
)
def test_a_broken_report_is_not_believed(names, content, result, reason):
    """The whole call is an error."""
    with pytest.raises(ToolError, match=reason):
        names.parse(content, **result)


def test_stale_class_files_are_not_applicable(names):
    """Class files that are older than the source have the lines of another text."""
    file = f"{names.workspace.directory()}/{NAMES.path}"
    os.utime(file, (Path(file).stat().st_mtime + 60,) * 2)
    with pytest.raises(NotApplicable, match="its class files are older than it: build the project first"):
        names.plan()


def test_a_foreign_change_has_no_class_files(names):
    """They would be those of a build that the change can steer."""
    names.trust = Trust.FOREIGN
    with pytest.raises(NotApplicable, match="those of a foreign change are not built"):
        names.plan()


def test_without_class_files_the_reason_says_how_to_name_them(names):
    """The setting is named."""
    with pytest.raises(NotApplicable, match=r"name their folder as `tools\.spotbugs\.options\.classes`") as caught:
        names.plan("Other.java")
    assert caught.value.paths == ("Other.java",)


def test_the_folders_of_a_module_are_found():
    """The usual folders are looked for beside the sources of each module, too."""
    files = {"core/target/classes/org/example/Sum.class": next(iter(SUM.files.values())), SUM.path: SUM.source}
    with FakeWorkspace(files) as workspace:
        args = Setting(workspace).plan(SUM.path).args
    assert args[-1].endswith("/core/target/classes")


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"classes": ["out"]}, "there is no folder 'out': build the project first"),
        ({"classes": ["/tmp"]}, "'/tmp' must be a path inside the repository"),
        ({"classes": ["../x"]}, r"'\.\./x' must be a path inside the repository"),
        ({"classpath": ["a:b"]}, "'a:b' must be a path inside the repository"),
        ({"classes": "out"}, "must be a list of paths"),
    ],
)
def test_settings_that_cannot_be_used_are_errors(names, settings, reason):
    """Each says what is wrong, and names the option."""
    names.settings = settings
    with pytest.raises(UsageError, match=rf"tools\.spotbugs\.options\.\w+.* {reason}"):
        names.plan()


def test_a_filter_and_a_class_path_are_given(names):
    """The repository's filter in a usual place, and the libraries that the settings name."""
    with FakeWorkspace(
        {**NAMES.files, NAMES.path: NAMES.source, "src/spotbugs/excludesFilter.xml": "<FindBugsFilter/>"}
    ) as workspace:
        args = Setting(workspace, classpath=["lib/a.jar", "lib/b.jar"]).plan().args
        root = workspace.directory()
    assert args[args.index("-exclude") + 1] == f"{root}/src/spotbugs/excludesFilter.xml"
    assert args[args.index("-auxclasspath") + 1] == f"{root}/lib/a.jar:{root}/lib/b.jar"
