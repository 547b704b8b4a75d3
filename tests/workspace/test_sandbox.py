"""What a confined tool can reach of the machine, with what works outside beside it."""

import json
import os
import socket
from pathlib import Path

import pytest
from confined import PYTHON, SANDBOXES, Place, as_somebody, open_folder, ran, sandbox_named

from hunkwise.workspace.process import run_process
from hunkwise.workspace.sandbox.system import NOBODY, USER, is_root

PROBES = Path(__file__).parent / "probes.py"
DENIED = {
    "tcp": ("EACCES", "EACCES"),
    "udp": ("EACCES", "EACCES"),
    "unix socket": ("EACCES", "EACCES"),
    "abstract socket": ("EACCES", "EACCES"),
    "netlink": ("EACCES", "EACCES"),
    "vsock": ("EACCES", "EACCES"),
    "packet pair": ("EACCES", "EACCES"),
    "read secret": ("ENOENT", "EACCES"),
    "read passwd": ("ENOENT", "EACCES"),
    "write outside": ("ENOENT", "EACCES"),
    "user namespace": ("EPERM", "EPERM"),
    "cloned namespace": ("EPERM", "EPERM"),
    "io_uring": ("EPERM", "EPERM"),
    "keyctl": ("EPERM", "EPERM"),
    "add_key": ("EPERM", "EPERM"),
    "userfaultfd": ("EPERM", "EPERM"),
    "ptrace": ("EPERM", "EPERM"),
    "process_vm_readv": ("EPERM", "EPERM"),
    "kcmp": ("EPERM", "EPERM"),
    "personality": ("EPERM", "EPERM"),
}
"""What an ordinary user can do, and how it fails in each sandbox."""
NEVER = {
    "write /usr": ("EROFS", "EACCES"),
    "write core_pattern": ("EACCES", "EACCES"),
    "write /dev": ("EROFS", "EACCES"),
    "perf_event_open": ("EPERM", "EPERM"),
    "bpf": ("EPERM", "EPERM"),
    "mount": ("EPERM", "EPERM"),
    "setns": ("EPERM", "EPERM"),
    "open_tree": ("EPERM", "EPERM"),
    "open_by_handle_at": ("EPERM", "EPERM"),
    "clone3": ("ENOSYS", "ENOSYS"),
    "terminal": ("EPERM", "EPERM"),
}
"""What fails for an ordinary user too, or is no use to one; how it fails in each sandbox."""


@pytest.fixture(scope="module")
def found():
    """Return what came of each probe: as an ordinary user, and in each sandbox that this machine has."""
    with (
        open_folder() as folder,
        socket.create_server(("127.0.0.1", 0)) as port,
        socket.socket(socket.AF_UNIX) as listener,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        place = Place(folder)
        (folder / "secret").write_text("planted")
        (folder / "open").mkdir()
        (folder / "open").chmod(0o777)
        listener.bind(str(folder / "listener"))
        (folder / "listener").chmod(0o777)
        listener.listen()
        abstract.bind(f"\0{folder}")
        abstract.listen()
        argv = (*PYTHON, "-c", PROBES.read_text(), str(folder), str(port.getsockname()[1]))
        plain = ran(as_somebody(argv, reach=(folder,)), stdin=-3)
        results = {"plain": json.loads(plain.stdout)}
        (folder / "open" / "written").unlink()
        for name in SANDBOXES:
            call = sandbox_named(name).wrap(argv, place.needs())
            done = run_process(call, cwd=str(place.root), env={"LEAK": "environment"}, name=name)
            assert not done.exit_code, done.stderr
            results[name] = json.loads(done.stdout)
        assert not (folder / "open" / "written").exists()
        yield results


@pytest.mark.parametrize("sandbox", SANDBOXES)
@pytest.mark.parametrize("probe", DENIED)
def test_what_a_user_can_do_a_tool_cannot(found, sandbox, probe):
    """It works outside, as an ordinary user, and fails in the sandbox in the way that is expected."""
    if found["plain"][probe] != "yes":
        pytest.skip(f"{probe} does not work outside either: {found['plain'][probe]}")
    assert found[sandbox][probe] == DENIED[probe][SANDBOXES.index(sandbox)]


@pytest.mark.parametrize("sandbox", SANDBOXES)
@pytest.mark.parametrize("probe", NEVER)
def test_what_no_tool_needs_is_denied(found, sandbox, probe):
    """The filter and the read-only file systems answer, whatever the kernel itself would say."""
    assert found[sandbox][probe] == NEVER[probe][SANDBOXES.index(sandbox)]


@pytest.mark.parametrize("sandbox", SANDBOXES)
def test_a_pair_of_streams_is_allowed(found, sandbox):
    """Programs talk to their own children through it, and it leads nowhere else."""
    assert found[sandbox]["stream pair"] == "yes"


@pytest.mark.parametrize("sandbox", SANDBOXES)
def test_a_tool_has_no_privileges(found, sandbox):
    """It is nobody, also where Hunkwise is root, and can become nobody else."""
    user = NOBODY if sandbox == "bubblewrap" else USER if is_root() else os.getuid()
    seen = found[sandbox]
    assert (seen["user"], seen["capabilities"], seen["no new privileges"]) == (user, 0, "1")


def test_a_tool_sees_no_other_process(found):
    """Only bubblewrap's own first process and the tool itself; under Landlock, /proc cannot be listed."""
    assert found["bubblewrap"]["pids"] == 2
    assert found["landlock"]["pids"] == "EACCES"


def test_no_environment_leaks(found):
    """Neither that of bubblewrap, which the tool can read, nor that of any other process."""
    assert found["bubblewrap"]["parent's environment"] == ""
    assert found["landlock"]["parent's environment"] == "EACCES"
