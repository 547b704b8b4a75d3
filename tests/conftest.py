"""Options of the test run."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hunkwise.llm_backend.store import ModelFolder
    from hunkwise.testing.postgres import Cluster

ROOT = Path(__file__).parents[1]
NODE = Path(__file__).parent / "node"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`: write what the code gives into tests/golden instead of failing."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the files under tests/golden")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each id of the hostile corpus that was tried, with what came of its tests."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            if name := re.search(r"tests/hostile/.*\[.*?\b([A-G][0-9]{2})-", report.nodeid):
                found[name[1]][outcome] += 1
    if found:
        terminalreporter.section("hostile corpus")
        for name in sorted(found):
            terminalreporter.write_line(f"{name}  {', '.join(f'{count} {one}' for one, count in found[name].items())}")


SAMPLES = Path(__file__).parent / "samples"


class Repo:
    """A real git repository for a test; names are bytes where they are no UTF-8."""

    def __init__(self, path: Path, *init: str) -> None:
        self.path = path
        path.mkdir(parents=True)
        self.git("init", "-q", "-b", "main", *init)

    def git(self, *args: str | bytes, stdin: bytes = b"") -> bytes:
        """Run git in the repository and return what it printed."""
        return subprocess.run(["git", *args], cwd=self.path, input=stdin, check=True, capture_output=True).stdout

    def write(self, name: str | bytes, content: bytes | str = b"", *, executable: bool = False) -> Path:
        """Write a file of the working tree."""
        path = self.path / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        path.chmod(0o755 if executable else 0o644)
        return path

    def link(self, name: str, target: str) -> None:
        """Write a symbolic link."""
        (self.path / name).symlink_to(target)

    def commit(self, message: str = "work") -> str:
        """Commit all that is in the working tree and return the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD").decode().strip()


@pytest.fixture
def make_repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Repo]:
    """Return a function that makes repositories; the user's configuration of git is out of sight."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (tmp_path / "gitconfig").write_text("[user]\n\tname = A Tester\n\temail = tester@example.org\n")
    return lambda name="repo", *init: Repo(tmp_path / name, *init)


@pytest.fixture
def repo(make_repo: Callable[..., Repo]) -> Repo:
    """Return an empty repository on the branch main."""
    return make_repo()


@pytest.fixture
def clean_environ(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which nothing of the user's or of CI counts."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "HUNKWISE_TOOLS_DIR") if name in os.environ}
    return {**kept, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(home), "LANG": "C.UTF-8", "HUNKWISE_LOAD_PLUGINS": ""}


@pytest.fixture
def hunkwise(clean_environ: dict[str, str], tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs the program as people do, and gives its exit code, stdout and stderr."""

    def call(*args: str | Path, cwd: Path = tmp_path, stdin: bytes = b"", **more: str) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "hunkwise", *map(str, args)]
        done = subprocess.run(command, cwd=cwd, env={**clean_environ, **more}, input=stdin, capture_output=True)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return call


@pytest.fixture(scope="session")
def built_java_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository of a small Maven project: `main`, a branch with a change, and what the build of it made.

    Maven compiles it, runs its tests under JaCoCo's agent and writes `target/site/jacoco/jacoco.xml`; nothing that a
    test does may change it.
    """
    if shutil.which("mvn") is None or shutil.which("javac") is None:
        pytest.skip("needs Maven and a JDK on PATH")
    path = tmp_path_factory.mktemp("java") / "shop"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    nobody = ("-c", "user.name=A Tester", "-c", "user.email=tester@example.org")

    def run(*command: str) -> None:
        env = {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(command, cwd=path, env=env, capture_output=True, text=True)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"

    shutil.copytree(SAMPLES / "java-project/before", path)
    run("git", "init", "-q", "-b", "main")
    run("git", "add", "-A")
    run("git", *nobody, "commit", "-q", "-m", "a shop")
    run("git", "checkout", "-q", "-b", "feature")
    shutil.copytree(SAMPLES / "java-project/after", path, dirs_exist_ok=True)
    run("git", "add", "-A")
    run("git", *nobody, "commit", "-q", "-m", "search the cart, and save it")
    run("mvn", "--batch-mode", "--quiet", "test")
    return path


def models_directory() -> Path:
    """Return where `make test` keeps models."""
    return Path(os.environ.get("HUNKWISE_MODELS_DIR") or ROOT / ".models")


@pytest.fixture(scope="session")
def embedded_model() -> "ModelFolder":
    """Return the embedded model, as `hunkwise model pull` leaves it; skip by name where it is not there."""
    from hunkwise.llm_backend.known import DEFAULT
    from hunkwise.llm_backend.store import open_folder

    if not (models_directory() / DEFAULT).is_dir():
        pytest.skip(f"needs the model {DEFAULT} in {models_directory()}; scripts/models brings it")
    return open_folder(models_directory() / DEFAULT)


@pytest.fixture(scope="session")
def embedded_source() -> Path:
    """Return the file that the embedded model is converted from; skip by name where it is not there."""
    from hunkwise.llm_backend.known import DEFAULT
    from hunkwise.llm_backend.pull import known_model

    file = models_directory() / ".source" / known_model(DEFAULT).file
    if not file.is_file():
        pytest.skip(f"needs {file}; scripts/models --source brings it")
    return file


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """Install the validators that come by npm, once, and return where they are."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    lock = NODE / "package-lock.json"
    installed = NODE / "node_modules" / ".package-lock.json"
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            argv = ["npm", "ci", "--ignore-scripts", "--no-progress"]
            subprocess.run(argv, cwd=NODE, check=True, stdin=subprocess.DEVNULL, capture_output=True)
            installed.touch()
    return NODE / "node_modules"


@pytest.fixture(scope="session")
def postgres() -> "Iterator[Cluster]":
    """Return a PostgreSQL server; skips by name where there is none."""
    from hunkwise.testing.postgres import NoPostgres, cluster

    try:
        with cluster(fsync="off") as running:
            yield running
    except NoPostgres as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
