"""Check runs over REST, which only Apps make."""

from typing import Any

from hunkwise.testing.github import bare_git
from hunkwise.testing.github.answers import Answer, Refused, forbidden, invalid, not_found, text_of
from hunkwise.testing.github.asked import Call, repository_of
from hunkwise.testing.github.check_json import annotation_json, announce_check_run, check_run_json
from hunkwise.testing.github.routes import route
from hunkwise.testing.github.state import CheckRun, Json, Repository

_REPO = "/repos/{owner}/{repo}"
_RUN = f"{_REPO}/check-runs/{{check_run_id}}"
_STATUSES = ("queued", "in_progress", "completed", "waiting", "requested", "pending")
_CONCLUSIONS = ("action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out")
_LEVELS = ("notice", "warning", "failure")
_LONGEST_TEXT = 65_535
_LONGEST_TITLE = 255
_LONGEST_MESSAGE = 64 * 1024


@route("POST", f"{_REPO}/check-runs", needs="checks:write")
def post_check_run(call: Call) -> Answer:
    """Make one for a commit."""
    repository, fields = repository_of(call), call.fields()
    app = call.actor.app
    if app is None:
        raise Refused(403, "You must authenticate via a GitHub App.")
    name, sha = text_of(fields, "name"), text_of(fields, "head_sha")
    if not name or not sha:
        raise Refused(422, 'Invalid request.\n\n"name" and "head_sha" must be supplied.')
    if bare_git.resolve(call.world.path(repository), sha) != sha:
        raise Refused(422, f"No commit found for SHA: {sha}")
    suite = next((one.suite for one in repository.check_runs.values() if (one.app, one.head_sha) == (app.id, sha)), 0)
    run = CheckRun(
        id=call.world.state.next_id(),
        app=app.id,
        name=name,
        head_sha=sha,
        status="queued",
        started_at=call.world.clock.now(),
        suite=suite or call.world.state.next_id(),
        request=call.number,
    )
    _update(call, run, fields)
    repository.check_runs[run.id] = run
    announce_check_run(call.world, repository, run, "created", call.actor.login or "")
    return Answer(status=201, body=check_run_json(call.world, repository, run))


@route("PATCH", _RUN, needs="checks:write")
def patch_check_run(call: Call) -> Answer:
    """Change one's own; annotations are added to those that are there."""
    repository, run = _run(call)
    if run.app != call.actor.app_id:
        raise forbidden()
    fields = call.fields()
    was = run.status
    run.name = text_of(fields, "name", run.name)
    _update(call, run, fields)
    if run.status == "completed" != was:
        announce_check_run(call.world, repository, run, "completed", call.actor.login or "")
    return Answer(body=check_run_json(call.world, repository, run))


@route("GET", _RUN, needs="checks:read")
def get_check_run(call: Call) -> Answer:
    """Give one."""
    return Answer(body=check_run_json(call.world, *_run(call)))


@route("GET", f"{_RUN}/annotations", needs="checks:read")
def list_annotations(call: Call) -> Answer:
    """List the annotations of one."""
    repository, run = _run(call)
    return call.page(run.annotations, lambda one: annotation_json(call.world, repository, run, one))


@route("GET", f"{_REPO}/commits/{{ref}}/check-runs", needs="checks:read")
def list_check_runs(call: Call) -> Answer:
    """List those of a commit: the latest of each name, or all; by name, status and App."""
    repository = repository_of(call)
    sha = bare_git.resolve(call.world.path(repository), call.parameters["ref"])
    name, status, app = (call.query.get(key) for key in ("check_name", "status", "app_id"))
    found = [
        one
        for one in repository.check_runs.values()
        if one.head_sha == sha
        if name in (None, one.name) and status in (None, one.status) and app in (None, str(one.app))
    ]
    if call.query.get("filter") != "all":
        found = list({(one.app, one.name): one for one in found}.values())
    part, headers = call.slice(found)
    runs = [check_run_json(call.world, repository, one) for one in part]
    return Answer(body={"total_count": len(found), "check_runs": runs}, headers=headers)


def _run(call: Call) -> tuple[Repository, CheckRun]:
    repository = repository_of(call)
    found = repository.check_runs.get(call.integer("check_run_id"))
    if found is None:
        raise not_found()
    return repository, found


def _update(call: Call, run: CheckRun, fields: Json) -> None:
    status, conclusion = text_of(fields, "status"), text_of(fields, "conclusion")
    if (status and status not in _STATUSES) or (conclusion and conclusion not in _CONCLUSIONS):
        raise Refused(422, 'Invalid request.\n\nNo subschema in "anyOf" matched.')
    if status == "completed" and not conclusion:
        raise Refused(422, 'Invalid request.\n\n"conclusion" wasn\'t supplied.')
    output = fields.get("output")
    annotations = _output(call, run, output) if isinstance(output, dict) else []
    run.annotations += annotations
    run.details_url = text_of(fields, "details_url") or run.details_url
    run.external_id = text_of(fields, "external_id", run.external_id)
    if conclusion:
        run.status, run.conclusion = "completed", conclusion
        run.completed_at = call.world.clock.now()
    elif status:
        run.status, run.conclusion, run.completed_at = status, None, None


def _output(call: Call, run: CheckRun, output: dict[str, Any]) -> list[Json]:
    title, summary, text = (text_of(output, name) for name in ("title", "summary", "text"))
    if not summary or (not title and run.title is None):
        raise Refused(422, 'Invalid request.\n\n"title" and "summary" must be supplied.')
    for name, value, limit in (
        ("title", title, _LONGEST_TITLE),
        ("summary", summary, _LONGEST_TEXT),
        ("text", text, _LONGEST_TEXT),
    ):
        if len(value) > limit:
            raise invalid("CheckRun", name, f"{name} exceeds a maximum of {limit} characters", code="invalid")
    annotations = output.get("annotations") or []
    if len(annotations) > call.world.limits.annotations:
        raise Refused(422, f"Invalid request.\n\nNo more than {call.world.limits.annotations} items are allowed.")
    for one in annotations:
        _annotation(one)
    run.title, run.summary, run.text = title or run.title, summary, text or run.text
    return list(annotations)


def _annotation(one: Json) -> None:
    start, end = one.get("start_line"), one.get("end_line")
    if not isinstance(start, int) or not isinstance(end, int) or not 1 <= start <= end:
        raise invalid("CheckAnnotation", "end_line", "end_line must be greater than or equal to start_line")
    if one.get("annotation_level") not in _LEVELS:
        raise invalid("CheckAnnotation", "annotation_level", "annotation_level is invalid", code="invalid")
    if ("start_column" in one or "end_column" in one) and start != end:
        raise invalid("CheckAnnotation", "start_column", "columns are only allowed on a single line")
    for name, limit in (("message", _LONGEST_MESSAGE), ("raw_details", _LONGEST_MESSAGE), ("title", _LONGEST_TITLE)):
        if len(str(one.get(name) or "").encode()) > limit:
            raise invalid("CheckAnnotation", name, f"{name} is too long", code="invalid")
