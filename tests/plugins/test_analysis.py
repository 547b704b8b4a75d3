import json
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from hunkwise.core.config import Config, Override, ToolConfig
from hunkwise.core.errors import NotApplicable, ToolError, UsageError
from hunkwise.core.model import Failure, FileOutcome, Kind, State, Trust
from hunkwise.core.ports import Tool, ToolRun
from hunkwise.plugins.analysis import PATCH_ONLY, analyze
from hunkwise.testing import FakeWorkspace, make_change, make_finding
from hunkwise.workspace.runner import REFUSAL, Runner
from hunkwise.workspace.toolbox import Toolbox

FILES = {"a.py": "1\n", "b.py": "2\n"}
SAY_ALL = "import json, sys; print(json.dumps(sys.argv[1:]))"


class Wrapper:
    """An analyzer whose tool is a small Python script, and which believes the JSON list of paths that it prints."""

    def __init__(self, name, *, code=SAY_ALL, cost=1.0, timeout=120.0, limit=2**20, only=None):
        self.name, self.code = name, code
        self.tool = Tool(name=name, kind="none", packages=(), program=name)
        self.cost, self.timeout, self.limit, self.only = cost, timeout, limit, only

    def plan(self, files, inputs):
        targets = tuple(file.path for file in files if self.only is None or file.path in self.only)
        if not targets:
            return None
        return ToolRun(
            tool=self.name, args=targets, targets=targets, timeout=self.timeout, output_limit=self.limit, cost=self.cost
        )

    def parse(self, run, result, inputs):
        try:
            paths = json.loads(result.stdout)
        except ValueError as error:
            raise ToolError(self.name, "printed garbage") from error
        return tuple(FileOutcome(tool=self.name, path=path, state=State.REVIEWED) for path in paths)


class Reader:
    """An inspector that does what it is told."""

    def __init__(self, name, inspect):
        self.name, self.inspect = name, inspect


def run(tmp_path, *analyzers, files=FILES, config=None, trust=Trust.OWN, workspace=None, change=None, **options):
    configured = {}
    for analyzer in analyzers:
        if isinstance(analyzer, Wrapper) and analyzer.code is not None:
            script = tmp_path / analyzer.name
            script.write_text(f"#!{sys.executable}\n{analyzer.code}\n")
            script.chmod(0o755)
            configured[analyzer.name] = str(script)
    toolbox = Toolbox(directory=tmp_path / "tools", environ={"PATH": "/usr/bin:/bin"}, configured=configured)
    with workspace or FakeWorkspace.of(files) as opened:
        return analyze(
            change or make_change(files),
            opened,
            config or Config(),
            analyzers,
            Runner(toolbox=toolbox, trust=trust, sandbox=options.pop("sandbox", None)),
            **options,
        )


def states(analyzed) -> dict[tuple[str, str], State]:
    return {(outcome.tool, outcome.path): outcome.state for outcome in analyzed.outcomes}


def test_every_tool_looks_at_every_file(tmp_path):
    """Two tools and two files give four outcomes, sorted, and a time for each tool."""
    analyzed = run(tmp_path, Wrapper("two"), Wrapper("one"))
    assert list(states(analyzed).items()) == [
        (("one", "a.py"), State.REVIEWED),
        (("one", "b.py"), State.REVIEWED),
        (("two", "a.py"), State.REVIEWED),
        (("two", "b.py"), State.REVIEWED),
    ]
    assert analyzed.failures == ()
    assert [timing.tool for timing in analyzed.timings] == ["one", "two"]
    assert all(timing.seconds > timing.cpu_seconds > 0 for timing in analyzed.timings)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os; os.kill(os.getpid(), 9)", r"killed by signal 9 \(SIGKILL\) after \d\.\d s"),
        ("import time; time.sleep(60)", r"timed out after 0\.4 s; raise tools\.bad\.timeout"),
        ("print('}{')", "printed garbage"),
        ("while True: print('x' * 10000)", "wrote more than 1048576 bytes and was stopped"),
        ("", "printed garbage"),
    ],
    ids=["killed", "hangs", "garbage", "floods", "empty"],
)
def test_a_broken_tool_fails_by_name_and_the_others_go_on(tmp_path, code, reason):
    """Whatever a tool does, its files failed with a reason, there is a failure, and the other tool's review stands."""
    config = Config(tools={"bad": ToolConfig(timeout=0.4)})
    analyzed = run(tmp_path, Wrapper("bad", code=code), Wrapper("good"), config=config)
    assert [state for (tool, _), state in states(analyzed).items()] == [State.FAILED] * 2 + [State.REVIEWED] * 2
    (failure,) = analyzed.failures
    assert failure.who == "bad"
    assert re.match(reason, failure.message), failure.message
    assert {outcome.reason for outcome in analyzed.outcomes if outcome.tool == "bad"} == {failure.message}


def test_a_file_that_a_tool_is_silent_about_failed(tmp_path):
    """A tool that exits with 0 and names one of two files has reviewed one of two files."""
    analyzed = run(tmp_path, Wrapper("half", code="print('[\"a.py\"]')"))
    assert states(analyzed) == {("half", "a.py"): State.REVIEWED, ("half", "b.py"): State.FAILED}
    assert analyzed.outcomes[1].reason == "said nothing about this file"


def test_a_missing_tool_is_no_failure(tmp_path):
    """A tool that is not at hand leaves a state with the way out, and the review whole."""
    lost = Wrapper("lost", code=None)
    lost.tool = Tool(name="lost", kind="python", packages=("lost==1.0",), program="lost")
    analyzed = run(tmp_path, lost)
    assert set(states(analyzed).values()) == {State.MISSING}
    assert analyzed.outcomes[0].reason == "`hunkwise tools install lost` brings it"
    assert analyzed.failures == ()


@pytest.mark.parametrize("config", [Config(only=("lost",)), Config(tools={"lost": ToolConfig(enabled=True)})])
def test_a_missing_tool_that_was_asked_for_is_a_failure(tmp_path, config):
    """Who asks for a tool by name does not get a review that looks complete without it."""
    analyzed = run(tmp_path, Wrapper("lost", code=None), config=config)
    assert set(states(analyzed).values()) == {State.FAILED}
    assert analyzed.failures == (Failure(who="lost", stage="run", message="lost: there is no 'lost' on PATH", hint=""),)


def test_a_foreign_change_without_a_sandbox_runs_no_tool(tmp_path):
    """Nothing is started, no file is written for tools, and the reason is said; inspectors still read."""
    marker = tmp_path / "ran"
    workspace = FakeWorkspace.of(FILES)
    workspace.directory = lambda: pytest.fail("the files were written to disk")
    reader = Reader("reader", lambda files, inputs: tuple(make(file.path) for file in files))
    analyzed = run(
        tmp_path,
        Wrapper("tool", code=f"open({str(marker)!r}, 'w')"),
        reader,
        trust=Trust.FOREIGN,
        workspace=workspace,
    )
    assert not marker.exists()
    assert [outcome.state for outcome in analyzed.outcomes] == [State.REVIEWED] * 2 + [State.REFUSED] * 2
    assert analyzed.outcomes[2].reason == REFUSAL
    assert analyzed.failures == ()


def make(path, state=State.REVIEWED, *findings):
    return FileOutcome(tool="reader", path=path, state=state, findings=findings)


class Recorder:
    """A sandbox that confines nothing and notes what it was asked to."""

    name = "recorder"

    def __init__(self):
        self.calls = []

    def wrap(self, argv, needs):
        self.calls.append((needs.readable, needs.writable))
        return ("/usr/bin/env", "SANDBOXED=1", *argv)


def test_a_foreign_change_runs_in_the_sandbox(tmp_path):
    """With a sandbox the tool is started by it; only the scratch directory can be written."""
    sandbox = Recorder()
    code = "import json, os; print(json.dumps(['a.py', 'b.py'] if os.environ.get('SANDBOXED') else []))"
    analyzed = run(tmp_path, Wrapper("tool", code=code), trust=Trust.FOREIGN, sandbox=sandbox)
    assert set(states(analyzed).values()) == {State.REVIEWED}
    ((readable, writable),) = sandbox.calls
    assert str(tmp_path) in readable
    assert len(writable) == 1
    assert not any(Path(writable[0]).is_relative_to(one) for one in readable)


@pytest.mark.parametrize("where", ["plan", "parse"])
def test_an_analyzer_that_raises_fails_alone(tmp_path, where):
    """An exception in a plugin's code names the plugin and the error, and costs only that plugin's work."""
    bad = Wrapper("bad")
    setattr(bad, where, lambda *_: 1 / 0)
    analyzed = run(tmp_path, bad, Wrapper("good"))
    assert [state for (tool, _), state in states(analyzed).items()] == [State.FAILED] * 2 + [State.REVIEWED] * 2
    (failure,) = analyzed.failures
    assert (failure.who, failure.stage) == ("bad", where)
    assert failure.message == "ZeroDivisionError: division by zero"


def test_an_inspector_that_raises_fails_alone(tmp_path):
    """The same holds for what runs in process."""
    analyzed = run(tmp_path, Reader("bad", lambda files, inputs: 1 / 0), Wrapper("good"))
    assert [state for (tool, _), state in states(analyzed).items()] == [State.FAILED] * 2 + [State.REVIEWED] * 2
    assert [(one.who, one.stage) for one in analyzed.failures] == [("bad", "inspect")]


@pytest.mark.parametrize(
    ("where", "value", "message"),
    [
        ("plan", "ruff check", "returned 'ruff check' where a ToolRun is wanted"),
        ("plan", ToolRun(tool="bad", args=(), targets=("/etc/passwd",)), "that it was not given: /etc/passwd"),
        ("parse", None, "'NoneType' object is not iterable"),
        ("parse", ["a.py"], "returned 'a.py' where a FileOutcome is wanted"),
    ],
)
def test_what_a_plugin_returns_is_checked(tmp_path, where, value, message):
    """A plugin that returns something else fails, with a word on what is wanted."""
    bad = Wrapper("bad")
    setattr(bad, where, lambda *_: value)
    analyzed = run(tmp_path, bad)
    assert set(states(analyzed).values()) == {State.FAILED}
    assert message in analyzed.failures[0].message


def test_findings_in_other_files_are_kept(tmp_path):
    """A finding in a file that the tool was not asked about stays, and its file does not count as reviewed."""
    here, there = make_finding("a.py"), make_finding("lib/z.py")
    reader = Reader(
        "reader", lambda files, inputs: (make("lib/z.py", State.REVIEWED, there), make("a.py", State.REVIEWED, here))
    )
    analyzed = run(tmp_path, reader)
    assert [(one.path, one.state, one.findings) for one in analyzed.outcomes] == [
        ("a.py", State.REVIEWED, (here,)),
        ("lib/z.py", State.NOT_APPLICABLE, (there,)),
    ]


def test_two_outcomes_of_a_file_become_one(tmp_path):
    """The worse state wins with its reason, and the findings of both stay, each once and in order."""
    first, second = make_finding(path="a.py", line=1), make_finding(path="a.py", line=2)
    reader = Reader(
        "reader",
        lambda files, inputs: (
            make("a.py", State.REVIEWED, second, first),
            FileOutcome(tool="reader", path="a.py", state=State.FAILED, reason="half of it", findings=(second,)),
        ),
    )
    (outcome,) = run(tmp_path, reader).outcomes
    assert (outcome.state, outcome.reason, outcome.findings) == (State.FAILED, "half of it", (first, second))


def test_an_override_skips_a_tool_for_some_files(tmp_path):
    """The tool is not given the file, what it says of it all the same is dropped, and the other tool looks at it."""
    config = Config(overrides=(Override(paths=("/a.*",), skip=("one",)),))
    analyzed = run(tmp_path, Wrapper("one", code='print(\'["a.py", "b.py"]\')'), Wrapper("two"), config=config)
    assert states(analyzed) == {
        ("one", "a.py"): State.SKIPPED,
        ("one", "b.py"): State.REVIEWED,
        ("two", "a.py"): State.REVIEWED,
        ("two", "b.py"): State.REVIEWED,
    }
    assert analyzed.outcomes[0].reason == "the configuration skips one here"


def test_only_reviewed_files_that_exist_are_given(tmp_path):
    """Deleted files and those of a kind that is not reviewed never reach a tool."""
    files = {"gone.py": ("1\n", None), "kept.py": ("1\n", "2\n"), "same.py": ("1\n", "1\n")}
    change = make_change(files)
    lock = make_change({"x.lock": "1\n"}).files[0]
    change = type(change)(
        id=change.id, files=(*change.files, type(lock)(path=lock.path, hunks=lock.hunks, kind=Kind.LOCK))
    )
    assert states(run(tmp_path, Wrapper("tool"), change=change)) == {("tool", "kept.py"): State.REVIEWED}


def test_of_a_patch_only_added_files_are_given(tmp_path):
    """Where whole files are not at hand, only those that the patch adds can be looked at."""
    files = {"new.py": "1\n", "old.py": ("1\n", "2\n")}
    workspace = FakeWorkspace({"new.py": "1\n"}, is_complete=False)
    analyzed = run(tmp_path, Wrapper("tool"), files=files, workspace=workspace)
    assert states(analyzed) == {("tool", "new.py"): State.REVIEWED, ("tool", "old.py"): State.NOT_APPLICABLE}
    assert analyzed.outcomes[1].reason == PATCH_ONLY


@pytest.mark.parametrize(
    ("config", "names"),
    [
        (Config(), {"one", "two"}),
        (Config(only=("one",)), {"one"}),
        (Config(skip=("one",)), {"two"}),
        (Config(tools={"one": ToolConfig(enabled=False)}), {"two"}),
        (Config(only=("one",), tools={"one": ToolConfig(enabled=False)}), {"one"}),
    ],
)
def test_the_configuration_chooses(tmp_path, config, names):
    """`only`, `skip` and `enabled` decide which tools run."""
    assert {tool for tool, _ in states(run(tmp_path, Wrapper("one"), Wrapper("two"), config=config))} == names


@pytest.mark.parametrize("option", ["only", "skip"])
def test_an_unknown_name_is_an_error(tmp_path, option):
    """A misspelt tool is not silently nothing."""
    with pytest.raises(UsageError, match=f"{option}: there is no analyzer 'won'; there are one"):
        run(tmp_path, Wrapper("one"), config=Config(**{option: ("won",)}))


def test_settings_and_scratch_reach_the_analyzer(tmp_path):
    """An analyzer sees its own options and a private directory, which is gone afterwards."""
    seen = {}

    def inspect(name):
        def call(files, inputs):
            seen[name] = inputs
            (Path(inputs.scratch) / "file").write_text("x")
            return ()

        return call

    config = Config(tools={"one": ToolConfig(options={"depth": 3})})
    run(tmp_path, Reader("one", inspect("one")), Reader("two", inspect("two")), config=config)
    assert (seen["one"].settings, seen["two"].settings) == ({"depth": 3}, {})
    assert seen["one"].scratch != seen["two"].scratch
    assert not Path(seen["one"].scratch).exists()


def test_long_tools_start_first_and_start_and_end_are_told(tmp_path):
    """With one worker the order of the starts is that of the expected cost."""
    events = []
    run(
        tmp_path,
        Wrapper("a", cost=1),
        Wrapper("b", cost=5),
        Wrapper("c", cost=3),
        workers=1,
        progress=lambda event, tool: events.append((event, tool)),
    )
    assert events == [(event, tool) for tool in "bca" for event in ("start", "finish")]


def test_tools_run_side_by_side(tmp_path):
    """Four tools that sleep for a second take about one second on four workers."""
    code = 'import time; time.sleep(1); print(\'["a.py", "b.py"]\')'
    started = time.monotonic()
    run(tmp_path, *(Wrapper(f"tool{number}", code=code) for number in range(4)), workers=4)
    assert time.monotonic() - started < 2.5


@pytest.mark.parametrize("where", ["main thread", "progress"])
def test_an_interruption_ends_the_tools(tmp_path, where, request):
    """Neither Ctrl-C nor an error of the caller's own waits for a tool to finish or leaves one behind."""
    # What a shell runs in the background ignores Ctrl-C, and so do its children.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    pid = tmp_path / "pid"
    code = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)"

    def progress(event, tool):
        if tool != "zero" or event != "start":
            return
        while not pid.exists() or not pid.read_text():
            time.sleep(0.01)
        if where == "progress":
            raise KeyboardInterrupt
        os.kill(os.getpid(), signal.SIGINT)

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, Wrapper("long", code=code, cost=9), Reader("zero", lambda *_: ()), workers=2, progress=progress)
    assert time.monotonic() - started < 10
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("hunkwise")]


def test_an_analyzer_says_why_it_does_not_apply(tmp_path):
    """Files that an analyzer has a reason not to look at are not applicable with that reason, and it has not failed."""

    def plan(files, inputs):
        raise NotApplicable([files[0].path], "nothing was compiled")

    picky = Wrapper("picky")
    picky.plan = plan
    analyzed = run(tmp_path, picky, Wrapper("good"))
    assert states(analyzed) == {
        ("good", "a.py"): State.REVIEWED,
        ("good", "b.py"): State.REVIEWED,
        ("picky", "a.py"): State.NOT_APPLICABLE,
    }
    assert [one.reason for one in analyzed.outcomes if one.tool == "picky"] == ["nothing was compiled"]
    assert analyzed.failures == ()
