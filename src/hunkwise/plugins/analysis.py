"""Run the chosen analyzers over a change side by side, and account for every file that each was given."""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from hunkwise.core.analysis import Analysis, Timing
from hunkwise.core.config import Config, ToolConfig
from hunkwise.core.cover import WORST_FIRST
from hunkwise.core.errors import NotApplicable, PluginError, Refused, ToolMissing, UsageError
from hunkwise.core.model import Change, Failure, FileDiff, FileOutcome, Finding, RepoPath, State, Status, Trust
from hunkwise.core.patterns import Patterns
from hunkwise.core.ports import Analyzer, AnalyzerInputs, Inspector, ToolResult, ToolRun, Workspace
from hunkwise.plugins.capped import capped
from hunkwise.plugins.guard import guarded
from hunkwise.plugins.halves import in_halves
from hunkwise.workspace.process import Stop
from hunkwise.workspace.runner import REFUSAL, Runner

Reviewer = Analyzer | Inspector
Progress = Callable[[str, str], None]
PATCH_ONLY = "only a patch: the whole file is not at hand"
UNASKED = "reported without being asked about"
SILENT = "said nothing about this file"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Who asks for a review: from which directory, and which options of each tool their own configuration gives."""

    directory: str = ""
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One analyzer with the files it is given; `decided` are the outcomes of those it is not."""

    reviewer: Reviewer
    files: tuple[FileDiff, ...]
    inputs: AnalyzerInputs
    decided: tuple[FileOutcome, ...]
    timeout: float
    is_asked: bool
    run: ToolRun | None = None

    @property
    def name(self) -> str:
        return self.reviewer.name

    @property
    def cost(self) -> float:
        return self.run.cost if self.run else 0.0

    def all(self, state: State, reason: str) -> tuple[FileOutcome, ...]:
        """Return one outcome for every file that is asked about: those of the call, or all before there is one."""
        paths = self.run.targets if self.run else tuple(file.path for file in self.files)
        return tuple(FileOutcome(tool=self.name, path=path, state=state, reason=reason) for path in paths)

    def failed(self, failure: Failure) -> Analysis:
        return Analysis(self.all(State.FAILED, failure.message), (failure,), ())


def analyze(
    change: Change,
    workspace: Workspace,
    config: Config,
    analyzers: Sequence[Reviewer],
    runner: Runner,
    *,
    progress: Progress = lambda event, tool: None,
    workers: int | None = None,
    user: User | None = None,
) -> Analysis:
    """Run the analyzers that the configuration chooses, each as one process, the longest first.

    progress: called with ("start" | "finish", tool), from one thread at a time. workers: as many as cores by default.
    user: who asks, where their word counts for more than the repository's.
    Raises UsageError where the configuration names an analyzer that there is not.
    """
    chosen = choose(analyzers, config)
    with TemporaryDirectory(prefix="hunkwise-", ignore_cleanup_errors=True) as scratch:
        jobs = _jobs(change, workspace, config, chosen, runner, Path(scratch), user or User())
        planned = [_plan(job) for job in jobs]
        ready = sorted((one for one in planned if isinstance(one, _Job)), key=lambda job: (-job.cost, job.name))
        done = [one for one in planned if isinstance(one, Analysis)]
        done += _run_all(ready, runner, _one_at_a_time(progress), workers or os.cpu_count() or 1)
    return _assembled([Analysis(job.decided, (), ()) for job in jobs] + done)


def choose(analyzers: Sequence[Reviewer], config: Config) -> tuple[Reviewer, ...]:
    """Return the analyzers that `only`, `skip` and `tools.NAME.enabled` leave, sorted by name.

    Raises UsageError for a name in `only` or `skip` that no analyzer has.
    """
    if not config.analyzers:
        return ()
    names = {analyzer.name for analyzer in analyzers}
    for option, wanted in (("only", config.only), ("skip", config.skip)):
        for name in sorted(set(wanted) - names):
            raise UsageError(f"{option}: there is no analyzer {name!r}; there are {', '.join(sorted(names)) or 'none'}")
    chosen = [
        analyzer
        for analyzer in analyzers
        if analyzer.name not in config.skip
        and (analyzer.name in config.only if config.only else _settings(config, analyzer.name).enabled is not False)
    ]
    return tuple(sorted(chosen, key=lambda analyzer: analyzer.name))


def _settings(config: Config, name: str) -> ToolConfig:
    return config.tools.get(name, ToolConfig())


def _jobs(
    change: Change,
    workspace: Workspace,
    config: Config,
    chosen: Sequence[Reviewer],
    runner: Runner,
    scratch: Path,
    user: User,
) -> tuple[_Job, ...]:
    present = [
        file for file in change.files if file.hunks and file.kind.is_reviewed and file.status is not Status.DELETED
    ]
    whole = [file for file in present if workspace.is_complete or file.status is Status.ADDED]
    partial = [(file.path, PATCH_ONLY) for file in present if file not in whole]
    skips = [(override.skip, Patterns(override.paths)) for override in config.overrides if override.skip]
    # Tools, which may run as another user than root, pass through it, and each sees only its own folder.
    scratch.chmod(0o711)
    empty = scratch / "empty"
    empty.mkdir()
    # Where no tool may run, the files of a foreign change need not be written to disk.
    root = str(empty) if runner.refuses() or not whole or not chosen else _root(workspace, runner)
    jobs = []
    for number, reviewer in enumerate(chosen):
        own = scratch / str(number)
        own.mkdir(mode=0o700)
        skipped = [
            file.path
            for file in whole
            if any(reviewer.name in names and patterns.match(file.path) for names, patterns in skips)
        ]
        decided = [
            *((path, State.NOT_APPLICABLE, reason) for path, reason in partial),
            *((path, State.SKIPPED, f"the configuration skips {reviewer.name} here") for path in skipped),
        ]
        settings = _settings(config, reviewer.name)
        jobs.append(
            _Job(
                reviewer=reviewer,
                files=tuple(file for file in whole if file.path not in skipped),
                inputs=AnalyzerInputs(
                    workspace=workspace,
                    trust=runner.trust,
                    settings=settings.options,
                    root=root,
                    scratch=str(own),
                    user_options=user.options.get(reviewer.name, frozenset()),
                    directory=user.directory,
                ),
                decided=tuple(
                    FileOutcome(tool=reviewer.name, path=path, state=state, reason=reason)
                    for path, state, reason in decided
                ),
                timeout=settings.timeout or config.timeout,
                is_asked=reviewer.name in config.only or settings.enabled is True,
            )
        )
    return tuple(jobs)


def _root(workspace: Workspace, runner: Runner) -> str:
    return workspace.directory(private=runner.trust is Trust.FOREIGN)


def _plan(job: _Job) -> _Job | Analysis:
    if not job.files:
        return Analysis((), (), ())
    if not isinstance(job.reviewer, Analyzer):
        return job
    reviewer = job.reviewer

    def plan() -> ToolRun | NotApplicable | None:
        try:
            return _checked_run(job, reviewer.plan(job.files, job.inputs))
        except NotApplicable as error:
            return error

    planned = guarded(job.name, "plan", plan)
    if isinstance(planned, Failure):
        return job.failed(planned)
    if isinstance(planned, NotApplicable):
        outcomes = job.all(State.NOT_APPLICABLE, str(planned))
        return Analysis(tuple(one for one in outcomes if one.path in planned.paths), (), ())
    return Analysis((), (), ()) if planned is None else replace(job, run=planned)


def _checked_run(job: _Job, run: ToolRun | None) -> ToolRun | None:
    if run is None:
        return None
    if not isinstance(run, ToolRun):
        raise PluginError(job.name, "plan", f"returned {run!r:.80} where a ToolRun is wanted")
    strange = sorted(set(run.targets) - {file.path for file in job.files})
    if strange:
        raise PluginError(job.name, "plan", f"wants to look at files that it was not given: {', '.join(strange)}")
    return replace(run, timeout=job.timeout)


def _run_all(jobs: Sequence[_Job], runner: Runner, progress: Progress, workers: int) -> list[Analysis]:
    """Run the jobs in this order on so many threads; on an interruption, end the tools at once."""
    with Stop() as stop:
        pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="hunkwise")
        try:
            futures = [pool.submit(_execute, job, runner, stop, progress) for job in jobs]
            wait(futures, return_when=FIRST_EXCEPTION)
            return [future.result() for future in futures if future.done()]
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


def _execute(job: _Job, runner: Runner, stop: Stop, progress: Progress) -> Analysis:
    progress("start", job.name)
    try:
        if isinstance(job.reviewer, Analyzer) and job.run is not None:
            return _retried(job, job.reviewer, job.run, runner, stop)
        if isinstance(job.reviewer, Inspector):
            return _inspected(job, job.reviewer)
        return job.failed(Failure(who=job.name, stage="run", message="is neither an Analyzer nor an Inspector"))
    finally:
        progress("finish", job.name)


def _retried(job: _Job, analyzer: Analyzer, run: ToolRun, runner: Runner, stop: Stop) -> Analysis:
    """Run the analyzer; where one file may have broken it for all, run it anew on halves of them, in bounded time."""

    def call(paths: Sequence[RepoPath], timeout: float) -> Analysis:
        files = tuple(file for file in job.files if file.path in paths)
        planned = _plan(replace(job, files=files, decided=(), timeout=timeout))
        if isinstance(planned, Analysis) or planned.run is None:
            return planned if isinstance(planned, Analysis) else Analysis((), (), ())
        return _analyzed(planned, analyzer, planned.run, runner, stop)

    return in_halves(job.name, _analyzed(job, analyzer, run, runner, stop), run.targets, call, job.timeout)


def _analyzed(job: _Job, analyzer: Analyzer, run: ToolRun, runner: Runner, stop: Stop) -> Analysis:
    def call() -> ToolResult | Refused | ToolMissing:
        try:
            return runner.run(run, analyzer.tool, job.inputs, stop)
        except (Refused, ToolMissing) as error:
            return error

    result = guarded(job.name, "run", call)
    match result:
        case Failure():
            return job.failed(result)
        case Refused():
            return Analysis(job.all(State.REFUSED, REFUSAL), (), ())
        case ToolMissing() if job.is_asked:
            return job.failed(Failure(who=job.name, stage="run", message=str(result), hint=result.install))
        case ToolMissing():
            reason = f"{result.install} brings it" if result.install else str(result)
            return Analysis(job.all(State.MISSING, reason), (), ())
    timings = (Timing(job.name, result.seconds, result.cpu_seconds),)
    outcomes = guarded(job.name, "parse", lambda: _settled(job, analyzer.parse(run, result, job.inputs), run.targets))
    if isinstance(outcomes, Failure):
        return job.failed(outcomes)._replace(timings=timings)
    return Analysis(outcomes, (), timings)


def _inspected(job: _Job, inspector: Inspector) -> Analysis:
    started = time.monotonic()
    outcomes = guarded(job.name, "inspect", lambda: _settled(job, inspector.inspect(job.files, job.inputs), ()))
    timings = (Timing(job.name, time.monotonic() - started),)
    if isinstance(outcomes, Failure):
        return job.failed(outcomes)._replace(timings=timings)
    return Analysis(outcomes, (), timings)


def _settled(job: _Job, said: Iterable[FileOutcome], targets: Collection[RepoPath]) -> tuple[FileOutcome, ...]:
    """Return exactly one outcome a target; of other files, keep the findings, but not where the tool is skipped."""
    known = {*targets} or {file.path for file in job.files}
    skipped = {outcome.path for outcome in job.decided if outcome.state is State.SKIPPED}
    files = {file.path: file for file in job.files}
    settled = []
    for outcome in said:
        if not isinstance(outcome, FileOutcome):
            raise PluginError(job.name, "parse", f"returned {outcome!r:.80} where a FileOutcome is wanted")
        if outcome.path in known:
            settled.append(replace(capped(outcome, files.get(outcome.path)), tool=job.name))
        elif outcome.findings and outcome.path not in skipped:
            counting = capped(outcome, None).findings
            settled.append(
                replace(outcome, tool=job.name, findings=counting, state=State.NOT_APPLICABLE, reason=UNASKED)
            )
    heard = {outcome.path for outcome in settled}
    silent = [path for path in targets if path not in heard]
    return (
        *settled,
        *(FileOutcome(tool=job.name, path=path, state=State.FAILED, reason=SILENT) for path in silent),
    )


def _assembled(parts: Sequence[Analysis]) -> Analysis:
    grouped: dict[tuple[str, RepoPath], list[FileOutcome]] = defaultdict(list)
    for part in parts:
        for outcome in part.outcomes:
            grouped[outcome.tool, outcome.path].append(outcome)
    failures = [failure for part in parts for failure in part.failures]
    return Analysis(
        tuple(_merged(grouped[key]) for key in sorted(grouped)),
        tuple(sorted(failures, key=lambda one: (one.who, one.stage, one.message))),
        tuple(sorted(timing for part in parts for timing in part.timings)),
    )


def _merged(outcomes: Sequence[FileOutcome]) -> FileOutcome:
    states = {outcome.state for outcome in outcomes}
    worst = next((state for state in WORST_FIRST if state in states), outcomes[0].state)
    reasons = dict.fromkeys(one.reason for one in outcomes if one.state is worst and one.reason)
    findings = dict.fromkeys(finding for outcome in outcomes for finding in outcome.findings)
    return replace(
        outcomes[0], state=worst, reason="; ".join(reasons), findings=tuple(sorted(findings, key=_finding_order))
    )


def _finding_order(finding: Finding) -> tuple[str, str, int, int, str, str]:
    place = finding.location
    return place.path, place.side, place.start or 0, place.column or 0, finding.rule, finding.message


def _one_at_a_time(progress: Progress) -> Progress:
    lock = Lock()

    def call(event: str, tool: str) -> None:
        with lock:
            progress(event, tool)

    return call
