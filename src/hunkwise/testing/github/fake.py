"""A stateful GitHub on 127.0.0.1 for tests, laid out as GitHub Enterprise Server: everything derives from one URL."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from hunkwise.testing.github import bare_git
from hunkwise.testing.github.access import TOKEN_SECONDS, mint, reaches
from hunkwise.testing.github.answers import Answer
from hunkwise.testing.github.clock import Clock
from hunkwise.testing.github.deliveries import Hooks
from hunkwise.testing.github.faults import Faults
from hunkwise.testing.github.judge import Violation
from hunkwise.testing.github.keys import new_app
from hunkwise.testing.github.log import RequestLog
from hunkwise.testing.github.manifests import keep
from hunkwise.testing.github.people import RepositoryHandle
from hunkwise.testing.github.rate_limits import Limits
from hunkwise.testing.github.server import Server
from hunkwise.testing.github.state import (
    EVENTS,
    PULL_REQUEST_APP,
    App,
    Installation,
    Json,
    Permissions,
    Repository,
    State,
)
from hunkwise.testing.github.stranger import Stranger
from hunkwise.testing.github.web import Web
from hunkwise.testing.github.world import World

ACTIONS = "github-actions"


class FakeGitHub:
    """The fake; it serves from `start` to `stop`, or within `with`, whose end is also a `check`.

    url: where it is; `api` is its REST, `graphql` its GraphQL. violations: what was said against GitHub's own
    descriptions. log: the requests. faults: what shall go wrong. clock, limits: may be moved.
    hooks: the webhooks on their way out.
    """

    def __init__(self, root: Path, *, port: int = 0, state: State | None = None, judged: bool = True) -> None:
        _require_extra()
        self._server = Server(port)
        self.world = World(root / "repositories", state)
        self.world.url = f"http://127.0.0.1:{self._server.port}"
        self.hooks = Hooks(self.world)
        self.world.hooks = self.hooks
        self._stranger: Stranger | None = None
        self._web = Web(self.world, self._server.cut, lambda: self.stranger.url, judged=judged)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
        if kind is None:
            self.check()

    def start(self) -> None:
        """Begin to serve."""
        self._server.start(self._web)

    def stop(self) -> None:
        """End it."""
        self.hooks.close()
        self._server.stop()
        self._web.close()
        if self._stranger is not None:
            self._stranger.close()

    @property
    def url(self) -> str:
        return self.world.url

    @property
    def api(self) -> str:
        return self.world.api

    @property
    def graphql(self) -> str:
        return f"{self.url}/api/graphql"

    @property
    def state(self) -> State:
        return self.world.state

    @property
    def clock(self) -> Clock:
        return self.world.clock

    @property
    def limits(self) -> Limits:
        return self.world.limits

    @property
    def log(self) -> RequestLog:
        return self._web.log

    @property
    def faults(self) -> Faults:
        return self._web.faults

    @property
    def stranger(self) -> Stranger:
        """Return the other host, to which the fault `redirect` leads."""
        with self.world.lock:
            self._stranger = self._stranger or Stranger()
            return self._stranger

    @property
    def violations(self) -> list[Violation]:
        return self._web.judge.violations

    def repository(
        self, full_name: str, *, private: bool = True, fork_of: RepositoryHandle | None = None
    ) -> RepositoryHandle:
        """Return a repository, made empty where it is new; a fork starts with the branches of the other."""
        owner, _, name = full_name.partition("/")
        if not name:
            raise ValueError(f"{full_name!r} is no OWNER/NAME")
        with self.world.lock:
            for one in self.state.repositories.values():
                if one.full_name == full_name and not one.is_deleted:
                    return RepositoryHandle(self.world, one)
            self.world.account(owner)
            made = Repository(
                id=self.state.next_id(),
                owner=owner,
                name=name,
                created_at=self.clock.now(),
                is_private=private,
                fork_of=fork_of.state.id if fork_of else None,
            )
            handle = RepositoryHandle(self.world, made)
            bare_git.create(handle.path)
            if fork_of is not None:
                handle.git("fetch", "-q", str(fork_of.path), "+refs/heads/*:refs/heads/*")
            self.state.repositories[made.id] = made
        return handle

    def app(
        self,
        slug: str = "hunkwise",
        *,
        owner: str = "octo-org",
        permissions: Permissions | None = None,
        events: Sequence[str] = EVENTS,
        hook_url: str | None = None,
        webhook_secret: str = "",
    ) -> App:
        """Return an App, registered where it is new."""
        with self.world.lock:
            for one in self.state.apps.values():
                if one.slug == slug:
                    return one
            return new_app(
                self.world,
                slug=slug,
                owner=owner,
                permissions=PULL_REQUEST_APP if permissions is None else permissions,
                events=events,
                hook_url=hook_url,
                webhook_secret=webhook_secret,
            )

    def install(
        self, app: App, *repositories: RepositoryHandle, account: str = "", permissions: Permissions | None = None
    ) -> Installation:
        """Install an App on repositories of one owner, or on all of an account's."""
        if not repositories and not account:
            raise ValueError("an App is installed on repositories, or on an account")
        owner = account or repositories[0].state.owner
        if any(one.state.owner != owner for one in repositories):
            raise ValueError(f"an installation is of one account; not all of these repositories are {owner}'s")
        with self.world.lock:
            made = Installation(
                id=self.state.next_id(),
                app=app.id,
                account=owner,
                created_at=self.clock.now(),
                permissions=dict(app.permissions if permissions is None else permissions),
                repositories=[one.state.id for one in repositories] if repositories else None,
            )
            self.state.installations[made.id] = made
            self.hooks.emit_installation("created", made)
        return made

    def suspend(self, installation: Installation, suspended: bool = True) -> None:
        """Suspend an installation, or end that."""
        with self.world.lock:
            installation.suspended_at = self.clock.now() if suspended else None
            self.hooks.emit_installation("suspend" if suspended else "unsuspend", installation)

    def choose(self, installation: Installation, *repositories: RepositoryHandle) -> None:
        """Let an installation cover these repositories and no others."""
        with self.world.lock:
            before = {one.id for one in self.state.repositories.values() if reaches(installation, one)}
            installation.repositories = [one.state.id for one in repositories]
            after = set(installation.repositories)
            known = self.state.repositories
            for action, added, removed in (("added", after - before, set()), ("removed", set(), before - after)):
                if added or removed:
                    self.hooks.emit_installation(
                        action,
                        installation,
                        added=[known[id] for id in sorted(added)],
                        removed=[known[id] for id in sorted(removed)],
                    )

    def uninstall(self, installation: Installation) -> None:
        """Remove an installation."""
        with self.world.lock:
            del self.state.installations[installation.id]
            self.hooks.emit_installation("deleted", installation)

    def token(self, repository: RepositoryHandle, *, app: App | None = None, **permissions: str) -> str:
        """Return a token for one repository, as a workflow's GITHUB_TOKEN is unless an App is given."""
        with self.world.lock:
            actor = app or self.app(ACTIONS, permissions={})
            granted = {"metadata": "read", **permissions}
            found = next(
                (
                    one
                    for one in self.state.installations.values()
                    if one.app == actor.id and one.account == repository.state.owner
                ),
                None,
            ) or self.install(actor, account=repository.state.owner, permissions=granted)
            made = mint(
                self.world,
                login=actor.bot,
                app=actor,
                installation=found.id,
                repositories=[repository.state.id],
                permissions=granted,
                seconds=TOKEN_SECONDS,
            )
        return made.value

    def user_token(self, login: str) -> str:
        """Return a token of a user, who may do what the repositories let them."""
        with self.world.lock:
            self.world.account(login)
            return mint(self.world, login=login).value

    def manifest(self, manifest: Json, *, owner: str) -> str:
        """Take an App's manifest as the page of GitHub does, and return the code that converts it."""
        return keep(self.world, manifest, owner)

    def control(self, control: Callable[[str, bytes], Answer]) -> None:
        """Let another process give commands, by POST to /_fake/COMMAND."""
        self._web.control = control

    def check(self) -> None:
        """Raise AssertionError where GitHub's own descriptions have something against a request or an answer."""
        if self.violations:
            raise AssertionError("\n".join(map(str, self.violations)))


def _require_extra() -> None:
    missing = [name for name in ("graphql", "openapi_core", "uvicorn") if find_spec(name) is None]
    if missing:
        raise RuntimeError(f"the fake GitHub needs {', '.join(missing)}: install hunkwise[testing]")
