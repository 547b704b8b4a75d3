"""Confine a tool where there are no user namespaces: Landlock for files, seccomp for the rest, and limits."""

from collections.abc import Sequence

from hunkwise.core.ports import Confinement
from hunkwise.workspace.sandbox.system import (
    ROOT_LINKS,
    USER,
    hand_over,
    is_root,
    launcher,
    limits,
    seccomp_program,
    system_paths,
)

READABLE = (
    *("/usr", *(f"/{name}" for name in ROOT_LINKS), "/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat"),
    *("/sys/devices/system/cpu", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"),
)
WRITABLE = ("/dev/null",)


class Landlock:
    """The sandbox where bubblewrap cannot work, as in most containers; needs Linux 5.13."""

    name = "landlock"

    def __init__(self) -> None:
        self._filters = [seccomp_program(name) for name in ("group", "tool")]

    def missing(self) -> str:
        """Return what it cannot do without and this machine lacks, or an empty string."""
        return "" if all(self._filters) else "no seccomp program for this kind of machine"

    def wrap(self, argv: Sequence[str], needs: Confinement) -> tuple[str, ...]:
        """Return the call: the launcher confines itself and becomes the tool, which cannot leave its process group."""
        for directory in needs.writable:
            hand_over(directory)
        options: list[str] = []
        if is_root():
            options += ["--user", str(USER)]
            options += [part for path in (*needs.readable, *needs.writable) for part in ("--reach", path)]
        readable = (*READABLE, *system_paths(), *needs.readable, *needs.writable)
        options += [part for path in readable for part in ("--read", path)]
        options += [part for path in (*WRITABLE, *needs.writable) for part in ("--write", path)]
        for name, value in limits(needs.timeout, needs.memory_limit):
            options += ["--limit", f"{name}={value}"]
        options += [part for program in self._filters for part in ("--seccomp", str(program))]
        options += [part for name, value in needs.env.items() for part in ("--env", f"{name}={value}")]
        return (*launcher(*options), "--", *argv)
