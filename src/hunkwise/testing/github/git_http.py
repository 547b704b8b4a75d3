"""Git over HTTP: the real `git http-backend`, behind GitHub's authentication."""

import os
import subprocess
from collections.abc import Mapping

from hunkwise.testing.github.access import authenticate, grants, is_at_least, level_on, sees
from hunkwise.testing.github.answers import Answer, Refused
from hunkwise.testing.github.bare_git import environment
from hunkwise.testing.github.world import World


def serve(
    world: World, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
) -> tuple[Answer, str]:
    """Answer a request of git's; return also who asked."""
    owner, name, rest = (*path.lstrip("/").split("/", 2), "", "")[:3]
    try:
        with world.lock:
            actor = authenticate(world, headers)
            repository = world.repository(owner, name.removesuffix(".git"))
            pushes = rest == "git-receive-pack" or "service=git-receive-pack" in query
            if not sees(world, actor, repository):
                raise _unauthorized() if actor.token is None else Refused(404, "Repository not found.")
            token = actor.token
            level = "write" if pushes else "read"
            if token is None:
                allowed = not pushes and not repository.is_private
            elif token.app is None:
                allowed = is_at_least(level_on(repository, token.login), level)
            else:
                allowed = grants(token.permissions, "contents", level) or not (pushes or repository.is_private)
            if not allowed:
                raise _unauthorized() if token is None else Refused(403, "Write access to repository not granted.")
    except Refused as refused:
        return Answer(
            status=refused.status,
            body=refused.message.encode(),
            headers=refused.headers,
            content_type="text/plain; charset=utf-8",
        ), ""
    variables = {name: value for name, value in environment(world.root).items() if name != "GIT_DIR"} | {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        "GIT_PROJECT_ROOT": os.fspath(world.root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{repository.owner}/{repository.name}.git/{rest}",
        "QUERY_STRING": query,
        "REQUEST_METHOD": method,
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_USER": actor.login or "anonymous",
        "CONTENT_TYPE": headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_CONTENT_ENCODING": headers.get("content-encoding", ""),
        "GIT_PROTOCOL": headers.get("git-protocol", ""),
    }
    done = subprocess.run(["git", "http-backend"], env=variables, input=body, capture_output=True, check=False)
    return _parse(done.stdout), actor.login or ""


def _unauthorized() -> Refused:
    return Refused(401, "Repository not found.", headers={"WWW-Authenticate": 'Basic realm="GitHub"'})


def _parse(printed: bytes) -> Answer:
    head, _, body = printed.partition(b"\r\n\r\n")
    status, kind = 200, "application/octet-stream"
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "status":
            status = int(value.split()[0])
        elif name.lower() == "content-type":
            kind = value.strip()
        elif name:
            headers[name] = value.strip()
    return Answer(status=status, body=body, headers=headers, content_type=kind)
