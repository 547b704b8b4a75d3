"""Give up what a tool must not have, then become the tool: run by `python -I -S`, alone, with an empty environment.

Usage: launcher.py [OPTION VALUE]... -- PROGRAM ARG...
What can only be done by root or from outside comes first, whatever the order of the options.
"""

import ctypes
import os
import resource
import struct
import sys
from collections.abc import Iterator

DESCRIPTOR = 9
FAILED = 125
PREFIX = "hunkwise-sandbox: "
OPTIONS = ("user", "reach", "descriptor", "read", "write", "limit", "seccomp", "env")

CLONE_NEWNS = 0x20000
MS_BIND, MS_REC, MS_PRIVATE, MS_NOSUID, MS_NODEV = 0x1000, 0x4000, 0x40000, 0x2, 0x4
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_QUESTION, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
MAKE_CHARACTER_DEVICE, MAKE_SOCKET, MAKE_FIFO, MAKE_BLOCK_DEVICE = 1 << 6, 1 << 9, 1 << 10, 1 << 11
TRUNCATE, CONTROL_DEVICE = 1 << 14, 1 << 15
BITS = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many rights to files each version of Landlock knows; 16 since the fifth."""

libc = ctypes.CDLL(None, use_errno=True)


def main(arguments: list[str]) -> None:
    """Do what the options say and become the program."""
    options, program = _parsed(arguments)
    user = int(options["user"][0]) if options["user"] else None
    # Before anything is covered: this file's own directory may be below one that is closed to others.
    for name in options["descriptor"]:
        os.dup2(os.open(name, os.O_RDONLY), DESCRIPTOR)
    filters = [_contents(name) for name in options["seccomp"]]
    if user is not None:
        reach(options["reach"], user)
    rules = _ruleset(options["read"], options["write"]) if options["read"] else None
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    for limit in options["limit"]:
        name, _, value = limit.partition("=")
        _limit(getattr(resource, f"RLIMIT_{name}"), int(value))
    _check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    if rules is not None:
        _check(libc.syscall(RESTRICT_SELF, rules, 0), "Landlock")
    environment = dict(variable.split("=", 1) for variable in options["env"])
    # The last step before the tool: from here on, this process itself can do only what a tool can.
    for program_bytes in filters:
        _filter(program_bytes)
    os.execve(program[0], program, environment)


def _parsed(arguments: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    options: dict[str, list[str]] = {name: [] for name in OPTIONS}
    end = arguments.index("--")
    for option, value in zip(arguments[:end:2], arguments[1:end:2], strict=True):
        options[option.removeprefix("--")].append(value)
    return options, arguments[end + 1 :]


def reach(paths: list[str], user: int) -> None:
    """Let a user reach these paths through directories that are closed to it, in a mount namespace of this process.

    Such a directory, as /root is, is covered by an empty one that holds nothing but the paths.
    """
    wanted = sorted({one for path in paths for one in (path, os.path.realpath(path))})
    closed = {path: next(_closed(path, user), None) for path in wanted}
    if not any(closed.values()):
        return
    if libc.unshare(CLONE_NEWNS) or libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None):
        path, parent = next((path, parent) for path, parent in closed.items() if parent)
        raise OSError(
            ctypes.get_errno(),
            f"tools run as user {user}, which cannot reach {path}, because {parent} is closed to others, and there is "
            "no right to mount: keep tools elsewhere (HUNKWISE_TOOLS_DIR), or run hunkwise as an ordinary user",
        )
    # Opened in the new namespace, since nothing can be mounted from another, and before anything is covered.
    held = {path: os.open(path, os.O_PATH) for path, parent in closed.items() if parent}
    for parent in sorted({parent for parent in closed.values() if parent}):
        _check(libc.mount(b"tmpfs", os.fsencode(parent), b"tmpfs", MS_NOSUID | MS_NODEV, b"mode=755,size=1m"), parent)
    done: list[str] = []
    for path, descriptor in held.items():
        if any(os.path.commonpath((path, one)) == one for one in done):
            continue
        source = f"/proc/self/fd/{descriptor}"
        if os.path.isdir(source):
            os.makedirs(path, mode=0o755, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o644))
        _check(libc.mount(source.encode(), os.fsencode(path), None, MS_BIND | MS_REC, None), path)
        os.close(descriptor)
        done.append(path)


def _closed(path: str, user: int) -> Iterator[str]:
    """Yield the directories above a path that the user may not pass, the outermost first."""
    parts = path.split("/")
    for length in range(2, len(parts)):
        parent = "/".join(parts[:length])
        status = os.stat(parent)
        mine = (status.st_uid == user, status.st_gid == user, True)
        if not any(applies and status.st_mode & bit for applies, bit in zip(mine, (0o100, 0o010, 0o001), strict=True)):
            yield parent


def _ruleset(readable: list[str], writable: list[str]) -> int:
    """Return a Landlock ruleset; raise OSError where the kernel has none."""
    version = libc.syscall(CREATE_RULESET, None, 0, VERSION_QUESTION)
    _check(version, "Landlock")
    handled = (1 << BITS.get(version, 16)) - 1
    network = 0b11 if version >= 4 else 0
    scopes = 0b11 if version >= 6 else 0
    attributes = struct.pack("=QQQ", handled, network, scopes)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    ruleset = libc.syscall(CREATE_RULESET, attributes, len(attributes), 0)
    _check(ruleset, "Landlock")
    devices = MAKE_CHARACTER_DEVICE | MAKE_BLOCK_DEVICE | CONTROL_DEVICE
    for path in readable:
        _allow(ruleset, path, handled & (EXECUTE | READ_FILE | READ_DIR))
    for path in writable:
        _allow(ruleset, path, handled & ~(devices | MAKE_SOCKET | MAKE_FIFO | EXECUTE))
    return int(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not os.path.isdir(f"/proc/self/fd/{descriptor}"):
        rights &= EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
    rule = struct.pack("=Qi", rights, descriptor)
    _check(libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, rule, 0), path)
    os.close(descriptor)


def _limit(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    if which == resource.RLIMIT_NPROC:
        value += _tasks()
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, value))


def _tasks() -> int:
    """Count the threads of this user, which the limit on processes counts too."""
    user = os.getuid()
    count = 0
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and os.stat(f"/proc/{name}").st_uid == user:
                count += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            continue
    return count


def _filter(program: bytes) -> None:
    code = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    _check(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, described, 0, 0), "seccomp")


def _contents(name: str) -> bytes:
    with open(name, "rb") as file:
        return file.read()


def _check(status: int, what: str) -> None:
    if status < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        named = f" {error.filename}" if error.filename else ""
        print(f"{PREFIX}{error.strerror}{named}", file=sys.stderr)
        sys.exit(FAILED)
