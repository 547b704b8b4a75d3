"""Real git under the fake: bare repositories, commits made from texts, and questions about them."""

import os
import subprocess
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

Files = Mapping[str, str | bytes | None]
"""Contents by path; None deletes the file, a path that is not named stays as it was."""

_CONFIG = {
    "uploadpack.allowFilter": "true",
    "uploadpack.allowAnySHA1InWant": "true",
    "http.receivepack": "true",
    "receive.denyNonFastForwards": "false",
    "gc.auto": "0",
    "core.fsync": "none",
}
_PERSON = ("Fake GitHub", "noreply@github.example")


def create(path: Path) -> None:
    """Make an empty bare repository on the branch main, whose uploads may be filtered and asked for by any commit."""
    path.mkdir(parents=True)
    git(path, "init", "-q", "--bare", "-b", "main")
    text = "".join(
        f"[{name.rpartition('.')[0]}]\n\t{name.rpartition('.')[2]} = {value}\n" for name, value in _CONFIG.items()
    )
    with (path / "config").open("a", encoding="utf-8") as file:
        file.write(text)


def git(path: Path, *args: str, stdin: bytes = b"", ok: tuple[int, ...] = (0,)) -> bytes:
    """Run git in a bare repository; raises RuntimeError with git's words where it fails."""
    command = ["git", "-c", "core.quotePath=false", *args]
    done = subprocess.run(command, cwd=path, env=environment(path), input=stdin, capture_output=True, check=False)
    if done.returncode not in ok:
        raise RuntimeError(f"git {' '.join(args)} in {path}: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout


def environment(path: Path) -> dict[str, str]:
    """Return an environment in which nothing of the user's configuration counts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_DIR": str(path),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_COMMITTER_NAME": _PERSON[0],
        "GIT_COMMITTER_EMAIL": _PERSON[1],
        "GIT_AUTHOR_NAME": _PERSON[0],
        "GIT_AUTHOR_EMAIL": _PERSON[1],
        "LC_ALL": "C",
    }


def commit(path: Path, ref: str, files: Files, *, parent: str | None, message: str, at: float) -> str:
    """Commit files on top of a parent, point the ref at it, and return the commit."""
    who = f"{_PERSON[0]} <{_PERSON[1]}> {int(at)} +0000".encode()
    stream = [b"feature done\ncommit ", ref.encode(), b"\nmark :1\ncommitter ", who, b"\n", _data(message.encode())]
    if parent:
        stream.append(f"from {parent}\n".encode())
    for name, content in files.items():
        quoted = b'"' + name.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
        if content is None:
            stream.append(b"D " + quoted + b"\n")
        else:
            raw = content.encode() if isinstance(content, str) else content
            stream.append(b"M 100644 inline " + quoted + b"\n" + _data(raw))
    stream.append(b"\nget-mark :1\ndone\n")
    printed = git(path, "fast-import", "--quiet", "--force", "--cat-blob-fd=1", stdin=b"".join(stream))
    return printed.decode().strip()


def merge_commit(path: Path, ref: str, base: str, head: str, at: float) -> str | None:
    """Point a ref at the merge of two commits and return it; None, and no ref, where they conflict."""
    printed = git(path, "merge-tree", "--write-tree", "--allow-unrelated-histories", base, head, ok=(0, 1))
    tree = printed.decode("utf-8", "replace").split("\n", 1)[0]
    if len(printed.strip().split(b"\n")) > 1:
        git(path, "update-ref", "-d", ref)
        return None
    message = f"Merge {head} into {base}"
    merged = git(path, "commit-tree", tree, "-p", base, "-p", head, "-m", message).decode().strip()
    git(path, "update-ref", ref, merged)
    return merged


def resolve(path: Path, name: str) -> str | None:
    """Return the commit that a name stands for, None where there is none."""
    if name.startswith("-"):
        return None
    printed = git(path, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", ok=(0, 1, 128))
    lines = printed.decode().split()
    return lines[-1] if lines else None


@lru_cache(maxsize=1024)
def merge_base(path: Path, one: str, other: str) -> str | None:
    """Return where two commits, by their full ids, parted; None where they never met."""
    return git(path, "merge-base", one, other, ok=(0, 1)).decode().strip() or None


@lru_cache(maxsize=1024)
def commits_between(path: Path, base: str, head: str, *, limit: int = 250) -> tuple[str, ...]:
    """Return the commits of head that base lacks, oldest first; both by their full ids."""
    printed = git(path, "rev-list", "--reverse", "--topo-order", head, f"^{base}").decode().split()
    return tuple(printed[:limit])


def entry_at(path: Path, commit: str, name: str) -> tuple[str, str, str] | None:
    """Return mode, type and id of a path in a commit, None where it has none."""
    printed = git(path, "--literal-pathspecs", "ls-tree", "-z", "--full-tree", commit, "--", name)
    if not printed:
        return None
    mode, kind, sha = printed.split(b"\t", 1)[0].decode().split()
    return mode, kind, sha


def _data(raw: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(raw), raw)
