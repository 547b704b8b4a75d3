"""Run one outside program to its end, whatever it does: hang, flood, fork or die."""

import errno
import os
import resource
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hunkwise.core.errors import ToolError, ToolTimeout
from hunkwise.core.ports import ToolResult

CHUNK = 65536
GRACE = 0.5
"""Seconds that a process which outlives the program may hold its output open."""


class Stop:
    """Ends the processes that were started with it, from any thread; a context manager."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def __enter__(self) -> "Stop":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._read)
        os.close(self._write)

    def fileno(self) -> int:
        return self._read

    def set(self) -> None:
        os.write(self._write, b"x")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """When to give up on a process: at `deadline`, or when it has written more than `output` bytes."""

    deadline: float
    output: int | None


class _Ended(Exception):
    """The process was given up on; says why."""


class _TimedOut(_Ended):
    pass


def run_process(
    argv: Sequence[str],
    *,
    cwd: str,
    env: Mapping[str, str],
    stdin: bytes = b"",
    timeout: float = 120.0,
    output_limit: int | None = None,
    memory_limit: int | None = None,
    file_limit: int | None = None,
    name: str = "",
    stop: Stop | None = None,
) -> ToolResult:
    """Run a program in a process group of its own and return how it ended.

    env: the whole environment. timeout: seconds. output_limit: bytes of stdout and stderr together.
    memory_limit: bytes of address space. file_limit: bytes of a file that it writes. name: how errors call it.
    Raises ToolError where it cannot start, is killed by a signal or passes a limit (ToolTimeout for time); its group
    is dead by then.
    """
    name = name or Path(argv[0]).name
    started = time.monotonic()
    limits = _Limits(deadline=started + timeout, output=output_limit)
    try:
        # No preexec_fn: it is unsafe beside threads, and without it CPython starts the child by vfork.
        process = subprocess.Popen(
            argv if memory_limit is None and file_limit is None else _within(memory_limit, file_limit, argv, env),
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise ToolError(name, f"cannot start {argv[0]}: {_reason(error)}", argv=tuple(argv)) from error
    output: dict[str, bytearray] = {"stdout": bytearray(), "stderr": bytearray()}
    try:
        _no_core_dumps(process.pid)
        _communicate(process, stdin, limits, output, stop)
    except _TimedOut:
        raise ToolTimeout(name, f"timed out after {timeout:g} s", argv=tuple(argv)) from None
    except _Ended as error:
        raise ToolError(name, str(error), argv=tuple(argv)) from None
    finally:
        # Until the child is reaped its number is not given anew, so the group that is killed here is ours.
        _kill_group(process.pid)
        status, usage = _reap(process)
    seconds = time.monotonic() - started
    if status < 0:
        raise killed(name, tuple(argv), status, bytes(output["stderr"]), seconds)
    return ToolResult(
        exit_code=status,
        stdout=bytes(output["stdout"]),
        stderr=bytes(output["stderr"]),
        seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
    )


def killed(name: str, argv: tuple[str, ...], status: int, stderr: bytes, seconds: float) -> ToolError:
    """Return the error for a program that a signal ended; `status` is the signal's number, negative."""
    said = stderr.decode("utf-8", "replace").strip()
    after = f" after {seconds:.1f} s" + (f"; it said: {said[-300:]}" if said else "")
    return ToolError(name, f"killed by {_signal(-status)}{after}", argv=argv, exit_code=status)


def _within(memory: int | None, file: int | None, argv: Sequence[str], env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the call by way of a shell that limits itself first: a limit set from here may come after the start."""
    if shutil.which(argv[0], path=env.get("PATH", os.defpath)) is None:
        error = errno.EACCES if Path(argv[0]).is_file() else errno.ENOENT
        raise OSError(error, os.strerror(error))
    names = " ".join(sorted({"PWD", "OLDPWD", "SHLVL"} - env.keys())) or "_"
    limits = [f"ulimit -v {memory // 1024} &&"] if memory is not None else []
    # POSIX counts the size of a file in blocks of 512 bytes
    limits += [f"ulimit -f {file // 512} &&"] if file is not None else []
    return ("/bin/sh", "-c", f'{" ".join(limits)} unset {names} && exec "$@"', "sh", *argv)


def _no_core_dumps(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))


def _communicate(
    process: "subprocess.Popen[bytes]",
    stdin: bytes,
    limits: _Limits,
    output: dict[str, bytearray],
    stop: Stop | None,
) -> None:
    """Feed and drain the process until it has exited and closed its output; raise _Ended if that cannot be awaited."""
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        exit_fd = os.pidfd_open(process.pid)
        stack.callback(os.close, exit_fd)
        selector.register(exit_fd, selectors.EVENT_READ, "exit")
        if stop is not None:
            selector.register(stop, selectors.EVENT_READ, "stop")
        for name, stream in (("stdout", process.stdout), ("stderr", process.stderr)):
            _watch(selector, stream, selectors.EVENT_READ, name)
        _watch(selector, process.stdin, selectors.EVENT_WRITE, "stdin")
        left = memoryview(stdin)
        waiting = {"exit", "stdout", "stderr"}
        deadline = limits.deadline
        while waiting:
            events = selector.select(max(0.0, deadline - time.monotonic()))
            if not events and time.monotonic() >= deadline:
                if "exit" not in waiting:
                    return
                raise _TimedOut
            for key, _ in events:
                if key.data == "stop":
                    raise _Ended("stopped, because the review was interrupted")
                if key.data == "exit":
                    selector.unregister(key.fileobj)
                    waiting.discard("exit")
                    _kill_group(process.pid)
                    deadline = min(deadline, time.monotonic() + GRACE)
                elif key.data == "stdin":
                    left = _feed(selector, key.fileobj, left)  # type: ignore[arg-type]
                elif chunk := os.read(key.fd, CHUNK):
                    output[key.data] += chunk
                    if limits.output is not None and sum(map(len, output.values())) > limits.output:
                        raise _Ended(f"wrote more than {limits.output} bytes and was stopped")
                else:
                    selector.unregister(key.fileobj)
                    waiting.discard(key.data)


def _watch(selector: selectors.BaseSelector, stream: IO[bytes] | None, event: int, name: str) -> None:
    if stream is not None:
        os.set_blocking(stream.fileno(), False)
        selector.register(stream, event, name)


def _feed(selector: selectors.BaseSelector, stream: IO[bytes], left: memoryview) -> memoryview:
    try:
        left = left[os.write(stream.fileno(), left[:CHUNK]) :]
    except BlockingIOError:
        return left
    except BrokenPipeError:
        left = left[:0]
    if not left:
        selector.unregister(stream)
        stream.close()
    return left


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _reap(process: "subprocess.Popen[bytes]") -> tuple[int, resource.struct_rusage]:
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    return process.returncode, usage


def _signal(number: int) -> str:
    try:
        return f"signal {number} ({signal.Signals(number).name})"
    except ValueError:
        return f"signal {number}"


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return str(error)
