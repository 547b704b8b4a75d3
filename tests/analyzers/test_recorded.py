import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorded import (
    ANALYZERS,
    CASES,
    KEY,
    LANGUAGES,
    SETTINGS,
    WORKFLOW,
    WORKFLOWS,
    call,
    extra_targets,
    load,
    parsed,
    planned,
    review,
)

from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.model import FileDiff, Kind, State, Status, Trust
from hunkwise.core.ports import AnalyzerInputs
from hunkwise.testing import FakeWorkspace

TOOLS = sorted(CASES)
ALL_CASES = [(tool, case) for tool in TOOLS for case in CASES[tool]]
SUFFIXES = {
    "bandit": ".py",
    "checkstyle": ".java",
    "detect-secrets": ".py",
    "eslint": ".js",
    "flake8": ".py",
    "hadolint": ".Dockerfile",
    "mypy": ".py",
    "pmd": ".java",
    "pylint": ".py",
    "shellcheck": ".sh",
    "typos": ".md",
    "yamllint": ".yml",
    "zizmor": ".yml",
}
FOLDERS = {"zizmor": f"{WORKFLOWS}/"}
DEFECT = {
    "detect-secrets": f"KEY = '{KEY}'\n",
    "flake8": "x = nobody\n",
    "hadolint": "FROM scratch\nCOPY a b /c\n",
    "typos": "It is neccessary.\n",
    "yamllint": "a: 1\na: 2\n",
    "zizmor": WORKFLOW.replace("STEP", 'echo "${{ github.head_ref }}"'),
    "bandit": "exec(input())\n",
    "checkstyle": 'class A { boolean f(String s) { return s == "x"; } }\n',
    "eslint": "debugger;\n",
    "mypy": 'x: int = ""\n',
    "pmd": 'class A { boolean f(String s) { return s == "x"; } }\n',
    "pylint": "def f(x=[]):\n    return x\n",
    "shellcheck": "#!/bin/sh\ncd x\n",
}
ODD_NAMES = (
    "--rcfile=x",
    "--init-hook=print(1)",
    "-x",
    "@x",
    "a b",
    "new\nline",
    "a,b",
    "a;$(x)",
    "st*r[1]",
    "tré",
    ".#x",
)
DESERTED = {("mypy", "@x"): "mypy says nothing of a file with `@` in its name"}
LISTS = ("eslint", "hadolint", "zizmor")
LINES = ("mypy", "typos")
"""The tools that print a list, and those that print a record a line."""
SILENT = ("flake8", "mypy", "typos", "yamllint")
"""The tools that say nothing where all is well; flake8 still logs."""
NAMELESS = ("checkstyle", "eslint", "flake8", "hadolint", "mypy", "pmd", "typos", "zizmor")
"""The tools that cannot report on a file whose name is not UTF-8."""


def named(tool, name):
    """Return the path of a file of the tool's kind."""
    return f"{FOLDERS.get(tool, '')}{name}{SUFFIXES[tool]}"


@pytest.mark.parametrize(("tool", "case"), ALL_CASES)
def test_each_target_has_one_outcome(tool, case):
    """Of whatever the real tools said, each target gets exactly one outcome, with a reason unless it was reviewed."""
    outcomes = parsed(tool, case)
    assert set(outcomes) == {*CASES[tool][case], *extra_targets(tool, case)}
    assert all(bool(one.reason) is (one.state is not State.REVIEWED) for one in outcomes.values())


@pytest.mark.tools
@pytest.mark.parametrize(("tool", "case"), ALL_CASES)
def test_the_real_tool_still_says_what_was_recorded(tool, case):
    """The samples are what the pinned tool really prints, as far as the outcomes go."""
    with planned(tool, CASES[tool][case], *extra_targets(tool, case)) as (inputs, run):
        outcomes = ANALYZERS[tool].parse(run, call(tool, run, inputs), inputs)
    found, expected = {one.path: one for one in outcomes}, parsed(tool, case)
    if (tool, case) == ("bandit", "nul"):
        # Python 3.11.2 gives bandit a ValueError for a NUL, later ones a SyntaxError: only bandit's words differ.
        found = {path: replace(one, reason=expected[path].reason) for path, one in found.items()}
    assert found == expected


@pytest.mark.parametrize("code", [0, 1, 2, 4, 32, 125, 251, -9, -11])
@pytest.mark.parametrize("tool", TOOLS)
def test_an_exit_code_alone_is_not_believed(tool, code):
    """Without any output no exit code makes a file reviewed, but 0 of a tool that is silent where all is well."""
    if tool in SILENT and code == 0:
        return
    try:
        outcomes = parsed(tool, "missing", exit_code=code, stdout=b"", stderr=b"")
    except ToolError as error:
        assert error.tool == tool
    else:
        assert {one.state for one in outcomes.values()} == {State.FAILED}


@pytest.mark.parametrize("tool", TOOLS)
def test_garbage_is_named(tool):
    """Output that is not the tool's own gives an error that names the tool and repeats its words."""
    with pytest.raises(ToolError, match=rf"^{tool}: exit code 1, .*Traceback: no such thing"):
        parsed(tool, "missing", exit_code=1, stdout=b"\xff{]", stderr=b"Traceback:\n  no such thing\n")


def garbled(tool):
    """Return a strategy of outputs: random bytes, and recorded ones with parts cut, doubled or replaced."""
    recorded = [load(tool, case, "/root").stdout for case in CASES[tool]]

    @st.composite
    def cut(draw):
        text = draw(st.sampled_from(recorded))
        start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        return text[:start] + draw(st.binary(max_size=8)) + text[end:]

    @st.composite
    def changed(draw):
        text = draw(st.sampled_from(recorded)).decode("utf-8", "replace")
        start = text.find("{\n" if tool == "pylint" else "[" if tool in LISTS else "{")
        try:
            value = json.loads(text[start:].partition("\n")[0] if tool in LINES else text[start:])
        except ValueError:
            return text.encode()
        return (text[:start] + json.dumps(spoilt(draw, value), indent=4 if tool == "pylint" else None)).encode()

    return st.one_of(st.binary(max_size=64), cut(), changed())


def spoilt(draw, value):
    """Return the JSON value with one of its parts replaced."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(value)))
        return value | {key: spoilt(draw, value[key])}
    if isinstance(value, list) and value and draw(st.booleans()):
        index = draw(st.integers(0, len(value) - 1))
        return [*value[:index], spoilt(draw, value[index]), *value[index + 1 :]]
    return draw(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.just({}), st.just([]))
    )


@pytest.mark.parametrize("tool", TOOLS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_output_breaks_the_reader(tool, data):
    """Whatever a tool prints, reading it gives an outcome for every target, or a ToolError: nothing else."""
    case = data.draw(st.sampled_from(sorted(CASES[tool])))
    code, stdout = data.draw(st.sampled_from([0, 1, 2, 4, 30, -9])), data.draw(garbled(tool))
    stderr = data.draw(st.one_of(st.just(b""), st.binary(max_size=32)))
    try:
        outcomes = parsed(tool, case, exit_code=code, stdout=stdout, stderr=stderr)
    except ToolError:
        return
    assert set(outcomes) == {*CASES[tool][case], *extra_targets(tool, case)}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_name_is_never_an_option(tool):
    """Files whose names look like options, patterns or commands are given as `./…`, one argument each."""
    files = {named(tool, name): "x" for name in ODD_NAMES}
    with planned(tool, files) as (_, run):
        expected = {f"./{path}" for path in files} - ({"./@x.py"} if tool == "mypy" else set())
        assert {argument for argument in run.args if argument.startswith("./")} == expected


@pytest.mark.tools
@pytest.mark.parametrize("tool", TOOLS)
def test_odd_names_come_back(tool):
    """The real tool reviews files with odd names, and its findings come back under them."""
    files = {named(tool, name): DEFECT[tool] for name in ODD_NAMES}
    outcomes = review(tool, files)
    for name in ODD_NAMES:
        outcome = outcomes[named(tool, name)]
        if (tool, name) in DESERTED:
            assert (outcome.state, outcome.reason) == (State.SKIPPED, DESERTED[tool, name])
        else:
            assert (outcome.state, len(outcome.findings)) == (State.REVIEWED, 1), name


@pytest.mark.tools
@pytest.mark.parametrize("tool", TOOLS)
def test_a_name_that_is_not_utf8_comes_back(tool):
    """A file whose name is bytes is reviewed under that name, or skipped with the reason, and hides no other."""
    odd, plain = named(tool, "caf\udce9"), named(tool, "plain")
    outcomes = review(tool, {odd: DEFECT[tool], plain: DEFECT[tool]})
    assert len(outcomes[plain].findings) == 1
    assert outcomes[odd].state is (State.SKIPPED if tool in NAMELESS else State.REVIEWED)


@pytest.mark.parametrize("tool", TOOLS)
def test_only_files_that_can_be_reviewed_are_planned(tool):
    """Deleted files, other languages and what is not code are not given to a tool."""
    path = named(tool, "a")
    language = LANGUAGES[SUFFIXES[tool]]
    with FakeWorkspace({path: "x"}) as workspace:
        inputs = AnalyzerInputs(workspace=workspace, settings=SETTINGS.get(tool, {}))
        for file in (
            FileDiff(path=path, language=language, status=Status.DELETED),
            FileDiff(path=path, language=language, kind=Kind.GENERATED),
            FileDiff(path="a.bin", language="", kind=Kind.BINARY),
        ):
            assert ANALYZERS[tool].plan([file], inputs) is None
        assert ANALYZERS[tool].plan([FileDiff(path=path, language=language)], inputs) is not None


@pytest.mark.parametrize("tool", TOOLS)
def test_an_unknown_setting_is_refused(tool):
    """A setting that the tool does not have is an error that says which there are."""
    with FakeWorkspace({}) as workspace:
        inputs = AnalyzerInputs(workspace=workspace, settings={"nonsense": True})
        with pytest.raises(UsageError, match=f"tools.{tool}.nonsense is unknown"):
            ANALYZERS[tool].plan([FileDiff(path=named(tool, "a"), language=LANGUAGES[SUFFIXES[tool]])], inputs)


@pytest.mark.parametrize("tool", TOOLS)
def test_the_tool_is_pinned(tool):
    """Each package has an exact version, and the licence is told."""
    described = ANALYZERS[tool].tool
    separator = {"npm": "@", "maven": ":"}.get(described.kind, "==")
    assert all(separator in package for package in described.packages)
    assert described.licence and described.url.startswith("https://")


@pytest.mark.parametrize("tool", TOOLS)
def test_a_foreign_change_configures_nothing(tool):
    """The call for a foreign change is the same whatever configuration the change brings."""
    path = named(tool, "a")
    names = (
        ".flake8",
        "typos.toml",
        ".yamllint",
        ".hadolint.yaml",
        "zizmor.yml",
        ".secrets.baseline",
        ".pylintrc",
        "mypy.ini",
        ".bandit",
        ".shellcheckrc",
        "setup.cfg",
        "tox.ini",
        "eslint.config.js",
        "checkstyle.xml",
    )
    evil = dict.fromkeys(names, "[mypy]\n[pylint]\n[bandit]\n")
    evil["pyproject.toml"] = "[tool.mypy]\n[tool.pylint]\n[tool.bandit]\n"
    calls = []
    for files in ({}, evil):
        with FakeWorkspace({path: "x", **files}) as workspace:
            inputs = AnalyzerInputs(workspace=workspace, trust=Trust.FOREIGN, root="/root", scratch="/scratch")
            calls.append(ANALYZERS[tool].plan([FileDiff(path=path, language=LANGUAGES[SUFFIXES[tool]])], inputs))
    assert calls[0] == calls[1]


@pytest.mark.parametrize("tool", TOOLS)
def test_a_report_of_a_killed_tool_is_not_believed(tool):
    """A tool that a signal ended is not believed even if it printed a whole report."""
    with pytest.raises(ToolError):
        parsed(tool, "missing", exit_code=-9)
