"""Which sandbox is chosen: as root, as an ordinary user, and where the machine takes one or the other away."""

import json
import os
import shutil
import sys

import pytest
from confined import CHECKOUT, SANDBOXES, as_somebody, ran, sandbox_named, under
from reached import reached

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Trust
from hunkwise.workspace.sandbox.bubblewrap import Bubblewrap
from hunkwise.workspace.sandbox.choice import choose_sandbox, sandbox_for, try_out
from hunkwise.workspace.sandbox.landlock import Landlock
from hunkwise.workspace.sandbox.system import is_root

ASK = """
import json, os, sys
from hunkwise.workspace.sandbox.choice import choose_sandbox
choice = choose_sandbox(os.environ)
print(json.dumps([choice.name, choice.reasons]))
"""
BARE = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
CALL = (sys.executable, "-c", ASK)


def chosen(argv, **environ):
    """Return what another process chooses."""
    done = ran(argv, env={**os.environ, **environ})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Loose:
    """A sandbox that confines nothing."""

    name = "loose"

    def wrap(self, argv, needs):
        return ("/usr/bin/env", "-i", *(f"{name}={value}" for name, value in needs.env.items()), *argv)


class Broken(Loose):
    """A sandbox in which nothing runs."""

    def wrap(self, argv, needs):
        return ("/bin/sh", "-c", "echo no good >&2; exit 1")


def test_the_canary_gets_out_of_what_confines_nothing():
    """The control: every one of its attempts works without a sandbox."""
    trouble = try_out(Loose())
    assert trouble.startswith("it does not hold: ")
    assert {"write", "read", "connect", "socket", "unfiltered"} <= set(trouble.partition(": ")[2].split(", "))


def test_what_nothing_runs_in_is_no_sandbox():
    """A sandbox that lets nothing out, because it lets nothing start, is not taken; its own words say why."""
    assert try_out(Broken()) == "no good"


@pytest.mark.parametrize("name", SANDBOXES)
def test_what_a_sandbox_forgets_is_noticed(name):
    """One hole is enough: a directory too many."""

    class Leaky:
        def __init__(self):
            self.name = name

        def wrap(self, argv, needs):
            from dataclasses import replace

            return sandbox.wrap(argv, replace(needs, writable=(*needs.writable, argv[5])))

    sandbox = sandbox_named(name)
    assert try_out(Leaky()) == "it does not hold: write"


def test_bubblewrap_comes_first():
    """Where both hold, bubblewrap is taken."""
    sandbox_named("bubblewrap")
    assert choose_sandbox({}).name == "bubblewrap"


def test_the_choice_can_be_narrowed():
    """An operator names one, or none; a word that is none of them is an error."""
    assert choose_sandbox({"HUNKWISE_SANDBOX": "none"}).sandbox is None
    assert choose_sandbox({"HUNKWISE_SANDBOX": "landlock"}).name in ("landlock", "none")
    with pytest.raises(UsageError, match="there is no sandbox 'docker'; there are auto, bubblewrap, landlock and none"):
        choose_sandbox({"HUNKWISE_SANDBOX": "docker"})


@pytest.mark.parametrize("name", SANDBOXES)
def test_an_ordinary_user_has_the_same_sandboxes(name):
    """Nothing of it needs root."""
    sandbox_named(name)
    assert chosen(as_somebody(CALL, env={**BARE, "HUNKWISE_SANDBOX": name}))[0] == name


@pytest.mark.parametrize("user", ["as it is", "ordinary"])
def test_without_user_namespaces_landlock_is_chosen(user):
    """Under a filter like Docker's, bubblewrap cannot start, and the report can say why."""
    sandbox_named("landlock")
    call = under(["container"], CALL, env=BARE)
    argv = as_somebody(call, env=BARE) if user == "ordinary" else reached(call)
    name, reasons = chosen(argv)
    assert name == "landlock"
    assert "No permissions to create new namespace" in reasons[0]


@pytest.mark.parametrize("user", ["as it is", "ordinary"])
def test_without_either_there_is_none(user):
    """With namespaces refused and no Landlock in the kernel, no sandbox is left."""
    call = under(["container", "old-kernel"], CALL, env=BARE)
    argv = as_somebody(call, env=BARE) if user == "ordinary" else reached(call)
    name, reasons = chosen(argv)
    assert name == "none"
    assert any(reason.startswith("landlock: Landlock: Function not implemented") for reason in reasons)


def test_a_closed_directory_is_named():
    """Where tools are in root's own home and cannot be mounted elsewhere, the error says so and what to do."""
    if not is_root():
        pytest.skip("only root's tools become another user")
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as name:
        inner = Path(name) / "tools"
        inner.mkdir()
        from hunkwise.workspace.sandbox.system import USER, launcher

        argv = (*launcher("--user", str(USER), "--reach", str(inner)), "--", "/bin/true")
        assert ran(argv).returncode == 0
        done = ran(under(["container"], argv, env=BARE))
    assert done.returncode == 125
    assert f"cannot reach {inner}, because {name} is closed to others" in done.stderr
    assert "HUNKWISE_TOOLS_DIR" in done.stderr


def test_root_runs_its_own_changes_outside():
    """Root's own files may be nobody else's to read; a foreign change's tools are confined all the same."""
    own, foreign = sandbox_for(Trust.OWN, {}), sandbox_for(Trust.FOREIGN, {})
    assert foreign == choose_sandbox({})
    assert own == foreign if not is_root() else own.sandbox is None


def test_what_is_missing_is_named(monkeypatch):
    """A machine of another kind has no sandbox, and a machine without bubblewrap is told how to get it."""
    monkeypatch.setattr("platform.machine", lambda: "s390x")
    for sandbox in (Bubblewrap(), Landlock()):
        assert sandbox.missing() == "no seccomp program for this kind of machine"


def test_the_filters_are_what_the_script_makes():
    """The checked-in programs come from scripts/seccomp, by the version of libseccomp that made them."""
    import ctypes
    import ctypes.util

    class Version(ctypes.Structure):
        _fields_ = [(name, ctypes.c_uint) for name in ("major", "minor", "micro")]

    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp is not installed")
    library.seccomp_version.restype = ctypes.POINTER(Version)
    version = library.seccomp_version().contents
    if (version.major, version.minor, version.micro) != (2, 5, 4):
        pytest.skip("another libseccomp orders its programs otherwise")
    done = ran((sys.executable, str(CHECKOUT / "scripts" / "seccomp"), "--check"))
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(not is_root(), reason="only root's tools become another user")
@pytest.mark.parametrize("name", SANDBOXES)
def test_hunkwise_may_lie_where_others_may_not_go(name, tmp_path):
    """Installed below a directory that is closed to others, as root's home is, it still has a sandbox that holds."""
    sandbox_named(name)
    closed = tmp_path / "closed"
    shutil.copytree(CHECKOUT / "src" / "hunkwise", closed / "hunkwise", ignore=shutil.ignore_patterns("__pycache__"))
    # Tools reach what lies below it, such as their interpreter, and then nothing else there.
    ran([sys.executable, "-m", "venv", "--without-pip", closed / "venv"])
    closed.chmod(0o700)
    code = (
        f"import sys; sys.path.insert(0, {str(closed)!r})\n"
        "from hunkwise.workspace.sandbox.choice import choose_sandbox\n"
        f"choice = choose_sandbox({{'HUNKWISE_SANDBOX': {name!r}}})\n"
        "print(sys.modules['hunkwise'].__file__, choice.name, *choice.reasons)"
    )
    done = ran([closed / "venv" / "bin" / "python", "-B", "-c", code])
    assert done.stdout.split()[:2] == [str(closed / "hunkwise" / "__init__.py"), name], done.stdout + done.stderr
