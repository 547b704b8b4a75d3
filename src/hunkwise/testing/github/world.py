"""The state with what it lives in: a clock, a folder of repositories, a URL, limits and webhooks."""

import threading
from pathlib import Path
from typing import Protocol

from hunkwise.testing.github import bare_git
from hunkwise.testing.github.answers import not_found
from hunkwise.testing.github.clock import Clock
from hunkwise.testing.github.diffs import ChangedFile, changed_files
from hunkwise.testing.github.rate_limits import Limits, RateLimits
from hunkwise.testing.github.state import Account, Delivery, Json, Pull, Repository, State


class Outlet(Protocol):
    """Where events leave for the Apps."""

    def emit(self, event: str, action: str, repository: Repository, sender: str, extra: Json) -> None:
        """Tell the Apps on a repository what happened."""

    def redeliver(self, delivery: Delivery) -> Delivery:
        """Deliver again."""


class World:
    """All of one fake GitHub; `lock` is held by who reads or writes the state, `pushing` by who adds commits."""

    def __init__(self, root: Path, state: State | None = None) -> None:
        self.root = root
        self.state = state or State()
        self.clock = Clock()
        self.limits = Limits()
        self.lock = threading.RLock()
        self.pushing = threading.RLock()
        self.url = ""
        self.rates = RateLimits(self.limits, self.clock)
        self.hooks: Outlet

    @property
    def api(self) -> str:
        return f"{self.url}/api/v3"

    def path(self, repository: Repository) -> Path:
        """Return where a repository's git is."""
        return self.root / repository.owner / f"{repository.name}.git"

    def account(self, login: str) -> Account:
        """Return an account, made where it is new."""
        found = self.state.accounts.get(login)
        if found is None:
            found = Account(id=self.state.next_id(), login=login, type="Bot" if login.endswith("[bot]") else "User")
            self.state.accounts[login] = found
        return found

    def repository(self, owner: str, name: str) -> Repository:
        """Return a repository by its name, whatever the case of its letters; raises Refused where there is none."""
        wanted = f"{owner}/{name}".lower()
        for one in self.state.repositories.values():
            if one.full_name.lower() == wanted and not one.is_deleted:
                return one
        raise not_found()

    def pull(self, repository: Repository, number: int) -> Pull:
        """Return a pull request; raises Refused where there is none."""
        found = repository.pulls.get(number)
        if found is None:
            raise not_found()
        return found

    def merge_base(self, repository: Repository, pull: Pull, head: str | None = None) -> str:
        """Return the commit that a pull request's diff starts at."""
        return bare_git.merge_base(self.path(repository), pull.base_sha, head or pull.head_sha) or pull.base_sha

    def files(self, repository: Repository, pull: Pull, head: str | None = None) -> tuple[ChangedFile, ...]:
        """Return the files of a pull request, at its head or at an earlier commit of it."""
        head = head or pull.head_sha
        return changed_files(self.path(repository), self.merge_base(repository, pull, head), head)

    def commits(self, repository: Repository, pull: Pull) -> tuple[str, ...]:
        """Return the commits of a pull request, oldest first."""
        return bare_git.commits_between(self.path(repository), pull.base_sha, pull.head_sha)
