"""Confine a tool with bubblewrap: namespaces of its own, a file system of what it needs, and a seccomp filter."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from hunkwise.core.ports import Confinement
from hunkwise.workspace.sandbox.launcher import DESCRIPTOR
from hunkwise.workspace.sandbox.system import (
    NOBODY,
    ROOT_LINKS,
    USER,
    hand_over,
    is_root,
    launcher,
    limits,
    seccomp_program,
    system_paths,
)

SYSTEM_PATH = "/usr/bin:/bin"
SHARED_MEMORY, TEMPORARY = 16 * 2**20, 64 * 2**20
NAMESPACES = (
    *("--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL"),
    *("--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "sandbox", "--clearenv"),
)


class Bubblewrap:
    """The sandbox of choice; needs bubblewrap, util-linux and user namespaces.

    nested: whether namespaces inside are left to the seccomp filter alone, for a bubblewrap that cannot disable them.
    """

    name = "bubblewrap"

    def __init__(self, *, nested: bool = False) -> None:
        self._nested = nested
        self._bwrap, self._prlimit = (shutil.which(name, path=SYSTEM_PATH) for name in ("bwrap", "prlimit"))
        self._filter = seccomp_program("tool")

    def missing(self) -> str:
        """Return what it cannot do without and this machine lacks, or an empty string."""
        if self._filter is None:
            return "no seccomp program for this kind of machine"
        if self._bwrap is None:
            return "bubblewrap is not installed (Debian: apt-get install bubblewrap)"
        return "" if self._prlimit else "prlimit is not installed (Debian: apt-get install util-linux)"

    def wrap(self, argv: Sequence[str], needs: Confinement) -> tuple[str, ...]:
        """Return the call; bubblewrap itself sees no environment, because tools can read it at /proc/1/environ."""
        inside = (*self._arguments(argv, needs),)
        for directory in needs.writable:
            hand_over(directory)
        if is_root():
            reach = [part for path in (*needs.readable, *needs.writable) for part in ("--reach", path)]
            options = ("--user", str(USER), *reach, "--descriptor", str(self._filter))
            return (*launcher(*options), "--", *inside)
        # bubblewrap reads its filter from a descriptor, which a shell can open without a new process.
        return ("/bin/sh", "-c", f'exec /usr/bin/env -i "$@" {DESCRIPTOR}<"$0"', str(self._filter), *inside)

    def _arguments(self, argv: Sequence[str], needs: Confinement) -> Iterator[str]:
        yield from (str(self._bwrap), *NAMESPACES)
        if not self._nested:
            yield "--disable-userns"
        for name, value in needs.env.items():
            yield from ("--setenv", name, value)
        is_wide = "/" in needs.readable
        yield from ("--ro-bind", "/", "/") if is_wide else _system()
        yield from ("--dev", "/dev", "--size", str(SHARED_MEMORY), "--tmpfs", "/dev/shm", "--remount-ro", "/dev")
        yield from ("--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys")
        if not is_wide:
            # Before all binds, which may lie below it: a mount hides what was mounted there earlier.
            yield from ("--size", str(TEMPORARY), "--tmpfs", "/tmp")
            for path in sorted(needs.readable):
                yield from ("--ro-bind", path, path)
        for path in needs.writable:
            yield from ("--bind", path, path)
        yield from ("--chdir", needs.cwd, "--remount-ro", "/", "--seccomp", str(DESCRIPTOR), "--")
        # Inside, where the kernel counts the processes of this sandbox and not all of the user's.
        yield str(self._prlimit)
        for name, limit in limits(needs.timeout, needs.memory_limit):
            yield f"--{name.lower()}={limit}"
        yield from ("--", *argv)


def _system() -> Iterator[str]:
    yield from ("--ro-bind", "/usr", "/usr")
    for name in ROOT_LINKS:
        path = Path("/", name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))
    for one in system_paths():
        yield from ("--ro-bind", one, one)
