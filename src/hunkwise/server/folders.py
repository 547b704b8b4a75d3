"""The working folders of jobs: one for each, gone with it, also where the server died before it could remove it."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hunkwise.server.child import remove

PREFIX = "hunkwise-server-"
LOCK = "lock"
PASSABLE = 0o711
"""Others may pass through but not look: where the server is root, tools run as somebody else."""


class Folders:
    """A folder of this server that says by a lock whether its server lives; a context manager."""

    def __init__(self, parent: Path | None = None) -> None:
        self._parent = parent or Path(tempfile.gettempdir())
        sweep(self._parent)
        self.root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self._parent))
        self.root.chmod(PASSABLE)
        self._lock = os.open(self.root / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def __enter__(self) -> "Folders":
        return self

    def __exit__(self, *_: object) -> None:
        remove(self.root)
        os.close(self._lock)

    def sweep(self) -> None:
        """Remove the folders of servers that died beside this one."""
        sweep(self._parent)

    @contextmanager
    def new(self, name: str) -> Iterator[Path]:
        """Make a folder for one job with a `tmp` in it, and remove it whatever happens."""
        folder = self.root / name
        folder.mkdir(mode=0o700)
        folder.chmod(PASSABLE)
        try:
            (folder / "tmp").mkdir()
            (folder / "tmp").chmod(PASSABLE)
            yield folder
        finally:
            remove(folder)


def sweep(parent: Path) -> None:
    """Remove the folders of servers that are dead, of this user's own."""
    for root in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if root.is_symlink() or root.stat().st_uid != os.geteuid():
                continue
            lock = os.open(root / LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(root)
            finally:
                os.close(lock)
