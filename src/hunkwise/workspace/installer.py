"""Install outside tools in the tools folder, each in a place of its own, with the ordinary clients."""

import fcntl
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hunkwise.core.errors import ToolError
from hunkwise.core.ports import Tool
from hunkwise.workspace.jars import COORDINATES, LIBRARY, check_jars, copy_call, pinned_hashes
from hunkwise.workspace.process import Stop, run_process

MARKER = "hunkwise.json"
TIMEOUT = 900.0
LONGEST = 200
PINS = {
    "python": re.compile(r"(?P<name>[\w.-]+)(\[[\w,.-]+\])?==(?P<version>[^\s*,;]+)"),
    "npm": re.compile(r"(?P<name>(@[\w.-]+/)?[\w.-]+)@(?P<version>\d[^\s]*)"),
    "maven": COORDINATES,
}


def pinned_version(tool: Tool) -> str | None:
    """Return the version that the tool's first package is pinned to, or None where Hunkwise does not install it."""
    if tool.kind not in PINS or not tool.packages:
        return None
    match = PINS[tool.kind].fullmatch(tool.packages[0])
    return match["version"] if match else None


def home_of(tool: Tool, directory: Path) -> Path:
    """Return the folder of the tool's pinned version."""
    return directory / f"{tool.name}-{pinned_version(tool)}"


def installed_version(tool: Tool, directory: Path) -> str | None:
    """Return the version in the tools folder, or None if the exact packages are not there, whole."""
    home = home_of(tool, directory)
    try:
        marker = json.loads((home / MARKER).read_bytes())
    except (OSError, ValueError):
        return None
    if marker != _marker(tool) or not _is_whole(tool, home):
        return None
    return pinned_version(tool)


def forget(tool: Tool, directory: Path) -> None:
    """Make the next installation start anew."""
    (home_of(tool, directory) / MARKER).unlink(missing_ok=True)


def install(
    tool: Tool, directory: Path, environ: Mapping[str, str], say: Callable[[str], None], stop: Stop | None = None
) -> bool:
    """Install the tool if it is not there; return whether there was something to do.

    environ: for the client, whole, since proxies and indexes are configured there. say: is told what is being done.
    Raises ToolError where it does not work.
    """
    if installed_version(tool, directory):
        return False
    _check(tool)
    home = home_of(tool, directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _lock(directory / f".{home.name}.lock"):
            if installed_version(tool, directory):
                return False
            # Scripts of an environment carry absolute paths, so it is built in its place; the marker makes it valid.
            if home.exists():
                shutil.rmtree(home)
            home.mkdir()
            for argv in _calls(tool, home, environ, say):
                _run_client(tool, argv, environ, stop)
            if tool.kind == "maven":
                check_jars(tool, home)
            elif not _program(tool, home).is_file():
                raise ToolError(tool.name, f"{' '.join(tool.packages)} brought no program {tool.program!r}")
            _write_marker(tool, home)
    except OSError as error:
        raise ToolError(tool.name, f"cannot write to the tools folder {directory}: {error}") from error
    return True


def _check(tool: Tool) -> None:
    if tool.kind == "none":
        raise ToolError(tool.name, f"Hunkwise does not install it: put {tool.program!r} on PATH")
    if tool.kind not in PINS:
        message = f"Hunkwise cannot install tools of kind {tool.kind!r} yet: put {tool.program!r} on PATH"
        raise ToolError(tool.name, message)
    loose = [package for package in tool.packages if not PINS[tool.kind].fullmatch(package)]
    if loose or not tool.packages:
        raise ToolError(tool.name, f"its packages are not pinned to exact versions: {', '.join(loose) or 'none named'}")
    if tool.kind == "maven" and not tool.hashes:
        raise ToolError(tool.name, "its jars are not pinned by hashes")


def _calls(
    tool: Tool, home: Path, environ: Mapping[str, str], say: Callable[[str], None]
) -> tuple[tuple[str, ...], ...]:
    path = environ.get("PATH")
    if tool.kind == "maven":
        call = copy_call(tool, home, path)
        say(f"installing {' '.join(tool.packages)} with mvn")
        return (call,)
    if tool.kind == "npm":
        npm = shutil.which("npm", path=path)
        if npm is None or shutil.which("node", path=path) is None:
            raise ToolError(tool.name, "Node.js with npm is not on PATH: install Node.js 20 or newer")
        say(f"installing {' '.join(tool.packages)} with npm")
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
        return ((npm, "install", *options, "--prefix", str(home), "--", *tool.packages),)
    python = str(home / "bin" / "python")
    if uv := shutil.which("uv", path=path):
        say(f"installing {' '.join(tool.packages)} with uv")
        return (
            (uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(home)),
            (uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, "--", *tool.packages),
        )
    say(f"installing {' '.join(tool.packages)} with pip")
    pip = (python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check")
    return ((sys.executable, "-m", "venv", str(home)), (*pip, "--", *tool.packages))


def _run_client(tool: Tool, argv: tuple[str, ...], environ: Mapping[str, str], stop: Stop | None) -> None:
    result = run_process(argv, cwd="/", env=environ, timeout=TIMEOUT, name=tool.name, stop=stop)
    if result.exit_code:
        said = (result.stderr or result.stdout).decode("utf-8", "replace").strip().splitlines()
        words = " | ".join(_cut(line) for line in said[-5:])
        message = f"`{' '.join(argv)}` ended with exit code {result.exit_code}: {words or 'it said nothing'}"
        raise ToolError(tool.name, message, argv=argv, exit_code=result.exit_code)


def _cut(line: str) -> str:
    # pip lists hundreds of versions on one line
    return line.strip() if len(line) <= LONGEST else f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"


def _program(tool: Tool, home: Path) -> Path:
    if tool.kind == "npm":
        return home / "node_modules" / tool.program
    # A Python that went away leaves a dangling link behind.
    return home / "bin" / tool.program if (home / "bin" / "python").exists() else home / "bin" / "python"


def _is_whole(tool: Tool, home: Path) -> bool:
    if tool.kind == "maven":
        return all((home / LIBRARY / name).is_file() for name in pinned_hashes(tool))
    return _program(tool, home).is_file()


def _marker(tool: Tool) -> dict[str, object]:
    marker: dict[str, object] = {"kind": tool.kind, "packages": list(tool.packages)}
    return {**marker, "hashes": dict(pinned_hashes(tool))} if tool.kind == "maven" else marker


def _write_marker(tool: Tool, home: Path) -> None:
    fresh = home / f"{MARKER}.new"
    fresh.write_text(json.dumps(_marker(tool), indent=2) + "\n", encoding="utf-8")
    fresh.replace(home / MARKER)


@contextmanager
def _lock(file: Path) -> Iterator[None]:
    with file.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
        fcntl.flock(stream, fcntl.LOCK_UN)
