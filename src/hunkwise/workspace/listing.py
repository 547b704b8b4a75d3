"""List a tree: every file's mode and object, with a cap that a tree of trees of trees cannot pass."""

import subprocess
from typing import NamedTuple

from hunkwise.core.errors import UsageError
from hunkwise.core.model import RepoPath, Sha
from hunkwise.workspace.git import Repository, failure

MAX_ENTRIES = 500_000
_BLOCK = 1 << 20


class Entry(NamedTuple):
    """A file of a tree."""

    mode: str
    oid: str

    @property
    def is_regular(self) -> bool:
        return self.mode.startswith("100")


def list_tree(repository: Repository, tree: Sha, max_entries: int = MAX_ENTRIES) -> dict[RepoPath, Entry]:
    """Return all files of a tree by path, sorted; raise UsageError for more than `max_entries`."""
    argv = repository.argv("ls-tree", "-r", "-z", "--full-tree", tree)
    found: list[tuple[str, Entry]] = []
    rest = b""
    with subprocess.Popen(
        argv,
        cwd=repository.git_dir,
        env=repository.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        while block := process.stdout.read(_BLOCK):
            *records, rest = (rest + block).split(b"\0")
            for record in records:
                about, _, path = record.partition(b"\t")
                mode, _, oid = about.decode("ascii").split(" ")
                found.append((path.decode("utf-8", "surrogateescape"), Entry(mode, oid)))
            if len(found) > max_entries:
                process.kill()
                raise UsageError(f"tree {tree} has more than {max_entries} files: too many to review")
        words = process.stderr.read()
    if process.returncode:
        raise failure(argv, process.returncode, words)
    return {RepoPath(path): entry for path, entry in sorted(found, key=lambda one: one[0])}
