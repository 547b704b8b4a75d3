import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from hunkwise.analyzers.coverage import BRANCH, EXAMPLES, GATE, UNTESTED, Coverage
from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.model import Kind, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.readers.report_files import CLOCKS
from hunkwise.testing import FakeWorkspace, check_inspector, make_file

SAMPLES = Path(__file__).parents[1] / "samples" / "coverage"
LCOV = "SF:a.py\nDA:1,1\nDA:2,0\nDA:3,1\nend_of_record\n"
SOURCE = "one\ntwo\nthree\n"


@dataclass
class Place:
    """A directory with files that are all of the change, and reports beside them."""

    root: Path
    files: dict[str, str]

    def inspect(self, trust=Trust.OWN, users=(), directory="", **settings):
        for path, text in self.files.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                target.write_text(text)
        inputs = AnalyzerInputs(
            workspace=FakeWorkspace(self.files),
            trust=trust,
            settings=settings,
            root=str(self.root),
            user_options=frozenset(users),
            directory=directory,
        )
        kinds = {path: Kind.TEXT if path.endswith((".md", ".json")) else Kind.CODE for path in self.files}
        changed = [make_file(path, None, text, kind=kinds[path]) for path, text in self.files.items()]
        return {one.path: one for one in Coverage().inspect(changed, inputs)}

    def report(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


@pytest.fixture
def place(tmp_path) -> Place:
    return Place(tmp_path, {"a.py": SOURCE})


def sample(tmp_path: Path, project: str) -> Place:
    """A sample project as its build left it: its files, and the reports that were recorded of it."""
    root = tmp_path / "shop"
    files = {}
    for base in (SAMPLES / project, SAMPLES / "reports" / project):
        for path in sorted(base.rglob("*")):
            if path.is_file():
                text = path.read_text().replace("{root}", str(root))
                name = path.relative_to(base).as_posix()
                if base == SAMPLES / project:
                    files[name] = text
                target = root / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
    return Place(root, files)


def said(outcome) -> list[tuple[int, int, str]]:
    return [(one.location.start, one.location.end, one.message) for one in outcome.findings]


def test_the_contract_of_an_inspector_holds():
    """It finds what its examples say, and stands empty, odd and unreadable files."""
    check_inspector(Coverage(), EXAMPLES)


def test_gaps_of_python_by_coverage_py(tmp_path):
    """One comment for each gap, named by its function where LCOV is beside Cobertura."""
    outcomes = sample(tmp_path, "python").inspect()
    assert said(outcomes["shop/price.py"]) == [
        (9, 11, "No test runs these 2 lines of `price`."),
        (25, 25, "No test runs this line of `Basket.total`."),
        (32, 35, "No test runs these 3 lines of `unused`."),
    ]
    assert said(outcomes["shop/never.py"]) == [(1, 2, "No test runs these 2 lines of `never`.")]


@pytest.mark.parametrize("report", ["coverage/lcov.info", "coverage/clover.xml", "coverage/cobertura-coverage.xml"])
def test_gaps_of_javascript_by_c8(tmp_path, report):
    """The three formats that istanbul writes say the same."""
    outcomes = sample(tmp_path, "node").inspect(reports=[report])
    assert [one[:2] for one in said(outcomes["src/price.js"])] == [(5, 9), (13, 18)]


def test_gaps_of_java_by_jacoco(tmp_path):
    """JaCoCo's report names packages; the file is found by the end of its path, and methods are told apart."""
    outcomes = sample(tmp_path, "java").inspect()
    assert said(outcomes["src/shop/Price.java"]) == [
        (6, 8, "No test runs these 2 lines of `Price`."),
        (13, 15, "No test runs these 2 lines of `price`."),
        (25, 27, "No test runs these 2 lines of `unused`."),
        (31, 31, "No test runs this line of `other`."),
    ]


def test_a_finding_is_low_and_about_tests(place):
    """A gap is a fact of little weight."""
    place.report("lcov.info", LCOV)
    (finding,) = place.inspect()["a.py"].findings
    assert (finding.rule, finding.severity, finding.category) == (UNTESTED, Severity.LOW, "tests")


def test_only_changed_lines_count(place):
    """A line that was there before is not the change's business."""
    place.report("lcov.info", LCOV)
    inputs = AnalyzerInputs(workspace=FakeWorkspace(place.files), trust=Trust.OWN, root=str(place.root))
    (outcome,) = Coverage().inspect([make_file("a.py", "two\n", SOURCE)], inputs)
    assert (outcome.state, outcome.findings) == (State.REVIEWED, ())


def test_several_reports_add_up(place):
    """What unit tests leave, integration tests may run."""
    place.report("lcov.info", LCOV)
    place.report("coverage/lcov.info", "SF:a.py\nDA:2,1\nend_of_record\n")
    assert said(place.inspect()["a.py"]) == []


def test_without_a_report_it_does_not_apply(place):
    """Where no build made a report, nothing is said of any file."""
    assert place.inspect() == {}


def test_a_file_that_no_report_names_is_skipped(place):
    """Code that the report does not know is not taken for tested; files of tests and of text are left alone."""
    place.files |= {"b.py": "x\n", "tests/test_a.py": "x\n", "notes.md": "x\n"}
    place.report("lcov.info", LCOV)
    outcomes = place.inspect()
    assert (outcomes["b.py"].state, outcomes["b.py"].reason) == (State.SKIPPED, "no coverage report names this file")
    assert set(outcomes) == {"a.py", "b.py"}


def test_a_name_that_several_files_have_is_not_guessed_at(tmp_path):
    """The files that a report may mean are skipped, with the reason."""
    place = Place(tmp_path, {"x/pkg/a.py": SOURCE, "y/pkg/a.py": SOURCE})
    place.report("lcov.info", LCOV.replace("SF:", "SF:pkg/"))
    outcome = place.inspect()["y/pkg/a.py"]
    assert outcome.state is State.SKIPPED
    assert outcome.reason == "pkg/a.py in lcov.info may be any of x/pkg/a.py, y/pkg/a.py"


def test_a_report_of_a_module_is_found_above_the_changed_file(tmp_path):
    """Each module of a build has its own report in the usual place."""
    place = Place(tmp_path, {"core/src/shop/Price.java": SOURCE, "app/src/shop/Price.java": SOURCE})
    for module, hits in (("core", 0), ("app", 1)):
        line = f'<line nr="1" mi="1" ci="{hits}"/>'
        text = f'<report><package name="shop"><sourcefile name="Price.java">{line}</sourcefile></package></report>'
        place.report(f"{module}/target/site/jacoco/jacoco.xml", text)
    outcomes = place.inspect()
    assert [len(outcomes[path].findings) for path in place.files] == [1, 0]


def test_an_old_report_says_so(place):
    """Lines may have moved since the report was made: the reason names it."""
    (place.root / "a.py").write_text(SOURCE)
    report = place.report("lcov.info", LCOV)
    written = (place.root / "a.py").stat().st_mtime
    os.utime(report, (written - CLOCKS - 1,) * 2)
    assert place.inspect()["a.py"].reason == "by lcov.info, made before this file was last written"
    os.utime(report, (written,) * 2)
    assert place.inspect()["a.py"].reason == ""


def test_a_broken_report_is_an_error_that_names_it(place):
    """A report that cannot be read is a failure, not an absent one."""
    place.report("coverage.xml", "<coverage>")
    with pytest.raises(ToolError, match=r"coverage: coverage\.xml: line 1: it is not well-formed XML"):
        place.inspect()


def test_a_report_that_is_no_file_is_an_error(place):
    """A pipe by the name of a report does not hang the review."""
    os.mkfifo(place.root / "x.info")
    with pytest.raises(ToolError, match=r"x\.info: it is not a regular file"):
        place.inspect(reports=["*.info"])


def test_the_gate_speaks_at_the_largest_gap(tmp_path):
    """Below the minimum there is one finding of high severity, in the place of the gap that it is about."""
    place = Place(tmp_path, {"a.py": "1\n2\n3\n4\n", "b.py": "1\n2\n3\n4\n5\n6\n"})
    place.report(
        "lcov.info",
        "SF:a.py\nDA:1,1\nDA:2,0\nDA:3,1\nend_of_record\nSF:b.py\nDA:1,1\nDA:2,1\nDA:4,0\nDA:5,0\nend_of_record\n",
    )
    outcomes = place.inspect(minimum=60)
    (gate,) = outcomes["b.py"].findings
    assert (gate.rule, gate.severity, gate.location.start, gate.location.end) == (GATE, Severity.HIGH, 4, 5)
    assert gate.message == (
        "Tests run 4 of the 7 changed lines with code, 57.1 %, where 60 % are wanted; "
        "in the largest gap, no test runs these 2 lines."
    )
    assert [one.rule for one in outcomes["a.py"].findings] == [UNTESTED]


@pytest.mark.parametrize(
    ("minimum", "is_reached"), [(0, True), (66.6, True), (66.67, False), (67, False), (100, False)]
)
def test_the_gate_is_exact(place, minimum, is_reached):
    """Two of three lines are more than 66.6 % and less than 66.67 %."""
    place.report("lcov.info", LCOV)
    rules = [one.rule for one in place.inspect(minimum=minimum)["a.py"].findings]
    assert rules == [UNTESTED if is_reached else GATE]


def test_a_gate_without_a_report_fails(place):
    """A review that was told to measure and could not does not look green."""
    outcome = place.inspect(minimum=80)["a.py"]
    assert (outcome.state, outcome.reason) == (State.FAILED, "`minimum` is set, and there is no coverage report")


def test_a_named_report_that_is_missing_is_said(place):
    """Who configured a report learns that it is not there."""
    outcome = place.inspect(reports=["out/*.xml"])["a.py"]
    assert (outcome.state, outcome.reason) == (State.SKIPPED, "no coverage report is at out/*.xml: run the tests first")


def test_branches_are_reported_where_they_are_asked_for(tmp_path):
    """A line that runs may still leave a way untried."""
    place = sample(tmp_path, "python")
    found = place.inspect(reports=["coverage.xml"], branches=True)["shop/price.py"].findings
    assert [(one.location.start, one.severity) for one in found if one.rule == BRANCH] == [
        (7, Severity.INFO),
        (12, Severity.INFO),
    ]


def test_a_foreign_change_brings_no_report(place):
    """A report that the change brings with it may say anything: it is not read."""
    place.report("lcov.info", LCOV)
    assert place.inspect(Trust.FOREIGN) == {}
    outcome = place.inspect(Trust.FOREIGN, reports=["lcov.info"])["a.py"]
    assert outcome.state is State.SKIPPED
    assert "only where your own configuration names them" in outcome.reason


def test_the_user_may_name_a_report_on_a_foreign_change(place, tmp_path):
    """What the user's own file names is read, relative to where they are."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "out.info").write_text(LCOV)
    place.root = tmp_path / "tree"
    for name in ("out.info", str(elsewhere / "*.info")):
        outcomes = place.inspect(Trust.FOREIGN, users=["reports"], directory=str(elsewhere), reports=[name])
        assert [one.rule for one in outcomes["a.py"].findings] == [UNTESTED]


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"report": ["x"]}, "tools.coverage.report is unknown; there is reports, minimum, branches"),
        ({"reports": "x"}, "must be a list of patterns"),
        ({"minimum": 101}, "must be a percentage"),
        ({"minimum": True}, "must be a percentage"),
        ({"branches": 1}, "must be true or false"),
    ],
)
def test_a_wrong_setting_is_an_error_in_words(place, settings, why):
    """What the configuration may say is checked, and named."""
    with pytest.raises(UsageError, match=why):
        place.inspect(**settings)
