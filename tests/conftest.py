"""Options of the test run."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`: write what the code gives into tests/golden instead of failing."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the files under tests/golden")


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
