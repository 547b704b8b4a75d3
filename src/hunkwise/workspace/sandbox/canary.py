"""Try what a hostile tool would try, and say what worked: run by `python -I -S -c` in a sandbox that is tried out.

Usage: canary OUTSIDE SECRET PORT SCRATCH, in the directory that tools may read
"""

import contextlib
import ctypes
import os
import socket
import sys

CLONE_NEWUSER = 0x10000000


def main(outside: str, secret: str, port: str, scratch: str) -> None:
    """Print one word for each thing that worked and should not have, or failed and should have worked; then `done`."""
    with contextlib.suppress(OSError), open(f"{outside}/written", "w") as file:
        file.write("x")
        print("write")
    with contextlib.suppress(OSError), open(secret) as file:
        file.read()
        print("read")
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), timeout=5):
        print("connect")
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX):
        print("socket")
    if not ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER):
        print("namespace")
    with open("/proc/self/status") as file:
        status = dict(line.rstrip("\n").split(":", 1) for line in file)
    if status["Seccomp"].strip() != "2" or status["NoNewPrivs"].strip() != "1":
        print("unfiltered")
    if int(status["CapEff"], 16) or not os.getuid():
        print("privileged")
    if os.environ.keys() - {"PATH", "HOME", "PWD", "LC_CTYPE"}:  # LC_CTYPE is Python's own doing
        print("environment")
    with contextlib.suppress(OSError), open("/proc/1/environ", "rb") as file:
        if file.read():
            print("parent")
    with open(f"{scratch}/written", "w") as file:
        file.write("x")
    if os.waitstatus_to_exitcode(os.wait()[1] if os.fork() else os._exit(0)):
        print("fork")
    print("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
