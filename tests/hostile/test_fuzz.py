"""Whatever bytes a diff, a configuration or a tool brings, there is a value or an error of our own."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trap import ANALYZERS

from hunkwise.core.diff import parse_diff
from hunkwise.core.errors import DiffError, NotApplicable, ToolError, UsageError
from hunkwise.core.kinds import language_of
from hunkwise.core.model import FileDiff, RepoPath, Status, Trust
from hunkwise.core.ports import Analyzer, AnalyzerInputs, ToolResult, ToolRun
from hunkwise.settings import ConfigFile, load_config
from hunkwise.testing import FakeWorkspace

CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LINES = st.sampled_from(
    [
        b"diff --git a/x.py b/x.py",
        b'diff --git "a/\\303\\251.py" "b/\\303\\251.py"',
        b"index 1111111..2222222 100644",
        b"--- a/x.py",
        b"+++ b/x.py",
        b"--- /dev/null",
        b"+++ /dev/null",
        b"+++ b/../x",
        b"@@ -1 +1 @@",
        b"@@ -0,0 +1,2 @@",
        b"@@ -1,99999999999999999999 +1 @@",
        b"@@ -1,2 +1,2 @@ def f():",
        b"+a",
        b"-a",
        b" a",
        b"",
        b"+\xff",
        b"+\r",
        b"\\ No newline",
        b"rename from x",
        b"rename to y",
        b"new file mode 120000",
        b"old mode 100644",
        b"deleted file mode 100644",
        b"Binary files a/x and b/x differ",
        b"GIT binary patch",
        b"literal 5",
        b"+--- a/y",
        b"similarity index 100%",
    ]
)


@pytest.mark.parametrize("name", ["E14-diff"])
@CALM
@given(lines=st.lists(st.one_of(LINES, st.binary(max_size=12)), max_size=14))
def test_any_diff_is_files_or_an_error(name, lines):
    """Lines of diffs in any order are read, with numbers that are lines of hunks, or refused in words."""
    try:
        files = parse_diff(b"\n".join(lines))
    except DiffError as error:
        assert str(error)
        return
    for file in files:
        assert file.path
        assert not file.path.startswith("/") and ".." not in file.path.split("/")
        for hunk in file.hunks:
            numbers = [line.new for line in hunk.lines if line.new is not None]
            assert numbers == sorted(set(numbers))


KEYS = st.sampled_from(
    [
        "max_comments",
        "exclude",
        "include",
        "floor",
        "fail_on",
        "timeout",
        "filter_mode",
        "scorer",
        "only",
        "skip",
        "plugins",
        "tools",
        "rules",
        "overrides",
        "commands",
        "allow_incomplete",
        "severity",
        "x",
        "paths",
        "enabled",
        "select",
    ]
)
LEAVES = st.one_of(st.integers(), st.booleans(), st.floats(allow_nan=False), st.text("a*[!/.$\\\"'{}", max_size=6))
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


def toml(value):
    """Return the value as TOML writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def read(content):
    file = ConfigFile(path=".hunkwise.toml", content=content, is_foreign=True)
    return load_config(repository=file, user=None, environ={}, command_line={})


@pytest.mark.parametrize("name", ["B10-fuzz"])
@CALM
@given(table=st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_configuration_is_settings_or_an_error(name, table):
    """Values of any shape under any key are settings, or an error in words."""
    try:
        assert read("".join(f"{key} = {toml(value)}\n" for key, value in table.items()).encode()).config
    except UsageError as error:
        assert ".hunkwise.toml" in str(error)


@pytest.mark.parametrize("name", ["B10-fuzz-bytes"])
@CALM
@given(content=st.binary(max_size=80))
def test_any_bytes_are_a_configuration_or_an_error(name, content):
    """Bytes that are no TOML are refused in words."""
    try:
        assert read(content).config
    except UsageError as error:
        assert ".hunkwise.toml" in str(error)


TARGETS = {
    "checkstyle": "A.java",
    "pmd": "A.java",
    "spotbugs": "A.java",
    "eslint": "a.js",
    "shellcheck": "a.sh",
    "yamllint": "a.yml",
    "hadolint": "Dockerfile",
    "zizmor": ".github/workflows/a.yml",
    "typos": "a.md",
}
OPTIONS = {"flake8": {"select": ["F401"]}}
SHAPES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6), st.sampled_from(["./a.py", "a.py"])
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "results",
                    "errors",
                    "paths",
                    "scanned",
                    "code",
                    "message",
                    "location",
                    "end_location",
                    "line",
                    "filename",
                    "path",
                    "messages",
                    "comments",
                    "file",
                    "row",
                    "column",
                    "fix",
                    "edits",
                    "ruleId",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
XML = (
    st.lists(
        st.sampled_from(
            [
                "<checkstyle>",
                "</checkstyle>",
                '<file name="A.java">',
                "</file>",
                '<error line="x" source="a.b"/>',
                "<pmd>",
                "</pmd>",
                "<BugCollection>",
                "</BugCollection>",
                '<BugInstance type="X" rank="y">',
                "<SourceLine/>",
                "</BugInstance>",
                "&x;",
                "<!DOCTYPE a>",
            ]
        ),
        max_size=8,
    )
    .map("".join)
    .map(str.encode)
)


@pytest.mark.parametrize("tool", sorted(name for name, one in ANALYZERS.items() if isinstance(one, Analyzer)))
@CALM
@given(data=st.data())
def test_any_output_is_outcomes_or_a_tool_error(tool, data):
    """Whatever a tool prints and however it ends, each target has an outcome, or the tool has failed: nothing else."""
    path = RepoPath(TARGETS.get(tool, "a.py"))
    text = {path: "x\n"}
    with FakeWorkspace(text, base={}) as workspace:
        inputs = AnalyzerInputs(
            workspace=workspace, trust=Trust.FOREIGN, settings=OPTIONS.get(tool, {}), root="/root", scratch="/scratch"
        )
        change = FileDiff(path=path, status=Status.ADDED, language=language_of(path))
        run = planned(tool, change, inputs)
        stdout = data.draw(st.one_of(st.binary(max_size=60), SHAPES.map(json.dumps).map(str.encode), XML))
        result = ToolResult(
            exit_code=data.draw(st.integers(-15, 5)), stdout=stdout, stderr=data.draw(st.binary(max_size=30))
        )
        try:
            outcomes = ANALYZERS[tool].parse(run, result, inputs)
        except ToolError as error:
            assert str(error)
            return
        assert {one.path for one in outcomes} >= set(run.targets)


def planned(tool, change, inputs):
    """Return the call of a tool; what SpotBugs reads is named by hand, since only a build makes it."""
    try:
        run = ANALYZERS[tool].plan([change], inputs)
    except NotApplicable:
        run = ToolRun(tool=tool, args=(), targets=(change.path,))
    assert run is not None
    return run
