"""Check that an analyzer or inspector keeps its contract."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from hunkwise.core.errors import NotApplicable, ToolError
from hunkwise.core.model import FileDiff, FileOutcome, Finding, Kind, Severity, Side, State
from hunkwise.core.ports import Analyzer, AnalyzerInputs, Example, Inspector, Tool, ToolResult, ToolRun
from hunkwise.testing.builders import make_file
from hunkwise.testing.examples import diff_of, difference, hard_cases, workspace_of
from hunkwise.testing.words import called, require, require_shape
from hunkwise.testing.workspace import FakeWorkspace

KINDS = ("python", "npm", "maven", "debian", "none")
BROKEN = {
    "a tool that was killed": ToolResult(exit_code=-9),
    "a tool that prints garbage": ToolResult(exit_code=0, stdout=b"\xff\xfe} not what you expect {[\n"),
    "a tool that crashed": ToolResult(exit_code=1, stderr=b"Traceback (most recent call last):\nKeyError: 1\n"),
}
NO_REASON = (State.REVIEWED, State.REVIEWED_BEFORE, State.NOT_APPLICABLE)


def check_inspector(inspector: Inspector, examples: Sequence[Example] = ()) -> None:
    """Require that it finds what the examples say, and stands empty, odd and unreadable files.

    Raises AssertionError in words; at least one example must have a finding, where there are examples at all.
    """
    name = require_shape("hunkwise_analyzers", inspector)
    _require_a_finding(name, examples)
    for example in examples:
        with _inputs(example) as inputs:
            _require_finds(name, example, _inspect(inspector, (diff_of(example),), inputs, _named(example)))
    with FakeWorkspace() as workspace:
        inputs = AnalyzerInputs(workspace=workspace, root=workspace.directory())
        require(not _inspect(inspector, (), inputs, "no files"), f"{name} has outcomes for no files")
    for words, file, contents in hard_cases(examples):
        for is_complete in (True, False):
            case = words if is_complete else f"{words}, of which only the diff is at hand"
            with FakeWorkspace(contents if is_complete else {}, is_complete=is_complete) as workspace:
                _inspect(inspector, (file,), AnalyzerInputs(workspace=workspace, root=workspace.directory()), case)


def check_analyzer(
    analyzer: Analyzer,
    examples: Sequence[Example] = (),
    run: Callable[[ToolRun, AnalyzerInputs], ToolResult] | None = None,
) -> None:
    """Require that it plans calls by its rules, reads what its tool prints, and believes no broken tool.

    run: starts the tool, where it is at hand; otherwise the examples' own `result` is what the tool printed.
    Raises AssertionError in words; at least one example must have a finding, where there are examples at all.
    """
    name = require_shape("hunkwise_analyzers", analyzer)
    _require_tool(name, analyzer.tool)
    _require_a_finding(name, examples)
    with FakeWorkspace() as workspace:
        inputs = AnalyzerInputs(workspace=workspace, root=workspace.directory())
        call = called(f"{name}.plan", "no files", lambda: analyzer.plan((), inputs))
        require(call is None, f"{name}.plan makes a call for no files; return None")
        other = (make_file("a.no-such-language", None, "x\n", kind=Kind.TEXT, language=""),)
        _plan(analyzer, other, inputs, "a file of no known language")
    for words, file, contents in hard_cases(examples):
        with FakeWorkspace(contents) as workspace:
            _plan(analyzer, (file,), AnalyzerInputs(workspace=workspace, root=workspace.directory()), words)
    for example in examples:
        with _inputs(example) as inputs:
            _check_parse(analyzer, example, inputs, run)


def check_outcomes(
    name: str, files: Sequence[FileDiff], outcomes: object, read: Callable[[FileDiff, Side], bytes | None], case: str
) -> tuple[FileOutcome, ...]:
    """Require well-formed outcomes, at most one a file, whose findings lie in the file; `read` gives its bytes."""
    require(isinstance(outcomes, tuple | list), f"{name} returned {type(outcomes).__name__} on {case}; return a tuple")
    assert isinstance(outcomes, tuple | list)
    known = {file.path: file for file in files}
    seen = set()
    for outcome in outcomes:
        require(
            isinstance(outcome, FileOutcome),
            f"{name} returned a {type(outcome).__name__} on {case}; return FileOutcome objects",
        )
        require(outcome.tool == name, f"{name} gave an outcome for the tool {outcome.tool!r} on {case}")
        require(outcome.path in known, f"{name} gave an outcome for {outcome.path!r}, which is not in {case}")
        require(outcome.path not in seen, f"{name} gave two outcomes for {outcome.path!r} on {case}")
        seen.add(outcome.path)
        need = outcome.state not in NO_REASON
        require(not need or bool(outcome.reason), f"{name} says {outcome.state} of {outcome.path!r} and not why")
        require(
            outcome.state in (*NO_REASON, State.FAILED) or not outcome.findings,
            f"{name} has findings in {outcome.path!r}, {outcome.state}",
        )
        for finding in outcome.findings:
            _require_finding(name, finding, outcome, read(known[outcome.path], finding.location.side))
    return tuple(outcomes)


def _inspect(
    inspector: Inspector, files: Sequence[FileDiff], inputs: AnalyzerInputs, case: str
) -> tuple[FileOutcome, ...]:
    what = f"{inspector.name}.inspect"
    first = called(what, case, lambda: inspector.inspect(files, inputs))
    again = called(what, case, lambda: inspector.inspect(files, inputs))
    require(first == again, f"{what} gave two answers to one question on {case}")
    return check_outcomes(inspector.name, files, first, _reader(inputs), case)


def _plan(analyzer: Analyzer, files: Sequence[FileDiff], inputs: AnalyzerInputs, case: str) -> ToolRun | None:
    what = f"{analyzer.name}.plan"

    def plan() -> ToolRun | None:
        try:
            return analyzer.plan(files, inputs)
        except NotApplicable as error:
            require(bool(str(error)), f"{what} says no reason why it does not apply to {case}")
            return None

    run = called(what, case, plan)
    require(run == called(what, case, plan), f"{what} made two calls of one on {case}")
    if run is None:
        return None
    require(isinstance(run, ToolRun), f"{what} returned a {type(run).__name__} on {case}; return a ToolRun or None")
    require(run.tool == analyzer.tool.name, f"{what} calls {run.tool!r}; its tool is {analyzer.tool.name!r}")
    require(bool(run.targets), f"{what} makes a call without targets on {case}; return None")
    require(len(set(run.targets)) == len(run.targets), f"{what} names a target twice on {case}")
    require({*run.targets} <= {file.path for file in files}, f"{what} has targets that are not in {case}")
    require(
        isinstance(run.args, tuple) and all(isinstance(one, str) for one in run.args), f"{what}: args must be texts"
    )
    for path in run.targets:
        bare = path.startswith("-") and path in run.args
        require(not bare, f"{what} gives the file {path!r} where the tool takes it for an option; give ./{path}")
    return run


def _check_parse(
    analyzer: Analyzer,
    example: Example,
    inputs: AnalyzerInputs,
    run: Callable[[ToolRun, AnalyzerInputs], ToolResult] | None,
) -> None:
    case = _named(example)
    call = _plan(analyzer, (diff_of(example),), inputs, case)
    if call is None:
        raise AssertionError(f"{analyzer.name}.plan makes no call for {case}")
    result = _printed(example, inputs) if run is None else run(call, inputs)
    if result is not None:
        outcomes = called(f"{analyzer.name}.parse", case, lambda: analyzer.parse(call, result, inputs))
        checked = check_outcomes(analyzer.name, (diff_of(example),), outcomes, _reader(inputs), case)
        silent = sorted(set(call.targets) - {outcome.path for outcome in checked})
        require(not silent, f"{analyzer.name}.parse has no outcome for the target {', '.join(silent)}")
        _require_finds(analyzer.name, example, checked)
    for trouble, broken in BROKEN.items():
        believed = [one for one in _believed(analyzer, call, broken, inputs, trouble) if one.state in NO_REASON]
        require(not believed, f"{analyzer.name}.parse believes {trouble}; raise ToolError")


def _printed(example: Example, inputs: AnalyzerInputs) -> ToolResult | None:
    if example.result is None:
        return None
    return replace(example.result, stdout=example.result.stdout.replace(b"{root}", inputs.root.encode()))


def _believed(
    analyzer: Analyzer, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs, case: str
) -> tuple[FileOutcome, ...]:
    def parse() -> tuple[FileOutcome, ...]:
        try:
            return analyzer.parse(run, result, inputs)
        except ToolError:
            return ()

    return called(f"{analyzer.name}.parse", f"{case} (it must raise ToolError)", parse)


def _require_tool(name: str, tool: Tool) -> None:
    require(isinstance(tool, Tool), f"the tool of {name} is {tool!r}; it must be a Tool")
    require(tool.kind in KINDS, f"the tool of {name} is of kind {tool.kind!r}; there are {', '.join(KINDS)}")
    require(bool(tool.name and tool.program), f"the tool of {name} needs a name and a program")
    require(tool.kind == "none" or bool(tool.packages), f"the tool of {name} has no packages to install it from")
    require(tool.kind != "maven" or bool(tool.hashes), f"the tool of {name} has no hashes that its jars must have")


def _require_a_finding(name: str, examples: Sequence[Example]) -> None:
    finds = any(example.rules for example in examples)
    require(finds or not examples, f"no example of {name} has a finding; add one that it must find")


def _require_finds(name: str, example: Example, outcomes: Sequence[FileOutcome]) -> None:
    odd = difference(example, [finding for outcome in outcomes for finding in outcome.findings])
    require(not odd, f"{name} {odd} ({_named(example)})")


def _named(example: Example) -> str:
    return f"the example {example.name!r}"


def _require_finding(name: str, finding: Finding, outcome: FileOutcome, text: bytes | None) -> None:
    what = f"{name}'s finding {finding.rule!r} in {outcome.path!r}"
    require(finding.tool == name, f"{what} says it is of the tool {finding.tool!r}")
    require(bool(finding.rule and finding.message), f"{what} needs a rule and a message")
    require(isinstance(finding.severity, Severity), f"{what} has the severity {finding.severity!r}")
    require(finding.location.path == outcome.path, f"{what} lies in {finding.location.path!r}")
    start, end = finding.location.start, finding.location.end
    if start is None:
        return
    require(start >= 1 and (end is None or end >= start), f"{what} has the lines {start} to {end}; they count from 1")
    count = None if text is None else len(text.removesuffix(b"\n").split(b"\n"))
    require(count is None or (end or start) <= count, f"{what} is on line {end or start} of a file of {count}")


def _reader(inputs: AnalyzerInputs) -> Callable[[FileDiff, Side], bytes | None]:
    def read(file: FileDiff, side: Side) -> bytes | None:
        path = file.old_path or file.path if side is Side.BASE else file.path
        return inputs.workspace.read(path, side) if path in inputs.workspace.paths(side) else None

    return read


@contextmanager
def _inputs(example: Example) -> Iterator[AnalyzerInputs]:
    with workspace_of(example) as workspace, tempfile.TemporaryDirectory() as scratch:
        root, settings = workspace.directory(), example.settings
        yield AnalyzerInputs(workspace=workspace, trust=example.trust, settings=settings, root=root, scratch=scratch)
