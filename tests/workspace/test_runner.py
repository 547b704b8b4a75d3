import json
import sys
from pathlib import Path

import pytest

from hunkwise.core.errors import Refused, ToolError, ToolMissing, ToolTimeout
from hunkwise.core.model import Trust
from hunkwise.core.ports import AnalyzerInputs, Tool, ToolRun
from hunkwise.testing import FakeWorkspace
from hunkwise.workspace.runner import Runner
from hunkwise.workspace.toolbox import Toolbox

TOOL = Tool(name="probe", kind="none", packages=(), program="probe")
SEE = """
import json, os, sys
print(json.dumps({
    "args": sys.argv[1:], "cwd": os.getcwd(), "env": dict(os.environ), "stdin": sys.stdin.read(),
    "files": {name: open(os.path.join(os.environ["HOME"], name)).read() for name in os.listdir(os.environ["HOME"])},
}))
"""


class Probe:
    """A tool that tells how it was called, and the directories that it is called with."""

    def __init__(self, folder: Path, code: str = SEE) -> None:
        self.root, self.scratch, script = folder / "root", folder / "scratch", folder / "probe"
        self.root.mkdir()
        self.scratch.mkdir()
        script.write_text(f"#!{sys.executable}\n{code}\n")
        script.chmod(0o755)
        self.configured = {"probe": str(script)}

    def run(self, *, trust=Trust.OWN, sandbox=None, **fields):
        environ = {"PATH": "/usr/bin:/bin", "SECRET": "x"}
        toolbox = Toolbox(directory=self.root.parent / "tools", environ=environ, configured=self.configured)
        inputs = AnalyzerInputs(workspace=FakeWorkspace(), trust=trust, root=str(self.root), scratch=str(self.scratch))
        call = ToolRun(**{"tool": "probe", "args": (), "targets": (), **fields})
        return Runner(toolbox=toolbox, trust=trust, sandbox=sandbox).run(call, TOOL, inputs)


def test_a_tool_runs_in_the_root_with_what_was_planned(tmp_path):
    """Arguments, stdin and data files arrive; nothing of them goes through a shell."""
    args = ("./a b.py", "$(id)", "--", "*")
    result = Probe(tmp_path).run(args=args, stdin=b"hello", files={"rules.json": "{}\n"})
    seen = json.loads(result.stdout)
    assert (tuple(seen["args"]), seen["stdin"], seen["files"]) == (args, "hello", {"rules.json": "{}\n"})
    assert seen["cwd"] == str(tmp_path / "root")


def test_the_environment_is_scrubbed(tmp_path):
    """A tool sees where its home is and what the analyzer named, and no variable of ours."""
    seen = json.loads(Probe(tmp_path).run(env={"MODE": "fast"}).stdout)["env"]
    seen.pop("LC_CTYPE", None)  # CPython sets it in its own environment
    own = str(Path(sys.executable).parent)
    assert seen == {
        "PATH": f"/usr/bin:/bin:{own}",
        "HOME": str(tmp_path / "scratch"),
        "TMPDIR": str(tmp_path / "scratch"),
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "MODE": "fast",
    }


def test_a_foreign_change_is_refused_without_a_sandbox(tmp_path):
    """The refusal comes before anything is written or started, whatever tool it is."""
    with pytest.raises(Refused, match="foreign change and no sandbox"):
        Probe(tmp_path).run(trust=Trust.FOREIGN, files={"rules": ""})
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.parametrize("name", ["../rules", "/tmp/rules", "a/b", "", ".", "..", "a\\b", "a\0b"])
def test_a_data_file_stays_in_the_scratch_directory(tmp_path, name):
    """A name that is a path is refused."""
    with pytest.raises(ToolError, match="is not a plain name"):
        Probe(tmp_path).run(files={name: "x"})


def test_a_time_out_names_the_setting(tmp_path):
    """Who wants to wait longer is told how."""
    with pytest.raises(ToolTimeout, match=r"^probe: timed out after 0\.3 s; raise tools\.probe\.timeout$"):
        Probe(tmp_path, "import time; time.sleep(60)").run(timeout=0.3)


def test_a_missing_tool_is_named(tmp_path):
    """A tool that is nowhere is an error of its own."""
    probe = Probe(tmp_path)
    probe.configured = {}
    with pytest.raises(ToolMissing, match="there is no 'probe' on PATH"):
        probe.run()


def test_the_sandbox_gets_the_directories_that_are_needed(tmp_path):
    """It may read the files, the program and its interpreter, and write nothing but the scratch directory."""

    class Sandbox:
        name = "test"

        def wrap(self, argv, needs):
            self.readable, self.writable = needs.readable, needs.writable
            return ("/usr/bin/env", *(f"{name}={value}" for name, value in needs.env.items()), *argv)

    sandbox = Sandbox()
    assert Probe(tmp_path).run(trust=Trust.FOREIGN, sandbox=sandbox).exit_code == 0
    assert sandbox.writable == (str(tmp_path / "scratch"),)
    assert sandbox.readable[0] == str(tmp_path / "root")
    for needed in (Path(sys.prefix), Path(sys.executable).resolve().parent.parent):
        assert any(needed.is_relative_to(one) for one in sandbox.readable)


class Shell:
    """A sandbox that ends as bubblewrap does: with its tool's signal as an exit code, or with words of its own."""

    name = "shell"

    def __init__(self, script):
        self.script = script

    def wrap(self, argv, needs):
        return ("/bin/sh", "-c", self.script)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("exit 139", r"^probe: killed by signal 11 \(SIGSEGV\)"),
        ("echo 'bwrap: No permissions' >&2; exit 1", "^probe: the sandbox could not start it: No permissions"),
        ("echo 'hunkwise-sandbox: cannot' >&2; exit 125", "^probe: the sandbox could not start it: cannot"),
    ],
)
def test_how_a_confined_tool_ended_is_not_taken_for_its_word(tmp_path, script, message):
    """A signal, or a sandbox that did not come up, is an error, not an exit code of the tool."""
    with pytest.raises(ToolError, match=message):
        Probe(tmp_path).run(trust=Trust.FOREIGN, sandbox=Shell(script))


def test_a_confined_tool_keeps_its_own_exit_code(tmp_path):
    """Codes that no signal has, and output beside them, are the tool's."""
    assert Probe(tmp_path).run(trust=Trust.FOREIGN, sandbox=Shell("exit 251")).exit_code == 251


@pytest.mark.parametrize(("trust", "readable"), [(Trust.OWN, True), (Trust.FOREIGN, False)])
def test_all_can_be_read_for_an_own_change_only(tmp_path, trust, readable):
    """One's own configuration may name anything; a foreign one gets the files, the program and no more."""

    class Sandbox(Shell):
        def wrap(self, argv, needs):
            self.needs = needs
            return super().wrap(argv, needs)

    sandbox = Sandbox("true")
    Probe(tmp_path).run(trust=trust, sandbox=sandbox)
    assert ("/" in sandbox.needs.readable) is readable
