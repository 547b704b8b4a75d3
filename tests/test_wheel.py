"""The wheel, as a stranger gets it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow

PATCH = """\
diff --git a/greet.py b/greet.py
new file mode 100644
--- /dev/null
+++ b/greet.py
@@ -0,0 +1,3 @@
+def greet(names=[]):
+    names.append("you")
+    return names
"""


def uv(*args: str, cwd: Path) -> None:
    """Run the pinned uv that scripts/setup put beside this interpreter."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("uv")), *args], cwd=cwd, capture_output=True, text=True, errors="replace"
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean clone of what is committed."""
    directory = tmp_path_factory.mktemp("clone") / "hunkwise"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(directory)], check=True)
    return directory


@pytest.fixture(scope="module")
def wheel(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    uv("build", "--quiet", "--wheel", "--build-constraints", "requirements/build.txt", "-o", str(out), cwd=clone)
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install into an empty environment; return its command."""
    directory = tmp_path_factory.mktemp("empty") / "venv"
    uv("venv", "--quiet", "--python", sys.executable, str(directory), cwd=wheel.parent)
    uv("pip", "install", "--quiet", "-p", str(directory), str(wheel), cwd=wheel.parent)
    return directory / "bin" / "hunkwise"


def run(command: Path, *args: str, cwd: Path, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run without the tools of this machine: an own home, and no more on PATH than the environment has."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("HUNKWISE_", "CI"))}
    environ |= {"HOME": str(cwd), "PATH": str(command.parent), "HUNKWISE_TOOLS_DIR": str(cwd / "tools"), **more}
    return subprocess.run(
        [str(command), *args], cwd=cwd, env=environ, input=stdin, capture_output=True, text=True, encoding="utf-8"
    )


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path, clone: Path) -> None:
    """No tests, docs, scripts or samples land in site-packages; every file of the package does."""
    names = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(["git", "-C", str(clone), "ls-files", "src"], check=True, capture_output=True, text=True)
    package = {name.removeprefix("src/") for name in listed.stdout.splitlines()}
    assert {name for name in names if ".dist-info/" not in name} == package


def test_the_command_runs_in_an_empty_environment(installed: Path, tmp_path: Path) -> None:
    """`hunkwise --version` needs no more than the wheel's own requirements."""
    done = run(installed, "--version", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("hunkwise 0.1.0 ")


def test_a_patch_from_stdin_is_reviewed_without_tools(installed: Path, tmp_path: Path) -> None:
    """Where no tool is installed, the review names those it did without, and is incomplete: nobody looked."""
    done = run(installed, "review", "--diff", "-", "--own", cwd=tmp_path, stdin=PATCH)
    assert done.returncode == 3, done.stdout + done.stderr
    for tool in ("ruff", "pylint", "mypy"):
        assert tool in done.stdout
    assert "not installed" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_foreign_patch_is_refused_to_tools(installed: Path, tmp_path: Path) -> None:
    """A patch is foreign unless the user says otherwise; without a sandbox the review says that no tool ran on it."""
    done = run(installed, "review", "--diff", "-", cwd=tmp_path, stdin=PATCH, HUNKWISE_SANDBOX="none")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "refused" in done.stdout + done.stderr
