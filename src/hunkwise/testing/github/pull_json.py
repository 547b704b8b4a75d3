"""Pull requests as GitHub writes them."""

from hunkwise.testing.github.access import level_on
from hunkwise.testing.github.clock import stamp, stamp_or_none
from hunkwise.testing.github.repository_json import repository_json, user_json
from hunkwise.testing.github.state import Json, Pull, Repository
from hunkwise.testing.github.world import World


def association(repository: Repository, login: str) -> str:
    """Return what an account is to a repository."""
    if login == repository.owner:
        return "OWNER"
    return "COLLABORATOR" if repository.collaborators.get(login, "none") != "none" else "NONE"


def pull_urls(world: World, repository: Repository, number: int) -> Json:
    """Return the addresses of a pull request."""
    url = f"{world.api}/repos/{repository.full_name}"
    own, issue, web = f"{url}/pulls/{number}", f"{url}/issues/{number}", pull_page(world, repository, number)
    return {
        "url": own,
        "html_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "issue_url": issue,
        "commits_url": f"{own}/commits",
        "review_comments_url": f"{own}/comments",
        "review_comment_url": f"{url}/pulls/comments{{/number}}",
        "comments_url": f"{issue}/comments",
    }


def pull_page(world: World, repository: Repository, number: int) -> str:
    """Return where people see a pull request."""
    return f"{world.url}/{repository.full_name}/pull/{number}"


def simple_pull_json(world: World, repository: Repository, pull: Pull) -> Json:
    """Return a pull request as lists give it."""
    urls = pull_urls(world, repository, pull.number)
    statuses = f"{world.api}/repos/{repository.full_name}/statuses/{pull.head_sha}"
    links = {"self": "url", "html": "html_url", "issue": "issue_url", "comments": "comments_url"}
    links |= {
        "review_comments": "review_comments_url",
        "review_comment": "review_comment_url",
        "commits": "commits_url",
    }
    head = world.state.repositories.get(pull.head_repository or 0)
    return urls | {
        "id": pull.id,
        "node_id": f"PR_{pull.id}",
        "number": pull.number,
        "state": pull.state,
        "locked": pull.is_locked,
        "title": pull.title,
        "user": user_json(world, pull.author),
        "body": pull.body or None,
        "created_at": stamp(pull.created_at),
        "updated_at": stamp(pull.updated_at),
        "closed_at": stamp_or_none(pull.closed_at),
        "merged_at": stamp_or_none(pull.merged_at),
        "merge_commit_sha": pull.merge_commit,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "labels": [],
        "milestone": None,
        "draft": pull.is_draft,
        "statuses_url": statuses,
        "head": {
            "label": f"{pull.head_owner}:{pull.head_ref}",
            "ref": pull.head_ref,
            "sha": pull.head_sha,
            "user": user_json(world, pull.head_owner),
            "repo": repository_json(world, head) if head is not None else None,
        },
        "base": {
            "label": f"{repository.owner}:{pull.base_ref}",
            "ref": pull.base_ref,
            "sha": pull.base_sha,
            "user": user_json(world, repository.owner),
            "repo": repository_json(world, repository),
        },
        "_links": {name: {"href": urls[value]} for name, value in links.items()} | {"statuses": {"href": statuses}},
        "author_association": association(repository, pull.author),
        "auto_merge": None,
        "active_lock_reason": None,
    }


def pull_json(world: World, repository: Repository, pull: Pull) -> Json:
    """Return a pull request as its own page gives it."""
    files = world.files(repository, pull)
    clean = pull.merge_commit is not None
    return simple_pull_json(world, repository, pull) | {
        "merged": pull.merged_at is not None,
        "mergeable": clean if pull.state == "open" else None,
        "rebaseable": clean if pull.state == "open" else None,
        "mergeable_state": "unknown" if pull.state != "open" else "clean" if clean else "dirty",
        "merged_by": user_json(world, pull.merged_by) if pull.merged_by else None,
        "comments": len(pull.conversation),
        "review_comments": len(pull.comments),
        "maintainer_can_modify": pull.head_repository != repository.id and level_on(repository, pull.author) != "admin",
        "commits": len(world.commits(repository, pull)),
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "changed_files": len(files),
    }


def issue_json(world: World, repository: Repository, pull: Pull) -> Json:
    """Return a pull request as the issue that it also is."""
    url = f"{world.api}/repos/{repository.full_name}"
    own = f"{url}/issues/{pull.number}"
    urls = pull_urls(world, repository, pull.number)
    return {
        "id": pull.id,
        "node_id": f"PR_{pull.id}",
        "number": pull.number,
        "url": own,
        "repository_url": url,
        "labels_url": f"{own}/labels{{/name}}",
        "comments_url": f"{own}/comments",
        "events_url": f"{own}/events",
        "timeline_url": f"{own}/timeline",
        "html_url": urls["html_url"],
        "title": pull.title,
        "body": pull.body or None,
        "user": user_json(world, pull.author),
        "labels": [],
        "state": pull.state,
        "locked": pull.is_locked,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": len(pull.conversation),
        "created_at": stamp(pull.created_at),
        "updated_at": stamp(pull.updated_at),
        "closed_at": stamp_or_none(pull.closed_at),
        "author_association": association(repository, pull.author),
        "draft": pull.is_draft,
        "pull_request": {name: urls[name] for name in ("url", "html_url", "diff_url", "patch_url")},
    }
