"""One review as the command line asks for it: checked, run, written, and turned into an exit code."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hunkwise.commands.outcome import exit_code
from hunkwise.commands.output import TERMINAL, check_writable, choose_sink, render_options, write
from hunkwise.commands.progress import Progress
from hunkwise.core.cover import summarise
from hunkwise.core.errors import HunkwiseError
from hunkwise.core.model import Report
from hunkwise.core.ports import Publication, Request, Sink

if TYPE_CHECKING:
    from hunkwise.plugins.manager import Plugins


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the user asked for; `command_line` holds the settings that were given, `form` names a sink.

    post: post the review of a pull request. dry_run: print what would be posted instead.
    """

    request: Request
    own: bool | None = None
    command_line: Mapping[str, object]
    form: str | None = None
    output: Path | None = None
    manifest: Path | None = None
    color: str = "auto"
    explain: bool = False
    verbose: bool = False
    quiet: bool = False
    post: bool = False
    dry_run: bool = False


def run(asked: Asked, plugins: "Plugins", environ: Mapping[str, str] = os.environ) -> int:
    """Review, write the report and return the exit code; raise UsageError before the review starts if it can be."""
    sink = choose_sink(plugins.sinks(), asked.form, asked.output)
    check_writable(asked.output)
    check_writable(asked.manifest)
    post = _poster(asked, plugins)
    from hunkwise.session import review_request

    if asked.verbose:
        _log_to_stderr()
    progress = Progress(quiet=asked.quiet, verbose=asked.verbose)
    request = _with_stdin(asked.request, progress)
    try:
        with progress:
            report = review_request(
                request,
                plugins=plugins,
                command_line=asked.command_line,
                own=asked.own,
                environ=environ,
                progress=progress,
            )
    except HunkwiseError:
        # there is no report to name them in, and one of them may be why
        for failure in plugins.failures:
            progress.say(f"plugin {failure.who}, {failure.stage}: {failure.message}")
        raise
    if not asked.dry_run or asked.form is not None or asked.output is not None:
        _deliver(report, sink, asked, environ, progress)
    if post is not None:
        post(report)
    return exit_code(report)


def _poster(asked: Asked, plugins: "Plugins") -> Callable[[Report], object] | None:
    """Return what posts the report, if it is to be posted; raises UsageError where it could not be."""
    if not (asked.post or asked.dry_run):
        return None
    from hunkwise.commands.posting import post_report, publisher_for
    from hunkwise.core.config import FailOn

    where = Publication(pr=asked.request.pr, dry_run=asked.dry_run)
    publisher = publisher_for(where, plugins)

    def post(report: Report) -> None:
        config = report.manifest.get("config")
        fail_on = config.get("fail_on", "none") if isinstance(config, Mapping) else "none"
        post_report(report, replace(where, fail_on=FailOn(fail_on)), publisher)

    return post


def _with_stdin(request: Request, progress: Progress) -> Request:
    if request.diff != "-":
        return request
    if sys.stdin.isatty():
        progress.say("reading a patch from the terminal; Ctrl-D ends it")
    return replace(request, stdin=sys.stdin.buffer.read())


def _deliver(report: Report, sink: Sink, asked: Asked, environ: Mapping[str, str], progress: Progress) -> None:
    is_nothing = not report.change.files and not report.failures
    # a person has been told on stderr that nothing differs; a program wants its form even so
    if not (is_nothing and sink.name == TERMINAL and asked.output is None):
        options = render_options(
            asked.color,
            asked.output,
            environ,
            explain=asked.explain,
            verbose=asked.verbose,
            quiet=asked.quiet,
        )
        write(sink.render(report, options), asked.output)
    if asked.manifest is not None:
        text = json.dumps(report.manifest, indent=2, sort_keys=True, default=str)
        write(text.encode() + b"\n", asked.manifest)
    if sink.name != TERMINAL or asked.output is not None:
        for reason in summarise(report).incomplete:
            progress.say(f"incomplete: {reason}")
    if asked.output is not None:
        count = "1 comment" if len(report.kept) == 1 else f"{len(report.kept)} comments"
        progress.say(f"{count}, written to {asked.output} as {sink.name}")


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="hunkwise: %(name)s: %(message)s")
