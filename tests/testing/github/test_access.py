"""Who may do what on the fake: JWTs, installation tokens, permissions, levels."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from github import Auth, GithubIntegration

from hunkwise.testing.github.fake import FakeGitHub
from hunkwise.testing.github.people import PullHandle, RepositoryHandle
from hunkwise.testing.github.state import App

Client = Callable[[str], httpx.Client]


@pytest.fixture
def app(github: FakeGitHub, repository: RepositoryHandle) -> App:
    """Return the App, installed on the repository."""
    found = github.app()
    github.install(found, repository)
    return found


def signed(app: App, **claims: Any) -> str:
    now = int(time.time())
    known = {"iss": str(app.id), "iat": now - 60, "exp": now + 300} | claims
    return jwt.encode({name: value for name, value in known.items() if value is not None}, app.private_key, "RS256")


def test_pygithub_authenticates_as_an_app(github: FakeGitHub, repository: RepositoryHandle, app: App) -> None:
    """JWT, installation of a repository, narrowed token, and what that token reaches."""
    integration = GithubIntegration(
        auth=Auth.AppAuth(app.id, app.private_key), base_url=github.api, seconds_between_requests=0
    )
    assert "hunkwise" == integration.get_app().slug
    installation = integration.get_repo_installation("o", "r")
    made = integration.get_access_token(installation.id, permissions={"contents": "read"})
    assert (made.token.startswith(f"ghs_{app.id}_"), made.token.count(".")) == (True, 2)
    assert 500 <= len(made.token) <= 540
    assert {"contents": "read", "metadata": "read"} == made.permissions
    assert ["o/r"] == [one.full_name for one in installation.get_repos()]
    assert [installation.id] == [one.id for one in integration.get_installations()]
    integration.close()


@pytest.mark.parametrize(
    ("claim", "value", "words"),
    [
        ("exp", -1, "'exp'"),
        ("exp", 1200, "too far in the future"),
        ("iat", 300, "'iat'"),
        ("iat", None, "'iat'"),
        ("iss", "1", "could not be decoded"),
    ],
)
def test_a_wrong_jwt_is_refused(client: Client, app: App, claim: str, value: object, words: str) -> None:
    """Times out of bounds (here in seconds from now) and unknown Apps are 401, in GitHub's words."""
    claims: dict[str, Any] = {claim: int(time.time()) + value if isinstance(value, int) else value}
    answer = client(signed(app, **claims)).get("/app")
    assert (401, True) == (answer.status_code, words in answer.json()["message"])


def test_a_jwt_of_another_key_is_refused(github: FakeGitHub, client: Client, app: App) -> None:
    """The signature counts."""
    other = github.app("other")
    assert 401 == client(signed(other, iss=str(app.id))).get("/app").status_code


def test_a_clock_that_runs_ahead_breaks_a_jwt(github: FakeGitHub, client: Client, app: App) -> None:
    """Ten minutes of skew either way are too many."""
    token = signed(app)
    for seconds in (600, -1200):
        github.clock.advance(seconds)
        assert 401 == client(token).get("/app").status_code
    github.clock.advance(600)
    assert 200 == client(token).get("/app").status_code


def test_a_token_is_narrowed(github: FakeGitHub, client: Client, repository: RepositoryHandle, app: App) -> None:
    """To repositories of the installation and to permissions that it has; no further."""
    other = github.repository("o/other")
    number = next(iter(github.state.installations))
    url = f"/app/installations/{number}/access_tokens"
    with client(signed(app)) as own:
        assert 422 == own.post(url, json={"repositories": ["other"]}).status_code
        assert 422 == own.post(url, json={"permissions": {"contents": "write"}}).status_code
        assert 404 == own.post("/app/installations/1/access_tokens").status_code
        made = own.post(url, json={"repository_ids": [repository.state.id], "permissions": {"contents": "read"}})
    assert (201, ["r"]) == (made.status_code, [one["name"] for one in made.json()["repositories"]])
    with client(made.json()["token"]) as narrow:
        assert 200 == narrow.get("/repos/o/r").status_code
        assert 404 == narrow.get(f"/repos/{other.full_name}").status_code
        assert 403 == narrow.get("/repos/o/r/pulls").status_code
        assert 204 == narrow.delete("/installation/token").status_code
        assert 401 == narrow.get("/repos/o/r").status_code


def test_a_suspended_installation_does_nothing(github: FakeGitHub, client: Client, app: App, token: str) -> None:
    """Its tokens are 403, and it gets no new ones."""
    installation = next(iter(github.state.installations.values()))
    github.suspend(installation)
    with client(signed(app)) as own:
        assert 403 == own.post(f"/app/installations/{installation.id}/access_tokens").status_code
        assert "This installation has been suspended" == client(token).get("/repos/o/r").json()["message"]
    github.suspend(installation, False)
    assert 200 == client(token).get("/repos/o/r").status_code
    github.uninstall(installation)
    assert 401 == client(token).get("/repos/o/r").status_code


def test_a_token_lives_an_hour(github: FakeGitHub, client: Client, repository: RepositoryHandle, token: str) -> None:
    """By the fake's clock."""
    with client(token) as own:
        github.clock.advance(3590)
        assert 200 == own.get("/repos/o/r").status_code
        github.clock.advance(20)
        assert (401, "Bad credentials") == (own.get("/repos/o/r").status_code, own.get("/repos/o/r").json()["message"])


@pytest.mark.parametrize(
    ("method", "path", "permissions"),
    [
        ("POST", "/repos/o/r/pulls/1/reviews", {"pull_requests": "read"}),
        ("POST", "/repos/o/r/issues/1/comments", {"contents": "write"}),
        ("GET", "/repos/o/r/contents/a.py", {"pull_requests": "write"}),
        ("POST", "/repos/o/r/check-runs", {"checks": "read"}),
    ],
)
def test_a_missing_permission_is_403(
    github: FakeGitHub,
    client: Client,
    repository: RepositoryHandle,
    pull: PullHandle,
    method: str,
    path: str,
    permissions: dict[str, str],
) -> None:
    """In GitHub's words."""
    fields = {"body": "b", "event": "COMMENT", "name": "n", "head_sha": pull.head} if method == "POST" else None
    answer = client(github.token(repository, **permissions)).request(method, path, json=fields)
    assert (403, "Resource not accessible by integration") == (answer.status_code, answer.json()["message"])


@pytest.mark.parametrize(
    ("level", "permission", "role"),
    [
        ("admin", "admin", "admin"),
        ("maintain", "write", "maintain"),
        ("triage", "read", "triage"),
        ("none", "none", "none"),
    ],
)
def test_levels_are_told(
    repository: RepositoryHandle, api: httpx.Client, level: str, permission: str, role: str
) -> None:
    """Four levels and their finer roles."""
    repository.collaborator("carol", level)
    found = api.get("/repos/o/r/collaborators/carol/permission").json()
    assert (permission, role) == (found["permission"], found["role_name"])


def test_a_user_unknown_or_without_access(
    github: FakeGitHub, client: Client, repository: RepositoryHandle, api: httpx.Client
) -> None:
    """A private repository does not exist for a stranger, and a login that nobody has is 404."""
    assert 404 == client(github.user_token("mallory")).get("/repos/o/r").status_code
    assert 404 == client("").get("/repos/o/r").status_code
    assert 401 == client("ghp_wrong").get("/repos/o/r").status_code
    assert 404 == api.get("/repos/o/r/collaborators/nobody-at-all/permission").status_code


def test_a_manifest_becomes_an_app_once(github: FakeGitHub, client: Client) -> None:
    """The code is good for one conversion, which gives key and secret."""
    code = github.manifest(
        {
            "name": "My Reviewer",
            "url": "http://example.org",
            "hook_attributes": {"url": "http://127.0.0.1:1/webhook"},
            "default_permissions": {"pull_requests": "write"},
            "default_events": ["pull_request"],
        },
        owner="o",
    )
    answer = client("").post(f"/app-manifests/{code}/conversions")
    assert (201, "my-reviewer") == (answer.status_code, answer.json()["slug"])
    made = github.state.apps[answer.json()["id"]]
    assert answer.json()["pem"].startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert (answer.json()["webhook_secret"], "http://127.0.0.1:1/webhook") == (made.webhook_secret, made.hook_url)
    assert 200 == client(signed(made)).get("/app").status_code
    assert 404 == client("").post(f"/app-manifests/{code}/conversions").status_code
