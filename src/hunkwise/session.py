"""One review from request to report: what the command line, the server and the benchmark call."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

from hunkwise.analyzers.report_command import command_analyzers
from hunkwise.core.config import Config
from hunkwise.core.errors import UsageError
from hunkwise.core.kinds import classify
from hunkwise.core.model import Change, Failure, RepoPath, Report, Side, State, Trust
from hunkwise.core.pipeline import Parts, review
from hunkwise.core.ports import Analyzer, Loaded, Request, Sandbox, Workspace
from hunkwise.plugins.analysis import Reviewer, User, analyze, choose
from hunkwise.plugins.facade import Plugins
from hunkwise.plugins.first import first_answer
from hunkwise.plugins.fixes import suggest
from hunkwise.plugins.parts import describe_places, explain_place, focus_points, rank_candidates, score_places
from hunkwise.settings import Settings, check_names, hiding, load_config, repository_file, user_file
from hunkwise.workspace.runner import Runner
from hunkwise.workspace.sandbox.choice import Choice, sandbox_for
from hunkwise.workspace.toolbox import Toolbox, default_directory

Progress = Callable[[str, str], None]
CI_VARIABLES = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL", "TF_BUILD", "BUILDKITE", "TEAMCITY_VERSION")


def review_request(
    request: Request,
    *,
    plugins: Plugins,
    command_line: Mapping[str, object],
    own: bool | None,
    environ: Mapping[str, str],
    progress: Progress | None = None,
    around: Callable[[Parts], Parts] | None = None,
) -> Report:
    """Return the report on what the request names.

    own: the user's word on the trust; None derives it. command_line: fields of `Config` that were given there.
    progress: called with ("compare", text), ("start", tool) and ("finish", tool).
    around: is given the parts of the review before there is a model, and returns those to use.
    Raises UsageError for a request or a configuration that is wrong.
    """
    tell = progress or (lambda event, text: None)
    loaded, failures = load_change(request, plugins)
    try:
        trust = decide_trust(loaded, own, environ)
        tell("compare", f"{loaded.description} · {trust.value}")
        settings = read_settings(loaded.workspace, trust, command_line, environ)
        reviewers = reviewers_of(plugins, settings)
        check_names(settings, [reviewer.name for reviewer in reviewers])
        with hiding(settings, "include", "exclude"):
            change = classified(loaded.change, loaded.workspace, settings.config, trust)
        analyzers = choose(reviewers, settings.config)
        needs_sandbox = bool(change.files) and any(isinstance(one, Analyzer) for one in analyzers)
        choice = sandbox_for(trust, environ) if needs_sandbox else None
        sandbox = choice.sandbox if choice else None
        parts = make_parts(plugins, settings, analyzers, sandbox, trust, environ, tell, request.directory)
        parts = around(parts) if around else parts

        def reviewed(parts: Parts) -> Report:
            with hiding(settings, "overrides", "tools", "rules"):
                return review(change, loaded.workspace, settings.config, parts, trust)

        if change.files and settings.config.llm:
            # What a model needs takes as long to import as all the rest of a small review.
            from hunkwise.model_session import review_with_model

            report = review_with_model(reviewed, parts, plugins, settings, environ, sandbox, tell)
        else:
            report = reviewed(parts)
        return replace(
            report,
            description=loaded.description,
            failures=(*plugins.failures, *failures, *report.failures),
            manifest={**report.manifest, **_manifest(settings.config, plugins), **_confined(report, analyzers, choice)},
        )
    finally:
        loaded.workspace.close()


def load_change(request: Request, plugins: Plugins) -> tuple[Loaded, tuple[Failure, ...]]:
    """Ask the sources in their order; the first that knows the request answers, one that breaks is passed over."""
    return first_answer(plugins.sources(), "load", lambda source: source.load(request), "no source knows this request")


def decide_trust(loaded: Loaded, own: bool | None, environ: Mapping[str, str]) -> Trust:
    """Return `own` for what is checked out on the user's machine, `foreign` for the rest and for all in CI.

    In CI a fork's checkout looks just like one's own, so there only the user's word makes a change `own`.
    """
    if own is not None:
        return Trust.OWN if own else Trust.FOREIGN
    is_in_ci = any(environ.get(name, "").lower() not in ("", "0", "false") for name in CI_VARIABLES)
    return Trust.OWN if loaded.is_checked_out and not is_in_ci else Trust.FOREIGN


def read_settings(
    workspace: Workspace, trust: Trust, command_line: Mapping[str, object], environ: Mapping[str, str]
) -> Settings:
    """Merge all layers; the repository's file comes from the head of an own change, from the base of a foreign one."""
    side = Side.HEAD if trust is Trust.OWN else Side.BASE
    repository = repository_file(lambda path: workspace.read(RepoPath(path), side), is_foreign=trust is Trust.FOREIGN)
    return load_config(repository=repository, user=user_file(), environ=environ, command_line=command_line)


def classified(change: Change, workspace: Workspace, config: Config, trust: Trust) -> Change:
    """Return the change with the kind and the language of each file.

    The attributes of a foreign change come from its base: it must not hide its own files as generated.
    """
    if not change.files:
        return change
    side = Side.HEAD if trust is Trust.OWN else Side.BASE
    attributes = workspace.attributes([file.path for file in change.files], side)
    files = classify(change.files, attributes=attributes, include=config.include, exclude=config.exclude)
    return replace(change, files=files)


def reviewers_of(plugins: Plugins, settings: Settings) -> tuple[Reviewer, ...]:
    """Return the analyzers of all plugins, and the commands of the user's own configuration.

    Raises UsageError for a command that is named like an analyzer.
    """
    analyzers = plugins.analyzers()
    for name in sorted({analyzer.name for analyzer in analyzers} & settings.commands.keys()):
        raise UsageError(f"{settings.user}: commands.{name}: there is an analyzer of this name; give it another one")
    return (*analyzers, *command_analyzers(settings.commands))


def make_parts(
    plugins: Plugins,
    settings: Settings,
    analyzers: Sequence[Reviewer],
    sandbox: Sandbox | None,
    trust: Trust,
    environ: Mapping[str, str],
    progress: Progress,
    directory: str = ".",
) -> Parts:
    """Return the parts of a review without a model, each guarded; directory: where the user asked for it."""
    toolbox = Toolbox(directory=default_directory(environ), environ=environ, configured=settings.programs)
    runner = Runner(toolbox=toolbox, trust=trust, sandbox=sandbox)
    user = User(directory=str(Path(directory).absolute()), options=settings.user_options())
    with hiding(settings, "scorer"):
        scorer = plugins.scorer(settings.config.scorer)
    if settings.ranker:
        from hunkwise.plugins.places.own_weights import with_own_weights

        scorer = with_own_weights(scorer, settings.ranker)
    return Parts(
        reviewers=tuple(analyzer.name for analyzer in analyzers),
        # `only` and `skip` have been applied: a name there may be that of an analyzer which is not among these
        analyze=lambda change, workspace, config: analyze(
            change, workspace, _chosen(config, analyzers), analyzers, runner, progress=progress, user=user
        ),
        describe=describe_places(plugins.features()),
        score_places=score_places(scorer),
        explain=explain_place(scorer),
        points=lambda: focus_points(scorer),
        rank=rank_candidates(plugins.rankers()),
        suggest=partial(suggest, reviewers=analyzers, runner=runner, user=user),
        clock=time.monotonic,
    )


def _chosen(config: Config, analyzers: Sequence[Reviewer]) -> Config:
    """Return the configuration without the names that are not among the analyzers any more."""
    here = {analyzer.name for analyzer in analyzers}
    return replace(config, only=tuple(name for name in config.only if name in here), skip=())


def _confined(report: Report, analyzers: Sequence[Reviewer], choice: Choice | None) -> Mapping[str, object]:
    """Return which sandbox there was, and the outside tools that ran without one."""
    if choice is None:
        return {}
    outside = {analyzer.name for analyzer in analyzers if isinstance(analyzer, Analyzer)}
    ran = {cover.reviewer for cover in report.cover if cover.state in (State.REVIEWED, State.FAILED)} & outside
    return {"sandbox": choice.name, "unsandboxed": [] if choice.sandbox else sorted(ran)}


def _manifest(config: Config, plugins: Plugins) -> Mapping[str, object]:
    return {
        "version": version("hunkwise"),
        "plugins": {info.name: info.version for info in plugins.infos if info.origin != "built-in"},
        "config": {
            "fail_on": config.fail_on.value,
            "allow_incomplete": config.allow_incomplete,
            "max_comments": config.max_comments,
            "floor": config.floor,
            "filter_mode": config.filter_mode.value,
        },
    }
