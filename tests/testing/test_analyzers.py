import json
import re
from dataclasses import dataclass, replace

import pytest

from hunkwise.core.errors import NotApplicable, ToolError
from hunkwise.core.model import FileOutcome, RepoPath, State
from hunkwise.core.ports import Tool, ToolResult, ToolRun
from hunkwise.testing import Example, check_analyzer, check_inspector, make_finding, make_outcome

TODO = Example(name="todo", path="a.py", before="x = 1\n", source="x = 1\nTODO\n", rules=("E1",), lines=(2,))
EXAMPLES = (TODO, Example(name="fine", path="b.py", source="fine\n"))


class Inspector:
    """Finds lines that say TODO, from the diff alone."""

    name = "example"

    def inspect(self, files, inputs):
        return tuple(make_outcome(file.path, self.found(file)) for file in files)

    def found(self, file):
        added = [line for line in file.changed_lines() if line.is_added]
        return [make_finding(path=file.path, line=line.new) for line in added if line.text == "TODO"]


def inspector(inspect=None, **members):
    """Return the inspector with something about it changed."""
    return type("Changed", (Inspector,), members | ({"inspect": inspect} if inspect else {}))()


def on_diff(change):
    """Return an inspect that changes each outcome that has findings."""

    def inspect(self, files, inputs):
        outcomes = Inspector.inspect(self, files, inputs)
        return tuple(change(outcome) if outcome.findings else outcome for outcome in outcomes)

    return inspect


def finding(**changes):
    """Return an inspect whose findings have these fields changed."""
    return on_diff(lambda outcome: replace(outcome, findings=tuple(replace(f, **changes) for f in outcome.findings)))


def located(**changes):
    """Return an inspect whose locations have these fields changed."""

    def change(outcome):
        moved = [replace(f, location=replace(f.location, **changes)) for f in outcome.findings]
        return replace(outcome, findings=tuple(moved))

    return on_diff(change)


def test_a_good_inspector_passes():
    """An inspector that keeps the rules passes, with examples and without."""
    check_inspector(Inspector(), EXAMPLES)
    check_inspector(Inspector())


def reading(self, files, inputs):
    for file in files:
        inputs.workspace.read(file.path)
    return Inspector.inspect(self, files, inputs)


def decoding(self, files, inputs):
    if inputs.workspace.is_complete:
        for path in inputs.workspace.paths():
            inputs.workspace.read(path).decode()
    return Inspector.inspect(self, files, inputs)


def counting(self, files, inputs):
    self.calls = getattr(self, "calls", 0) + 1
    return tuple(make_outcome(f.path, state=State.SKIPPED, reason=str(self.calls)) for f in files)


def first_hunk(self, files, inputs):
    return Inspector.inspect(self, [file for file in files if file.hunks[0]], inputs)


def first_file(self, files, inputs):
    return Inspector.inspect(self, [files[0], *files[1:]], inputs)


BROKEN_INSPECTORS = {
    "raises on no files": (
        first_file,
        r"example\.inspect raised on no files: IndexError: .* \(raised at test_analyzers\.py:\d+\)",
    ),
    "reads what is not at hand": (reading, r"raised on .*FileNotFoundError"),
    "stumbles over bytes": (decoding, r"raised on bytes that are not UTF-8 in .*UnicodeDecodeError"),
    "stumbles over empty files": (first_hunk, r"raised on an empty file .*IndexError"),
    "answers differently": (counting, "gave two answers to one question"),
    "returns None": (lambda self, files, inputs: None, "has outcomes for no files|returned NoneType"),
    "returns findings": (lambda self, files, inputs: (make_finding(),) if files else (), "return FileOutcome objects"),
    "is another tool": (on_diff(lambda o: replace(o, tool="other")), "an outcome for the tool 'other'"),
    "is elsewhere": (on_diff(lambda o: replace(o, path=RepoPath("z.py"))), "for 'z.py', which is not in"),
    "speaks twice": (lambda self, files, inputs: Inspector.inspect(self, files, inputs) * 2, "gave two outcomes for"),
    "fails without a reason": (
        on_diff(lambda o: replace(o, state=State.FAILED, findings=())),
        "says failed of 'a.py' and not why",
    ),
    "finds where it skipped": (
        on_diff(lambda o: replace(o, state=State.SKIPPED, reason="why")),
        "has findings in 'a.py', skipped",
    ),
    "finds for another tool": (finding(tool="other"), "says it is of the tool 'other'"),
    "has no rule": (finding(rule=""), "needs a rule and a message"),
    "has no message": (finding(message=""), "needs a rule and a message"),
    "has a word for a severity": (finding(severity="high"), "has the severity 'high'"),
    "finds in another file": (located(path=RepoPath("z.py")), "lies in 'z.py'"),
    "counts from 0": (located(start=0, end=0), "they count from 1"),
    "ends before it starts": (located(start=2, end=1), "has the lines 2 to 1"),
    "points past the end": (located(start=3, end=3), "is on line 3 of a file of 2"),
    "finds nothing": (lambda self, files, inputs: (), r"example found nothing; expected E1 \(the example 'todo'\)"),
    "finds another line": (located(start=1, end=1), "found it on line 1; expected 2"),
}


@pytest.mark.parametrize("case", BROKEN_INSPECTORS)
def test_a_broken_inspector_is_told(case):
    """Each rule that an inspector breaks is an AssertionError that says which."""
    inspect, words = BROKEN_INSPECTORS[case]
    with pytest.raises(AssertionError, match=words):
        check_inspector(inspector(inspect), EXAMPLES)


@pytest.mark.parametrize(("name", "words"), [("", "has no name"), ("my tool", "has spaces or commas")])
def test_a_name_can_be_written_on_a_command_line(name, words):
    """A name that is empty or has spaces is refused."""
    with pytest.raises(AssertionError, match=words):
        check_inspector(inspector(name=name))


def test_examples_without_a_finding_prove_nothing():
    """Examples of which none has a finding are refused."""
    with pytest.raises(AssertionError, match="no example of example has a finding"):
        check_inspector(Inspector(), EXAMPLES[1:])


TOOL = Tool(name="todo", kind="python", packages=("todo==1.0",), program="todo")
PRINTED = ToolResult(exit_code=1, stdout=json.dumps([{"file": "{root}/a.py", "line": 2}]).encode())
TOOL_EXAMPLES = (replace(TODO, result=PRINTED),)


class Analyzer:
    """Wraps a tool that prints JSON."""

    name = "example"
    tool = TOOL

    def plan(self, files, inputs):
        targets = tuple(file.path for file in files if file.path.endswith(".py"))
        return ToolRun(tool="todo", args=tuple(f"./{one}" for one in targets), targets=targets) if targets else None

    def parse(self, run, result, inputs):
        try:
            printed = json.loads(result.stdout)
        except ValueError as error:
            raise ToolError("todo", "no JSON", exit_code=result.exit_code) from error
        found = [(one["file"].removeprefix(f"{inputs.root}/"), one["line"]) for one in printed]
        return tuple(
            make_outcome(path, [make_finding(path=at, line=line) for at, line in found if at == path])
            for path in run.targets
        )


@dataclass
class Plan:
    """A plan of the analyzer with some fields changed."""

    changes: dict

    def __call__(self, analyzer, files, inputs):
        run = Analyzer.plan(analyzer, files, inputs)
        return run and replace(run, **{key: value(run) for key, value in self.changes.items()})


def analyzer(**members):
    """Return the analyzer with something about it changed."""
    plain = {
        name: (lambda self, *args, call=value: call(self, *args)) if isinstance(value, Plan) else value
        for name, value in members.items()
    }
    return type("Changed", (Analyzer,), plain)()


def trusting(self, run, result, inputs):
    found = [int(one) for one in re.findall(rb'"line": (\d+)', result.stdout)]
    return tuple(make_outcome(path, [make_finding(path=path, line=line) for line in found]) for path in run.targets)


def unguarded(self, run, result, inputs):
    return Analyzer.parse(self, run, result, inputs) if result.stdout.startswith(b"[") else json.loads(result.stdout)


def ignoring_root(self, run, result, inputs):
    return tuple(
        make_outcome(one["file"], [make_finding(path=one["file"], line=one["line"])])
        for one in json.loads(result.stdout)
    )


def plan_odd(self, files, inputs):
    self.calls = getattr(self, "calls", 0) + 1
    run = Analyzer.plan(self, files, inputs)
    return run and replace(run, timeout=float(self.calls))


def without_reason(self, files, inputs):
    if files:
        raise NotApplicable([file.path for file in files], "")


BROKEN_ANALYZERS = {
    "calls for nothing": (
        {"plan": lambda self, files, inputs: ToolRun(tool="todo", args=(), targets=())},
        "makes a call for no files; return None",
    ),
    "has no targets": ({"plan": Plan({"targets": lambda run: ()})}, "makes a call without targets"),
    "names a target twice": ({"plan": Plan({"targets": lambda run: run.targets * 2})}, "names a target twice"),
    "invents a target": ({"plan": Plan({"targets": lambda run: ("z.py",)})}, "has targets that are not in"),
    "calls another tool": ({"plan": Plan({"tool": lambda run: "other"})}, "calls 'other'; its tool is 'todo'"),
    "gives one text": ({"plan": Plan({"args": lambda run: " ".join(run.args)})}, "args must be texts"),
    "gives bare names": ({"plan": Plan({"args": lambda run: run.targets})}, "takes it for an option; give ./-a.py"),
    "plans differently": ({"plan": plan_odd}, "made two calls of one"),
    "returns a list": ({"plan": lambda self, files, inputs: ["todo"] if files else None}, "return a ToolRun or None"),
    "believes anything": ({"parse": trusting}, "believes a tool that was killed; raise ToolError"),
    "raises what it likes": ({"parse": unguarded}, r"it must raise ToolError\): JSONDecodeError"),
    "keeps absolute paths": (
        {"parse": ignoring_root},
        "gave an outcome for '/.*/a.py', which is not in the example 'todo'",
    ),
    "skips a target": ({"parse": lambda self, run, result, inputs: ()}, "has no outcome for the target a.py"),
    "has a bad kind": ({"tool": replace(TOOL, kind="pip")}, "is of kind 'pip'; there are python, npm"),
    "has no program": ({"tool": replace(TOOL, program="")}, "needs a name and a program"),
    "cannot be installed": ({"tool": replace(TOOL, packages=())}, "has no packages to install it from"),
    "has no hashes": ({"tool": replace(TOOL, kind="maven")}, "has no hashes that its jars must have"),
    "says no reason": ({"plan": without_reason}, "says no reason why it does not apply"),
    "has a text for a tool": ({"tool": "todo"}, "it must be a Tool"),
}


def test_a_good_analyzer_passes():
    """An analyzer that keeps the rules passes, with examples and without."""
    check_analyzer(Analyzer(), TOOL_EXAMPLES)
    check_analyzer(Analyzer())


@pytest.mark.parametrize("case", BROKEN_ANALYZERS)
def test_a_broken_analyzer_is_told(case):
    """Each rule that an analyzer breaks is an AssertionError that says which."""
    members, words = BROKEN_ANALYZERS[case]
    with pytest.raises(AssertionError, match=words):
        check_analyzer(analyzer(**members), TOOL_EXAMPLES)


def test_a_tool_at_hand_can_be_run():
    """With a way to run the tool, what it prints is parsed; the examples need no result of their own."""
    runs = []

    def run(call, inputs):
        runs.append(call.targets)
        return replace(PRINTED, stdout=PRINTED.stdout.replace(b"{root}", inputs.root.encode()))

    check_analyzer(Analyzer(), [TODO], run)
    assert runs == [("a.py",)]
    with pytest.raises(AssertionError, match="example found nothing; expected E1"):
        check_analyzer(Analyzer(), [TODO], lambda call, inputs: ToolResult(exit_code=0, stdout=b"[]"))


def test_a_broken_tool_is_believed_by_no_example():
    """Where no tool is at hand and nothing was printed, the calls and the broken tools are checked nevertheless."""
    with pytest.raises(AssertionError, match="believes a tool that was killed"):
        check_analyzer(analyzer(parse=trusting), [TODO])


def test_an_example_must_be_the_tools_business():
    """An example of a file that the analyzer makes no call for is refused."""
    with pytest.raises(AssertionError, match="makes no call for the example 'todo'"):
        check_analyzer(Analyzer(), [replace(TODO, path="a.js")])


def test_a_failed_outcome_is_as_good_as_an_error():
    """An analyzer may also say `failed` of each target where its tool broke."""

    def parse(self, run, result, inputs):
        try:
            return Analyzer.parse(self, run, result, inputs)
        except ToolError as error:
            return tuple(
                FileOutcome(tool=self.name, path=path, state=State.FAILED, reason=str(error)) for path in run.targets
            )

    check_analyzer(analyzer(parse=parse), TOOL_EXAMPLES)
