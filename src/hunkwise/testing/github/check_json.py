"""Check runs as GitHub writes them."""

from hunkwise.testing.github.app_json import maybe_app_json
from hunkwise.testing.github.clock import stamp, stamp_or_none
from hunkwise.testing.github.state import CheckRun, Json, Pull, Repository
from hunkwise.testing.github.world import World


def check_run_json(world: World, repository: Repository, run: CheckRun) -> Json:
    """Return a check run, with the open pull requests that it is about."""
    url = f"{world.api}/repos/{repository.full_name}/check-runs/{run.id}"
    page = f"{world.url}/{repository.full_name}/runs/{run.id}"
    pulls = [one for one in repository.pulls.values() if one.state == "open" and one.head_sha == run.head_sha]
    own = [one for one in pulls if one.head_repository == repository.id]
    return {
        "id": run.id,
        "node_id": f"CR_{run.id}",
        "head_sha": run.head_sha,
        "name": run.name,
        "external_id": run.external_id,
        "url": url,
        "html_url": page,
        "details_url": run.details_url or page,
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": stamp(run.started_at),
        "completed_at": stamp_or_none(run.completed_at),
        "output": {
            "title": run.title,
            "summary": run.summary,
            "text": run.text,
            "annotations_count": len(run.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": run.suite},
        "app": maybe_app_json(world, run.app),
        "pull_requests": [_minimal(world, repository, pull) for pull in own],
    }


def annotation_json(world: World, repository: Repository, run: CheckRun, annotation: Json) -> Json:
    """Return an annotation with what was left out."""
    empty = dict.fromkeys(("start_column", "end_column", "title", "raw_details"))
    page = f"{world.url}/{repository.full_name}/blob/{run.head_sha}/{annotation['path']}"
    return {**empty, **annotation, "blob_href": page}


def announce_check_run(world: World, repository: Repository, run: CheckRun, action: str, sender: str) -> None:
    """Tell the Apps what became of a check run."""
    world.hooks.emit("check_run", action, repository, sender, {"check_run": check_run_json(world, repository, run)})


def _minimal(world: World, repository: Repository, pull: Pull) -> Json:
    url = f"{world.api}/repos/{repository.full_name}"
    repo = {"id": repository.id, "url": url, "name": repository.name}
    return {
        "id": pull.id,
        "number": pull.number,
        "url": f"{url}/pulls/{pull.number}",
        "head": {"ref": pull.head_ref, "sha": pull.head_sha, "repo": repo},
        "base": {"ref": pull.base_ref, "sha": pull.base_sha, "repo": repo},
    }
