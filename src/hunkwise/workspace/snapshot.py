"""Write the index or the working tree as a tree, into a copy of the index and a private store of objects."""

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.model import Sha
from hunkwise.workspace.git import Repository

MAX_UNTRACKED = 5 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What `git status` says: `head` is None before the first commit, `branch` None where HEAD is detached."""

    head: Sha | None
    branch: str | None
    upstream: str | None
    staged: tuple[bytes, ...]
    unstaged: tuple[bytes, ...]
    untracked: tuple[bytes, ...]
    unmerged: tuple[bytes, ...]

    @property
    def is_clean(self) -> bool:
        return not self.changed

    @property
    def changed(self) -> frozenset[bytes]:
        """All paths that differ from HEAD."""
        return frozenset((*self.staged, *self.unstaged, *self.untracked, *self.unmerged))


def read_status(repository: Repository) -> Status:
    """Compare HEAD, index and working tree; writes nothing."""
    output = repository.run_in_work_tree(
        *("status", "--porcelain=v2", "--branch", "--no-ahead-behind", "-z"),
        *("--untracked-files=all", "--ignored=no", "--no-renames", "--ignore-submodules=dirty"),
    )
    head: dict[bytes, str] = {}
    staged, unstaged, untracked, unmerged = [], [], [], []
    for record in output.split(b"\0"):
        if record.startswith(b"# branch."):
            key, _, value = record[9:].partition(b" ")
            head[key] = os.fsdecode(value)
        elif record.startswith(b"1 "):
            path = record.split(b" ", 8)[8]
            if record[2:3] != b".":
                staged.append(path)
            if record[3:4] != b".":
                unstaged.append(path)
        elif record.startswith(b"u "):
            unmerged.append(record.split(b" ", 10)[10])
        elif record.startswith(b"? "):
            untracked.append(record[2:])
    return Status(
        head=Sha(head[b"oid"]) if head.get(b"oid", "(initial)") != "(initial)" else None,
        branch=head.get(b"head") if head.get(b"head") != "(detached)" else None,
        upstream=head.get(b"upstream"),
        staged=tuple(staged),
        unstaged=tuple(unstaged),
        untracked=tuple(untracked),
        unmerged=tuple(unmerged),
    )


class Store:
    """A private directory with a copy of an index and new objects; the repository itself is only read."""

    def __init__(self, repository: Repository, directory: Path) -> None:
        self.index = directory / "index"
        objects = directory / "objects"
        objects.mkdir()
        self.repository = repository.with_objects(objects)

    def copy_index(self) -> None:
        """Start from the index of the repository, or an empty one before the first `git add`."""
        if self.repository.index.is_file():
            shutil.copy2(self.repository.index, self.index)

    def index_tree(self, status: Status) -> Sha:
        """Return the tree of what is staged; raise UsageError while a merge has conflicts."""
        if status.unmerged:
            names = ", ".join(os.fsdecode(path) for path in status.unmerged[:3])
            raise UsageError(f"the index has conflicts ({names}): resolve and `git add` them, or review --working")
        self.copy_index()
        return self.write_tree()

    def work_tree(self, status: Status) -> tuple[Sha, tuple[str, ...]]:
        """Return the tree of the files as they lie on disk, and notes on what was left out."""
        assert self.repository.work_tree is not None
        self.copy_index()
        notes: list[str] = []
        wanted = [*status.unstaged, *status.unmerged]
        for path in status.untracked:
            reason = _reason_to_skip(self.repository.work_tree, path)
            if reason:
                notes.append(f"{path.decode('utf-8', 'backslashreplace')}: not tracked, and left out: {reason}")
            else:
                wanted.append(path)
        if wanted:
            try:
                self.repository.run_in_work_tree(
                    *(
                        "-c",
                        "core.looseCompression=0",
                        "update-index",
                        "-z",
                        "--add",
                        "--remove",
                        "--replace",
                        "--stdin",
                    ),
                    stdin=b"".join(path + b"\0" for path in wanted),
                    index=self.index,
                )
            except ToolError as error:
                raise UsageError(f"the working tree cannot be read: {error}") from error
        return self.write_tree(), tuple(notes)

    def write_tree(self) -> Sha:
        """Return the tree of the copied index."""
        return Sha(self.repository.run("write-tree", "--missing-ok", index=self.index).decode("ascii").strip())


def _reason_to_skip(top: Path, path: bytes) -> str:
    if path.endswith(b"/"):
        return "another repository"
    place = top / os.fsdecode(path)
    try:
        found = place.lstat()
    except OSError as error:
        return str(error.strerror)
    if stat.S_ISREG(found.st_mode):
        if found.st_size > MAX_UNTRACKED:
            return f"larger than {MAX_UNTRACKED // 2**20} MB"
        if not os.access(place, os.R_OK):
            return "not readable"
    elif not stat.S_ISLNK(found.st_mode):
        return "not a regular file"
    return ""
