"""zizmor: holes in the security of GitHub Actions workflows.

Needs: `zizmor` (MIT); its package carries the program.
Call: `zizmor --offline --format json-v1 --no-exit-codes --config OURS -- ./FILE…`; it never asks the network; with
`--no-ignores` for a foreign change.
Own changes: a `zizmor.yml` of the repository is honoured, in place of our choice of rules.
Cannot see: what the actions do that a workflow uses, or whether they have known holes: that needs the network. Without
a configuration it says nothing of actions that are pinned to a tag only, of permissions that are not narrowed and of
checkouts that keep their credentials, which is how most workflows are; nor of what it is not sure about.
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from hunkwise.core.columns import Columns
from hunkwise.core.model import Category, FileDiff, FileOutcome, Finding, Location, RepoPath, Severity, State, Trust
from hunkwise.core.ports import AnalyzerInputs, Example, Tool, ToolResult, ToolRun
from hunkwise.core.targets import (
    IDLE,
    Record,
    applicable,
    arguments,
    as_target,
    check_settings,
    decoded,
    one_line,
    outcomes,
    read_json,
    unbelievable,
    unreadable,
)

LANGUAGES = ("yaml",)
WORKFLOWS = ".github/workflows"
NAMES = ("action.yml", "action.yaml")
DEPENDABOT = (".github/dependabot.yml", ".github/dependabot.yaml")
CONFIGURATIONS = ("zizmor.yml", "zizmor.yaml", ".github/zizmor.yml", ".github/zizmor.yaml")
OURS = "zizmor.yml"
OFF = ("artipacked", "excessive-permissions", "use-trusted-publishing")
"""Said of most workflows there are."""
RULES = "\n".join(
    (
        "rules:",
        *(f"  {rule}: {{disable: true}}" for rule in OFF),
        '  unpinned-uses: {config: {policies: {"*": ref-pin}}}',
        "",
    )
)
LEVELS = {
    "High": Severity.HIGH,
    "Medium": Severity.MEDIUM,
    "Low": Severity.LOW,
    "Informational": Severity.INFO,
    "Unknown": Severity.LOW,
}
UNSURE = "Low"
COMPLETED = re.compile(r"^ ?INFO audit: zizmor: [^\n]*completed ", re.MULTILINE)
NOTHING = 3
"""The exit code where no file could be parsed."""
UNPARSED = (State.FAILED, "zizmor cannot read it as a workflow or an action")


class Zizmor:
    """Finds holes in the security of GitHub Actions workflows and actions."""

    name = "zizmor"
    tool = Tool(
        name="zizmor",
        kind="python",
        packages=("zizmor==1.32.0",),
        program="zizmor",
        licence="MIT",
        url="https://docs.zizmor.sh",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the workflows, actions and Dependabot files that are still there."""
        targets = tuple(path for path in applicable(files, LANGUAGES) if _is_input(path))
        check_settings(self.name, inputs)
        if not targets:
            return None
        configuration = _configuration(inputs)
        chosen = f"./{configuration}" if configuration else f"{inputs.scratch}/{OURS}"
        options: tuple[str, ...] = (f"--config={chosen}",)
        if inputs.trust is Trust.FOREIGN:
            options = (*options, "--no-ignores")
        bad = unreadable(targets, inputs.workspace, with_any_name=False)
        given = arguments(path for path in targets if path not in bad)
        common = ("--offline", "--no-progress", "--color=never", "--format=json-v1", "--no-exit-codes")
        return ToolRun(
            tool=self.name,
            args=(*common, *options, "--", *given) if given else IDLE,
            targets=targets,
            files={OURS: RULES},
            cost=0.3,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return the findings of each file; one that is not among those that it completed has failed."""
        trouble = unreadable(run.targets, inputs.workspace, with_any_name=False)
        if run.args == IDLE:
            return outcomes(self.name, run, trouble=trouble)
        log = decoded(result.stderr)
        if result.exit_code == NOTHING and "no inputs collected" in log:
            return outcomes(self.name, run, trouble=dict.fromkeys(run.targets, UNPARSED) | trouble)
        reports = read_json(self.name, decoded(result.stdout), result)
        if result.exit_code != 0 or not isinstance(reports, list):
            raise unbelievable(self.name, "without a report", result)
        completed = {path for path in run.targets if _is_completed(path, log)}
        trouble = {path: UNPARSED for path in run.targets if path not in completed} | trouble
        is_configured = bool(_configuration(inputs))
        findings, columns = [], Columns(inputs.workspace)
        for report in (Record(self.name, value, result) for value in reports):
            is_unsure = report.record("determinations").text("confidence") == UNSURE
            if is_configured or not is_unsure:
                findings.append(_finding(report, run, result, columns))
        return outcomes(self.name, run, findings, trouble)


def _is_input(path: RepoPath) -> bool:
    pure = PurePosixPath(path)
    return str(pure.parent) == WORKFLOWS or pure.name in NAMES or path in DEPENDABOT


def _configuration(inputs: AnalyzerInputs) -> str:
    if inputs.trust is Trust.FOREIGN:
        return ""
    return next((name for name in CONFIGURATIONS if name in inputs.workspace.paths()), "")


def _is_completed(path: RepoPath, log: str) -> bool:
    ends = (match.end() for match in COMPLETED.finditer(log))
    return any(log.startswith(f"./{path}\n", end) for end in ends)


def _finding(report: Record, run: ToolRun, result: ToolResult, columns: Columns) -> Finding:
    for location in report.records("locations"):
        symbolic = location.record("symbolic")
        if symbolic.text("kind") == "Primary":
            break
    else:
        raise unbelievable(Zizmor.name, "a finding without a place", result)
    path = as_target(symbolic.record("key").record("Local").text("verbatim_path"), run)
    if path is None:
        raise unbelievable(Zizmor.name, "a finding in a file that it was not given", result)
    place = location.record("concrete").record("location")
    start, end = place.record("start_point"), place.record("end_point")
    first, last = start.line("row", first=0), end.line("row", first=0)
    column, end_column = start.line("column", first=0), end.line("column", first=0)
    if first is not None and last is not None and last > first and end_column == 1:
        last, end_column = last - 1, None
    described, annotation = one_line(report.text("desc")), one_line(symbolic.text("annotation"))
    return Finding(
        tool=Zizmor.name,
        rule=report.text("ident"),
        message=f"{described}: {annotation}" if annotation else described,
        location=Location(
            path=path,
            start=first,
            end=last,
            column=columns.character(path, first, column),
            end_column=columns.character(path, last, end_column),
        ),
        severity=LEVELS.get(report.record("determinations").text("severity"), Severity.LOW),
        category=Category.SECURITY,
        url=report.text("url"),
    )


CHECKED_OUT = """\
on: pull_request_target
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          ref: ${{ github.event.pull_request.head.sha }}
      - run: echo "${{ github.event.pull_request.title }}"
"""
CAREFUL = """\
on: pull_request
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo "$TITLE"
        env:
          TITLE: ${{ github.event.pull_request.title }}
"""

EXAMPLES = (
    Example(
        name="a trigger that hands secrets to strangers, and a title that runs as a command",
        path=".github/workflows/test.yml",
        source=CHECKED_OUT,
        rules=("dangerous-triggers", "template-injection"),
        lines=(1, 9),
    ),
    Example(
        name="an input that runs as a command, in an action",
        path="say/action.yml",
        source=(
            "name: say\ndescription: says\ninputs: {text: {description: what, required: true}}\n"
            'runs:\n  using: composite\n  steps:\n    - run: echo "${{ inputs.text }}"\n      shell: bash\n'
        ),
        rules=("template-injection",),
        lines=(7,),
    ),
    Example(
        name="actions at a tag, and permissions that are not narrowed, are left alone",
        path=".github/workflows/test.yml",
        source=CAREFUL,
    ),
    Example(
        name="the repository's configuration is honoured",
        path=".github/workflows/test.yml",
        source=CAREFUL,
        files={"zizmor.yml": "rules: {artipacked: {disable: true}, excessive-permissions: {disable: true}}\n"},
        rules=("unpinned-uses",),
    ),
    Example(
        name="a foreign change cannot silence a rule, by a comment or by its configuration",
        path=".github/workflows/test.yml",
        source=CHECKED_OUT.replace("target\n", "target # zizmor: ignore[dangerous-triggers]\n"),
        files={"zizmor.yml": "rules: {template-injection: {disable: true}}\n"},
        base={},
        trust=Trust.FOREIGN,
        rules=("dangerous-triggers", "template-injection"),
    ),
)
