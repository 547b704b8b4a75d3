"""Run git on one repository: by argument list, with its environment scrubbed and nothing run on a file's behalf."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hunkwise.core.errors import NoRepository, ToolError, UsageError

SAFE_CONFIG = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.safecrlf=false",
    "core.splitIndex=false",
    "core.fsync=none",
    "diff.suppressBlankEmpty=false",
    "safe.bareRepository=explicit",
)
_KEPT = ("GIT_CONFIG_", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
_SETTINGS = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}
_NO_INDEX = "no-index-of-hunkwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A git repository; `work_tree` is None for a bare one, `index` the index that a hook was given or the usual one.

    objects: a directory for new objects instead of the repository's own, which then is only read.
    """

    git_dir: Path
    work_tree: Path | None
    common_dir: Path
    index: Path
    objects: Path | None = None

    @property
    def is_shallow(self) -> bool:
        return (self.common_dir / "shallow").is_file()

    @property
    def name(self) -> str:
        return str(self.work_tree or self.git_dir)

    def with_objects(self, objects: Path) -> "Repository":
        """Return the same repository, writing its objects to another directory."""
        return replace(self, objects=objects)

    def run(self, *args: str, stdin: bytes = b"", index: Path | None = None, ok: Sequence[int] = (0,)) -> bytes:
        """Run git on objects alone: neither the work tree nor its attributes are looked at.

        Raises ToolError for an exit code that is not `ok`.
        """
        return _finish(self.argv(*args), self.git_dir, self.environment(index=index), stdin, ok)

    def run_in_work_tree(self, *args: str, stdin: bytes = b"", index: Path | None = None) -> bytes:
        """Run git in the work tree, with an index of the caller's or the repository's own."""
        if self.work_tree is None:
            raise UsageError(f"{self.name} has no working tree: name two commits with --base and --head")
        environment = self.environment(index=index or self.index)
        environment["GIT_WORK_TREE"] = str(self.work_tree)
        return _finish(self.argv(*args), self.work_tree, environment, stdin, (0,))

    def argv(self, *args: str) -> list[str]:
        """Return the command line of a call."""
        return [*_git(), *args]

    def environment(self, index: Path | None = None) -> dict[str, str]:
        """Return the environment of a call on objects; without an `index`, there is none."""
        environment = scrubbed(os.environ)
        environment["GIT_DIR"] = str(self.git_dir)
        environment["GIT_INDEX_FILE"] = str(index or self.git_dir / _NO_INDEX)
        if self.objects is not None:
            environment["GIT_OBJECT_DIRECTORY"] = str(self.objects)
            environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = _quoted(str(self.common_dir / "objects"))
        return environment


def open_repository(directory: str) -> Repository:
    """Find the repository around a directory, or the bare one that it is.

    Raises UsageError where there is none, git is missing, or git does not trust its owner.
    """
    place = Path(directory)
    if not place.is_dir():
        raise UsageError(f"{directory} is not a directory")
    place = place.resolve()
    environment = scrubbed(os.environ)
    question = ("rev-parse", "--is-bare-repository", "--is-inside-work-tree", "--show-cdup", "--absolute-git-dir")
    answer = _start([*_git(), *question], place, environment, b"")
    if answer.returncode and all((place / name).exists() for name in ("HEAD", "objects", "refs")):
        answer = _start([*_git(), *question], place, {**environment, "GIT_DIR": str(place)}, b"")
        found = Repository(git_dir=place, work_tree=None, common_dir=_common_dir(place), index=place / "index")
        if answer.returncode == 0:
            return found
    if answer.returncode:
        raise _no_repository(place, answer.stderr.decode("utf-8", "replace"))
    is_bare, is_inside, up, git_dir = os.fsdecode(answer.stdout).rstrip("\n").split("\n", 3)
    top = (place / up).resolve() if is_inside == "true" and is_bare == "false" else None
    home = Path(git_dir)
    return Repository(git_dir=home, work_tree=top, common_dir=_common_dir(home), index=_index(home, top))


def scrubbed(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without what git hooks and users set for git, and with our settings."""
    kept = {name: value for name, value in environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    return kept | _SETTINGS


def failure(argv: Sequence[str], exit_code: int, stderr: bytes) -> ToolError:
    """Return the error for a call of git that failed, with git's own words."""
    words = "; ".join(stderr.decode("utf-8", "replace").split("\n")).strip("; ") or "it said nothing"
    return ToolError("git", f"{words} (exit code {exit_code})", argv=tuple(argv), exit_code=exit_code)


def _git() -> list[str]:
    return ["git", *(part for setting in SAFE_CONFIG for part in ("-c", setting))]


def _finish(argv: list[str], cwd: Path, environment: dict[str, str], stdin: bytes, ok: Sequence[int]) -> bytes:
    result = _start(argv, cwd, environment, stdin)
    if result.returncode not in ok:
        raise failure(argv, result.returncode, result.stderr)
    return result.stdout


def _start(
    argv: list[str], cwd: Path, environment: dict[str, str], stdin: bytes
) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(argv, cwd=cwd, env=environment, input=stdin, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise UsageError(
            "git is not installed, or not on the PATH; install it (Debian: apt-get install git)"
        ) from error


def _no_repository(place: Path, words: str) -> UsageError:
    if "dubious ownership" in words:
        return UsageError(
            f"{place} belongs to another user, so git does not trust it; if you do: "
            f"git config --global --add safe.directory {place}"
        )
    if "not a git repository" in words or "cannot use bare repository" in words:
        return NoRepository(f"{place} is not in a git repository; name one with -C DIR, or a patch with --diff FILE")
    return UsageError(f"git cannot read the repository at {place}: {words.strip()}")


def _common_dir(git_dir: Path) -> Path:
    pointer = git_dir / "commondir"
    if not pointer.is_file():
        return git_dir
    return (git_dir / os.fsdecode(pointer.read_bytes()).rstrip("\n")).resolve()


def _index(git_dir: Path, work_tree: Path | None) -> Path:
    given = os.environ.get("GIT_INDEX_FILE")
    if given and work_tree is not None:
        path = (work_tree / given).resolve()
        if path.is_file() and path.parent == git_dir:
            return path
    return git_dir / "index"


def _quoted(path: str) -> str:
    if not any(character in path for character in ':"\n\\'):
        return path
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
