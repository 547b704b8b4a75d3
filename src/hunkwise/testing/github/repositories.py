"""Repositories over REST: themselves, permissions, branches, commits, contents, objects, comparisons."""

import base64

from hunkwise.testing.github import bare_git
from hunkwise.testing.github.access import level_on
from hunkwise.testing.github.answers import Answer, Refused, not_found
from hunkwise.testing.github.asked import Call, repository_of
from hunkwise.testing.github.diffs import changed_files
from hunkwise.testing.github.repository_json import (
    commit_json,
    content_json,
    entry_json,
    file_json,
    full_repository_json,
    permissions_json,
    user_json,
)
from hunkwise.testing.github.routes import route
from hunkwise.testing.github.state import Json, Repository

_REPO = "/repos/{owner}/{repo}"
_MEGABYTE = 1_000_000


@route("GET", _REPO, needs="metadata:read")
def get_repository(call: Call) -> Answer:
    """Give one."""
    return Answer(body=full_repository_json(call.world, repository_of(call), call.actor.login))


@route("GET", f"{_REPO}/collaborators/{{username}}/permission", needs="metadata:read")
def get_permission(call: Call) -> Answer:
    """Give what a user may do; `permission` knows four levels, `role_name` all."""
    repository, login = repository_of(call), call.parameters["username"]
    if login not in call.world.state.accounts:
        raise not_found()
    level = level_on(repository, login)
    coarse = {"maintain": "write", "triage": "read"}.get(level, level)
    user = user_json(call.world, login) | {"permissions": permissions_json(level), "role_name": level}
    return Answer(body={"permission": coarse, "role_name": level, "user": user})


@route("GET", f"{_REPO}/branches/{{branch*}}", needs="contents:read")
def get_branch(call: Call) -> Answer:
    """Give one branch, which nothing protects."""
    repository, name = repository_of(call), call.parameters["branch"]
    sha = _commit(call, repository, f"refs/heads/{name}")
    url = f"{call.world.api}/repos/{repository.full_name}/branches/{name}"
    body = {
        "name": name,
        "commit": commit_json(call.world, repository, sha),
        "_links": {"self": url, "html": f"{call.world.url}/{repository.full_name}/tree/{name}"},
        "protected": False,
        "protection": {"enabled": False},
        "protection_url": f"{url}/protection",
    }
    return Answer(body=body)


@route("GET", f"{_REPO}/commits/{{ref}}", needs="contents:read")
def get_commit(call: Call) -> Answer:
    """Give one commit with its files."""
    repository = repository_of(call)
    path = call.world.path(repository)
    sha = bare_git.resolve(path, call.parameters["ref"])
    if sha is None:
        raise Refused(422, f"No commit found for SHA: {call.parameters['ref']}", [])
    parents = bare_git.git(path, "rev-list", "--parents", "-n1", sha).decode().split()[1:]
    base = parents[0] if parents else bare_git.git(path, "hash-object", "-t", "tree", "--stdin").decode().strip()
    files = changed_files(path, base, sha)
    added, deleted = sum(one.additions for one in files), sum(one.deletions for one in files)
    body = commit_json(call.world, repository, sha) | {
        "stats": {"additions": added, "deletions": deleted, "total": added + deleted},
        "files": [file_json(call.world, repository, one, sha, one.patch) for one in files],
    }
    return Answer(body=body)


@route("GET", f"{_REPO}/compare/{{basehead*}}", needs="contents:read")
def compare(call: Call) -> Answer:
    """Compare two commits by `base...head`: 250 commits and 300 files at most."""
    repository = repository_of(call)
    path = call.world.path(repository)
    names = call.parameters["basehead"].split("...")
    if len(names) != 2:
        raise not_found()
    base, head = (_commit(call, repository, name) for name in names)
    parted = bare_git.merge_base(path, base, head)
    if parted is None:
        raise not_found()
    ahead, behind = (
        int(bare_git.git(path, "rev-list", "--count", one, f"^{other}")) for one, other in ((head, base), (base, head))
    )
    words = {(False, False): "identical", (True, False): "ahead", (False, True): "behind", (True, True): "diverged"}
    page = f"{call.world.url}/{repository.full_name}/compare/{base}...{head}"
    files = changed_files(path, parted, head)[: call.world.limits.diff_files]
    body = {
        "url": f"{call.world.api}/repos/{repository.full_name}/compare/{base}...{head}",
        "html_url": page,
        "permalink_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": commit_json(call.world, repository, base),
        "merge_base_commit": commit_json(call.world, repository, parted),
        "status": words[ahead > 0, behind > 0],
        "ahead_by": ahead,
        "behind_by": behind,
        "total_commits": ahead,
        "commits": [commit_json(call.world, repository, one) for one in bare_git.commits_between(path, base, head)],
        "files": [file_json(call.world, repository, one, head, one.patch) for one in files],
    }
    return Answer(body=body)


@route("GET", f"{_REPO}/contents/{{path*}}", needs="contents:read")
def get_contents(call: Call) -> Answer:
    """Give a file with its content, or the entries of a folder."""
    repository, name = repository_of(call), call.parameters["path"].strip("/")
    path = call.world.path(repository)
    ref = call.query.get("ref") or repository.default_branch
    sha = _commit(call, repository, ref)
    entry = ("040000", "tree", f"{sha}^{{tree}}") if not name else bare_git.entry_at(path, sha, name)
    if entry is None:
        raise not_found()
    _, kind, found = entry
    if kind == "tree":
        return Answer(body=_folder(call, repository, name, ref, found))
    raw = bare_git.git(path, "cat-file", "blob", found)
    if ".raw" in call.headers.get("accept", ""):
        return Answer(body=raw, content_type="application/vnd.github.raw+json; charset=utf-8")
    if len(raw) > _MEGABYTE:
        shown = entry_json(call.world, repository, name, ref, "file", found, len(raw))
        return Answer(body=shown | {"content": "", "encoding": "none"})
    return Answer(body=content_json(call.world, repository, name, ref, found, raw))


@route("GET", f"{_REPO}/git/blobs/{{file_sha}}", needs="contents:read")
def get_blob(call: Call) -> Answer:
    """Give an object's content."""
    repository, sha = repository_of(call), call.parameters["file_sha"]
    path = call.world.path(repository)
    if bare_git.git(path, "cat-file", "-t", sha, ok=(0, 128)).strip() != b"blob":
        raise not_found()
    raw = bare_git.git(path, "cat-file", "blob", sha)
    body = {
        "sha": sha,
        "node_id": f"B_{sha}",
        "size": len(raw),
        "url": f"{call.world.api}/repos/{repository.full_name}/git/blobs/{sha}",
        "content": base64.encodebytes(raw).decode(),
        "encoding": "base64",
    }
    return Answer(body=body)


def _folder(call: Call, repository: Repository, name: str, ref: str, tree: str) -> list[Json]:
    printed = bare_git.git(call.world.path(repository), "ls-tree", "-z", "-l", tree).decode("utf-8", "replace")
    found = []
    for line in printed.split("\0")[:-1]:
        facts, _, entry = line.partition("\t")
        _, kind, sha, size = facts.split()
        word = {"tree": "dir", "commit": "submodule"}.get(kind, "file")
        path = f"{name}/{entry}" if name else entry
        found.append(entry_json(call.world, repository, path, ref, word, sha, 0 if size == "-" else int(size)))
    return found


def _commit(call: Call, repository: Repository, name: str) -> str:
    sha = bare_git.resolve(call.world.path(repository), name)
    if sha is None:
        raise not_found()
    return sha
