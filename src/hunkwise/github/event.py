"""The event that a workflow runs for: which pull request it is about, whatever a report says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Sha
from hunkwise.github.address import parse_target
from hunkwise.github.api import Api
from hunkwise.github.publishing import Stale
from hunkwise.github.tokens import Token
from hunkwise.github.values import a_map, a_number, a_sha, a_text
from hunkwise.plugins.github.port import GitHubError, Target

LARGEST = 32 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What an event names: a repository's page, a head, and either the pull request's number or its branch.

    branch: `owner:name`, by which GitHub finds the pull request. is_fork: the head is in another repository.
    """

    page: str
    repository: str
    head: Sha
    number: int | None = None
    branch: str = ""
    is_fork: bool = True


def read_event(file: Path) -> Event:
    """Return what the file says that GitHub writes for each job; raise UsageError where it is not about one head."""
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        value = json.loads(data) if len(data) <= LARGEST else None
    except OSError as error:
        raise UsageError(f"--event {file} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--event {file} is no JSON; give it $GITHUB_EVENT_PATH") from error
    try:
        return _event(a_map(value, "the event"))
    except GitHubError as error:
        raise UsageError(f"--event {file} cannot be used: {error}") from error


def find_target(event: Event, token: Token | None) -> Target:
    """Return the open pull request of an event, asked for by branch and head where the event has no number.

    That is so for forks. Raises Stale where its head is not the event's any more.
    """
    if event.number is not None:
        return parse_target(f"{event.page}/pull/{event.number}")
    server = parse_target(f"{event.page}/pull/1").server
    with Api(server, token) as api:
        found = api.read_all(
            f"/repos/{event.repository}/pulls",
            asked=f"looking for the pull request of {event.repository} at {event.head[:12]}",
            needs="pull requests: read",
            parameters={"state": "open", "head": event.branch},
        )
    numbers = [
        a_number(one.get("number"), "number")
        for one in (a_map(item, "a pull request") for item in found)
        if a_map(one.get("head"), "head").get("sha") == event.head
    ]
    if not numbers:
        raise Stale(f"no open pull request of {event.repository} is at {event.head[:12]} any more: nothing was posted")
    if len(numbers) > 1:
        named = ", ".join(f"#{number}" for number in sorted(numbers))
        raise UsageError(f"{named} of {event.repository} are all at {event.head[:12]}: say which one with --pr")
    return parse_target(f"{event.page}/pull/{numbers[0]}")


def _event(value: Mapping[str, Any]) -> Event:
    repository = a_map(value.get("repository"), "repository")
    page, name = a_text(repository.get("html_url"), "repository.html_url"), a_text(repository.get("full_name"), "name")
    if isinstance(value.get("pull_request"), Mapping):
        pull = value["pull_request"]
        head = a_map(pull.get("head"), "head")
        return Event(
            page=page,
            repository=name,
            head=a_sha(head.get("sha"), "head.sha"),
            number=a_number(pull.get("number"), "number"),
            is_fork=_name_of(head.get("repo")) != name,
        )
    run = a_map(value.get("workflow_run"), "workflow_run, nor pull_request,")
    source = a_map(run.get("head_repository"), "workflow_run.head_repository")
    owner = a_text(a_map(source.get("owner"), "its owner").get("login"), "its owner's login")
    return Event(
        page=page,
        repository=name,
        head=a_sha(run.get("head_sha"), "workflow_run.head_sha"),
        branch=f"{owner}:{a_text(run.get('head_branch'), 'workflow_run.head_branch')}",
        is_fork=_name_of(source) != name,
    )


def _name_of(repository: object) -> str:
    return str(repository.get("full_name", "")) if isinstance(repository, Mapping) else ""
