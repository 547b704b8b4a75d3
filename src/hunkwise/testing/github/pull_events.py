"""What happens to a pull request, each with the event that the Apps hear of."""

import time
from typing import Literal

from hunkwise.testing.github import bare_git, outdating
from hunkwise.testing.github.pull_json import pull_json
from hunkwise.testing.github.state import Head, Json, Pull, Repository
from hunkwise.testing.github.world import World


def announce(world: World, repository: Repository, pull: Pull, action: str, sender: str, **extra: object) -> None:
    """Tell the Apps what happened."""
    about: Json = {"number": pull.number, "pull_request": pull_json(world, repository, pull)}
    world.hooks.emit("pull_request", action, repository, sender, about | extra)


def open_pull(world: World, repository: Repository, pull: Pull) -> None:
    """Add a new pull request, with its refs."""
    merged = _point_refs(world, repository, pull, pull.head_sha)
    with world.lock:
        _note_head(world, pull, pull.head_sha, merged)
        repository.pulls[pull.number] = pull
        announce(world, repository, pull, "opened", pull.author)


def move_head(world: World, repository: Repository, pull: Pull, sha: str, sender: str) -> None:
    """Point it at another commit, with its refs and the lines of its comments."""
    before = pull.head_sha
    merged = _point_refs(world, repository, pull, sha)
    with world.lock:
        _note_head(world, pull, sha, merged)
        outdating.move_comments(world, repository, pull)
        if pull.state == "open":
            announce(world, repository, pull, "synchronize", sender, before=before, after=sha)


def set_state(world: World, repository: Repository, pull: Pull, state: Literal["open", "closed"], sender: str) -> None:
    """Close or reopen it."""
    if pull.state == state:
        return
    pull.state, pull.updated_at = state, world.clock.now()
    pull.closed_at = world.clock.now() if state == "closed" else None
    announce(world, repository, pull, "closed" if state == "closed" else "reopened", sender)


def set_draft(world: World, repository: Repository, pull: Pull, is_draft: bool, sender: str) -> None:
    """Make it a draft, or ready for review."""
    if pull.is_draft == is_draft:
        return
    pull.is_draft, pull.updated_at = is_draft, world.clock.now()
    announce(world, repository, pull, "converted_to_draft" if is_draft else "ready_for_review", sender)


def set_locked(world: World, repository: Repository, pull: Pull, is_locked: bool, sender: str) -> None:
    """Lock or unlock its conversation."""
    pull.is_locked, pull.updated_at = is_locked, world.clock.now()
    announce(world, repository, pull, "locked" if is_locked else "unlocked", sender)


def merge_pull(world: World, repository: Repository, pull: Pull, sender: str) -> str:
    """Merge it into its base branch and return the merge commit."""
    path = world.path(repository)
    sha = pull.merge_commit or pull.head_sha
    bare_git.git(path, "update-ref", f"refs/heads/{pull.base_ref}", sha)
    bare_git.git(path, "update-ref", "-d", f"refs/pull/{pull.number}/merge")
    now = world.clock.now()
    pull.merged_at = pull.closed_at = pull.updated_at = now
    pull.merged_by, pull.state = sender, "closed"
    announce(world, repository, pull, "closed", sender)
    return sha


def _point_refs(world: World, repository: Repository, pull: Pull, sha: str) -> str | None:
    path = world.path(repository)
    bare_git.git(path, "update-ref", f"refs/pull/{pull.number}/head", sha)
    return bare_git.merge_commit(path, f"refs/pull/{pull.number}/merge", pull.base_sha, sha, world.clock.now())


def _note_head(world: World, pull: Pull, sha: str, merged: str | None) -> None:
    now = world.clock.now()
    pull.head_sha, pull.merge_commit, pull.updated_at = sha, merged, now
    pull.heads.append(Head(sha=sha, at=now, monotonic=time.monotonic()))
