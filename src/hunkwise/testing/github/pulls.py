"""Pull requests over REST: one, all, files, commits, diff, merge."""

from collections.abc import Sequence

from hunkwise.testing.github import bare_git
from hunkwise.testing.github.access import is_at_least, level_on
from hunkwise.testing.github.answers import Answer, Refused, forbidden, text_of
from hunkwise.testing.github.asked import Call, pull_of, repository_of
from hunkwise.testing.github.diffs import ChangedFile
from hunkwise.testing.github.pull_events import merge_pull
from hunkwise.testing.github.pull_json import pull_json, simple_pull_json
from hunkwise.testing.github.rate_limits import Limits
from hunkwise.testing.github.repository_json import commit_json, file_json
from hunkwise.testing.github.routes import route
from hunkwise.testing.github.state import Pull, Repository

_REPO = "/repos/{owner}/{repo}"
_PULL = f"{_REPO}/pulls/{{pull_number}}"


@route("GET", f"{_REPO}/pulls", needs="pull_requests:read")
def list_pulls(call: Call) -> Answer:
    """List by state, base and head, newest first unless asked otherwise."""
    repository = repository_of(call)
    state, base, head = (call.query.get(name, "") for name in ("state", "base", "head"))
    found = [
        one
        for one in repository.pulls.values()
        if state == "all" or one.state == (state or "open")
        if not base or one.base_ref == base
        if not head or f"{one.head_owner}:{one.head_ref}" == head
    ]
    key = "updated_at" if call.query.get("sort") == "updated" else "created_at"
    direction = call.query.get("direction", "desc" if key == "created_at" else "asc")
    found.sort(key=lambda one: (getattr(one, key), one.number), reverse=direction == "desc")
    return call.page(found, lambda one: simple_pull_json(call.world, repository, one))


@route("GET", _PULL, needs="pull_requests:read")
def get_pull(call: Call) -> Answer:
    """Give one, as JSON, or as a diff or patch where that is asked for."""
    repository, pull = pull_of(call)
    accept = call.headers.get("accept", "")
    for kind in ("diff", "patch"):
        if f".{kind}" in accept:
            return _text(call, repository, pull, kind)
    return Answer(body=pull_json(call.world, repository, pull))


@route("GET", f"{_PULL}/files", needs="pull_requests:read")
def list_files(call: Call) -> Answer:
    """List the files, 3,000 at most; a patch only for text that is not too large."""
    repository, pull = pull_of(call)
    limits = call.world.limits
    files = call.world.files(repository, pull)[: limits.listed_files]
    patches = dict(zip((file.path for file in files), _patches(files, limits), strict=True))
    return call.page(files, lambda file: file_json(call.world, repository, file, pull.head_sha, patches[file.path]))


@route("GET", f"{_PULL}/commits", needs="pull_requests:read")
def list_commits(call: Call) -> Answer:
    """List the commits, oldest first, 250 at most."""
    repository, pull = pull_of(call)
    return call.page(call.world.commits(repository, pull), lambda sha: commit_json(call.world, repository, sha))


@route("PUT", f"{_PULL}/merge", needs="contents:write")
def merge(call: Call) -> Answer:
    """Merge it, if the head is still the expected one."""
    repository, pull = pull_of(call)
    if call.actor.app is None and not is_at_least(level_on(repository, call.actor.login), "write"):
        raise forbidden()
    wanted = text_of(call.fields(), "sha")
    if wanted and wanted != pull.head_sha:
        raise Refused(409, "Head branch was modified. Review and try the merge again.")
    if pull.state != "open" or pull.is_draft or pull.merge_commit is None:
        raise Refused(405, "Pull Request is not mergeable")
    sha = merge_pull(call.world, repository, pull, call.actor.login or "")
    return Answer(body={"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def _text(call: Call, repository: Repository, pull: Pull, kind: str) -> Answer:
    files, limits = call.world.files(repository, pull), call.world.limits
    lines = sum(file.additions + file.deletions for file in files)
    if len(files) > limits.diff_files or lines > limits.diff_lines:
        what = ("files", limits.diff_files) if len(files) > limits.diff_files else ("lines", limits.diff_lines)
        hint = "Consider using 'List pull requests files' API or locally cloning the repository instead."
        raise Refused(
            406,
            f"Sorry, the diff exceeded the maximum number of {what[0]} ({what[1]}). {hint}",
            [{"resource": "PullRequest", "field": "diff", "code": "too_large"}],
            docs="https://docs.github.com/rest/pulls/pulls#list-pull-requests-files",
        )
    base = call.world.merge_base(repository, pull)
    command = (
        ("diff", base, pull.head_sha) if kind == "diff" else ("format-patch", "--stdout", f"{base}..{pull.head_sha}")
    )
    raw = bare_git.git(call.world.path(repository), *command)
    return Answer(body=raw, content_type=f"application/vnd.github.v3.{kind}; charset=utf-8")


def _patches(files: Sequence[ChangedFile], limits: Limits) -> list[str | None]:
    found: list[str | None] = []
    total_bytes = total_lines = 0
    for file in files:
        size, lines = len(file.patch or ""), (file.patch or "").count("\n")
        total_bytes, total_lines = total_bytes + size, total_lines + lines
        too_large = size > limits.patch_bytes or lines > limits.patch_lines
        exhausted = total_bytes > limits.total_patch_bytes or total_lines > limits.total_patch_lines
        found.append(None if too_large or exhausted else file.patch)
    return found
