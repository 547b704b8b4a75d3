import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from hunkwise.core.errors import ToolError, ToolMissing
from hunkwise.core.ports import Tool
from hunkwise.workspace.toolbox import Toolbox, default_directory, readable_by

GREET = Tool(name="greet", kind="none", packages=(), program="greet")
ESLINT = Tool(name="eslint", kind="npm", packages=("eslint@9.39.1",), program="eslint/bin/eslint.js")
IDENTIFY = Tool(name="identify", kind="python", packages=("identify==2.6.15",), program="identify-cli")


def script(folder: Path, name: str, text: str = "#!/bin/sh\necho 1.2.3\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text)
    file.chmod(0o755)
    return file


def toolbox(tmp_path: Path, *path: Path, **configured: str) -> Toolbox:
    environ = {"PATH": os.pathsep.join(map(str, path))}
    return Toolbox(directory=tmp_path / "tools", environ=environ, configured=configured)


def test_a_tool_on_path_is_found(tmp_path):
    """The first directory of PATH that holds the program wins."""
    first = script(tmp_path / "one", "greet")
    script(tmp_path / "two", "greet")
    assert toolbox(tmp_path, tmp_path / "one", tmp_path / "two").find(GREET) == (str(first),)


def test_the_configured_program_comes_first(tmp_path):
    """A program that the user named is taken before the one on PATH."""
    script(tmp_path / "bin", "greet")
    mine = script(tmp_path, "mine")
    found = toolbox(tmp_path, tmp_path / "bin", greet=str(mine)).locate(GREET)
    assert found is not None
    assert (found.argv, found.origin) == ((str(mine),), "configuration")


@pytest.mark.parametrize("program", ["/does/not/exist", "no-such-program", "./relative/greet"])
def test_a_configured_program_that_cannot_run_is_an_error(tmp_path, program):
    """What the user named is not silently replaced by another program."""
    script(tmp_path / "bin", "greet")
    with pytest.raises(ToolError, match="greet: the configured program"):
        toolbox(tmp_path, tmp_path / "bin", greet=program).find(GREET)


def test_relative_entries_of_path_are_left_out(tmp_path, monkeypatch):
    """A program in the working directory, which may be the change's, is not found through `.` on PATH."""
    script(tmp_path, "greet")
    monkeypatch.chdir(tmp_path)
    assert toolbox(tmp_path, Path(), Path("bin")).find(GREET) is None


def test_the_directory_of_our_interpreter_ends_path(tmp_path):
    """What is installed beside Hunkwise is found though its environment is not activated."""
    python = Tool(name="python", kind="none", packages=(), program=Path(sys.executable).name)
    assert toolbox(tmp_path).find(python) == (sys.executable,)


def test_a_script_of_node_is_called_by_node_itself(tmp_path):
    """The link that npm puts on PATH resolves to the real file, after `node`."""
    real = script(tmp_path / "lib" / "eslint" / "bin", "eslint.js", "#!/usr/bin/env node\n")
    (tmp_path / "lib" / "eslint" / "package.json").write_text('{"version": "9.1.2"}')
    node = script(tmp_path / "bin", "node")
    (tmp_path / "bin" / "eslint").symlink_to(real)
    box = toolbox(tmp_path, tmp_path / "bin")
    assert box.find(ESLINT) == (str(node), str(real))
    assert box.version(ESLINT) == "9.1.2"


def test_a_version_that_is_too_old_is_passed_over(tmp_path):
    """What a distribution left on PATH does not hide the pinned version, nor pass for it; one that says nothing may."""
    tool = replace(ESLINT, oldest="9")
    real = script(tmp_path / "lib" / "eslint" / "bin", "eslint.js", "#!/usr/bin/env node\n")
    script(tmp_path / "bin", "node")
    (tmp_path / "bin" / "eslint").symlink_to(real)
    package = tmp_path / "lib" / "eslint" / "package.json"
    box = toolbox(tmp_path, tmp_path / "bin")
    for version, is_found in (("6.4.0", False), ("9.0.0-beta.1", True), ("10.2.0", True)):
        package.write_text(f'{{"version": "{version}"}}')
        assert (box.find(tool) is not None) is is_found
    package.unlink()
    assert box.find(tool) is not None


def test_a_script_of_node_without_node_says_so(tmp_path):
    """Without Node.js the error names it."""
    real = script(tmp_path, "eslint.js")
    with pytest.raises(ToolError, match=r"needs Node\.js"):
        toolbox(tmp_path, eslint=str(real)).find(ESLINT)


def test_the_version_is_what_the_program_says(tmp_path):
    """Without metadata the program is asked, once."""
    script(tmp_path / "bin", "greet", f"#!/bin/sh\necho x >> {tmp_path}/calls\necho greet v1.2.3-rc1 of 2020\n")
    box = toolbox(tmp_path, tmp_path / "bin")
    assert [box.version(GREET), box.version(GREET)] == ["1.2.3-rc1", "1.2.3-rc1"]
    assert (tmp_path / "calls").read_text() == "x\n"


def test_the_version_comes_from_metadata_without_running(tmp_path):
    """A program of a Python environment is not started to learn its version."""
    script(tmp_path / "bin", "identify-cli", "#!/bin/sh\nexit 1\n")
    (tmp_path / "lib/python3.11/site-packages/identify-2.5.0.dist-info").mkdir(parents=True)
    assert toolbox(tmp_path, tmp_path / "bin").version(IDENTIFY) == "2.5.0"


def test_a_tool_that_is_nowhere_has_no_version(tmp_path):
    """No program, no version."""
    assert toolbox(tmp_path).version(GREET) is None


def test_a_missing_tool_carries_the_command_that_brings_it(tmp_path):
    """The error of a tool that Hunkwise installs names the command."""
    with pytest.raises(ToolMissing, match="eslint: not installed; `hunkwise tools install eslint` brings it"):
        toolbox(tmp_path).require(ESLINT)


def test_a_missing_tool_of_the_users_own_names_its_program(tmp_path):
    """The error of a tool that Hunkwise does not install says what is looked for."""
    with pytest.raises(ToolMissing, match="greet: there is no 'greet' on PATH"):
        toolbox(tmp_path).require(GREET)


def test_a_program_in_a_home_directory_does_not_open_it(tmp_path, monkeypatch):
    """Neither a bare file there nor packages that npm put there make all else of one's own readable."""
    monkeypatch.setenv("HOME", str(tmp_path))
    tool = script(tmp_path, "greet", "#!/bin/sh\n")
    assert str(tmp_path) not in readable_by((str(tool),))
    assert str(tool) in readable_by((str(tool),))
    package = script(tmp_path / "node_modules/greet", "greet.js")
    assert str(tmp_path) not in readable_by((str(package),))
    assert str(tmp_path / "node_modules") in readable_by((str(package),))


def test_readable_is_what_a_script_of_an_environment_needs(tmp_path):
    """The environment and the home of its interpreter can be read, and not the whole file system."""
    environment = tmp_path / "env"
    script(environment / "bin", "greet", f"#!{environment}/bin/python\n")
    (environment / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (environment / "pyvenv.cfg").write_text("")
    prefix = Path(sys.executable).resolve().parent.parent
    readable = readable_by((str(environment / "bin" / "greet"),))
    assert set(readable) == {str(environment), str(prefix)}


@pytest.mark.parametrize(
    ("tool", "reason"),
    [
        (GREET, "put 'greet' on PATH"),
        (Tool(name="x", kind="debian", packages=("x=1",), program="x"), "kind 'debian' yet"),
        (Tool(name="x", kind="maven", packages=("a:b:1",), program="a.Main"), "jars are not pinned by hashes"),
        (Tool(name="x", kind="maven", packages=("a:b:[1,2)",), program="a.Main"), r"exact versions: a:b:\[1,2\)"),
        (Tool(name="x", kind="python", packages=("x==1", "y>=2"), program="x"), "not pinned to exact versions: y>=2"),
        (Tool(name="x", kind="npm", packages=("x@^1",), program="x"), r"not pinned to exact versions: x@\^1"),
        (Tool(name="x", kind="python", packages=(), program="x"), "not pinned to exact versions: none named"),
    ],
)
def test_what_cannot_be_installed_is_said_plainly(tmp_path, tool, reason):
    """Unknown kinds and loose versions are refused before anything is written."""
    with pytest.raises(ToolError, match=reason):
        toolbox(tmp_path).install(tool)
    assert not (tmp_path / "tools").exists()


def test_without_npm_the_error_names_node(tmp_path):
    """A machine without Node.js gets told what to install."""
    with pytest.raises(ToolError, match=r"eslint: Node\.js with npm is not on PATH"):
        toolbox(tmp_path).install(ESLINT)


def test_a_client_that_fails_is_quoted(tmp_path):
    """The error of the installing program reaches the user, and nothing counts as installed."""
    script(tmp_path / "bin", "node")
    script(tmp_path / "bin", "npm", "#!/bin/sh\necho 'no network' >&2\nexit 7\n")
    box = toolbox(tmp_path, tmp_path / "bin", Path("/usr/bin"))
    with pytest.raises(ToolError, match="exit code 7: no network"):
        box.install(ESLINT)
    assert not any((tmp_path / "tools").rglob("hunkwise.json"))


FAKE_NPM = """#!/bin/sh
echo x >> {calls}
sleep 0.2
while [ "$1" != --prefix ]; do shift; done
mkdir -p "$2/node_modules/eslint/bin"
echo > "$2/node_modules/eslint/bin/eslint.js"
"""


def test_many_at_once_install_once(tmp_path):
    """Of six concurrent installations one does the work, and the rest wait for it."""
    script(tmp_path / "bin", "node")
    script(tmp_path / "bin", "npm", FAKE_NPM.format(calls=tmp_path / "calls"))
    box = toolbox(tmp_path, tmp_path / "bin", Path("/usr/bin"), Path("/bin"))
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda _: box.install(ESLINT), range(6)))
    assert sorted(done) == [False] * 5 + [True]
    assert (tmp_path / "calls").read_text() == "x\n"


def test_what_was_left_half_built_is_built_anew(tmp_path):
    """A folder without its marker is not believed, and what lies in it is removed."""
    script(tmp_path / "bin", "node")
    script(tmp_path / "bin", "npm", FAKE_NPM.format(calls=tmp_path / "calls"))
    box = toolbox(tmp_path, tmp_path / "bin", Path("/usr/bin"), Path("/bin"))
    rest = script(tmp_path / "tools/eslint-9.39.1/node_modules/eslint/bin", "eslint.js").parent / "rest"
    rest.touch()
    assert box.install(ESLINT)
    assert not rest.exists()


def test_other_packages_under_the_same_version_are_installed_anew(tmp_path):
    """The exact packages count, and not the first one's version alone."""
    script(tmp_path / "bin", "node")
    script(tmp_path / "bin", "npm", FAKE_NPM.format(calls=tmp_path / "calls"))
    box = toolbox(tmp_path, tmp_path / "bin", Path("/usr/bin"), Path("/bin"))
    more = Tool(name="eslint", kind="npm", packages=("eslint@9.39.1", "globals@1.0.0"), program=ESLINT.program)
    assert [box.install(ESLINT), box.install(more), box.install(more)] == [True, True, False]


def test_the_default_directory_can_be_named():
    """HUNKWISE_TOOLS_DIR names the tools folder; without it, it lies in the user's data directory."""
    assert default_directory({"HUNKWISE_TOOLS_DIR": "/a/b"}) == Path("/a/b")
    assert default_directory({}).parts[-2:] == ("hunkwise", "tools")


@pytest.mark.tools
def test_a_python_tool_is_installed_for_real(tmp_path):
    """A small package gets an environment of its own, runs from it, and the second time takes milliseconds."""
    box = Toolbox(directory=tmp_path / "tools", environ=os.environ)
    assert box.install(IDENTIFY)
    started = time.perf_counter()
    assert not box.install(IDENTIFY)
    assert time.perf_counter() - started < 0.05
    program = tmp_path / "tools/identify-2.6.15/bin/identify-cli"
    bare = Toolbox(directory=box.directory, environ={}, configured={"identify": str(program)})
    assert bare.version(IDENTIFY) == "2.6.15"


@pytest.mark.tools
def test_eslint_is_installed_for_real(tmp_path):
    """ESLint comes by npm, is called through node, and says the pinned version."""
    box = Toolbox(directory=tmp_path / "tools", environ=os.environ)
    assert box.install(ESLINT)
    folder = tmp_path / "tools/eslint-9.39.1/node_modules/eslint/bin/eslint.js"
    named = Toolbox(directory=box.directory, environ=os.environ, configured={"eslint": str(folder)})
    found = named.locate(ESLINT)
    assert found is not None
    assert (Path(found.argv[0]).name, found.argv[1]) == ("node", str(folder))
    assert named.ask_version(ESLINT, found) == "v9.39.1"
