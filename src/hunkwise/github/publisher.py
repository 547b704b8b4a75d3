"""The publisher that posts a report as a review of a pull request."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Report, Sha
from hunkwise.core.ports import Publication, Receipt

if TYPE_CHECKING:
    from hunkwise.github.event import Event
    from hunkwise.github.publishing import Published
    from hunkwise.github.tokens import Token
    from hunkwise.plugins.github.port import Target


class GitHubReview:
    """Posts a review, once, with the token and under the name that the environment gives."""

    name = "github"
    order = 1000

    def is_for(self, where: Publication) -> bool:
        """Take all that is left; raise UsageError for what is no pull request, or without a token."""
        if where.pr is not None:
            from hunkwise.github.address import parse_target

            parse_target(where.pr)
            if where.event is not None:
                raise UsageError("--pr and --event both say where to post: leave one out")
        elif where.event is None:
            raise UsageError("say where to post: --pr URL, or in a workflow --event $GITHUB_EVENT_PATH")
        _token(where)
        return True

    def publish(self, report: Report, where: Publication) -> Receipt:
        """Post what is kept."""
        from hunkwise.github.checkout import full_diff
        from hunkwise.github.opening import app_name, marker_key, open_pull_request
        from hunkwise.github.preview import preview
        from hunkwise.github.publishing import PublishOptions, plan, publish

        token = _token(where)
        target, told = _target(where, token)
        options = PublishOptions(
            expect_head=Sha(where.expect_head.lower()) if where.expect_head else told.head if told else None,
            is_forgeable=where.is_forgeable or (told is not None and told.is_fork),
            app=app_name(os.environ),
            key=marker_key(os.environ),
            full_diff=lambda pull: full_diff(pull, token),
            check=where.check,
            fail_on=where.fail_on,
            details_url=run_url(os.environ),
        )
        with open_pull_request(target, token, os.environ) as github:
            if where.dry_run:
                return Receipt(preview=preview(plan(report, github, options)))
            done = publish(report, github, options)
        return replace(done, said=_describe(done))


def _token(where: Publication) -> "Token | None":
    from hunkwise.github.tokens import find_token, need_token

    file = Path(where.token_file) if where.token_file else None
    return (find_token if where.dry_run else need_token)(os.environ, file)


def _target(where: Publication, token: "Token | None") -> "tuple[Target, Event | None]":
    from hunkwise.github.address import parse_target
    from hunkwise.github.event import find_target, read_event

    if where.pr is not None:
        return parse_target(where.pr), None
    told = read_event(Path(where.event or ""))
    return find_target(told, token), told


def _describe(done: "Published") -> tuple[str, ...]:
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
