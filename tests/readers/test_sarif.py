import json

import pytest
from said_reports import ROOT, sources

from hunkwise.core.errors import ReportError
from hunkwise.core.model import Category, Edit, Severity
from hunkwise.readers.reading import Reading
from hunkwise.readers.sarif import read_sarif

FILES = {"src/a b.py": 'x = "😀"; y = 1\nsecond\nthird\n', "src/b.py": "1\n"}
AT = {"artifactLocation": {"uri": "src/a%20b.py"}, "region": {"startLine": 2}}


def read(*results, **run) -> Reading:
    """Read a run with these results, which lie at the second line unless they say otherwise."""
    whole = [
        {"ruleId": "R", "message": {"text": "said"}, "locations": [{"physicalLocation": AT}], **one} for one in results
    ]
    document = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Some Tool"}}, **run, "results": whole}]}
    return read_sarif(json.dumps(document).encode(), sources(FILES))


def one(result=None, **run):
    """Return the only finding of a run."""
    (finding,) = read(result or {}, **run).findings
    return finding


def at(uri="src/a%20b.py", **region):
    """Return the members of a result that lies in this region."""
    return {"locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}]}


def driver(*rules, name="Some Tool"):
    return {"driver": {"name": name, "rules": list(rules)}}


def test_a_result_becomes_a_finding():
    """Tool, rule, message and place come from the result; the level is a warning where nothing says otherwise."""
    finding = one()
    assert (finding.tool, finding.rule, finding.message, finding.severity) == (
        "some-tool",
        "R",
        "said",
        Severity.MEDIUM,
    )
    assert (finding.location.path, finding.location.start, finding.location.end) == ("src/a b.py", 2, 2)


@pytest.mark.parametrize(
    ("status", "is_suppressed"), [(None, True), ("accepted", True), ("underReview", False), ("rejected", False)]
)
def test_only_accepted_suppressions_count(status, is_suppressed):
    """A suppression that is under review or rejected leaves the result as it is."""
    suppression = {"kind": "inSource"} | ({"status": status} if status else {})
    reading = read({"suppressions": [suppression]})
    assert (len(reading.suppressed), len(reading.findings)) == ((1, 0) if is_suppressed else (0, 1))


def test_an_empty_list_of_suppressions_suppresses_nothing():
    """Some tools say of each result that it has no suppressions."""
    assert len(read({"suppressions": []}).findings) == 1


@pytest.mark.parametrize("member", [{"kind": "pass"}, {"kind": "notApplicable"}, {"baselineState": "absent"}])
def test_what_is_no_finding_is_left_out(member):
    """A rule that passed and a result that is gone are not reported."""
    assert read(member) == read()


@pytest.mark.parametrize(
    ("result", "rule", "severity"),
    [
        ({"level": "error"}, {}, Severity.HIGH),
        ({"level": "note"}, {}, Severity.LOW),
        ({"level": "none"}, {}, Severity.INFO),
        ({"kind": "informational"}, {}, Severity.INFO),
        ({}, {"defaultConfiguration": {"level": "error"}}, Severity.HIGH),
        ({"level": "note"}, {"defaultConfiguration": {"level": "error"}}, Severity.LOW),
        ({"level": "note"}, {"properties": {"security-severity": "9.1"}}, Severity.CRITICAL),
        ({}, {"properties": {"security-severity": 7.5}}, Severity.HIGH),
        ({}, {"properties": {"security-severity": "0.0"}}, Severity.LOW),
        ({"level": "error"}, {"properties": {"security-severity": "high"}}, Severity.HIGH),
    ],
)
def test_the_severity_of_a_result(result, rule, severity):
    """The rule's score counts most, then the result's own level, then the rule's."""
    assert one(result, tool=driver({"id": "R", **rule})).severity is severity


def test_the_category_comes_from_tags_or_a_score():
    """A rule that is tagged, or that has a score, is about what that says."""
    tagged = driver({"id": "R", "properties": {"tags": ["x", "performance"]}})
    scored = driver({"id": "R", "properties": {"security-severity": "5.0"}})
    assert one({}, tool=tagged).category is Category.PERFORMANCE
    assert one({}, tool=scored).category is Category.SECURITY
    assert one().category is Category.BUG


def test_a_rule_is_found_by_index_or_by_the_start_of_its_id():
    """A hierarchical id belongs to the rule that it begins with."""
    rules = driver({"id": "A", "helpUri": "https://a.example"}, {"id": "R", "helpUri": "https://r.example"})
    assert one({}, tool=rules).url == "https://r.example"
    assert one({"ruleId": "R/part"}, tool=rules).url == "https://r.example"
    assert one({"ruleIndex": 0}, tool=rules).url == "https://a.example"
    assert one({"ruleId": None, "rule": {"index": 0}}, tool=rules).rule == "A"
    assert one({"ruleIndex": 7}, tool=rules).url == "https://r.example"


def test_messages_take_their_arguments_and_lose_their_links():
    """A message may stand with its rule, with places for arguments; embedded links become plain words."""
    rules = driver({"id": "R", "messageStrings": {"default": {"text": "`{0}` of {1}"}}})
    assert one({"message": {"id": "default", "arguments": ["x", "y"]}}, tool=rules).message == "`x` of y"
    assert one({"message": {"text": "see [here](1) and [there](https://e.example/a)"}}).message == "see here and there"
    assert one({"message": {}}).message == "R"


@pytest.mark.parametrize(
    ("uri", "base"),
    [
        ("src/a%20b.py", None),
        (f"file://{ROOT}/src/a%20b.py", None),
        (f"{ROOT}/src/a b.py", None),
        ("src\\a b.py", None),
        ("file:///C:/work/src/a%20b.py", None),
        ("C:\\work\\src\\a b.py", None),
        ("src/a%20b.py", "%SRCROOT%"),
        ("a%20b.py", "SRC"),
        ("a%20b.py", "INNER"),
    ],
)
def test_the_file_of_a_result(uri, base):
    """Absolute and relative URIs, paths of Windows, and bases of bases all name the file."""
    location = {"uri": uri} | ({"uriBaseId": base} if base else {})
    bases = {
        "SRC": {"uri": f"file://{ROOT}/src/"},
        "INNER": {"uri": "src/", "uriBaseId": "ROOT"},
        "ROOT": {"uri": f"file://{ROOT}/"},
    }
    result = {"locations": [{"physicalLocation": {"artifactLocation": location, "region": {"startLine": 1}}}]}
    assert one(result, originalUriBaseIds=bases).location.path == "src/a b.py"


def test_a_base_that_is_defined_by_itself_is_an_error():
    """A circle among the bases ends."""
    bases = {"A": {"uri": "a/", "uriBaseId": "B"}, "B": {"uri": "b/", "uriBaseId": "A"}}
    location = {"uri": "x.py", "uriBaseId": "A"}
    with pytest.raises(ReportError, match="is defined by itself"):
        read({"locations": [{"physicalLocation": {"artifactLocation": location}}]}, originalUriBaseIds=bases)


def test_a_file_may_be_named_by_its_index():
    """A result may refer to the list of artifacts alone."""
    result = {"locations": [{"physicalLocation": {"artifactLocation": {"index": 1}}}]}
    artifacts = [{"location": {"uri": "src/b.py"}}, {"location": {"uri": "src/a%20b.py"}}]
    assert one(result, artifacts=artifacts).location.path == "src/a b.py"


def test_artifacts_are_what_was_looked_at():
    """Without roles, and as targets of the analysis, artifacts were looked at; configuration was not."""
    artifacts = [
        {"location": {"uri": "src/b.py"}, "roles": ["analysisTarget"]},
        {"location": {"uri": "src/a%20b.py"}, "roles": ["toolSpecifiedConfiguration"]},
        {"location": {"uri": "gone.py"}},
    ]
    assert read(artifacts=artifacts).named == {"src/b.py"}
    assert read(artifacts=[{"location": {"uri": "src/b.py"}}]).named == {"src/b.py"}


@pytest.mark.parametrize(
    ("region", "kind", "place"),
    [
        ({"startLine": 1, "startColumn": 9, "endColumn": 10}, "unicodeCodePoints", (1, 1, 9, 10)),
        ({"startLine": 1, "startColumn": 10, "endColumn": 11}, "utf16CodeUnits", (1, 1, 9, 10)),
        ({"startLine": 1, "startColumn": 9, "endColumn": 10}, None, (1, 1, 9, 10)),
        ({"startLine": 1, "endLine": 2, "endColumn": 1}, None, (1, 1, None, None)),
        ({"startLine": 2, "endLine": 9}, None, (2, 3, None, None)),
        ({"startLine": 3, "endLine": 2}, None, (3, 3, None, None)),
        ({"startLine": 0}, None, (None, None, None, None)),
        ({}, None, (None, None, None, None)),
        ({"charOffset": 8, "charLength": 1}, None, (1, 1, 9, 10)),
        ({"charOffset": 9, "charLength": 1}, "utf16CodeUnits", (1, 1, 9, 10)),
        ({"byteOffset": 11, "byteLength": 1}, None, (1, 1, 9, 10)),
        ({"charOffset": 15, "charLength": 6}, None, (2, 2, 1, 7)),
    ],
)
def test_the_region_of_a_result(region, kind, place):
    """Lines, columns in either unit, and offsets mean the same; what a region lacks or has wrong is left out."""
    run = {"columnKind": kind} if kind else {}
    where = one(at(**region), **run).location
    assert (where.start, where.end, where.column, where.end_column) == place


def test_a_line_that_the_file_does_not_have_is_lost():
    """A report of an older file is not put on the wrong line."""
    assert read(at(startLine=4)).lost == ["src/a b.py:4"]


def test_a_result_elsewhere_is_lost():
    """What is in no file of the repository is counted, by its name."""
    reading = read(at("lib/x.py", startLine=1), at("https://e.example/x.py"), {"locations": []})
    assert reading.lost == ["lib/x.py", "https://e.example/x.py", "a result without a file"]


def replacement(text=None, **region):
    return {"deletedRegion": region} | ({"insertedContent": {"text": text}} if text is not None else {})


def fix(*replacements, uri="src/a%20b.py"):
    change = {"artifactLocation": {"uri": uri}, "replacements": list(replacements)}
    return {"fixes": [{"description": {"text": "Do it"}, "artifactChanges": [change]}]}


@pytest.mark.parametrize(
    ("change", "edit"),
    [
        (replacement("z", startLine=1, startColumn=1, endColumn=2), Edit(1, 1, 1, 2, "z")),
        (replacement("new", startLine=2), Edit(2, 1, 2, 7, "new")),
        (replacement(startLine=2, endLine=3, endColumn=1), Edit(2, 1, 3, 1, "")),
        (replacement("!", startLine=2, startColumn=7, endColumn=7), Edit(2, 7, 2, 7, "!")),
        (replacement("Z", charOffset=0, charLength=1), Edit(1, 1, 1, 2, "Z")),
    ],
)
def test_a_fix_is_read(change, edit):
    """Replacements by lines, columns and offsets are edits; without columns whole lines are meant."""
    found = one(fix(change)).fix
    assert found is not None
    assert (found.edits, found.description) == ((edit,), "Do it")


@pytest.mark.parametrize(
    "result",
    [
        fix(replacement("x", startLine=1), uri="src/b.py"),
        fix(replacement("x", startLine=9)),
        fix(replacement("x", byteOffset=1)),
        fix(replacement("x", startLine=2, startColumn=5, endColumn=2)),
        fix({"deletedRegion": {"startLine": 1}, "insertedContent": {"binary": "AA=="}}),
        fix(),
    ],
)
def test_a_fix_that_is_not_text_of_the_same_file_is_left_out(result):
    """The finding stays; what cannot be applied to its own file is no fix."""
    assert one(result).fix is None


def test_a_run_that_failed_says_so():
    """The tool's own word that it did not succeed is kept, with its reason."""
    invocations = [
        {"executionSuccessful": False, "toolExecutionNotifications": [{"message": {"text": "out of memory"}}]},
        {"executionSuccessful": True},
    ]
    assert read({}, invocations=invocations).trouble == ["some-tool says that it did not succeed: out of memory"]


def test_our_own_output_names_the_tool_before_the_rule():
    """What Hunkwise wrote comes back as the tool that found it."""
    finding = one({"ruleId": "ruff/F821"}, tool=driver(name="Hunkwise"))
    assert (finding.tool, finding.rule) == ("ruff", "F821")
