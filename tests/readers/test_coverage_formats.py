import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_reports import ALL, fetch_jacoco, make, recorded

from hunkwise.core.errors import ReportError
from hunkwise.readers.coverage_formats import coverage_format, read_coverage
from hunkwise.readers.line_coverage import Branches, FileCoverage, Function

FORMATS = {
    "coverage.xml": "Cobertura",
    "cobertura-coverage.xml": "Cobertura",
    "lcov.info": "LCOV",
    "clover.xml": "Clover",
    "jacoco.xml": "JaCoCo",
}
ROOT = "/build/shop"


def read(project: str, report: str) -> dict[str, FileCoverage]:
    return {one.names[0]: one for one in read_coverage(recorded(project, report, ROOT))}


def missed(coverage: FileCoverage) -> list[int]:
    return sorted(line for line, runs in coverage.lines.items() if not runs)


@pytest.mark.parametrize(("project", "report"), ALL)
def test_each_format_is_known_by_its_beginning(project, report):
    """No file name is needed to tell what a report is."""
    assert coverage_format(recorded(project, report, ROOT)) == FORMATS[report.rpartition("/")[2]]


@pytest.mark.parametrize(
    ("project", "report", "name", "lines"),
    [
        ("python", "coverage.xml", f"{ROOT}/shop/price.py", [9, 11, 25, 32, 33, 35]),
        ("python", "lcov.info", "shop/price.py", [9, 11, 25, 32, 33, 35]),
        ("node", "coverage/lcov.info", "src/price.js", [5, 6, 7, 8, 9, *range(13, 19)]),
        ("node", "coverage/clover.xml", f"{ROOT}/src/price.js", [5, 6, 7, 8, 9, *range(13, 19)]),
        ("node", "coverage/cobertura-coverage.xml", f"{ROOT}/src/price.js", [5, 6, 7, 8, 9, *range(13, 19)]),
        ("java", "target/site/jacoco/jacoco.xml", "shop/Price.java", [6, 8, 13, 15, 25, 27, 31]),
    ],
)
def test_the_lines_that_no_test_runs_are_read(project, report, name, lines):
    """Each format says which lines with code were not run."""
    assert missed(read(project, report)[name]) == lines


def test_branches_are_read():
    """Where a format counts the ways that a line can go, so do we."""
    assert read("python", "coverage.xml")[f"{ROOT}/shop/price.py"].branches[7] == Branches(1, 2)
    assert read("python", "lcov.info")["shop/price.py"].branches[7] == Branches(1, 2)
    assert read("java", "target/site/jacoco/jacoco.xml")["shop/Price.java"].branches[11] == Branches(1, 2)
    assert read("node", "coverage/clover.xml")[f"{ROOT}/src/price.js"].branches[4] == Branches(0, 1)


def test_functions_are_named_where_the_report_does():
    """The function of a line is known from LCOV and JaCoCo."""
    java = read("java", "target/site/jacoco/jacoco.xml")["shop/Price.java"]
    assert [java.function_of(line, line) for line in (8, 13, 25, 31)] == ["Price", "price", "unused", "other"]
    python = read("python", "lcov.info")["shop/price.py"]
    assert [python.function_of(line, line) for line in (9, 33, 35)] == ["price", "unused.inner", "unused"]
    node = read("node", "coverage/lcov.info")["src/price.js"]
    assert [node.function_of(5, 9), node.function_of(13, 18)] == ["", "unused"]


def test_a_file_without_lines_is_named_too():
    """A report that names an empty file has looked at it."""
    assert read("python", "coverage.xml")[f"{ROOT}/shop/__init__.py"].lines == {}


def test_openclover_counts_how_often_each_way_was_taken():
    """In OpenClover's own reports a condition has no count of its own; test projects are left out."""
    text = """<coverage clover="4.5.2"><project><package name="a"><file name="A.java" path="/b/a/A.java">
        <line num="3" type="method" signature="run(int) : void" count="0"/>
        <line num="4" type="cond" truecount="3" falsecount="0"/>
        <line num="5" type="stmt" count="0"/></file></package></project>
        <testproject><package name="a"><file name="T.java"><line num="1" type="stmt" count="1"/></file></package>
        </testproject></coverage>"""
    (coverage,) = read_coverage(text.encode())
    assert coverage.names == ("/b/a/A.java",)
    assert coverage.lines == {3: False, 4: True, 5: False}
    assert coverage.branches == {4: Branches(1, 2)}
    assert coverage.functions == (Function("run", 3),)


def test_lcov_2_names_functions_apart_from_their_lines():
    """Since LCOV 2.2 the name of a function comes with its count."""
    (coverage,) = read_coverage(b"SF:a.c\nFNL:0,2,9\nFNA:0,4,f(int, int)\nDA:3,0\nend_of_record\n")
    assert coverage.functions == (Function("f(int, int)", 2, 9),)


def test_several_records_of_a_file_add_up():
    """A line runs if any of the records says so."""
    (coverage,) = read_coverage(b"SF:a.c\nDA:3,0\nDA:4,1\nend_of_record\nSF:a.c\nDA:3,2\nDA:4,0\nend_of_record\n")
    assert coverage.lines == {3: True, 4: True}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("hello", "it is none of Cobertura"),
        ("<html/>", "its root is <html>"),
        ("SF:a.c\nDA:1,1\n", "it ends within the record of a.c"),
        ("SF:a.c\nDA:x,1\nend_of_record\n", "line 2: a line is 'x', where a number"),
        ("SF:a.c\nDA:1\nend_of_record\n", "line 2: the count of a line is ''"),
        ("TN:\nDA:1,1\n", "DA stands before any SF"),
        ("<coverage><class><line number='1' hits='1'/></class></coverage>", "a class has no filename"),
        ("<coverage><class filename='a'><line hits='1'/></class></coverage>", "the number of a line is missing"),
        ("<coverage><class filename='a'><line number='1'/></class></coverage>", "the hits of line 1"),
        ("<coverage clover='1'><project><file/></project></coverage>", "a file has no name"),
        ("<report><line nr='1' ci='1'/></report>", "a line stands outside of a source file"),
        ("<report><package name='a'><sourcefile name='A.java'><line nr='1'/>", "has no number or no count"),
        ("<report><package name='a'><sourcefile name='A.java'><line nr='99999999999' ci='1'/>", "'99999999999'"),
        ("<coverage><class filename='a'>", "not well-formed"),
    ],
)
def test_a_broken_report_is_an_error_in_words(text, why):
    """A report that cannot be believed is never half read."""
    with pytest.raises(ReportError, match=why):
        read_coverage(text.encode())


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_no_mutation_of_a_report_breaks_the_reader(data):
    """Whatever happens to the bytes of a report, there are files or a ReportError."""
    project, report = data.draw(st.sampled_from(ALL))
    text = bytearray(recorded(project, report, ROOT))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text[at : at + data.draw(st.integers(0, 40))] = data.draw(
            st.one_of(st.binary(max_size=8), st.sampled_from([b"-1", b'"', b"<line/>", b"&x;", b"\0", b",", b"\n"]))
        )
    try:
        found = read_coverage(bytes(text))
    except ReportError as error:
        assert str(error)
    else:
        assert all(isinstance(one, FileCoverage) and one.names for one in found)


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_in_words(data):
    """What is no report is refused, never read as an empty one."""
    with pytest.raises(ReportError):
        read_coverage(data)


@pytest.mark.tools
def test_coverage_py_still_writes_what_was_recorded(tmp_path):
    """The samples are what coverage.py really writes, as far as we read it."""
    root = make("python", tmp_path / "shop", tmp_path)
    for report in ("coverage.xml", "lcov.info"):
        assert read_coverage((root / report).read_bytes()) == read_coverage(recorded("python", report, str(root)))


@pytest.mark.tools
def test_c8_still_writes_what_was_recorded(tmp_path, node_modules):
    """The samples are what c8, and through it istanbul, really writes."""
    assert (node_modules / "c8").is_dir()
    root = make("node", tmp_path / "shop", tmp_path)
    for report in ("coverage/lcov.info", "coverage/clover.xml", "coverage/cobertura-coverage.xml"):
        assert read_coverage((root / report).read_bytes()) == read_coverage(recorded("node", report, str(root)))


@pytest.mark.tools
@pytest.mark.slow
def test_jacoco_still_writes_what_was_recorded(tmp_path):
    """The samples are what JaCoCo really writes of a class that was compiled and run."""
    for program in ("mvn", "javac", "java"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    jars = tmp_path / "jars"
    jars.mkdir()
    root = make("java", tmp_path / "shop", fetch_jacoco(jars))
    report = "target/site/jacoco/jacoco.xml"
    assert read_coverage((root / report).read_bytes()) == read_coverage(recorded("java", report, str(root)))
