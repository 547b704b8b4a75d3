"""What is known of a case without a model: its change, what tools find in it, and its places with their features."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import cast

from hunkwise.core.config import Config
from hunkwise.core.model import Category, Change, Finding, Location, Place, RepoPath, Severity, State, Trust
from hunkwise.core.pipeline import Parts
from hunkwise.core.places import commentable
from hunkwise.core.ports import Workspace
from hunkwise.evaluation.cases import Case
from hunkwise.evaluation.row_file import RowFile
from hunkwise.plugins.analysis import choose
from hunkwise.plugins.facade import Plugins
from hunkwise.session import classified, load_change, make_parts, read_settings, reviewers_of
from hunkwise.workspace.sandbox.choice import sandbox_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A case that is open for reading; the workspace is closed by whoever opened it.

    change: of the files that comments were collected for. problems: which tools failed, and at what.
    """

    change: Change
    workspace: Workspace
    config: Config
    findings: tuple[Finding, ...]
    places: tuple[Place, ...]
    problems: tuple[str, ...] = ()


@contextmanager
def opened(
    case: Case,
    plugins: Plugins,
    *,
    environ: Mapping[str, str],
    command_line: Mapping[str, object],
    kept: RowFile | None = None,
) -> Iterator[Known]:
    """Open a case as a review of it would, as a stranger's change, and run the analyzers on it.

    kept: the findings of earlier runs; what is there is not run again.
    """
    loaded, failures = load_change(case.request(), plugins)
    try:
        settings = read_settings(loaded.workspace, Trust.FOREIGN, command_line, environ)
        whole = classified(replace(loaded.change, id=case.id), loaded.workspace, settings.config, Trust.FOREIGN)
        scope = {file.path for file in case.change().files}
        change = replace(whole, files=tuple(file for file in whole.files if file.path in scope))
        analyzers = choose(reviewers_of(plugins, settings), settings.config)
        key = _key(case, [one.name for one in analyzers], command_line)
        row = None if kept is None else kept.get(key)
        parts = make_parts(
            plugins,
            settings,
            analyzers,
            sandbox_for(Trust.FOREIGN, environ).sandbox if analyzers and row is None else None,
            Trust.FOREIGN,
            environ,
            lambda event, text: None,
        )
        if row is None:
            row = _analysed(change, loaded.workspace, settings.config, parts)
            row = row if kept is None else kept.add(key, row)
        findings = tuple(_finding(one) for one in cast("list[dict[str, object]]", row["findings"]))
        places, feature_failures = parts.describe(commentable(change), change, loaded.workspace, findings)
        problems = [f"{failure.who}: {failure.message}" for failure in (*failures, *feature_failures)]
        yield Known(
            change=change,
            workspace=loaded.workspace,
            config=settings.config,
            findings=findings,
            places=places,
            problems=(*problems, *cast("list[str]", row["problems"])),
        )
    finally:
        loaded.workspace.close()


def _analysed(change: Change, workspace: Workspace, config: Config, parts: Parts) -> Mapping[str, object]:
    analysis = parts.analyze(change, workspace, config)
    broken = {
        f"{outcome.tool}: {outcome.reason}"
        for outcome in analysis.outcomes
        if outcome.state in (State.FAILED, State.REFUSED, State.MISSING)
    }
    return {
        "findings": [_table(finding) for outcome in analysis.outcomes for finding in outcome.findings],
        "problems": sorted(broken | {f"{failure.who}: {failure.message}" for failure in analysis.failures}),
    }


def _key(case: Case, names: Sequence[str], command_line: Mapping[str, object]) -> str:
    parts = [case.id, case.diff, sorted(names), sorted((name, repr(value)) for name, value in command_line.items())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _table(finding: Finding) -> Mapping[str, object]:
    table = asdict(replace(finding, fix=None))
    return {name: value for name, value in table.items() if name != "fix"}


def _finding(table: dict[str, object]) -> Finding:
    location = cast("dict[str, object]", table["location"])
    return Finding(
        tool=str(table["tool"]),
        rule=str(table["rule"]),
        message=str(table["message"]),
        url=str(table["url"]),
        severity=Severity(cast("int", table["severity"])),
        category=Category(str(table["category"])),
        location=Location(
            path=RepoPath(str(location["path"])),
            start=cast("int | None", location["start"]),
            end=cast("int | None", location["end"]),
            column=cast("int | None", location["column"]),
            end_column=cast("int | None", location["end_column"]),
        ),
    )
