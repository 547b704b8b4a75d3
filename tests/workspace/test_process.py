import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hunkwise.core.errors import ToolError, ToolTimeout
from hunkwise.workspace.process import Stop, run_process

ENV = {"PATH": "/usr/bin:/bin"}


def python(code: str, tmp_path: Path, **options):
    return run_process([sys.executable, "-I", "-S", "-c", code], cwd=str(tmp_path), env=ENV, name="tool", **options)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition) -> bool:
    for _ in range(100):
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_output_and_exit_code_come_back(tmp_path):
    """What a program writes to both streams, and its exit code, are returned."""
    result = python("import sys; print('a'); print('b', file=sys.stderr); sys.exit(3)", tmp_path)
    assert (result.exit_code, result.stdout, result.stderr) == (3, b"a\n", b"b\n")


def test_stdin_larger_than_a_pipe_is_fed_while_output_is_read(tmp_path):
    """Ten megabytes go in and come out without a deadlock."""
    data = b"x" * 10_000_000
    assert data == run_process(["cat"], cwd=str(tmp_path), env=ENV, stdin=data).stdout


def test_a_program_that_does_not_read_its_stdin_is_no_error(tmp_path):
    """A closed stdin only means that the program has seen enough."""
    result = run_process(["head", "-c", "1"], cwd=str(tmp_path), env=ENV, stdin=b"x" * 1_000_000)
    assert (result.exit_code, result.stdout) == (0, b"x")


def test_without_stdin_there_is_nothing_to_read(tmp_path):
    """A program that reads its stdin sees its end and not the terminal."""
    assert run_process(["cat"], cwd=str(tmp_path), env=ENV).stdout == b""


def test_the_environment_is_only_what_is_given(tmp_path, monkeypatch):
    """A secret in our own environment does not reach the program."""
    monkeypatch.setenv("SECRET", "1")
    result = run_process(["env"], cwd=str(tmp_path), env={**ENV, "A": "b"})
    assert sorted(result.stdout.split()) == [b"A=b", b"PATH=/usr/bin:/bin"]


def test_times_are_measured(tmp_path):
    """Wall time counts sleep, CPU time counts work of the program and of its children."""
    code = (
        "import os,time,subprocess,sys; subprocess.run([sys.executable,'-c','sum(range(8_000_000))']); time.sleep(.3)"
    )
    result = python(code, tmp_path)
    assert result.seconds > result.cpu_seconds > 0.05
    assert result.seconds > 0.3


def test_a_hanging_program_is_ended_with_its_children(tmp_path):
    """After a time-out neither the program nor what it started is alive."""
    code = (
        "import subprocess,time,pathlib; child = subprocess.Popen(['sleep', '60']);"
        "pathlib.Path('pid').write_text(str(child.pid)); time.sleep(60)"
    )
    started = time.monotonic()
    with pytest.raises(ToolTimeout, match=r"^tool: timed out after 0\.5 s$"):
        python(code, tmp_path, timeout=0.5)
    assert time.monotonic() - started < 2
    pid = int((tmp_path / "pid").read_text())
    assert wait_for(lambda: not alive(pid))


def test_a_flood_is_stopped(tmp_path):
    """A program that writes more than its limit is ended early."""
    started = time.monotonic()
    with pytest.raises(ToolError, match="tool: wrote more than 1000000 bytes"):
        run_process(["yes"], cwd=str(tmp_path), env=ENV, output_limit=1_000_000, name="tool")
    assert time.monotonic() - started < 2


def test_a_killed_program_names_the_signal(tmp_path):
    """A signal is an error that says which one, and what the program said last."""
    code = "import os,sys; print('ouch', file=sys.stderr, flush=True); os.kill(os.getpid(), 9)"
    with pytest.raises(ToolError, match=r"tool: killed by signal 9 \(SIGKILL\) after \d\.\d s; it said: ouch") as info:
        python(code, tmp_path)
    assert info.value.exit_code == -9


@pytest.mark.parametrize(
    ("program", "reason"),
    [("/does/not/exist", "no such file"), ("/etc/passwd", "permission denied"), ("a\0b", "null byte")],
)
def test_a_program_that_cannot_start_is_named(tmp_path, program, reason):
    """The error says which program, and why it does not start."""
    with pytest.raises(ToolError, match=f"tool: cannot start .*{reason}"):
        run_process([program], cwd=str(tmp_path), env=ENV, name="tool")


def test_memory_is_limited(tmp_path):
    """A program cannot take more address space than its limit."""
    result = python("x = bytearray(2**30)", tmp_path, memory_limit=2**29)
    assert b"MemoryError" in result.stderr
    assert result.exit_code == 1


def test_a_leftover_child_neither_delays_nor_survives(tmp_path):
    """A background process that holds the output open is ended when the program has exited."""
    code = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"
    result = python(code, tmp_path)
    assert result.seconds < 2
    assert wait_for(lambda: not alive(int(result.stdout)))


def test_a_daemon_in_another_session_does_not_delay(tmp_path):
    """A process that left the group and holds the output open is waited for half a second, no longer."""
    code = "import subprocess; print(subprocess.Popen(['sleep', '5'], start_new_session=True).pid)"
    result = python(code, tmp_path)
    os.kill(int(result.stdout), 9)
    assert result.seconds < 2


def test_a_stop_ends_what_is_running(tmp_path):
    """Another thread can end the processes at once."""
    with Stop() as stop:
        threading.Timer(0.2, stop.set).start()
        started = time.monotonic()
        with pytest.raises(ToolError, match="interrupted"):
            run_process(["sleep", "60"], cwd=str(tmp_path), env=ENV, stop=stop)
        assert time.monotonic() - started < 2


def test_nothing_leaks_over_many_runs_in_threads(tmp_path):
    """A hundred runs from eight threads, some of them failing, leave no descriptor, thread or child behind."""

    def one(number: int) -> int:
        program = ["true", "false", "/does/not/exist", "yes"][number % 4]
        try:
            return run_process([program], cwd=str(tmp_path), env=ENV, output_limit=10_000, stdin=b"x").exit_code
        except ToolError:
            return -1

    def children() -> set[str]:
        return {
            child for task in Path("/proc/self/task").iterdir() for child in (task / "children").read_text().split()
        }

    before, others = len(list(Path("/proc/self/fd").iterdir())), children()
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(one, range(100)))
    assert codes == [0, 1, -1, -1] * 25
    assert before == len(list(Path("/proc/self/fd").iterdir()))
    # a test before this one may have left a server of its own for the session
    assert children() <= others
