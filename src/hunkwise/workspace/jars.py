"""Tools that are jars: brought by Maven, each checked against a pinned hash, and called by `java`."""

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from importlib.resources import files as resources
from pathlib import Path

from hunkwise.core.errors import ToolError
from hunkwise.core.ports import Tool

COORDINATES = re.compile(r"(?P<group>[\w.-]+):(?P<name>[\w.-]+):(?P<version>\d[\w.+-]*)")
LIBRARY = "lib"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies"
"""The goal is named with its version, so that no super-POM of the user's Maven chooses one."""
HASH = re.compile(r"(?P<hash>[0-9a-f]{64}) [ *](?P<name>[\w.+-]+\.jar)")
JVM = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xshare:auto",
    "-XX:-UsePerfData",
    "-Xmx1g",
    "-XX:ReservedCodeCacheSize=96m",
    "-XX:CompressedClassSpaceSize=128m",
    "-Djava.awt.headless=true",
)
"""Start quickly, leave no file behind, and stay within the bounds of a tool's address space."""
POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>hunkwise</groupId>
  <artifactId>tool</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>{dependencies}
  </dependencies>
</project>
"""
DEPENDENCY = """
    <dependency>
      <groupId>{group}</groupId>
      <artifactId>{name}</artifactId>
      <version>{version}</version>
    </dependency>"""


def pinned_hashes(tool: Tool) -> Mapping[str, str]:
    """Return the SHA-256 of each jar that the tool consists of, by file name."""
    package, _, file = tool.hashes.partition(":")
    try:
        text = (resources(package) / file).read_text("utf-8")
    except (OSError, ImportError, ValueError) as error:
        raise ToolError(tool.name, f"the hashes of its jars, {tool.hashes!r}, cannot be read: {error}") from error
    lines = [HASH.fullmatch(line) for line in text.splitlines()]
    found = {line["name"]: line["hash"] for line in lines if line}
    if not found or not all(lines):
        raise ToolError(tool.name, f"{tool.hashes!r} does not hold hashes as sha256sum prints them")
    return found


def copy_call(tool: Tool, home: Path, path: str | None) -> tuple[str, ...]:
    """Write a POM that names the packages, and return the call of Maven that copies all their jars into `home`."""
    # It brings urllib and ssl along, which a review needs for nothing.
    from xml.sax.saxutils import escape

    maven = shutil.which("mvn", path=path)
    if maven is None:
        raise ToolError(tool.name, "Maven (`mvn`) is not on PATH: install Maven, with Java 17 or newer")
    pom = home / "pom.xml"
    matches = (COORDINATES.fullmatch(package) for package in tool.packages)
    dependencies = "".join(
        DEPENDENCY.format_map({key: escape(value) for key, value in match.groupdict().items()})
        for match in matches
        if match
    )
    pom.write_text(POM.format(dependencies=dependencies), encoding="utf-8")
    options = ("-DincludeScope=runtime", f"-DoutputDirectory={home / LIBRARY}", "-Dstyle.color=never")
    return (maven, "--batch-mode", "--quiet", "--file", str(pom), COPY, *options)


def check_jars(tool: Tool, home: Path) -> None:
    """Raise ToolError unless the jars are exactly the pinned ones; then the folder is removed."""
    found = {file.name: file for file in (home / LIBRARY).glob("*")}
    wrong = sorted(_differences(pinned_hashes(tool), found))
    if wrong:
        shutil.rmtree(home / LIBRARY, ignore_errors=True)
        raise ToolError(tool.name, f"its jars are not those that Hunkwise knows: {'; '.join(wrong)}")


def java_call(tool: Tool, jars: str, path: str, java_home: str | None) -> tuple[str, ...]:
    """Return how a call of the tool begins, with the jars as the class path."""
    java = shutil.which("java", path=path)
    if java is None and java_home:
        java = shutil.which("java", path=str(Path(java_home) / "bin"))
    if java is None:
        raise ToolError(tool.name, "it needs Java, and there is no `java` on PATH: install Java 17 or newer")
    return (str(Path(java).resolve()), *JVM, "-cp", jars, tool.program)


def jar_version(tool: Tool, file: Path) -> str | None:
    """Return the version of a jar, or of the jar that lies where a program of Debian or of a release has it."""
    match = COORDINATES.fullmatch(tool.packages[0])
    name = match["name"] if match else tool.name
    prefix = file.parent.parent
    jars = [file] if file.suffix == ".jar" else [prefix / f"share/java/{name}.jar", *(prefix / "lib").glob("*.jar")]
    pattern = re.compile(rf"{re.escape(name)}-(\d[\w.]*?)(?:-all)?\.jar")
    found = {said[1] for jar in jars if (said := pattern.fullmatch(jar.resolve().name)) and jar.exists()}
    return found.pop() if len(found) == 1 else None


def jdk_directories(java: Path) -> Iterator[Path]:
    """Yield the directories that a `java` needs to read; Debian keeps a JDK's settings elsewhere, behind links."""
    prefix = java.parent.parent
    yield prefix
    for file in (*(prefix / "lib").glob("*.cfg"), *(prefix / "conf").glob("**/*")):
        real = file.resolve()
        if prefix not in real.parents and real.is_file():
            yield real.parent


def _differences(pinned: Mapping[str, str], found: Mapping[str, Path]) -> Iterator[str]:
    for name in pinned.keys() - found.keys():
        yield f"{name} is missing"
    for name, file in found.items():
        if name not in pinned:
            yield f"{name} was not expected"
        elif _hash(file) != pinned[name]:
            yield f"{name} has another SHA-256"


def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
