"""Worker processes that parse files: started when needed, and anew after one has died or hung."""

import os
import queue
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from hunkwise.context.frames import outline_from_json, read_frame, request
from hunkwise.context.grammars import PluginGrammar
from hunkwise.context.worker import MEMORY
from hunkwise.core.errors import ToolError
from hunkwise.core.outline import Outline
from hunkwise.core.ports import Confinement, Sandbox

TIMEOUT = 20.0
"""Seconds on the wall that one file may take; the worker's own limit of processor time is below it."""
ANSWER_LIMIT = 256 * 2**20
BOOT = """
import sys
sys.path += [path for path in sys.argv[1:] if path not in sys.path]
from hunkwise.context.worker import main
main()
"""
"""The parent's import paths come as arguments, since an isolated interpreter obeys no environment."""
LIFETIME = 24 * 3600.0


class WorkerPool:
    """Parses files in up to `size` processes; may be asked from several threads.

    sandbox: confines the workers. timeout: seconds for one file. readable: files beside Python's own that workers
    read, such as those of plugins.
    """

    def __init__(
        self,
        size: int | None = None,
        *,
        sandbox: Sandbox | None = None,
        timeout: float = TIMEOUT,
        readable: tuple[str, ...] = (),
    ) -> None:
        self.size = size or max(1, min(4, os.cpu_count() or 1))
        self._sandbox = sandbox
        self._timeout = timeout
        self._readable = readable
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(self.size):
            self._idle.put(None)
        self._lock = threading.Lock()
        self._alive: set[_Worker] = set()
        self._is_closed = False
        self.starts = 0
        """How many workers were started so far."""

    def parse(self, language: str, content: bytes, brought: PluginGrammar | None = None) -> Outline:
        """Return a file's outline; raise ToolError where it could not be made, whatever became of the worker."""
        worker = self._idle.get()
        is_well = False
        try:
            if worker is not None and worker.is_dead():
                self._end(worker)
                worker = None
            worker = worker or self._started()
            outline = worker.ask(language, content, brought, self._timeout)
            is_well = True
            return outline
        except _Broken as error:
            is_well = error.is_worker_well
            raise ToolError("tree-sitter", str(error)) from error
        finally:
            if worker is not None and not is_well:
                self._end(worker)
            self._idle.put(worker if is_well else None)

    def close(self) -> None:
        """End all workers; one that is parsing for another thread is ended too."""
        with self._lock:
            self._is_closed = True
            alive = list(self._alive)
        for worker in alive:
            self._end(worker)

    def _started(self) -> "_Worker":
        with self._lock:
            if self._is_closed:
                raise _Broken("the workers are closed")
            worker = _Worker(self._sandbox, self._readable)
            self._alive.add(worker)
            self.starts += 1
        return worker

    def _end(self, worker: "_Worker") -> None:
        with self._lock:
            self._alive.discard(worker)
        worker.end()


class _Broken(Exception):
    """The answer of a worker cannot be had; says why, and whether the worker itself can go on."""

    def __init__(self, reason: str, *, is_worker_well: bool = False) -> None:
        super().__init__(reason)
        self.is_worker_well = is_worker_well


class _Worker:
    def __init__(self, sandbox: Sandbox | None, readable: tuple[str, ...]) -> None:
        paths = [str(Path(path)) for path in sys.path if path and Path(path).is_absolute() and Path(path).exists()]
        argv: tuple[str, ...] = (sys.executable, "-I", "-c", BOOT, *paths)
        env = {"PATH": os.defpath, "LANG": "C.UTF-8"}
        if sandbox is not None:
            from hunkwise.workspace.toolbox import readable_by

            needs = Confinement(
                cwd="/",
                env=env,
                readable=_outermost((*readable_by((sys.executable,)), *paths, *readable)),
                writable=(),
                timeout=LIFETIME,
                memory_limit=MEMORY,
            )
            argv = sandbox.wrap(argv, needs)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  closed by `end`
        try:
            self._process = subprocess.Popen(
                argv,
                cwd="/",
                env={} if sandbox else env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as error:
            self._said.close()
            raise _Broken(f"cannot start a worker: {error}") from error
        assert self._process.stdin is not None and self._process.stdout is not None
        self._input, self._output = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._input, False)
        os.set_blocking(self._output, False)
        self._lock = threading.Lock()
        self._is_ended = False

    def is_dead(self) -> bool:
        """Return whether it ended by itself, or was ended by the system, since it was last asked."""
        return self._process.poll() is not None

    def ask(self, language: str, content: bytes, brought: PluginGrammar | None, timeout: float) -> Outline:
        deadline = time.monotonic() + timeout
        try:
            self._send(request(language, content, brought), deadline)
            answer, _ = read_frame(lambda count: self._receive(count, deadline), ANSWER_LIMIT)
            if "outline" in answer:
                return outline_from_json(language, answer["outline"])
        except TimeoutError as error:
            raise _Broken(f"parsing took more than {timeout:g} s") from error
        except (OSError, EOFError) as error:
            raise _Broken(f"the worker ended ({self._ending()})") from error
        except (ValueError, TypeError, RecursionError) as error:
            raise _Broken(f"the worker answered nonsense ({error})") from error
        raise _Broken(str(answer.get("error", "no answer"))[:500], is_worker_well=not answer.get("is_final"))

    def end(self) -> None:
        with self._lock:
            if self._is_ended:
                return
            self._is_ended = True
            if self._process.poll() is None:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
            self._said.close()

    def _send(self, data: bytes, deadline: float) -> None:
        left = memoryview(data)
        while left:
            self._await(self._input, selectors.EVENT_WRITE, deadline)
            with suppress(BlockingIOError):
                left = left[os.write(self._input, left[: 1 << 16]) :]

    def _receive(self, count: int, deadline: float) -> bytes:
        found = bytearray()
        while len(found) < count:
            self._await(self._output, selectors.EVENT_READ, deadline)
            with suppress(BlockingIOError):
                chunk = os.read(self._output, min(count - len(found), 1 << 20))
                if not chunk:
                    raise EOFError
                found += chunk
        return bytes(found)

    def _await(self, descriptor: int, event: int, deadline: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError

    def _ending(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1.0)
        code = self._process.returncode
        self._said.seek(0)
        words = self._said.read(4000).decode("utf-8", "replace").strip().splitlines()
        said = f": {words[-1][:200]}" if words else ""
        if code is not None and code < 0:
            with suppress(ValueError):
                return f"{signal.Signals(-code).name}{said}"
        return f"exit code {code}{said}"


def _outermost(paths: tuple[str, ...]) -> tuple[str, ...]:
    found = {Path(path) for path in paths}
    return tuple(sorted(str(path) for path in found if not found.intersection(path.parents)))
