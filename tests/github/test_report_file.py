"""Reports read back from JSON that anybody may have written."""

import json
from dataclasses import replace

import pytest

from hunkwise.core.errors import ReportError, UsageError
from hunkwise.core.model import Cover, Edit, Failure, Fix, Focus, RepoPath, Sha, Side, State
from hunkwise.core.ports import RenderOptions
from hunkwise.github.report_file import LARGEST, parse_report, read_report
from hunkwise.plugins.sinks.json import JsonSink, report_value
from hunkwise.testing.builders import (
    make_change,
    make_comment,
    make_finding,
    make_location,
    make_report,
)

FIX = Fix(edits=(Edit(2, 1, 2, 3, "y"),), description="Use y")

COVER = Cover(path=RepoPath("a.py"), side=Side.HEAD, start=2, end=2, reviewer="ruff", state=State.REVIEWED)


def sample():
    change = replace(
        make_change({"a.py": ("x\n", "x\nxy = 1\n")}), base=Sha("b" * 40), head=Sha("a" * 40), since=Sha("c" * 40)
    )
    comment = make_comment(make_finding(line=2, fix=FIX, url="https://example.org/E1"), score=0.25)
    return replace(
        make_report((replace(comment, suggestion="y = 1\n"),), change=change),
        focus=(Focus(location=make_location(line=2), probability=0.5, reasons=("new",)),),
        cover=(COVER,),
        failures=(Failure(who="ruff", stage="run", message="broke", hint="mend it"),),
        resolved=("0123456789abcdef",),
        notes=("note",),
        manifest={"sandbox": "bubblewrap", "seconds": {"a": 1}},
    )


def value():
    return report_value(sample())


def dumped(report):
    return json.dumps(report).encode()


def test_a_report_comes_back_as_it_was():
    """But for the hunks, which the diff has, and the rest of the manifest."""
    wanted = sample()
    files = tuple(replace(file, hunks=()) for file in wanted.change.files)
    wanted = replace(wanted, change=replace(wanted.change, files=files, prior=()), manifest={"sandbox": "bubblewrap"})
    assert wanted == parse_report(JsonSink().render(sample(), RenderOptions()))


def test_what_is_not_known_is_passed_over():
    """A later version may add members."""
    more = {**value(), "new": [1, {"a": None}]}
    assert parse_report(dumped(value())) == parse_report(dumped(more))


def changed(path, to):
    found = json.loads(json.dumps(value()))
    *parents, last = path
    at = found
    for step in parents:
        at = at[step]
    at[last] = to
    return dumped(found)


@pytest.mark.parametrize(
    ("path", "to", "words"),
    [
        (("schema",), 2, "schema: Input should be 1, got 2"),
        (("schema",), None, "schema: .*got None"),
        (("change", "head"), "main", r"change\.head: .*0-9a-f.*, got 'main'"),
        (("change", "files"), {}, r"change\.files: Input should be a valid array"),
        (("change", "files", 0, "path"), None, r"change\.files\.0\.path: .* valid string"),
        (("change", "files", 0, "status"), "gone", r"files\.0\.status: Input should be 'added', .*, got 'gone'"),
        (("comments",), [5], r"comments\.0: Input should be an object, got 5"),
        (("comments", 0, "verdict", "decision"), "posted", r"verdict\.decision: .*, got 'posted'"),
        (("comments", 0, "fingerprint"), "", r"fingerprint: .* at least 1 character"),
        (("comments", 0, "severity"), "worst", r"severity: .*'critical', got 'worst'"),
        (("comments", 0, "score"), 2, r"score: .* less than or equal to 1, got 2"),
        (("comments", 0, "score"), "much", r"score: .* valid number, got 'much'"),
        (("comments", 0, "location", "start"), 0, r"location\.start: .* greater than or equal to 1, got 0"),
        (("comments", 0, "location", "start"), 1e99, r"location\.start: .* valid integer"),
        (("comments", 0, "location", "end"), 1, "ends before it starts"),
        (("comments", 0, "location", "side"), "RIGHT", r"location\.side: .*'head', got 'RIGHT'"),
        (("comments", 0, "why"), [1], r"why\.0: .* valid string, got 1"),
        (("comments", 0, "why"), ["x"] * 101, r"comments\.0\.why: .* at most 100 items"),
        (("comments", 0, "message"), ["x"], r"comments\.0\.message: .* valid string"),
        (
            ("comments", 0, "sources", 0, "fix", "edits", 0, "line"),
            "1",
            r"sources\.0\.fix\.edits\.0\.line: .* valid integer",
        ),
        (("cover", 0, "start"), None, r"cover\.0\.start: .* valid integer"),
        (("focus", 0, "probability"), float("nan"), r"focus\.0\.probability: .* equal to 1"),
        (("trust",), "mine", "trust: .*'foreign', got 'mine'"),
    ],
)
def test_what_has_the_wrong_form_is_refused(path, to, words):
    """The error names the member."""
    with pytest.raises(ReportError, match=words):
        parse_report(changed(path, to))


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"\xff", b"[" * 100_000, b"{" + b" " * LARGEST, b'{"schema": 1', b'"\\ud800"']
)
def test_what_is_no_report_is_refused(data):
    """However large or deep it is, or if it holds half a pair of surrogates."""
    with pytest.raises(ReportError):
        parse_report(data)


def test_a_file_is_named_in_its_errors(tmp_path):
    """With the way to a good one."""
    with pytest.raises(UsageError, match=r"cannot read the report .*missing.json: No such file"):
        read_report(tmp_path / "missing.json")
    file = tmp_path / "r.json"
    file.write_text("{}")
    with pytest.raises(UsageError, match=r"r\.json is no report of Hunkwise: .*--format json"):
        read_report(file)
    file.write_bytes(dumped(value()))
    assert read_report(file).change.head == "a" * 40
