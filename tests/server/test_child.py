"""Tests of running a review on a leash: real processes that hang, fork and die."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hunkwise.server.child import Call, ReviewTimeout, remove, run, said, scrubbed
from hunkwise.server.folders import Folders
from hunkwise.server.work import Over

FORKING = """
import os, subprocess, sys, time
child = subprocess.Popen(["sleep", "1000"], start_new_session=True)
open("child", "w").write(str(child.pid))
if sys.argv[1:] == ["leave"]:
    sys.exit(3)
time.sleep(1000)
"""


def call(folder: Path, *argv: str, timeout: float = 30.0) -> Call:
    """Return a call of Python with this code."""
    env = {"PATH": os.environ["PATH"]}
    return Call(argv=(sys.executable, "-I", "-c", *argv), env=env, folder=folder, timeout=timeout)


def is_gone(folder: Path) -> bool:
    """Return whether the child that the program noted has ended."""
    deadline = time.monotonic() + 10
    process = Path("/proc") / (folder / "child").read_text()
    while process.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not process.exists()


def test_the_exit_code_and_the_words_come_back(tmp_path: Path):
    """A program's own exit code, the end of what it printed, and 128 and more for a signal."""
    assert run(call(tmp_path, "print('hello'); raise SystemExit(3)"), lambda: None) == 3
    assert said(tmp_path) == "hello"
    assert run(call(tmp_path, "import os; os.kill(os.getpid(), 9)"), lambda: None) == 137


def test_the_environment_is_what_is_given(tmp_path: Path):
    """Nothing of the server's environment is passed on but what programs need."""
    given = scrubbed({"PATH": "/bin", "HUNKWISE_PRIVATE_KEY_FILE": "x", "AWS_SECRET": "y"}, {"TMPDIR": "/t"})
    assert given == {"PATH": "/bin", "TMPDIR": "/t"}
    run(call(tmp_path, "import os; print(sorted(os.environ))"), lambda: None)
    assert said(tmp_path) in ("['LC_CTYPE', 'PATH']", "['PATH']")


def test_what_a_program_leaves_behind_ends_with_it(tmp_path: Path):
    """A process in a session of its own does not outlive the program that began it."""
    assert run(call(tmp_path, FORKING, "leave"), lambda: None) == 3
    assert is_gone(tmp_path)


def test_a_time_out_ends_all(tmp_path: Path):
    """The program and what it began are gone when the time is over."""
    with pytest.raises(ReviewTimeout, match="took more than 1 s"):
        run(call(tmp_path, FORKING, timeout=1), lambda: None)
    assert is_gone(tmp_path)


def test_a_check_that_raises_ends_all(tmp_path: Path):
    """A job that is not wanted any more is stopped in the middle."""

    def check() -> None:
        if (tmp_path / "child").exists():
            raise Over("closed")

    with pytest.raises(Over):
        run(call(tmp_path, FORKING), check)
    assert is_gone(tmp_path)


def test_the_death_of_the_server_ends_all(tmp_path: Path):
    """kill -9 of the process that runs the review ends the review and what it began."""
    code = (
        "import sys; from pathlib import Path; from hunkwise.server.child import Call, run\n"
        f"run(Call(argv=(sys.executable, '-c', {FORKING!r}), env={{}}, folder=Path({str(tmp_path)!r}), timeout=60), "
        "lambda: None)"
    )
    server = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 20
    while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    server.kill()
    server.wait()
    assert is_gone(tmp_path)


def test_folders_go_with_their_job_and_their_server(tmp_path: Path):
    """A job's folder is removed whatever happens, a dead server's when the next one starts, a living one's never."""
    dead = tmp_path / "hunkwise-server-dead"
    dead.mkdir()
    (dead / "lock").touch()
    with Folders(tmp_path) as folders:
        assert not dead.exists()
        with pytest.raises(Over), folders.new("job-1") as folder:
            (folder / "tmp" / "x").write_text("x")
            (folder / "tmp").chmod(0)
            raise Over("closed")
        assert [path.name for path in folders.root.iterdir()] == ["lock"]
        with Folders(tmp_path):
            assert folders.root.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_made_unwritable_is_removed(tmp_path: Path):
    """A tool may leave folders that nobody may write to."""
    folder = tmp_path / "work"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "c").write_text("x")
    (folder / "a" / "b").chmod(0o500)
    (folder / "a").chmod(0o500)
    remove(folder)
    assert not folder.exists()
