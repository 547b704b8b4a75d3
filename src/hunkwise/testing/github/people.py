"""What a test holds of the fake: repositories and pull requests, with what people do to them."""

from collections.abc import Callable
from pathlib import Path

from hunkwise.testing.github import bare_git, pull_events, reviewing
from hunkwise.testing.github.bare_git import Files
from hunkwise.testing.github.check_json import announce_check_run
from hunkwise.testing.github.state import IssueComment, Pull, Reaction, Repository, Review, ReviewComment
from hunkwise.testing.github.world import World

EMPTY: Files = {}


class RepositoryHandle:
    """A repository; `state` is what the fake knows of it, `path` its real bare git."""

    def __init__(self, world: World, state: Repository) -> None:
        self.world = world
        self.state = state

    @property
    def path(self) -> Path:
        return self.world.path(self.state)

    @property
    def full_name(self) -> str:
        return self.state.full_name

    @property
    def clone_url(self) -> str:
        return f"{self.world.url}/{self.state.full_name}.git"

    def git(self, *args: str, stdin: bytes = b"") -> bytes:
        """Run git in it."""
        return bare_git.git(self.path, *args, stdin=stdin)

    def commit(self, files: Files, *, branch: str = "", message: str = "work", parent: str | None = None) -> str:
        """Commit files on top of a branch, or of another commit, move the branch there, and return the commit."""
        ref = f"refs/heads/{branch or self.state.default_branch}"
        parent = parent or bare_git.resolve(self.path, ref)
        return bare_git.commit(self.path, ref, files, parent=parent, message=message, at=self.world.clock.now())

    def collaborator(self, login: str, level: str) -> None:
        """Give a user a permission level: none, read, triage, write, maintain or admin."""
        with self.world.lock:
            self.world.account(login)
            self.state.collaborators[login] = level

    def open_pull(
        self,
        *,
        base_files: Files = EMPTY,
        head_files: Files = EMPTY,
        base: str = "",
        head: str = "",
        branch: str = "",
        title: str = "A change",
        body: str = "",
        author: str = "alice",
        draft: bool = False,
        fork: "RepositoryHandle | None" = None,
    ) -> "PullHandle":
        """Open a pull request.

        base_files, head_files: committed to the default branch, and on top of it to a new branch; a content None
        deletes. base, head: commits or branches that are there already, instead of these. fork: where the head is.
        """
        with self.world.pushing:
            world, target = self.world, self.state
            number = max(target.pulls, default=0) + 1
            source = fork or self
            branch = branch or f"topic-{number}"
            if base_files or bare_git.resolve(self.path, f"refs/heads/{target.default_branch}") is None:
                self.commit(base_files, message="base")
            base_sha = _must(self.path, base or f"refs/heads/{target.default_branch}")
            if fork is not None:
                fork.git("fetch", "-q", str(self.path), f"{base_sha}")
            if head:
                head_sha = _must(source.path, head)
            else:
                head_sha = source.commit(head_files, branch=branch, message=title, parent=base_sha)
            if fork is not None:
                self.git("fetch", "-q", str(fork.path), head_sha)
            with world.lock:
                now = world.clock.now()
                world.account(author)
                pull = Pull(
                    id=world.state.next_id(),
                    number=number,
                    title=title,
                    body=body,
                    author=author,
                    base_ref=target.default_branch if base_files or not base or len(base) == 40 else base,
                    base_sha=base_sha,
                    head_ref=branch if not head or len(head) == 40 else head,
                    head_sha=head_sha,
                    head_repository=source.state.id,
                    head_owner=source.state.owner,
                    created_at=now,
                    updated_at=now,
                    is_draft=draft,
                )
                pull_events.open_pull(world, target, pull)
            return PullHandle(self, pull)

    def pull(self, number: int) -> "PullHandle":
        """Return a pull request that is there already."""
        return PullHandle(self, self.world.pull(self.state, number))

    def rerequest(self, check_run: int, user: str = "bob") -> None:
        """Press `Re-run` on a check run."""
        with self.world.lock:
            self.world.account(user)
            announce_check_run(self.world, self.state, self.state.check_runs[check_run], "rerequested", user)

    def delete(self) -> None:
        """Delete it; pull requests from it lose their head repository, and keep their commits."""
        with self.world.lock:
            self.state.is_deleted = True
            for repository in self.world.state.repositories.values():
                for pull in repository.pulls.values():
                    if pull.head_repository == self.state.id:
                        pull.head_repository = None


class PullHandle:
    """A pull request; `state` is what the fake knows of it. What is done without a name is done by its author."""

    def __init__(self, repository: RepositoryHandle, state: Pull) -> None:
        self.repository = repository
        self.world = repository.world
        self.state = state

    @property
    def number(self) -> int:
        return self.state.number

    @property
    def url(self) -> str:
        return f"{self.world.url}/{self.repository.full_name}/pull/{self.number}"

    @property
    def head(self) -> str:
        return self.state.head_sha

    @property
    def base(self) -> str:
        return self.state.base_sha

    @property
    def reviews(self) -> list[Review]:
        return list(self.state.reviews.values())

    @property
    def comments(self) -> list[ReviewComment]:
        return list(self.state.comments.values())

    @property
    def conversation(self) -> list[IssueComment]:
        return list(self.state.conversation.values())

    def push(self, files: Files, *, message: str = "more") -> str:
        """Commit files on top of the head and return the new head."""
        return self._move(files, lambda: self.head, message)

    def force_push(self, files: Files, *, message: str = "again", onto: str | None = None) -> str:
        """Replace all commits by one of these files on the base, or on another commit; return the new head."""
        return self._move(files, lambda: onto or self.world.merge_base(self.repository.state, self.state), message)

    def set_head(self, sha: str) -> None:
        """Point it at a commit that the base repository has already."""
        pull_events.move_head(self.world, self.repository.state, self.state, sha, self.state.author)

    def close(self, user: str = "") -> None:
        """Close it."""
        with self.world.lock:
            pull_events.set_state(*self._all, "closed", user or self.state.author)

    def reopen(self, user: str = "") -> None:
        """Open it again."""
        with self.world.lock:
            pull_events.set_state(*self._all, "open", user or self.state.author)

    def merge(self, user: str = "") -> str:
        """Merge it and return the merge commit."""
        with self.world.lock:
            return pull_events.merge_pull(*self._all, user or self.state.author)

    def draft(self, is_draft: bool = True, user: str = "") -> None:
        """Make it a draft, or ready for review."""
        with self.world.lock:
            pull_events.set_draft(*self._all, is_draft, user or self.state.author)

    def lock(self, is_locked: bool = True, user: str = "") -> None:
        """Lock its conversation, or unlock it."""
        with self.world.lock:
            pull_events.set_locked(*self._all, is_locked, user or self.repository.state.owner)

    def comment(self, body: str, user: str = "bob") -> IssueComment:
        """Say something in the conversation."""
        with self.world.lock:
            return reviewing.create_remark(*self._all, self._author(user), body)

    def review_comment(self, path: str, line: int, body: str, user: str = "bob", side: str = "RIGHT") -> ReviewComment:
        """Say something about a line."""
        fields = {"path": path, "line": line, "side": side, "body": body, "commit_id": self.head}
        with self.world.lock:
            return reviewing.create_comment(*self._all, self._author(user), fields)

    def reply(self, comment: int, body: str, user: str = "bob") -> ReviewComment:
        """Answer a review comment, or the one that it answers itself."""
        with self.world.lock:
            parent = self.state.comments[comment]
            root = self.state.comments[parent.reply_to] if parent.reply_to is not None else parent
            return reviewing.create_reply(*self._all, self._author(user), root, body)

    def react(self, comment: int, content: str, user: str = "bob") -> Reaction:
        """Put an emoji under a comment, of the conversation or of a review."""
        with self.world.lock:
            found = self.state.comments.get(comment) or self.state.conversation[comment]
            self.world.account(user)
            reaction = Reaction(
                id=self.world.state.next_id(), user=user, content=content, created_at=self.world.clock.now()
            )
            found.reactions.append(reaction)
            return reaction

    def resolve(self, comment: int, user: str = "bob") -> None:
        """Resolve the thread of a top-level review comment."""
        with self.world.lock:
            self.world.account(user)
            thread = self.state.threads[comment]
            thread.resolved_by = user
            reviewing.announce_thread(*self._all, thread, "resolved", user)

    def delete_comment(self, comment: int, user: str = "bob") -> None:
        """Delete a comment, of the conversation or of a review."""
        with self.world.lock:
            self.world.account(user)
            if comment in self.state.comments:
                reviewing.delete_comment(self.state, self.state.comments[comment])
            else:
                found = self.state.conversation.pop(comment)
                reviewing.announce_remark(*self._all, found, "deleted", user)

    @property
    def _all(self) -> tuple[World, Repository, Pull]:
        return self.world, self.repository.state, self.state

    def _author(self, user: str) -> reviewing.Author:
        self.world.account(user)
        return reviewing.Author(login=user)

    def _move(self, files: Files, parent: Callable[[], str], message: str) -> str:
        world, pull = self.world, self.state
        with world.pushing:
            source = world.state.repositories.get(pull.head_repository or 0)
            if source is None:
                raise ValueError(f"{self.url} has no head repository any more; nothing can be pushed to it")
            path, ref = world.path(source), f"refs/heads/{pull.head_ref}"
            sha = bare_git.commit(path, ref, files, parent=parent(), message=message, at=world.clock.now())
            if path != self.repository.path:
                self.repository.git("fetch", "-q", str(path), sha)
            self.set_head(sha)
        return sha


def _must(path: Path, name: str) -> str:
    found = bare_git.resolve(path, name)
    if found is None:
        raise ValueError(f"{path} has no commit {name}")
    return found
