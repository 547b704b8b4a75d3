"""Ask the process that holds a model, and end it where it does not answer."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hunkwise.core.errors import ModelError

WORKER = "hunkwise.llm_backend.worker"
PASSED_ON = (
    "PATH",
    "LD_LIBRARY_PATH",
    "CUDA_VISIBLE_DEVICES",
    "NVIDIA_VISIBLE_DEVICES",
    "SYSTEMROOT",
)
"""What the process gets of the user's environment: where libraries and cards are, and no secrets."""
OPENING = 300.0
"""Seconds for a model to be read: a big one comes from a slow disk."""
SHOWN = 300
"""Characters of what a process said last that an error shows."""


class Engine:
    """A running process with a model; safe to `close` from any thread."""

    def __init__(
        self, path: str, name: str, environ: Mapping[str, str], *, threads: int = 0, device: str = "auto",
        compute_type: str = "", memory_limit: int = 0,
    ) -> None:  # fmt: skip
        """Start it and read the model; raise ModelError where that fails.

        threads: 0 takes what the machine has. memory_limit: bytes of its address space; 0 sets none.
        """
        self.name, self.peak_memory = name, 0
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed with the process
        environment = {key: environ[key] for key in PASSED_ON if key in environ}
        argv = [sys.executable, "-I", "-m", WORKER]
        if memory_limit and sys.platform != "win32":
            argv = ["/bin/sh", "-c", f'ulimit -v {memory_limit // 1024} && exec "$@"', "sh", *argv]
        self._process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**environment, "CT2_VERBOSE": "-1", "PYTHONPATH": ""},
            cwd=tempfile.gettempdir(),
            close_fds=True,
        )
        try:
            opened = self.ask(
                OPENING, do="open", path=str(Path(path).absolute()), device=device, compute_type=compute_type,
                threads=threads or _cores(),
            )  # fmt: skip
        except ModelError:
            self.close()
            raise
        self.device, self.compute_type = str(opened["device"]), str(opened["compute_type"])
        self.vocabulary = int(opened["vocabulary"])

    def share(self, tokens: Sequence[int]) -> None:
        """Keep the computed state of these tokens: every prompt that follows continues them."""
        self.ask(OPENING, do="share", tokens=list(tokens))

    def next(self, prompts: Sequence[Sequence[int]], tokens: Sequence[int], seconds: float) -> list[list[float]]:
        """Return of each prompt the logits of `tokens` to come next."""
        answer = self.ask(seconds, do="next", prompts=[list(one) for one in prompts], tokens=list(tokens))
        return [[float(value) for value in row] for row in answer["logits"]]

    def generate(
        self, prompts: Sequence[Sequence[int]], longest: int, end: Sequence[int], seconds: float
    ) -> list[tuple[list[int], bool]]:
        """Return of each prompt what follows greedily, at most `longest` tokens, and whether it was cut there.

        The prompts should be of one length: a batch is computed together only up to the end of its shortest.
        """
        answer = self.ask(
            seconds, do="generate", prompts=[list(one) for one in prompts], longest=longest, end=list(end)
        )
        pairs = zip(answer["tokens"], answer["is_cut"], strict=True)
        return [([int(one) for one in tokens], bool(is_cut)) for tokens, is_cut in pairs]

    def ask(self, seconds: float, **request: object) -> dict[str, Any]:
        """Return the answer to a request; raise ModelError where it is an error, or none comes in time."""
        overdue = threading.Timer(seconds, self._process.kill)
        overdue.start()
        try:
            assert self._process.stdin and self._process.stdout
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except (OSError, ValueError):
            line = b""
        finally:
            is_late = not overdue.is_alive()
            overdue.cancel()
        if not line.endswith(b"\n"):
            raise ModelError(self._end(is_late, seconds))
        answer: dict[str, Any] = json.loads(line)
        self.peak_memory = max(self.peak_memory, int(answer.get("peak", 0)))
        if answer.get("is_memory"):
            raise ModelError(f"{self.name}: out of memory; use a smaller model, or --no-llm")
        if "error" in answer:
            raise ModelError(f"{self.name}: {answer['error']}")
        return answer

    def close(self) -> None:
        """End the process, in the midst of an answer too."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue

    def _end(self, is_late: bool, seconds: float) -> str:
        self._process.kill()
        code = self._process.wait()
        if is_late:
            return f"{self.name}: no answer within {seconds:.0f} s; raise `model_timeout`, or use a smaller model"
        try:
            self._errors.seek(max(0, os.fstat(self._errors.fileno()).st_size - SHOWN))
            said = " ".join(self._errors.read().decode("utf-8", "replace").split())
        except (OSError, ValueError):
            said = ""
        if code == -9:
            return f"{self.name}: its process was killed, as a machine does that is out of memory; use a smaller model"
        if "bad_alloc" in said or "MemoryError" in said:
            return f"{self.name}: out of memory; use a smaller model, or --no-llm"
        return f"{self.name}: its process ended with exit code {code}{f': {said}' if said else ''}"


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1
