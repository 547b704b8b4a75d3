import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path

import pytest

from hunkwise.context.grammars import PluginGrammar
from hunkwise.context.pool import WorkerPool
from hunkwise.core.errors import ToolError
from hunkwise.workspace.sandbox.choice import choose_sandbox

PLUGIN = """
import ctypes, os, sys, time
from hunkwise import hookimpl

class Bad:
    name = "bad"
    languages = ("hang", "die", "grow", "raise", "spin", "write", "look")

    def load(self, language):
        if language == "hang":
            time.sleep(60)
        if language == "die":
            os._exit(7)
        if language == "grow":
            return b"x" * 2**31
        if language == "spin":
            while True:
                pass
        if language == "write":
            os.write(1, b"not a frame")
            import tree_sitter_python
            return tree_sitter_python.language()
        if language == "look":
            raise RuntimeError(" ".join(sorted(os.environ)))
        raise RuntimeError("no such grammar")

@hookimpl
def hunkwise_grammars():
    return [Bad()]
"""


@pytest.fixture
def bad(tmp_path):
    """Return where a grammar that does everything wrong is found."""
    path = tmp_path / "bad.py"
    path.write_text(PLUGIN)
    return PluginGrammar(grammar="bad", file=str(path))


@pytest.fixture
def fresh():
    """Return workers with a short time-out."""
    pool = WorkerPool(1, timeout=5.0)
    yield pool
    pool.close()


def is_usable(pool):
    return [scope.name for scope in pool.parse("python", b"def f(): pass\n").scopes] == ["f"]


def workers(pool):
    return [worker._process.pid for worker in pool._alive]


def test_a_worker_is_used_again(fresh):
    """One process parses one file after the other."""
    assert is_usable(fresh) and is_usable(fresh)
    assert 1 == fresh.starts


@pytest.mark.parametrize(
    ("language", "reason"),
    [("die", r"the worker ended \(exit code 7"), ("grow", "too much memory"), ("raise", "no such grammar")],
)
def test_a_broken_grammar_costs_one_outline(fresh, bad, language, reason):
    """A worker that dies, grows or raises is told with its reason, and the next file is parsed."""
    with pytest.raises(ToolError, match=reason):
        fresh.parse(language, b"x", bad)
    assert is_usable(fresh)


def test_a_worker_that_hangs_is_ended(bad):
    """A file that takes too long is given up, its worker is dead, and a new one parses the next file."""
    pool = WorkerPool(1, timeout=1.5)
    try:
        with pytest.raises(ToolError, match=r"parsing took more than 1\.5 s"):
            pool.parse("hang", b"x", bad)
        assert [] == workers(pool)
    finally:
        pool.close()


@pytest.mark.slow
def test_a_worker_that_spins_runs_out_of_processor_time(bad):
    """The limit of processor time ends a worker before the time-out does."""
    pool = WorkerPool(1, timeout=300.0)
    try:
        with pytest.raises(ToolError, match="SIGXCPU"):
            pool.parse("spin", b"x", bad)
    finally:
        pool.close()


def test_what_a_grammar_prints_is_no_answer(fresh, bad):
    """The output of a plugin does not get between the frames."""
    assert 1 == fresh.parse("write", b"x = 1\n", bad).lines


def test_a_worker_that_was_killed_is_replaced(fresh):
    """A worker that the system has killed costs no outline at all."""
    assert is_usable(fresh)
    os.kill(workers(fresh)[0], signal.SIGKILL)
    time.sleep(0.2)
    assert is_usable(fresh)
    assert 2 == fresh.starts


def test_a_worker_that_is_killed_while_it_parses_is_told(bad):
    """A death in the middle of a file gives an error that says by which signal."""
    pool = WorkerPool(1, timeout=30.0)
    errors = []

    def ask():
        try:
            pool.parse("hang", b"x", bad)
        except ToolError as error:
            errors.append(str(error))

    thread = threading.Thread(target=ask)
    try:
        thread.start()
        while not workers(pool):
            time.sleep(0.05)
        time.sleep(0.5)
        os.kill(workers(pool)[0], signal.SIGKILL)
        thread.join(10)
        assert ["tree-sitter: the worker ended (SIGKILL)"] == errors
    finally:
        pool.close()


def test_workers_have_no_environment(fresh, bad, monkeypatch):
    """What the review's environment holds, such as tokens, is not there in a worker."""
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    with pytest.raises(ToolError, match=r"RuntimeError: (LC_CTYPE )?LANG( LC_CTYPE)? PATH$"):
        fresh.parse("look", b"x", bad)


def test_a_closed_pool_says_so(fresh):
    """After closing, nothing is started any more."""
    assert is_usable(fresh)
    fresh.close()
    with pytest.raises(ToolError, match="the workers are closed"):
        fresh.parse("python", b"x")


def test_workers_end_with_their_parent():
    """A parent that is killed leaves no worker behind."""
    code = textwrap.dedent("""
        import time
        from hunkwise.context.pool import WorkerPool
        pool = WorkerPool(1)
        pool.parse("python", b"x = 1")
        print([worker._process.pid for worker in pool._alive][0], flush=True)
        time.sleep(60)
    """)
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while _is_running(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_running(worker)


def test_several_threads_share_the_workers():
    """Two threads get their own answers from two workers."""
    pool = WorkerPool(2)
    found = {}

    def ask(name):
        found[name] = [pool.parse("python", f"def {name}{i}(): pass\n".encode()).scopes[0].name for i in range(20)]

    threads = [threading.Thread(target=ask, args=(name,)) for name in ("a", "b", "c")]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        pool.close()
    assert {name: [f"{name}{i}" for i in range(20)] for name in ("a", "b", "c")} == found
    assert pool.starts <= 2


@pytest.mark.parametrize("name", ["bubblewrap", "landlock"])
def test_workers_can_be_confined(name):
    """In the sandbox of foreign changes a worker parses too."""
    choice = choose_sandbox({"HUNKWISE_SANDBOX": name})
    if choice.sandbox is None:
        pytest.skip(f"this machine has no {name}: {'; '.join(choice.reasons)}")
    pool = WorkerPool(1, sandbox=choice.sandbox)
    try:
        assert is_usable(pool)
    finally:
        pool.close()


def test_a_confined_worker_cannot_read_what_is_not_its_own():
    """A grammar in the sandbox sees neither the user's files nor a place to write."""
    choice = choose_sandbox({})
    if choice.sandbox is None:
        pytest.skip(f"this machine has no sandbox: {'; '.join(choice.reasons)}")
    with tempfile.TemporaryDirectory(prefix="hunkwise-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "own").mkdir()
        (folder / "secret").write_text("planted")
        plugin = folder / "own" / "peek.py"
        plugin.write_text(
            "from hunkwise import hookimpl\n"
            "class Peek:\n"
            "    name = 'peek'\n"
            "    languages = ('peek',)\n"
            "    def load(self, language):\n"
            f"        return open({str(folder / 'secret')!r}).read()\n"
            "@hookimpl\n"
            "def hunkwise_grammars():\n"
            "    return [Peek()]\n"
        )
        pool = WorkerPool(1, sandbox=choice.sandbox, readable=(str(plugin.parent),))
        try:
            with pytest.raises(ToolError, match=r"FileNotFoundError|PermissionError"):
                pool.parse("peek", b"x", PluginGrammar(grammar="peek", file=str(plugin)))
        finally:
            pool.close()


def _is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
