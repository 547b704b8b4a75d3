"""Turn what the user asked for into two trees to compare, without writing to their repository or index."""

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hunkwise.core.errors import UsageError
from hunkwise.core.model import FileDiff, Sha
from hunkwise.workspace.git import Repository, open_repository
from hunkwise.workspace.revisions import (
    Revision,
    commit_revision,
    common_ancestor,
    default_base,
    empty_revision,
    resolve,
)
from hunkwise.workspace.snapshot import Status, Store, read_status
from hunkwise.workspace.tree_diff import diff_trees
from hunkwise.workspace.trees import GitWorkspace

WORKING_TREE = "working tree"
INDEX = "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two trees and what to call them.

    checkout: the directory that holds just the head's files, if there is one. temporary: ours, and removed on close.
    """

    repository: Repository
    id: str
    base: Revision
    head: Revision
    between: str
    notes: tuple[str, ...] = ()
    checkout: Path | None = None
    temporary: Path | None = None
    is_checked_out: bool = False
    uncommitted: int = 0

    def files(self) -> tuple[FileDiff, ...]:
        """Return what differs."""
        return diff_trees(self.repository, self.base.tree, self.head.tree)

    def workspace(self) -> GitWorkspace:
        """Return the files at both ends; closing it removes what was made for the comparison."""
        return GitWorkspace(
            self.repository, self.base.tree, self.head.tree, checkout=self.checkout, temporary=self.temporary
        )

    def describe(self, files: tuple[FileDiff, ...]) -> str:
        """Return one line: what is compared with what, and how much differs."""
        if not files:
            return f"{self.between}: nothing differs; --base REVISION names another base, such as --base HEAD~1"
        count = "1 file" if len(files) == 1 else f"{len(files)} files"
        return f"{self.between}: {count}" + (f", {self.uncommitted} uncommitted" if self.uncommitted else "")


@dataclass(slots=True)
class Here:
    """A repository and, unless it is bare, the state of its working tree."""

    repository: Repository
    status: Status | None
    temporary: Path | None = field(default=None)

    @property
    def branch(self) -> str:
        return (self.status.branch if self.status else None) or "HEAD"

    def head(self) -> Revision:
        """Return the commit that is checked out, or the empty tree before the first one."""
        if self.status is None:
            return resolve(self.repository, "HEAD")[0]
        if self.status.head is None:
            return empty_revision(self.repository)
        return commit_revision("HEAD", self.status.head)

    def store(self) -> Store:
        """Return a private store for new objects; from then on, the repository is read through it."""
        self.discard()
        self.temporary = Path(tempfile.mkdtemp(prefix="hunkwise-"))
        store = Store(self.repository, self.temporary)
        self.repository = store.repository
        return store

    def discard(self) -> None:
        """Remove the private store."""
        if self.temporary is not None:
            shutil.rmtree(self.temporary, ignore_errors=True)

    def index(self) -> tuple[Revision, Path | None]:
        """Return the index as a tree, and the directory that holds just these files, if there is one."""
        status = self._status(INDEX)
        on_disk = None if status.unstaged or status.untracked or status.unmerged else self.repository.work_tree
        if not status.staged and not status.unmerged:
            return self.head()._replace(name=INDEX), on_disk
        return Revision(INDEX, None, self.store().index_tree(status)), on_disk

    def working(self) -> tuple[Revision, tuple[str, ...]]:
        """Return the working tree as a tree, untracked files included, and notes on what was left out."""
        status = self._status(WORKING_TREE)
        if status.is_clean:
            return self.head()._replace(name=WORKING_TREE), ()
        tree, notes = self.store().work_tree(status)
        return Revision(WORKING_TREE, None, tree), notes

    def _status(self, wanted: str) -> Status:
        if self.status is None:
            raise UsageError(
                f"{self.repository.name} has no working tree, so there is no {wanted} to review: "
                "name two revisions with --base and --head"
            )
        return self.status


def look(directory: str) -> Here:
    """Open the repository around a directory and read its state."""
    repository = open_repository(directory)
    return Here(repository, read_status(repository) if repository.work_tree is not None else None)


def compare(here: Here, base: str | None, head: str | None, *, staged: bool, working: bool) -> Comparison:
    """Decide what to compare; see the reference of `hunkwise review` for the rules."""
    try:
        if staged:
            return _staged(here)
        if working:
            return _working(here)
        return _range(here, base, head)
    except BaseException:
        here.discard()
        raise


def _staged(here: Here) -> Comparison:
    start = here.head()
    end, on_disk = here.index()
    count = len(here.status.staged) if here.status else 0
    return Comparison(
        repository=here.repository,
        id="staged changes",
        base=start,
        head=end,
        between=f"{_named(start)} … {INDEX}",
        checkout=on_disk,
        temporary=here.temporary,
        is_checked_out=True,
        uncommitted=count,
    )


def _working(here: Here, notes: tuple[str, ...] = ()) -> Comparison:
    start = here.head()
    end, left_out = here.working()
    return Comparison(
        repository=here.repository,
        id=WORKING_TREE,
        base=start,
        head=end,
        between=f"{_named(start)} … {WORKING_TREE}",
        notes=(*notes, *left_out),
        checkout=here.repository.work_tree,
        temporary=here.temporary,
        is_checked_out=True,
        uncommitted=_uncommitted(here, left_out),
    )


def _range(here: Here, base: str | None, head: str | None) -> Comparison:
    if base is None:
        start = _default(here, head)
        if start is None:
            return _working(here)
        (end,) = resolve(here.repository, head) if head else (here.head(),)
    elif head is None:
        (start,), end = resolve(here.repository, base), here.head()
    else:
        start, end = resolve(here.repository, base, head)
    ancestor = common_ancestor(here.repository, start, end)
    is_here = here.status is not None and end.commit is not None and end.commit == here.status.head
    left_out: tuple[str, ...] = ()
    name = head or here.branch
    checkout = None
    if head is None and here.status is not None:
        end, left_out = here.working()
        is_here, checkout = True, here.repository.work_tree
    elif is_here and here.status is not None and here.status.is_clean:
        checkout = here.repository.work_tree
    return Comparison(
        repository=here.repository,
        id=f"{start.name}...{name}",
        base=ancestor.revision,
        head=end,
        between=f"{_named(start, ancestor.revision)} … {end.name if head is None else _named(end)}",
        notes=(*((ancestor.note,) if ancestor.note else ()), *left_out),
        checkout=checkout,
        temporary=here.temporary,
        is_checked_out=is_here,
        uncommitted=_uncommitted(here, left_out) if head is None else 0,
    )


def _default(here: Here, head: str | None) -> Revision | None:
    status = here.status
    if status is not None and status.head is None and head is None:
        return None
    found = default_base(here.repository, status.branch if status else None, status.upstream if status else None)
    if found is None and (head is not None or status is None):
        raise UsageError(f"{here.repository.name} has no branch main or master to compare with: name one with --base")
    return found


def _uncommitted(here: Here, left_out: tuple[str, ...]) -> int:
    return len(here.status.changed) - len(left_out) if here.status else 0


def _named(revision: Revision, ancestor: Revision | None = None) -> str:
    if revision.commit is None:
        return revision.name
    if ancestor is not None and ancestor.commit is not None and ancestor.commit != revision.commit:
        return f"{revision.name} (merge-base {_short(ancestor.commit)})"
    return (
        revision.name if revision.commit.startswith(revision.name) else f"{revision.name} ({_short(revision.commit)})"
    )


def _short(commit: Sha) -> str:
    return commit[:7]
