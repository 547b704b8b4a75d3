"""The state with what it lives in: a clock, a folder of repositories, a URL, limits and webhooks."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hunkwise.testing.github import bare_git
from hunkwise.testing.github.calls import not_found
from hunkwise.testing.github.clock import Clock
from hunkwise.testing.github.diffs import ChangedFile, changed_files
from hunkwise.testing.github.state import Account, Head, Json, Pull, Repository, State

if TYPE_CHECKING:
    from hunkwise.testing.github.deliveries import Hooks
    from hunkwise.testing.github.rate_limits import RateLimits


@dataclass(slots=True, kw_only=True)
class Limits:
    """GitHub's limits, which a test may lower; None lifts one."""

    requests_per_hour: int | None = 5000
    points_per_minute: int | None = 900
    graphql_points_per_minute: int | None = 2000
    content_per_minute: int | None = 80
    content_per_hour: int | None = 500
    concurrent: int | None = 100
    body_characters: int = 65_536
    listed_files: int = 3000
    patch_bytes: int = 500_000
    patch_lines: int = 20_000
    total_patch_bytes: int = 1_000_000
    total_patch_lines: int = 20_000
    diff_files: int = 300
    diff_lines: int = 20_000
    annotations: int = 50


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
        self.hooks: Hooks | None = None
        self.rates: RateLimits | None = None

    @property
    def api(self) -> str:
        return f"{self.url}/api/v3"

    def path(self, repository: Repository) -> Path:
        """Return where a repository's git is."""
        return self.root / repository.owner / f"{repository.name}.git"

    def account(self, login: str, type: str = "User") -> Account:
        """Return an account, made where it is new."""
        found = self.state.accounts.get(login)
        if found is None:
            found = Account(id=self.state.next_id(), login=login, type="Bot" if login.endswith("[bot]") else type)
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

    def move_head(self, repository: Repository, pull: Pull, sha: str) -> None:
        """Point a pull request at another commit, with its refs and the lines of its comments."""
        from hunkwise.testing.github import outdating

        path = self.path(repository)
        bare_git.git(path, "update-ref", f"refs/pull/{pull.number}/head", sha)
        merged = bare_git.merge_commit(path, f"refs/pull/{pull.number}/merge", pull.base_sha, sha, self.clock.now())
        with self.lock:
            pull.head_sha, pull.merge_commit, pull.updated_at = sha, merged, self.clock.now()
            pull.heads.append(Head(sha=sha, at=self.clock.now(), monotonic=time.monotonic()))
            outdating.move_comments(self, repository, pull)

    def emit(self, event: str, action: str, repository: Repository, sender: str, extra: Json) -> None:
        """Tell the Apps on a repository what happened."""
        if self.hooks is not None:
            self.hooks.emit(event, action, repository, sender, extra)
