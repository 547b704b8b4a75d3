"""Post a report from the command line, or show what would be posted."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hunkwise.core.config import FailOn
from hunkwise.core.errors import UsageError
from hunkwise.core.model import Report, Sha

if TYPE_CHECKING:
    from hunkwise.github.event import Event
    from hunkwise.github.publishing import Published
    from hunkwise.github.tokens import Token
    from hunkwise.plugins.github.port import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Where to post and how: either `pr` is an address, or `event` the file of a workflow's event.

    is_forgeable: others may have written the report.
    """

    pr: str | None = None
    event: Path | None = None
    dry_run: bool = False
    check: bool = True
    expect_head: str | None = None
    token_file: Path | None = None
    is_forgeable: bool = False
    fail_on: FailOn = FailOn.NONE


def post_report(report: Report, posting: Posting, environ: Mapping[str, str] = os.environ) -> int:
    """Post it, or print what would be; say on stderr what was done and return the exit code."""
    from hunkwise.github.checkout import full_diff
    from hunkwise.github.opening import app_name, marker_key, open_pull_request
    from hunkwise.github.preview import preview
    from hunkwise.github.publishing import PublishOptions, plan, publish
    from hunkwise.github.tokens import find_token, need_token

    token = (find_token if posting.dry_run else need_token)(environ, posting.token_file)
    target, told = _target(posting, token)
    options = PublishOptions(
        expect_head=Sha(posting.expect_head.lower()) if posting.expect_head else told.head if told else None,
        is_forgeable=posting.is_forgeable or (told is not None and told.is_fork),
        app=app_name(environ),
        key=marker_key(environ),
        full_diff=lambda pull: full_diff(pull, token),
        check=posting.check,
        fail_on=posting.fail_on,
        details_url=run_url(environ),
    )
    with open_pull_request(target, token, environ) as github:
        if posting.dry_run:
            sys.stdout.write(preview(plan(report, github, options)))
            return 0
        done = publish(report, github, options)
    for line in describe(done):
        print(f"hunkwise: {line}", file=sys.stderr)
    return 0


def _target(posting: Posting, token: "Token | None") -> "tuple[Target, Event | None]":
    from hunkwise.github.address import parse_target

    if posting.pr is not None:
        if posting.event is not None:
            raise UsageError("--pr and --event both say where to post: leave one out")
        return parse_target(posting.pr), None
    if posting.event is None:
        raise UsageError("say where to post: --pr URL, or in a workflow --event $GITHUB_EVENT_PATH")
    from hunkwise.github.event import find_target, read_event

    told = read_event(posting.event)
    return find_target(told, token), told


def describe(done: "Published") -> tuple[str, ...]:
    """Return what was done in words, one line each."""
    from hunkwise.core.text import printable
    from hunkwise.plugins.sinks.wording import count

    parts = [f"{count(done.posted, 'comment')}"] if done.posted else []
    parts += [f"{done.listed} in the body"] if done.listed else []
    parts += [f"{done.resolved} resolved"] if done.resolved else []
    parts += [f"{done.answered} answered"] if done.answered else []
    parts += [f"check run: {done.check.conclusion.value}"] if done.check and done.check.conclusion else []
    what = f" ({', '.join(parts)})" if parts else ""
    return (f"{done.outcome.value}{what}: {printable(done.url)}", *(f"note: {printable(note)}" for note in done.notes))


def run_url(environ: Mapping[str, str]) -> str:
    """Return the page of the workflow run that this is, on GitHub Actions."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, run = (environ.get(name, "") for name in names)
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else ""
