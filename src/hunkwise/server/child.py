"""Run `hunkwise review` for one job: a process tree of its own, on a leash, with only what it needs."""

import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hunkwise.core.errors import HunkwiseError
from hunkwise.server import leash

PASSED = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
PASSED_OURS = ("HUNKWISE_TOOLS_DIR", "HUNKWISE_MODELS_DIR", "HUNKWISE_CACHE_DIR", "HUNKWISE_CONFIG_FILE")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
LARGEST = 64 * 2**20
"""Bytes of a report."""
SAID = 2000
"""Characters of what a failed review said that are kept."""
POLL = 0.25
log = logging.getLogger(__name__)


class ReviewFailed(HunkwiseError):
    """The review ended without a report; says how."""


class ReviewTimeout(ReviewFailed):
    """The review took longer than it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the program; `env` is its whole environment."""

    argv: Sequence[str]
    env: Mapping[str, str]
    folder: Path
    timeout: float


def scrubbed(environ: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a review: what programs need, our own folders, and what is given."""
    names = (*PASSED, *PASSED_OURS, *PROXIES)
    return {**{name: environ[name] for name in names if name in environ}, **more}


def run(call: Call, check: Callable[[], None]) -> int:
    """Run the program to its end and return its exit code; what it printed lies in `output` in the folder.

    `check` is called again and again and may raise, which ends the program and all below it. So does the time-out,
    with ReviewTimeout, and the death of this process.
    """
    deadline = time.monotonic() + call.timeout
    reader, writer = os.pipe()
    try:
        with (call.folder / "output").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-I", leash.__file__, str(reader), *call.argv],
                cwd=call.folder,
                env=dict(call.env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(reader,),
                start_new_session=True,
            )
    except BaseException:
        os.close(writer)
        raise
    finally:
        os.close(reader)
    try:
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(timeout=POLL)
            if time.monotonic() > deadline:
                raise ReviewTimeout(f"the review took more than {call.timeout:g} s")
            check()
    finally:
        os.close(writer)
        try:
            process.wait(timeout=leash.SOFT + 15)
        except subprocess.TimeoutExpired:
            log.error("a review did not end and is killed")
            process.kill()
            process.wait()


def said(folder: Path) -> str:
    """Return the end of what the program printed, on one line."""
    with suppress(OSError), (folder / "output").open("rb") as output:
        output.seek(max(0, output.seek(0, os.SEEK_END) - SAID))
        return " ".join(output.read().decode("utf-8", "replace").split())
    return ""


def read_report(file: Path) -> bytes:
    """Return the report that the program wrote; raises ReviewFailed where there is none, or one too large."""
    try:
        with file.open("rb") as report:
            content = report.read(LARGEST + 1)
    except OSError as error:
        raise ReviewFailed("the review wrote no report") from error
    if len(content) > LARGEST:
        raise ReviewFailed(f"the report is larger than {LARGEST} bytes")
    return content


def remove(folder: Path) -> None:
    """Remove a working folder, also where a tool made it unwritable."""

    def unlock(_function: object, path: str, _error: object) -> None:
        with suppress(OSError):
            os.chmod(Path(path).parent, 0o700)  # noqa: PTH101 the handler's path is a string
            os.chmod(path, 0o700)  # noqa: PTH101
            Path(path).rmdir() if Path(path).is_dir() else Path(path).unlink()

    shutil.rmtree(folder, onerror=unlock)
    if folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
