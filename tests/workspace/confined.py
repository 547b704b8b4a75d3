"""What the tests of the sandbox share: directories that others may reach, and calls confined or as another user."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from hunkwise.core.ports import Confinement
from hunkwise.workspace.process import run_process
from hunkwise.workspace.sandbox.choice import choose_sandbox
from hunkwise.workspace.sandbox.system import is_root, launcher
from hunkwise.workspace.toolbox import readable_by

CHECKOUT = Path(__file__).resolve().parents[2]
FILTERS = Path(__file__).parent / "filters"
SOMEBODY = 65531
"""A user without any rights, who is not the one that tools run as."""
PYTHON = (sys.executable, "-I", "-S")
SANDBOXES = ("bubblewrap", "landlock")


def sandbox_named(name):
    """Return the sandbox; the test skips where this machine does not have it."""
    choice = choose_sandbox({"HUNKWISE_SANDBOX": name})
    if choice.sandbox is None:
        pytest.skip(f"this machine has no {name}: {'; '.join(choice.reasons)}")
    return choice.sandbox


@contextmanager
def open_folder():
    """Give a directory that every user can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="hunkwise-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def as_somebody(argv, *, reach=(), env=None):
    """Return a call that runs as an ordinary user, who also reaches the interpreter, Hunkwise and these paths."""
    if not is_root():
        return tuple(argv) if env is None else ("/usr/bin/env", "-i", *(f"{k}={v}" for k, v in env.items()), *argv)
    tools = os.environ.get("HUNKWISE_TOOLS_DIR", str(CHECKOUT))
    paths = (str(CHECKOUT), sys.prefix, sys.base_prefix, tools, *map(str, reach))
    return (
        *launcher("--user", str(SOMEBODY), *(part for path in paths for part in ("--reach", path)), *_env(env)),
        "--",
        *argv,
    )


def under(filters, argv, *, env=None):
    """Return a call under filters of tests/workspace/filters, which its children inherit."""
    files = [FILTERS / f"{name}.{os.uname().machine}.bpf" for name in filters]
    return (*launcher(*(part for file in files for part in ("--seccomp", str(file))), *_env(env)), "--", *argv)


def _env(env):
    variables = os.environ if env is None else env
    return [part for name, value in variables.items() for part in ("--env", f"{name}={value}")]


class Place:
    """A root and a scratch directory for a confined tool."""

    def __init__(self, folder):
        self.folder, self.root, self.scratch = folder, folder / "root", folder / "scratch"
        for directory in (self.root, self.scratch):
            directory.mkdir()
            directory.chmod(0o755)

    def needs(self, **changes):
        return Confinement(
            **{
                "cwd": str(self.root),
                "env": {"PATH": "/usr/bin:/bin", "HOME": str(self.scratch)},
                "readable": (str(self.root), *readable_by((sys.executable,))),
                "writable": (str(self.scratch),),
            }
            | changes
        )

    def run(self, sandbox, code, *args, **options):
        """Run Python code in the sandbox."""
        return self.call(sandbox, (*PYTHON, "-c", code, *map(str, args)), **options)

    def call(self, sandbox, argv, *, timeout=20.0, output_limit=2**20, **changes):
        """Run a program in the sandbox."""
        call = sandbox.wrap(argv, self.needs(**changes))
        return run_process(call, cwd=str(self.root), env={}, timeout=timeout, output_limit=output_limit, name="probe")


def ran(argv, **options):
    """Run a call to its end and return it, with its output as text."""
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120, **options)
