"""How much a confined tool can take: memory, processes, time, files, and what it leaves behind."""

import os
import time
from pathlib import Path

import pytest
from confined import SANDBOXES, sandbox_named

from hunkwise.core.errors import ToolError, ToolTimeout
from hunkwise.workspace.sandbox.bubblewrap import SHARED_MEMORY, TEMPORARY
from hunkwise.workspace.sandbox.system import FILE_SIZE, OPEN_FILES, PROCESSES

MARK = "hunkwise-test-survivor"
FORK_BOMB = """
import os, time
count = 0
try:
    while count < 3000:
        if not os.fork():
            time.sleep(60)
            os._exit(0)
        count += 1
except OSError:
    pass
print(count)
"""
DAEMON = """
import os, sys, time
for session in (os.setsid, lambda: os.setpgid(0, 0), lambda: None):
    if os.fork() == 0:
        try:
            session()
        except OSError:
            pass
        if os.fork() == 0:
            sys.stdout.close()
            os.close(0); os.close(1); os.close(2)
            open(os.environ["HOME"] + "/daemon", "a").write("x")
            time.sleep(60)
        os._exit(0)
    os.wait()
while os.stat(os.environ["HOME"] + "/daemon").st_size < 3:
    time.sleep(0.01)
"""
WAIT = "\ntime.sleep(60)"
FILL = """
import sys
size = 0
try:
    with open(sys.argv[1], "wb") as file:
        while size < 2**30:
            size += file.write(bytes(2**20))
            file.flush()
except OSError as error:
    print(error.errno)
print(size)
"""


def survivors(scratch):
    """Return the processes whose environment names the scratch directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"HOME={scratch}\0".encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def none_survives(scratch):
    """Return whether all are gone; a process that was killed needs a moment to die."""
    deadline = time.monotonic() + 2
    while survivors(scratch):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.parametrize("name", SANDBOXES)
def test_memory(place, name):
    """Each process has so much address space and no more."""
    done = place.run(sandbox_named(name), "x = bytearray(2**30)", memory_limit=2**29)
    assert b"MemoryError" in done.stderr


@pytest.mark.parametrize("name", SANDBOXES)
def test_a_fork_bomb_stops(place, name):
    """The number of processes is limited, and all are gone afterwards."""
    done = place.run(sandbox_named(name), FORK_BOMB)
    # Landlock's limit is the user's and counts what else there was at the start, which may have ended since.
    assert 10 < int(done.stdout) <= (PROCESSES if name == "bubblewrap" else 2 * PROCESSES)
    assert none_survives(place.scratch)


@pytest.mark.parametrize("name", SANDBOXES)
def test_sleeping_ends_in_time(place, name):
    """Waiting is cut off when the time is up."""
    started = time.monotonic()
    with pytest.raises(ToolTimeout):
        place.run(sandbox_named(name), "import time; time.sleep(60)", timeout=0.5)
    assert time.monotonic() - started < 5
    assert none_survives(place.scratch)


@pytest.mark.parametrize("name", SANDBOXES)
def test_a_flood_of_output_ends(place, name):
    """A tool that prints without end is stopped."""
    with pytest.raises(ToolError, match="wrote more than 100000 bytes"):
        place.run(sandbox_named(name), "while True: print('x' * 1000)", output_limit=100_000)
    assert none_survives(place.scratch)


@pytest.mark.parametrize("name", SANDBOXES)
def test_daemons_end_with_the_tool(place, name):
    """Children that leave the session, the group or neither do not survive a tool that exits."""
    assert place.run(sandbox_named(name), DAEMON).exit_code == 0
    assert (place.scratch / "daemon").read_text() == "xxx"
    assert none_survives(place.scratch)


@pytest.mark.parametrize("name", SANDBOXES)
def test_daemons_end_with_a_tool_that_is_stopped(place, name):
    """Nor one whose time is up."""
    with pytest.raises(ToolTimeout):
        place.run(sandbox_named(name), DAEMON + WAIT, timeout=1.5)
    assert (place.scratch / "daemon").read_text() == "xxx"
    assert none_survives(place.scratch)


def test_a_daemon_survives_outside(place, tmp_path):
    """The control: without a sandbox, what leaves its session lives on."""
    import subprocess
    import sys

    env = {"HOME": str(place.scratch)}
    subprocess.run([sys.executable, "-c", DAEMON], env=env, check=True, start_new_session=True)
    left = survivors(place.scratch)
    for process in left:
        os.kill(process, 9)
    assert len(left) == 3


@pytest.mark.parametrize(("path", "most"), [("/dev/shm/x", SHARED_MEMORY), ("/tmp/x", TEMPORARY)])
def test_memory_that_looks_like_files_is_capped(place, path, most):
    """What is written to /dev/shm or /tmp of bubblewrap is memory, and there is little of it."""
    said = place.run(sandbox_named("bubblewrap"), FILL, path).stdout.split()
    assert said[0] == b"28"
    assert int(said[1]) <= most


@pytest.mark.parametrize("path", ["/dev/shm/x", "/tmp/x"])
def test_landlock_has_no_memory_that_looks_like_files(place, path):
    """There is nothing to write to but the scratch directory."""
    assert place.run(sandbox_named("landlock"), FILL, path).stdout.split() == [b"13", b"0"]


@pytest.mark.parametrize("name", SANDBOXES)
def test_limits_are_set(place, name):
    """The kernel's own limits are those that were asked for, in a child too."""
    code = """
import os, resource
names = ("CPU", "NOFILE", "FSIZE", "CORE")
if not os.fork():
    print(*(resource.getrlimit(getattr(resource, "RLIMIT_" + name))[1] for name in names), flush=True)
    os._exit(0)
os.wait()
"""
    said = place.run(sandbox_named(name), code).stdout.split()
    assert [int(one) for one in said] == [int(120 * (os.cpu_count() or 1)) + 1, OPEN_FILES, FILE_SIZE, 0]


@pytest.mark.parametrize("name", SANDBOXES)
def test_the_scratch_directory_is_the_tools_own(place, name):
    """It can write there, make directories and rename."""
    code = """
import os
home = os.environ["HOME"]
os.makedirs(home + "/a/b")
open(home + "/a/b/c", "w").write("x")
os.rename(home + "/a/b/c", home + "/d")
print(open(home + "/d").read(), os.getcwd())
"""
    assert place.run(sandbox_named(name), code).stdout.split() == [b"x", str(place.root).encode()]


@pytest.mark.parametrize("name", SANDBOXES)
def test_the_files_under_review_cannot_be_changed(place, name):
    """Also where anybody could write to them."""
    (place.root / "a.py").write_text("x = 1\n")
    (place.root / "a.py").chmod(0o666)
    place.root.chmod(0o777)
    done = place.run(sandbox_named(name), "print(open('a.py').read()); open('a.py', 'w')")
    assert b"x = 1" in done.stdout
    assert b"Read-only file system" in done.stderr or b"Permission denied" in done.stderr
    assert (place.root / "a.py").read_text() == "x = 1\n"


@pytest.mark.parametrize("name", SANDBOXES)
def test_all_that_there_is_can_be_read_where_all_is_readable(place, name):
    """For one's own changes: the rest of the machine is there, and still only the scratch directory is written to."""
    (place.folder / "open").mkdir()
    (place.folder / "open").chmod(0o777)
    code = 'test -r /etc/passwd && echo read; echo x > "$0"/x && echo written; echo x > $HOME/x && echo kept'
    done = place.call(sandbox_named(name), ("/bin/sh", "-c", code, str(place.folder / "open")), readable=("/",))
    assert done.stdout.split() == [b"read", b"kept"], done.stderr
