"""Find the outside tools: the user's own, those on PATH, those in the tools folder."""

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hunkwise.core.errors import ToolError, ToolMissing
from hunkwise.core.ports import Tool
from hunkwise.workspace.installer import forget, home_of, install, installed_version, pinned_version
from hunkwise.workspace.jars import LIBRARY, jar_version, java_call, jdk_directories
from hunkwise.workspace.process import Stop, run_process

DIRECTORY_VARIABLE = "HUNKWISE_TOOLS_DIR"
SCRIPTS = (".js", ".cjs", ".mjs")
JAR = ".jar"
VERSION = re.compile(r"\d+(?:\.\d+)+(?:[-+.]?[0-9A-Za-z]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A tool that is at hand; argv is how its call begins, origin where it was found, in words."""

    argv: tuple[str, ...]
    origin: str
    home: Path | None = None

    @property
    def file(self) -> Path:
        """Return the tool's own file, or the folder of its jars; not its interpreter."""
        return self.home or Path(self.argv[-1])


@dataclass(slots=True)
class Toolbox:
    """The outside tools of this machine.

    directory: the tools folder, which need not exist. configured: programs by tool, from the user's own settings.
    """

    directory: Path
    environ: Mapping[str, str]
    configured: Mapping[str, str] = field(default_factory=dict)
    _versions: dict[tuple[str, ...], str | None] = field(default_factory=dict, repr=False)

    @property
    def path(self) -> str:
        """Return PATH as tools are looked up: absolute directories, and the one of our own interpreter last."""
        entries = [entry for entry in self.environ.get("PATH", "").split(os.pathsep) if Path(entry).is_absolute()]
        own = str(Path(sys.executable).parent)
        return os.pathsep.join([*entries, *([] if own in entries else [own])])

    def find(self, tool: Tool) -> tuple[str, ...] | None:
        """Return how a call of the tool begins, or None where it is not at hand.

        Raises ToolError where the program that the user configured cannot be run.
        """
        found = self.locate(tool)
        return found.argv if found else None

    def locate(self, tool: Tool) -> Found | None:
        """Return the tool and where it comes from, as `find` does."""
        if tool.name in self.configured:
            return self._configured(tool)
        on_path = shutil.which(_name_on_path(tool), path=self.path)
        if on_path and not self.too_old(tool, Path(on_path)):
            return Found(argv=self._call(on_path), origin="PATH")
        if installed_version(tool, self.directory):
            return self._installed(tool)
        return None

    def too_old(self, tool: Tool, program: Path) -> str | None:
        """Return the version of a program on PATH if its package says that it is older than the analyzer can use."""
        version = _recorded_version(tool, program.resolve()) if tool.oldest else None
        return version if version and _numbers(version) < _numbers(tool.oldest) else None

    def require(self, tool: Tool) -> tuple[str, ...]:
        """Return how a call of the tool begins; raise ToolMissing, with the command that brings it, if it is not."""
        found = self.find(tool)
        if found is None and pinned_version(tool):
            raise ToolMissing(tool.name, "not installed", install=f"`hunkwise tools install {tool.name}`")
        if found is None:
            raise ToolMissing(tool.name, f"there is no {_name_on_path(tool)!r} on PATH")
        return found

    def version(self, tool: Tool) -> str | None:
        """Return the version that is really there, or None if there is none or it does not tell."""
        found = self.locate(tool)
        if found is None:
            return None
        if found.origin == "tools folder":
            return installed_version(tool, self.directory)
        if not tool.version_args:
            return None
        if found.argv not in self._versions:
            self._versions[found.argv] = _recorded_version(tool, found.file) or self._said_version(tool, found)
        return self._versions[found.argv]

    def ask_version(self, tool: Tool, found: Found) -> str:
        """Ask the tool for its version and return what it says; raise ToolError where it does not work."""
        argv = (*found.argv, *tool.version_args)
        with TemporaryDirectory(prefix="hunkwise-") as home:
            env = {"PATH": self.path, "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "NO_COLOR": "1"}
            result = run_process(argv, cwd=home, env=env, timeout=60, output_limit=2**20, name=tool.name)
        said = (result.stdout or result.stderr).decode("utf-8", "replace").strip()
        if result.exit_code:
            message = f"`{' '.join(argv)}` ended with exit code {result.exit_code}: {' '.join(said.split())[-300:]}"
            raise ToolError(tool.name, message, argv=argv, exit_code=result.exit_code)
        return said

    def install(
        self, tool: Tool, say: Callable[[str], None] = lambda _: None, *, again: bool = False, stop: Stop | None = None
    ) -> bool:
        """Install the tool's exact packages in the tools folder; return False if they are there already.

        again: even then. Safe to call from several processes at once. Raises ToolError where it does not work.
        """
        if again:
            forget(tool, self.directory)
        return install(tool, self.directory, {**self.environ, "PATH": self.path}, say, stop)

    def _configured(self, tool: Tool) -> Found:
        program = self.configured[tool.name]
        expanded = Path(program).expanduser()
        if not expanded.is_absolute() and len(expanded.parts) > 1:
            raise ToolError(tool.name, f"the configured program {program!r} must be a name or an absolute path")
        if tool.kind == "maven" and expanded.suffix == JAR and expanded.is_file():
            return Found(argv=self._java(tool, str(expanded)), origin="configuration", home=expanded)
        if expanded.suffix in SCRIPTS and expanded.is_file():
            return Found(argv=self._call(str(expanded)), origin="configuration")
        which = shutil.which(str(expanded), path=self.path)
        if which is None:
            raise ToolError(tool.name, f"the configured program {program!r} is not there or cannot be executed")
        return Found(argv=self._call(which), origin="configuration")

    def _installed(self, tool: Tool) -> Found:
        home = home_of(tool, self.directory)
        if tool.kind == "maven":
            jars = home / LIBRARY
            return Found(argv=self._java(tool, str(jars / "*")), origin="tools folder", home=jars)
        if tool.kind == "npm":
            argv = self._call(str(home / "node_modules" / tool.program))
        else:
            argv = (str(home / "bin" / tool.program),)
        return Found(argv=argv, origin="tools folder")

    def _java(self, tool: Tool, jars: str) -> tuple[str, ...]:
        return java_call(tool, jars, self.path, self.environ.get("JAVA_HOME"))

    def _call(self, program: str) -> tuple[str, ...]:
        real = Path(program).resolve()
        if real.suffix not in SCRIPTS:
            return (program,)
        node = shutil.which("node", path=self.path)
        if node is None:
            raise ToolError(real.stem, f"{real} needs Node.js, and there is no `node` on PATH: install Node.js")
        return (node, str(real))

    def _said_version(self, tool: Tool, found: Found) -> str | None:
        try:
            said = VERSION.search(self.ask_version(tool, found))
        except ToolError:
            return None
        return said[0] if said else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version.partition("-")[0]))


def readable_by(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Return the directories that a call needs to read: those of the program and of its interpreter."""
    found = {root for part in argv if Path(part).is_absolute() for root in _roots(Path(part))}
    return tuple(sorted(str(root) for root in found if not found.intersection(root.parents)))


def default_directory(environ: Mapping[str, str]) -> Path:
    """Return the tools folder: `$HUNKWISE_TOOLS_DIR`, or `tools` in the user's data directory."""
    if named := environ.get(DIRECTORY_VARIABLE):
        return Path(named).expanduser().absolute()
    data = Path(environ.get("XDG_DATA_HOME", ""))
    return (data if data.is_absolute() else Path.home() / ".local" / "share") / "hunkwise" / "tools"


def _name_on_path(tool: Tool) -> str:
    if tool.kind == "maven":
        return tool.name
    return Path(tool.program).stem if tool.kind == "npm" else tool.program


def _roots(file: Path) -> Iterator[Path]:
    real = file.resolve()
    if real.name == "java":
        yield from jdk_directories(real)
        return
    interpreter = _interpreter(real)
    for parent in (*file.parents, *real.parents, *(interpreter.parents if interpreter else ())):
        if (parent / "pyvenv.cfg").is_file():
            yield parent
    modules = [parent for parent in real.parents if parent.name == "node_modules"]
    beside = modules[-1] if modules else real.parent
    # A program that lies bare in a home directory does not open that directory to it.
    yield real if beside in (Path("/"), Path.home()) else beside
    if interpreter:
        yield from _prefix(interpreter.resolve())
    elif real.name == "node" or real.name.startswith("python"):
        yield from _prefix(real)


def _prefix(program: Path) -> Iterator[Path]:
    prefix = program.parent.parent
    yield program.parent if prefix in (Path("/"), Path.home()) else prefix


def _interpreter(script: Path) -> Path | None:
    try:
        with script.open("rb") as stream:
            line = stream.readline(4096)
    except OSError:
        return None
    words = os.fsdecode(line[2:]).split() if line.startswith(b"#!") else []
    return Path(words[0]) if words else None


def _recorded_version(tool: Tool, file: Path) -> str | None:
    real = file.resolve()
    if real.suffix in SCRIPTS:
        return next((version for parent in real.parents if (version := _package_version(parent))), None)
    if tool.kind == "maven":
        return jar_version(tool, real)
    name = re.split(r"[=@<>~!\[; ]", tool.packages[0].lower(), maxsplit=1)[0] if tool.packages else tool.name
    pattern = f"lib/python*/site-packages/{re.sub('[-_.]+', '_', name)}-*.dist-info"
    found = sorted(real.parent.parent.glob(pattern)) if real.parent.name == "bin" else []
    return found[0].name.removesuffix(".dist-info").rpartition("-")[2] if len(found) == 1 else None


def _package_version(folder: Path) -> str | None:
    try:
        version = json.loads((folder / "package.json").read_bytes()).get("version")
    except (OSError, ValueError, AttributeError):
        return None
    return version if isinstance(version, str) else None
