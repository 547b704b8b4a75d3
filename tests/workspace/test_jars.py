import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from hunkwise.analyzers.checkstyle import Checkstyle
from hunkwise.core.errors import ToolError
from hunkwise.core.ports import Tool, ToolRun
from hunkwise.workspace.jars import pinned_hashes
from hunkwise.workspace.process import run_process
from hunkwise.workspace.toolbox import Toolbox, readable_by

FAKE_MAVEN = """#!/bin/sh
echo x >> {calls}
for word; do case $word in -DoutputDirectory=*) to=${{word#*=}};; esac; done
mkdir -p "$to"
printf '%s' '{content}' > "$to/greet-1.0.jar"
{more}
"""


def executable(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o755)
    return file


@pytest.fixture
def greet(tmp_path, monkeypatch) -> Tool:
    """A tool of one jar, whose hash lies in a package of its own."""
    package = tmp_path / "packages" / f"greeting_{tmp_path.name}"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "greet.sha256").write_text(f"{hashlib.sha256(b'jar').hexdigest()}  greet-1.0.jar\n")
    monkeypatch.syspath_prepend(package.parent)
    return Tool(
        name="greet",
        kind="maven",
        packages=("org.example:greet:1.0",),
        program="org.example.Greet",
        hashes=f"{package.name}:greet.sha256",
    )


@pytest.fixture
def maven(tmp_path):
    """Put a Maven that brings such a jar, and a `java`, on a PATH of their own."""

    def make(content: str = "jar", more: str = "") -> Toolbox:
        executable(tmp_path / "bin/mvn", FAKE_MAVEN.format(calls=tmp_path / "calls", content=content, more=more))
        executable(tmp_path / "bin/java", '#!/bin/sh\necho "greet 1.0: $@"\n')
        environ = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}
        return Toolbox(directory=tmp_path / "tools", environ=environ)

    return make


def test_jars_are_installed_once_and_called_by_java(tmp_path, greet, maven):
    """The jars of the pinned hashes become the class path of the main class; the second time Maven is not asked."""
    box = maven()
    assert [box.install(greet), box.install(greet)] == [True, False]
    found = box.locate(greet)
    assert found is not None
    assert (Path(found.argv[0]).name, found.argv[-3:]) == (
        "java",
        ("-cp", f"{tmp_path}/tools/greet-1.0/lib/*", "org.example.Greet"),
    )
    assert (found.file, found.origin) == (tmp_path / "tools/greet-1.0/lib", "tools folder")
    assert (box.version(greet), (tmp_path / "calls").read_text()) == ("1.0", "x\n")
    assert "greet 1.0: " in box.ask_version(greet, found)


@pytest.mark.parametrize(
    ("content", "more", "reason"),
    [
        ("other", "", r"greet-1\.0\.jar has another SHA-256"),
        ("jar", 'touch "$to/extra-2.jar"', r"extra-2\.jar was not expected"),
        ("jar", 'mv "$to/greet-1.0.jar" "$to/moved.jar"', r"greet-1\.0\.jar is missing; moved\.jar was not expected"),
    ],
)
def test_other_jars_than_the_pinned_ones_are_refused(tmp_path, greet, maven, content, more, reason):
    """A jar that is changed, missing or one too many is named, and nothing of it stays or counts as installed."""
    box = maven(content, more)
    with pytest.raises(ToolError, match=reason):
        box.install(greet)
    assert box.locate(greet) is None
    assert not list((tmp_path / "tools").rglob("*.jar"))


def test_a_jar_that_went_away_makes_the_tool_missing(tmp_path, greet, maven):
    """An installation from which somebody took a jar is not believed."""
    box = maven()
    box.install(greet)
    (tmp_path / "tools/greet-1.0/lib/greet-1.0.jar").unlink()
    assert box.locate(greet) is None


def test_other_hashes_under_the_same_version_are_installed_anew(tmp_path, greet, maven):
    """What was checked against other hashes counts as not installed."""
    box = maven()
    box.install(greet)
    (tmp_path / f"packages/greeting_{tmp_path.name}/greet.sha256").write_text(f"{'0' * 64}  greet-1.0.jar\n")
    assert box.locate(greet) is None


def test_without_maven_the_error_names_it(tmp_path, greet):
    """A machine without Maven gets told what to install."""
    box = Toolbox(directory=tmp_path / "tools", environ={"PATH": str(tmp_path)})
    with pytest.raises(ToolError, match=r"greet: Maven \(`mvn`\) is not on PATH: install Maven, with Java 17"):
        box.install(greet)


def test_without_java_the_error_names_it(tmp_path, greet, maven):
    """Jars without a `java` are an error that names it, and not a missing tool."""
    box = maven()
    box.install(greet)
    bare = Toolbox(directory=box.directory, environ={"PATH": str(tmp_path)})
    with pytest.raises(ToolError, match=r"greet: it needs Java, and there is no `java` on PATH"):
        bare.locate(greet)


def test_java_is_found_by_its_home(tmp_path, greet, maven):
    """Where `java` is not on PATH, JAVA_HOME says where it is."""
    box = maven()
    box.install(greet)
    java = executable(tmp_path / "jdk/bin/java", "#!/bin/sh\n")
    environ = {"PATH": str(tmp_path), "JAVA_HOME": str(tmp_path / "jdk")}
    found = Toolbox(directory=box.directory, environ=environ).locate(greet)
    assert found is not None
    assert found.argv[0] == str(java)


def test_the_users_own_comes_first(tmp_path, greet, maven):
    """A program of the tool's name on PATH, as Debian has them, is taken before the tools folder's jars."""
    box = maven()
    box.install(greet)
    own = executable(tmp_path / "bin/greet", "#!/bin/sh\n")
    found = box.locate(greet)
    assert found is not None
    assert (found.argv, found.origin) == ((str(own),), "PATH")


@pytest.mark.parametrize(
    ("jar", "version", "origin"),
    [
        ("share/java/greet.jar", "0.9.1", "tools folder"),
        ("lib/greet-0.9.1.jar", "0.9.1", "tools folder"),
        ("lib/greet-1.2.jar", "1.2", "PATH"),
        ("lib/greeting-0.1.jar", None, "PATH"),
    ],
)
def test_a_program_whose_jar_is_too_old_is_passed_over(tmp_path, greet, maven, jar, version, origin):
    """Debian's old program, or that of an old release, gives way to the jars of the tools folder."""
    box = maven()
    box.install(greet)
    own = executable(tmp_path / "bin/greet", "#!/bin/sh\n")
    file = executable(tmp_path / (jar if jar.startswith("lib") else f"share/java/greet-{version}.jar"), "")
    if not (tmp_path / jar).exists():
        (tmp_path / jar).symlink_to(file)
    found = box.locate(replace(greet, oldest="1.0"))
    assert found is not None
    assert found.origin == origin
    assert box.too_old(replace(greet, oldest="99"), own) == version


def test_a_configured_jar_is_called_by_java(tmp_path, greet, maven):
    """A jar that the user names becomes the class path."""
    jar = tmp_path / "all.jar"
    jar.touch()
    box = Toolbox(directory=tmp_path / "tools", environ=maven().environ, configured={"greet": str(jar)})
    found = box.locate(greet)
    assert found is not None
    assert (found.argv[-3:], found.origin) == (("-cp", str(jar), "org.example.Greet"), "configuration")
    assert found.file == jar


@pytest.mark.parametrize("text", ["", "no hash\n", f"{'0' * 64}  ../../x.jar\n", f"{'0' * 63}  x.jar\n"])
def test_hashes_that_are_none_are_an_error(tmp_path, greet, text):
    """A data file that is not in sha256sum's form, or names another folder, pins nothing."""
    (tmp_path / f"packages/greeting_{tmp_path.name}/greet.sha256").write_text(text)
    with pytest.raises(ToolError, match="does not hold hashes"):
        pinned_hashes(greet)


def test_hashes_that_are_not_there_are_an_error():
    """A tool whose data file is missing says which."""
    tool = Tool(name="x", kind="maven", packages=("a:b:1",), program="a.B", hashes="hunkwise.analyzers:jars/x.sha256")
    with pytest.raises(ToolError, match=r"the hashes of its jars, .*x\.sha256., cannot be read"):
        pinned_hashes(tool)


def test_what_java_needs_is_readable(tmp_path, greet, maven):
    """The JDK, its settings that lie elsewhere, and the jars can be read; not the folder of all programs."""
    box = maven()
    box.install(greet)
    java = executable(tmp_path / "jdk/bin/java", "#!/bin/sh\n")
    settings = executable(tmp_path / "etc/java/security/java.security", "")
    (tmp_path / "jdk/conf/security").mkdir(parents=True)
    (tmp_path / "jdk/conf/security/java.security").symlink_to(settings)
    (tmp_path / "bin/java").unlink()
    (tmp_path / "bin/java").symlink_to(java)
    readable = readable_by(box.require(greet))
    assert set(readable) == {
        str(tmp_path / "jdk"),
        str(tmp_path / "etc/java/security"),
        str(tmp_path / "tools/greet-1.0/lib"),
    }


@pytest.mark.tools
@pytest.mark.slow
def test_checkstyle_is_installed_for_real(tmp_path):
    """Maven brings exactly the pinned jars; the tool says its version within the memory that a tool may have."""
    box = Toolbox(directory=tmp_path / "tools", environ=os.environ)
    tool = Checkstyle.tool
    assert [box.install(tool), box.install(tool)] == [True, False]
    found = Toolbox(directory=box.directory, environ={"PATH": "/usr/bin:/bin"}).locate(tool)
    assert found is not None
    limit = ToolRun(tool="x", args=(), targets=()).memory_limit
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    said = run_process((*found.argv, "--version"), cwd=str(tmp_path), env=env, memory_limit=limit)
    assert said.stdout.decode().strip() == "Checkstyle version: 12.3.1"
