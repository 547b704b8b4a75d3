"""Accounts, repositories and commits as GitHub writes them."""

import base64

from hunkwise.testing.github import bare_git
from hunkwise.testing.github.access import is_at_least, level_on
from hunkwise.testing.github.clock import stamp
from hunkwise.testing.github.diffs import ChangedFile
from hunkwise.testing.github.state import Json, Repository
from hunkwise.testing.github.world import World

_USER_URLS = {
    "followers": "",
    "following": "{/other_user}",
    "gists": "{/gist_id}",
    "starred": "{/owner}{/repo}",
    "subscriptions": "",
    "repos": "",
    "events": "{/privacy}",
    "received_events": "",
}
_REPOSITORY_URLS = {
    "archive": "{archive_format}{/ref}",
    "assignees": "assignees{/user}",
    "blobs": "git/blobs{/sha}",
    "branches": "branches{/branch}",
    "collaborators": "collaborators{/collaborator}",
    "comments": "comments{/number}",
    "commits": "commits{/sha}",
    "compare": "compare/{base}...{head}",
    "contents": "contents/{+path}",
    "contributors": "contributors",
    "deployments": "deployments",
    "downloads": "downloads",
    "events": "events",
    "forks": "forks",
    "git_commits": "git/commits{/sha}",
    "git_refs": "git/refs{/sha}",
    "git_tags": "git/tags{/sha}",
    "hooks": "hooks",
    "issue_comment": "issues/comments{/number}",
    "issue_events": "issues/events{/number}",
    "issues": "issues{/number}",
    "keys": "keys{/key_id}",
    "labels": "labels{/name}",
    "languages": "languages",
    "merges": "merges",
    "milestones": "milestones{/number}",
    "notifications": "notifications{?since,all,participating}",
    "pulls": "pulls{/number}",
    "releases": "releases{/id}",
    "stargazers": "stargazers",
    "statuses": "statuses/{sha}",
    "subscribers": "subscribers",
    "subscription": "subscription",
    "tags": "tags",
    "teams": "teams",
    "trees": "git/trees{/sha}",
}


def user_json(world: World, login: str) -> Json:
    """Return an account."""
    account = world.account(login)
    url = f"{world.api}/users/{login}"
    return {
        "login": login,
        "id": account.id,
        "node_id": f"U_{account.id}",
        "avatar_url": f"{world.url}/avatars/u/{account.id}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{world.url}/{login}",
        "organizations_url": f"{url}/orgs",
        "type": account.type,
        "user_view_type": "public",
        "site_admin": False,
        **{f"{name}_url": f"{url}/{name}{rest}" for name, rest in _USER_URLS.items()},
    }


def permissions_json(level: str) -> Json:
    """Return what a permission level lets a user do."""
    words = {"admin": "admin", "maintain": "maintain", "push": "write", "triage": "triage", "pull": "read"}
    return {name: is_at_least(level, word) for name, word in words.items()}


def minimal_repository_json(world: World, repository: Repository) -> Json:
    """Return what every mention of a repository has."""
    url = f"{world.api}/repos/{repository.full_name}"
    return {
        "id": repository.id,
        "node_id": f"R_{repository.id}",
        "name": repository.name,
        "full_name": repository.full_name,
        "owner": user_json(world, repository.owner),
        "private": repository.is_private,
        "html_url": f"{world.url}/{repository.full_name}",
        "description": None,
        "fork": repository.fork_of is not None,
        "url": url,
        **{f"{name}_url": f"{url}/{rest}" for name, rest in _REPOSITORY_URLS.items()},
    }


def repository_json(world: World, repository: Repository, login: str | None = None) -> Json:
    """Return a repository; `permissions` are those of a login."""
    web = f"{world.url}/{repository.full_name}"
    opened = sum(pull.state == "open" for pull in repository.pulls.values())
    level = level_on(repository, login)
    return minimal_repository_json(world, repository) | {
        "clone_url": f"{web}.git",
        "git_url": f"git:{web.partition(':')[2]}.git",
        "ssh_url": f"git@127.0.0.1:{repository.full_name}.git",
        "svn_url": web,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "topics": [],
        "visibility": "private" if repository.is_private else "public",
        "default_branch": repository.default_branch,
        "created_at": stamp(repository.created_at),
        "updated_at": stamp(repository.created_at),
        "pushed_at": stamp(repository.created_at),
        "size": 1,
        "permissions": permissions_json(level),
        **dict.fromkeys(("has_downloads", "has_issues", "has_projects", "has_wiki", "allow_forking"), True),
        **dict.fromkeys(("has_pages", "has_discussions", "archived", "disabled", "is_template"), False),
        "web_commit_signoff_required": False,
        **dict.fromkeys(("forks", "forks_count", "stargazers_count", "watchers", "watchers_count"), 0),
        **dict.fromkeys(("open_issues", "open_issues_count"), opened),
    }


def full_repository_json(world: World, repository: Repository, login: str | None = None) -> Json:
    """Return a repository as its own page gives it."""
    found = repository_json(world, repository, login) | {"network_count": 0, "subscribers_count": 0}
    parent = world.state.repositories.get(repository.fork_of or 0)
    if parent is not None:
        found |= {"parent": repository_json(world, parent), "source": repository_json(world, parent)}
    return found


def file_json(world: World, repository: Repository, file: ChangedFile, commit: str, patch: str | None) -> Json:
    """Return a file of a diff; without a `patch`, as for a binary or a large one."""
    web = f"{world.url}/{repository.full_name}"
    found: Json = {
        "sha": file.sha,
        "filename": file.path,
        "status": file.status,
        "additions": file.additions,
        "deletions": file.deletions,
        "changes": file.additions + file.deletions,
        "blob_url": f"{web}/blob/{commit}/{_quoted(file.path)}",
        "raw_url": f"{web}/raw/{commit}/{_quoted(file.path)}",
        "contents_url": f"{world.api}/repos/{repository.full_name}/contents/{_quoted(file.path)}?ref={commit}",
    }
    if patch is not None:
        found["patch"] = patch
    if file.previous is not None:
        found["previous_filename"] = file.previous
    return found


def commit_json(world: World, repository: Repository, sha: str) -> Json:
    """Return a commit."""
    form = "%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B"
    printed = bare_git.git(world.path(repository), "show", "-s", "--no-show-signature", f"--format={form}", sha)
    tree, parents, author, email, at, committer, mail, when, message = printed.decode("utf-8", "replace").split("\0", 8)
    url = f"{world.api}/repos/{repository.full_name}"
    web = f"{world.url}/{repository.full_name}/commit"
    return {
        "url": f"{url}/commits/{sha}",
        "sha": sha,
        "node_id": f"C_{sha}",
        "html_url": f"{web}/{sha}",
        "comments_url": f"{url}/commits/{sha}/comments",
        "commit": {
            "url": f"{url}/git/commits/{sha}",
            "author": {"name": author, "email": email, "date": stamp(int(at))},
            "committer": {"name": committer, "email": mail, "date": stamp(int(when))},
            "message": message.rstrip("\n"),
            "comment_count": 0,
            "tree": {"sha": tree, "url": f"{url}/git/trees/{tree}"},
        },
        "author": None,
        "committer": None,
        "parents": [
            {"sha": parent, "url": f"{url}/commits/{parent}", "html_url": f"{web}/{parent}"}
            for parent in parents.split()
        ],
    }


def content_json(world: World, repository: Repository, path: str, ref: str, sha: str, raw: bytes) -> Json:
    """Return a file with its content."""
    return entry_json(world, repository, path, ref, "file", sha, len(raw)) | {
        "content": base64.encodebytes(raw).decode(),
        "encoding": "base64",
    }


def entry_json(world: World, repository: Repository, path: str, ref: str, kind: str, sha: str, size: int) -> Json:
    """Return a file or folder without its content."""
    url = f"{world.api}/repos/{repository.full_name}"
    web = f"{world.url}/{repository.full_name}"
    own = f"{url}/contents/{_quoted(path)}?ref={ref}"
    git_url = f"{url}/git/{'trees' if kind == 'dir' else 'blobs'}/{sha}"
    page = f"{web}/blob/{ref}/{_quoted(path)}"
    return {
        "type": kind,
        "size": size,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "url": own,
        "git_url": git_url,
        "html_url": page,
        "download_url": f"{web}/raw/{ref}/{_quoted(path)}" if kind == "file" else None,
        "_links": {"self": own, "git": git_url, "html": page},
    }


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path, errors="surrogateescape")
