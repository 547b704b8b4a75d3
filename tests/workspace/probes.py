"""Try one thing after another that a tool should not be able to do; print a JSON object of what came of each.

Usage: python -I -S probes.py FOLDER PORT: FOLDER holds `secret`, the socket `listener` and `open`, where all may write.
"""

import ctypes
import errno
import json
import os
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)
CALLS = {
    "io_uring_setup": (425, 425),
    "keyctl": (250, 219),
    "userfaultfd": (323, 282),
    "ptrace": (101, 117),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "personality": (135, 92),
    "mount": (165, 40),
    "process_vm_readv": (310, 270),
    "clone": (56, 220),
    "clone3": (435, 435),
    "setns": (308, 268),
    "add_key": (248, 217),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "kcmp": (312, 272),
}
"""Numbers on x86_64 and aarch64."""
NEW_USER = 0x10000000


def number(name):
    return CALLS[name][os.uname().machine == "aarch64"]


def called(name, *arguments):
    # Passed whole: an int that goes over the stack has no upper half.
    wide = (ctypes.c_long(one) if isinstance(one, int) else one for one in arguments)
    if libc.syscall(number(name), *wide) < 0:
        raise OSError(ctypes.get_errno(), name)


def in_child(function):
    """Run where it does no harm to the rest of the probes."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.write(write, outcome(function).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    said = os.read(read, 100).decode()
    os.close(read)
    if said != "yes":
        raise OSError(getattr(errno, said), said)


def outcome(function):
    try:
        function()
    except OSError as error:
        return errno.errorcode[error.errno] if error.errno else str(error)
    return "yes"


def connect(family, address):
    with socket.socket(family) as one:
        one.connect(address)


def send(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", ("127.0.0.1", port))


def new_namespace():
    if libc.unshare(NEW_USER):
        raise OSError(ctypes.get_errno(), "unshare")


def cloned():
    child = libc.syscall(number("clone"), NEW_USER | 17, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    if child < 0:
        raise OSError(ctypes.get_errno(), "clone")
    os.waitpid(child, 0)


def write(path):
    with open(path, "w") as file:
        file.write("x")


def read(path):
    with open(path) as file:
        file.read(1)


def same_value(path):
    """Write what a kernel setting has already."""
    with open(path, "r+") as file:
        value = file.read()
        file.seek(0)
        file.write(value)


def type_into_terminal():
    import fcntl

    fcntl.ioctl(0, 0x5412, b"x")


def main(folder, port):
    port = int(port)
    probes = {
        "tcp": lambda: connect(socket.AF_INET, ("127.0.0.1", port)),
        "udp": lambda: send(port),
        "unix socket": lambda: connect(socket.AF_UNIX, f"{folder}/listener"),
        "abstract socket": lambda: connect(socket.AF_UNIX, f"\0{folder}"),
        "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close(),
        "vsock": lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close(),
        "packet pair": lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM),
        "stream pair": lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM),
        "read secret": lambda: read(f"{folder}/secret"),
        "read passwd": lambda: read("/etc/passwd"),
        "write outside": lambda: write(f"{folder}/open/written"),
        "write /usr": lambda: write("/usr/written"),
        "write core_pattern": lambda: same_value("/proc/sys/kernel/core_pattern"),
        "write /dev": lambda: write("/dev/written"),
        "user namespace": lambda: in_child(new_namespace),
        "cloned namespace": cloned,
        "clone3": lambda: called("clone3", 0, 0),
        "io_uring": lambda: called("io_uring_setup", 1, ctypes.create_string_buffer(120)),
        "keyctl": lambda: called("keyctl", 0, -3, 0),
        "add_key": lambda: called("add_key", b"user", b"x", b"y", 1, -3),
        "userfaultfd": lambda: called("userfaultfd", 1),
        "ptrace": lambda: in_child(lambda: called("ptrace", 0, 0, 0, 0)),
        "process_vm_readv": lambda: called("process_vm_readv", os.getpid(), 0, 0, 0, 0, 0),
        "kcmp": lambda: called("kcmp", os.getpid(), os.getpid(), 0, 0, 0),
        "perf_event_open": lambda: called("perf_event_open", 0, 0, -1, -1, 0),
        "bpf": lambda: called("bpf", 0, 0, 0),
        "personality": lambda: called("personality", 0xFFFFFFFF),
        "mount": lambda: called("mount", 0, b"/", 0, 0, 0),
        "setns": lambda: called("setns", -1, 0),
        "open_tree": lambda: called("open_tree", -100, b"/", 0),
        "open_by_handle_at": lambda: called("open_by_handle_at", -1, 0, 0),
        "terminal": type_into_terminal,
    }
    found = {name: outcome(function) for name, function in probes.items()}
    try:
        found["pids"] = sum(name.isdigit() for name in os.listdir("/proc"))
    except OSError as error:
        found["pids"] = errno.errorcode[error.errno]
    with open("/proc/self/status") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    found["capabilities"] = int(status["CapEff"], 16)
    found["no new privileges"] = status["NoNewPrivs"]
    found["user"] = os.getuid()
    try:
        with open("/proc/1/environ", "rb") as file:
            found["parent's environment"] = file.read().decode()
    except OSError as error:
        found["parent's environment"] = errno.errorcode[error.errno]
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
