import pytest

from hunkwise.core.errors import ToolError
from hunkwise.core.model import FileDiff, Kind, RepoPath, State, Status
from hunkwise.core.ports import ToolResult, ToolRun
from hunkwise.core.targets import Record, applicable, as_target, decoded, outcomes, read_json, said
from hunkwise.testing import make_finding

RESULT = ToolResult(exit_code=1)


def run(*targets: str) -> ToolRun:
    return ToolRun(tool="t", args=(), targets=tuple(RepoPath(path) for path in targets))


def test_applicable_files_are_those_that_are_there():
    """Deleted files, and those that are not reviewed, are left out; a suffix stands in for a language."""
    files = [
        FileDiff(path="b.py", language="python"),
        FileDiff(path="a.mts", language=""),
        FileDiff(path="c.py", language="python", status=Status.DELETED),
        FileDiff(path="d.py", language="python", kind=Kind.VENDORED),
        FileDiff(path="e.rb", language="ruby"),
    ]
    assert applicable(files, ("python",), (".mts",)) == ("a.mts", "b.py")


@pytest.mark.parametrize(
    ("reported", "target"),
    [
        ("a/b.py", "a/b.py"),
        ("./a/b.py", "a/b.py"),
        ("././a/b.py", "a/b.py"),
        ("b.py", None),
        ("", None),
        ("../a/b.py", None),
        ("caf\udce9.py", "caf\udce9.py"),
        ("tr\udcc3\udca9.py", "tré.py"),
        ("\ud800.py", None),
    ],
)
def test_a_reported_path_stands_for_a_target(reported, target):
    """Tools write one path in many ways, bytes included."""
    assert as_target(reported, run("a/b.py", "caf\udce9.py", "tré.py")) == target


def test_encoded_surrogates_are_decoded():
    """Some tools write a byte that is not UTF-8 as an encoded surrogate, others as it is."""
    assert decoded(b"caf\xed\xb3\xa9") == decoded(b"caf\xe9") == "caf\udce9"


def test_every_target_gets_an_outcome():
    """What nothing is said of was reviewed; findings are sorted by place."""
    late, early = (make_finding(path="a", line=line, tool="t") for line in (2, 1))
    built = outcomes("t", run("a", "b"), [late, early], {RepoPath("b"): (State.FAILED, "no")}, "by our own rules")
    assert [(one.path, one.state, one.reason, one.findings) for one in built] == [
        ("a", State.REVIEWED, "by our own rules", (early, late)),
        ("b", State.FAILED, "no", ()),
    ]


@pytest.mark.parametrize(
    "read",
    [
        lambda record: record.text("number"),
        lambda record: record.number("text"),
        lambda record: record.number("truth"),
        lambda record: record.number("missing"),
        lambda record: record.array("text"),
        lambda record: record.record("array"),
        lambda record: record.records("array"),
        lambda record: record.line("text"),
    ],
)
def test_a_member_of_another_type_is_an_error(read):
    """Each says the name and what is there."""
    record = Record("t", {"number": 1, "text": "x", "truth": True, "array": [1]}, RESULT)
    with pytest.raises(
        ToolError, match=r"^t: exit code 1, ('(text|number|truth|missing)' is|\[?1\]? is not an object)"
    ):
        read(record)


@pytest.mark.parametrize(
    ("value", "first", "line"), [(1, 1, 1), (0, 1, None), (-1, 1, None), (0, 0, 1), (None, 1, None)]
)
def test_lines_count_from_one(value, first, line):
    """A line or column of a tool that counts from 0 is one more; where there is none, none is given."""
    assert Record("t", {"line": value}, RESULT).line("line", first=first) == line


def test_what_is_not_json_is_an_error():
    """The error repeats the tool's own words."""
    with pytest.raises(ToolError, match=r"^t: exit code 1, its output is not JSON \(.*\): out of memory"):
        read_json("t", "[" * 100_000, ToolResult(exit_code=1, stderr=b"out of\nmemory\n"))


@pytest.mark.parametrize(
    ("stderr", "words"),
    [
        (b"", "it said nothing"),
        (
            b"Error: no such thing\n    at f (x.js:1:2)\n    at g (y.js:3:4)\n\nNode.js v20\n",
            "Error: no such thing Node.js v20",
        ),
        (b'Traceback:\n  File "x.py", line 1, in f\n    f()\n    ^^^\nKeyError: 1\n', "Traceback: KeyError: 1"),
    ],
)
def test_the_words_of_a_tool_are_told_without_stacks(stderr, words):
    """Frames of a stack say nothing to a reader."""
    assert said(ToolResult(exit_code=1, stderr=stderr)) == words


def test_long_words_are_cut_in_the_middle():
    """The cause is at the beginning of what some tools say, and at the end of others."""
    words = said(ToolResult(exit_code=1, stderr=b"first " + b"x" * 5000 + b" last"))
    assert words.startswith("first ") and words.endswith(" last") and len(words) < 500
