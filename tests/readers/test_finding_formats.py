import json
import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from said_reports import SAID, read, said, sources

from hunkwise.core.config import ReportFormat
from hunkwise.core.errors import ReportError
from hunkwise.core.model import Edit, Severity
from hunkwise.core.ports import RenderOptions
from hunkwise.plugins.sinks.checkstyle import CheckstyleSink
from hunkwise.plugins.sinks.rdjson import RdjsonlSink, RdjsonSink
from hunkwise.plugins.sinks.sarif import SarifSink
from hunkwise.plugins.sinks.severity import CHECKSTYLE, RDJSON, SARIF
from hunkwise.readers.finding_formats import finding_format, read_findings
from hunkwise.readers.reading import Reading
from hunkwise.testing import make_change, make_comment, make_finding, make_report

PRICE = "src/shop/Price.java"
RUFF = [("F401", 1, 8, 10), ("B006", 4, 22, 24), ("E702", 6, 15, 16), ("F821", 6, 29, 33), ("E711", 7, 20, 24)]
EXPECTED = {
    "ruff.sarif": ("ruff", RUFF),
    "ruff.rdjson": ("ruff", RUFF),
    "ruff.jsonl": ("reports", RUFF),
    "eslint.sarif": (
        "eslint",
        [
            ("no-const-assign", 1, 23, 27),
            ("no-cond-assign", 1, 23, 31),
            ("no-debugger", 1, 35, 44),
            ("no-dupe-keys", 2, 30, 31),
        ],
    ),
    "semgrep.sarif": ("semgrep", [("no-none-equality", 7, 12, 24)]),
    "pmd.sarif": (
        "pmd",
        [
            ("UnusedLocalVariable", 9, 16, 20),
            ("CompareObjectsWithEquals", 9, 36, 54),
            ("UseEqualsToCompareStrings", 9, 36, 54),
        ],
    ),
    "spotbugs.sarif": (
        "spotbugs",
        [
            ("ES_COMPARING_STRINGS_WITH_EQ", 9, None, None),
            ("NP_ALWAYS_NULL", 14, None, None),
            ("UWF_UNWRITTEN_FIELD", 9, None, None),
        ],
    ),
    "shellcheck.xml": ("shellcheck", [("SC2164", 2, 1, None), ("SC2115", 2, 16, None), ("SC2086", 2, 16, None)]),
}
PATHS = {"eslint": "web/a b.js", "pmd": PRICE, "spotbugs": PRICE, "checkstyle": PRICE, "shellcheck": "bin/run.sh"}


def places(reading: Reading) -> list[tuple[str, int | None, int | None, int | None]]:
    return [(one.rule, one.location.start, one.location.column, one.location.end_column) for one in reading.findings]


@pytest.mark.parametrize("report", SAID)
def test_the_format_is_known_by_its_beginning(report):
    """No file name is needed to tell what a report is."""
    assert finding_format(said(report)) is SAID[report]


@pytest.mark.parametrize("report", EXPECTED)
def test_what_real_tools_said_is_read(report):
    """Rules, lines and columns in characters are those of the tool, behind an emoji too."""
    tool, expected = EXPECTED[report]
    reading = read(report)
    assert places(reading) == expected
    assert {one.tool for one in reading.findings} == {tool}
    assert reading.named == {PATHS.get(report.partition(".")[0], "src/shop/price.py")}
    assert (reading.lost, reading.suppressed, reading.trouble) == ([], [], [])


def test_checkstyle_says_the_same_in_both_of_its_formats():
    """The class of a check is named as its users know it."""
    assert places(read("checkstyle.xml")) == places(read("checkstyle.sarif"))
    assert Counter(one.rule for one in read("checkstyle.xml").findings)["Indentation"] == 8


def test_fixes_come_with_sarif_and_rdjson():
    """What ruff would replace is an edit, the same from both formats where they say the same."""
    edits = Edit(1, 1, 2, 1, "")
    for report in ("ruff.sarif", "ruff.rdjson"):
        fix = read(report).findings[0].fix
        assert fix is not None and fix.edits == (edits,)


def test_severities_are_those_of_the_tool():
    """Each tool's word becomes one of ours."""
    assert [one.severity for one in read("spotbugs.sarif").findings] == [
        Severity.MEDIUM,
        Severity.HIGH,
        Severity.MEDIUM,
    ]
    assert [one.severity for one in read("shellcheck.xml").findings] == [Severity.MEDIUM, Severity.MEDIUM, Severity.LOW]


@pytest.mark.parametrize("report", SAID)
def test_a_report_of_another_machine_is_understood(report):
    """Where the project lay does not matter, as long as the ends of its paths are clear."""
    elsewhere = read(report, "/home/runner/work/project")
    assert places(elsewhere) == places(read(report))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("hello", "it is none of"),
        ("{}", "it is none of"),
        ("{", "line 1: it is not JSON"),
        ("[" * 100000, "nested too deeply"),
        ('{"version": "1.0", "runs": []}', "SARIF of version '1.0'"),
        ('{"version": "2.1.0"}', "it has no runs"),
        ('{"version": "2.1.0", "runs": [{"results": [{"level": []}]}]}', "none|runs"),
        ('{"version": "2.1.0", "runs": {}}', "runs is {}, where a list is wanted"),
        ('{"version": "2.1.0", "runs": [3]}', r"runs\[0\] is 3, where an object is wanted"),
        ('{"diagnostics": [{"location": {"path": 1.5, "range": 3}}]}', "none|range"),
        ("<html/>", "its root is <html>, where <checkstyle> is wanted"),
        ('<checkstyle><file name="bin/run.sh"><error line="x"/></file></checkstyle>', "the line of an error is 'x'"),
        ('{"message": "no path"}', "line 1 has no path"),
        ('{"path": "bin/run.sh", "line": "1"}\n', "line is '1', where a whole number"),
        ('{"path": "a", "message": "b"}\n{"path": 3 "message"}', "line 2: it is not JSON"),
    ],
)
def test_a_broken_report_is_an_error_in_words(text, why):
    """A report that cannot be believed is never half read; one whose places are all unknown is told apart later."""
    try:
        reading = read_findings(text.encode(), None, sources(), "reports")
    except ReportError as error:
        assert re.search(why, str(error)), str(error)
    else:
        assert why.startswith("none|") and not reading.findings and reading.lost


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_no_mutation_of_a_report_breaks_the_reader(data):
    """Whatever happens to the bytes of a report, there are findings in the lines of their files, or a ReportError."""
    report = data.draw(st.sampled_from(sorted(SAID)))
    text = bytearray(said(report))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text[at : at + data.draw(st.integers(0, 60))] = data.draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from(
                    [b"-1", b"0", b"99999999999", b'"', b"null", b"[]", b"{}", b"&x;", b"\0", b"\n", b"1.5"]
                ),
            )
        )
    check_believable(bytes(text), SAID[report])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**33) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def members(value, path=()):
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield from members(inner, (*path, key))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_no_change_of_a_member_breaks_the_reader(data):
    """Whatever JSON stands in the place of any member, there are findings or a ReportError."""
    report = data.draw(st.sampled_from([name for name, form in SAID.items() if form is ReportFormat.SARIF]))
    document = json.loads(said(report))
    *way, last = data.draw(st.sampled_from([path for path in members(document) if path]))
    inner = document
    for key in way:
        inner = inner[key]
    inner[last] = data.draw(VALUES)
    check_believable(json.dumps(document).encode(), ReportFormat.SARIF)


@given(st.binary(max_size=200), st.sampled_from([None, *ReportFormat]))
def test_random_bytes_are_findings_or_an_error(data, form):
    """What is no report is refused in words, in each format."""
    check_believable(data, form)


def check_believable(data: bytes, form: ReportFormat | None) -> None:
    known = sources()
    try:
        reading = read_findings(data, form, known, "reports")
    except ReportError as error:
        assert str(error)
        return
    for finding in (*reading.findings, *reading.suppressed):
        where = finding.location
        assert finding.tool and finding.rule and finding.message
        assert where.start is None or 1 <= where.start <= (where.end or 0) <= len(known.lines(where.path))


TEXT = 'a = "é😀"; b = 2\nc = 3\nd = 4\n'
OWN = [
    make_finding("Undefined name", tool="ruff", rule="F821", path="src/a b.py", line=1, severity=Severity.HIGH),
    make_finding("A [password](x) here", tool="bandit", rule="B105", path="src/a b.py", line=2, severity=Severity.LOW),
    make_finding("é 😀 <&>", tool="mypy", rule="name-defined", path="src/a b.py", line=3, severity=Severity.MEDIUM),
]


@pytest.mark.parametrize(
    ("sink", "words"),
    [(SarifSink(), SARIF), (RdjsonSink(), RDJSON), (RdjsonlSink(), RDJSON), (CheckstyleSink(), CHECKSTYLE)],
    ids=lambda one: getattr(one, "name", ""),
)
def test_what_we_write_we_read(sink, words):
    """Our own SARIF, rdjson and Checkstyle come back with their tools, rules, paths, lines and severities."""
    change = make_change({"src/a b.py": TEXT})
    report = make_report([make_comment(one) for one in OWN], change=change)
    files = {"src/a b.py": TEXT}
    reading = read_findings(sink.render(report, RenderOptions()), None, sources(files), "reports")
    found = [
        (one.tool, one.rule, one.location.path, one.location.start, words[one.severity]) for one in reading.findings
    ]
    assert found == [(one.tool, one.rule, one.location.path, one.location.start, words[one.severity]) for one in OWN]


def test_columns_come_back_in_characters():
    """Bytes in rdjson and code points in SARIF are both the columns that we had."""
    change = make_change({"a.py": TEXT})
    where = make_finding("x", tool="ruff", rule="E1", path="a.py", line=1).location
    located = replace(where, end=1, column=11, end_column=12)
    finding = replace(make_finding("x", tool="x", rule="E1", path="a.py"), location=located)
    for sink in (SarifSink(), RdjsonSink()):
        data = sink.render(make_report([make_comment(finding)], change=change), RenderOptions())
        (read_back,) = read_findings(data, None, sources({"a.py": TEXT}), "reports").findings
        assert (read_back.location.column, read_back.location.end_column) == (11, 12)
