"""What of the machine every tool may read, and as whom a tool runs where Hunkwise itself is root."""

import os
import platform
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
USER = 65530
"""Neither a person's nor a service's: Debian reserves 65000 to 65533, and systemd gives out less than 65520."""
NOBODY = 65534
ROOT_LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
ETC = (
    *("alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "ssl/certs", "ssl/openssl.cnf"),
    *("pki/tls/certs", "pki/tls/openssl.cnf", "crypto-policies"),
)
JAVA = "java-*-openjdk"
NIX = "/nix/store"
PROCESSES, OPEN_FILES, FILE_SIZE = 512, 4096, 512 * 2**20


def is_root() -> bool:
    """Return whether this process is root, so that a tool must become somebody else."""
    return os.geteuid() == 0 or os.getuid() == 0


def system_paths() -> Iterator[str]:
    """Yield the files and directories, beside /usr and its links, that programs of the system need to read."""
    yield from (str(path) for name in ETC if (path := Path("/etc", name)).exists())
    yield from sorted(str(path) for path in Path("/etc").glob(JAVA))
    if Path(NIX).is_dir():
        yield NIX


def seccomp_program(name: str) -> Path | None:
    """Return the file of a seccomp program for this machine, or None where there is none."""
    file = HERE / f"{name}.{platform.machine().replace('arm64', 'aarch64')}.bpf"
    return file if sys.platform == "linux" and sys.maxsize > 2**32 and file.is_file() else None


def launcher(*options: str) -> tuple[str, ...]:
    """Return how a call of the launcher begins."""
    return (sys.executable, "-I", "-S", str(HERE / "launcher.py"), *options)


def limits(timeout: float, memory: int) -> tuple[tuple[str, int], ...]:
    """Return the limits of each process of a tool, by the kernel's names; seconds of CPU count every core's."""
    seconds = int(timeout * (os.cpu_count() or 1)) + 1
    wanted = {
        "CPU": seconds,
        "AS": memory,
        "NPROC": PROCESSES,
        "NOFILE": OPEN_FILES,
        "FSIZE": FILE_SIZE,
        "CORE": 0,
    }
    # A limit that this process itself is under cannot be raised.
    return tuple((name, min(value, _hard_limit(name))) for name, value in wanted.items())


def _hard_limit(name: str) -> int:
    hard = resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[1]
    return sys.maxsize if hard == resource.RLIM_INFINITY else hard


def lend(directory: Path) -> None:
    """Let the user that tools run as read a directory of ours, and nobody else."""
    if is_root():
        os.chown(directory, -1, USER)
        directory.chmod(0o750)


def hand_over(directory: str) -> None:
    """Let the user that tools run as write to a directory of ours."""
    if is_root():
        os.chown(directory, USER, USER)
