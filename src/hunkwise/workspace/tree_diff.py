"""Compare two trees: names, modes and renames from `git diff --raw`, the lines from its text."""

import subprocess
from collections.abc import Iterator
from typing import NamedTuple

from hunkwise.core.diff import MAX_BYTES, kind_of_mode, parse_sections, read_hunks
from hunkwise.core.diff_sections import Section
from hunkwise.core.errors import DiffError
from hunkwise.core.model import FileDiff, Kind, RepoPath, Sha, Status
from hunkwise.workspace.git import Repository, failure
from hunkwise.workspace.listing import list_tree

OPTIONS = (
    *("-r", "--raw", "-p", "-z", "-M", "-l1000", "-U3", "--inter-hunk-context=0", "--full-index", "--no-color"),
    *("--no-ext-diff", "--no-textconv", "--diff-algorithm=myers", "--indent-heuristic", "--no-relative"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--submodule=short", "--ignore-submodules=none", "-O/dev/null"),
)
_STATUS = {"A": Status.ADDED, "D": Status.DELETED, "R": Status.RENAMED, "C": Status.COPIED, "T": Status.TYPE_CHANGED}


class RawEntry(NamedTuple):
    """What git says happened to one file."""

    status: str
    old_mode: str
    mode: str
    is_same: bool
    old_path: RepoPath
    path: RepoPath


def diff_trees(repository: Repository, base: Sha, head: Sha, max_bytes: int = MAX_BYTES) -> tuple[FileDiff, ...]:
    """Return what differs between two trees, in git's order.

    Raises DiffError where the diff is larger than `max_bytes`, or its two forms do not agree; UsageError where the
    head has more files than a listing takes.
    """
    if base == head:
        return ()
    # Git compares all of two trees before it prints a word, and a tiny store may unfold to ten million paths.
    list_tree(repository, head)
    raw, text = _split(_read(repository, ("diff-tree", *OPTIONS, base, head), max_bytes))
    sections = iter(parse_sections(text, max_bytes))
    files = [_file(entry, sections) for entry in raw]
    extra = next(sections, None)
    if extra is not None:
        raise DiffError(f"git diff has a file on line {extra.line} that its list of files does not have")
    return tuple(files)


def _read(repository: Repository, args: tuple[str, ...], max_bytes: int) -> bytes:
    argv = repository.argv(*args)
    with subprocess.Popen(
        argv,
        cwd=repository.git_dir,
        env=repository.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        output = process.stdout.read(2 * max_bytes + 1)
        if len(output) > 2 * max_bytes:
            process.kill()
            raise DiffError(
                f"the difference is larger than {max_bytes / 2**20:.0f} MB: name a nearer --base, "
                "or give the part to review with --diff"
            )
        words = process.stderr.read()
    if process.returncode:
        raise failure(argv, process.returncode, words)
    return output


def _split(output: bytes) -> tuple[list[RawEntry], bytes]:
    entries = []
    at = 0
    while output[at : at + 1] == b":":
        end = output.index(b"\0", at)
        old_mode, mode, old_oid, oid, status = output[at + 1 : end].decode("ascii").split(" ")
        names = []
        for _ in range(2 if status[0] in "RC" else 1):
            at, end = end + 1, output.index(b"\0", end + 1)
            names.append(RepoPath(output[at:end].decode("utf-8", "surrogateescape")))
        at = end + 1
        entries.append(RawEntry(status[0], old_mode, mode, old_oid == oid, names[0], names[-1]))
    return entries, output[at + 1 :]


def _file(entry: RawEntry, sections: Iterator[Section]) -> FileDiff:
    section = _section(entry, sections)
    is_binary = section.is_binary
    hunks = read_hunks(entry.path, section.hunks)
    if entry.status == "T":
        other = _section(entry, sections)
        is_binary = other.is_binary if entry.mode != "120000" else False
        hunks += read_hunks(entry.path, other.hunks, first=len(hunks) + 1)
    mode = entry.old_mode if entry.status == "D" else entry.mode
    kind, reason = kind_of_mode(mode)
    if kind is Kind.CODE and is_binary:
        kind, reason = Kind.BINARY, "binary file"
    both = entry.status not in "AD"
    return FileDiff(
        path=entry.path,
        old_path=entry.old_path if entry.status in "RC" else None,
        status=Status.MODE_CHANGED
        if entry.status == "M" and entry.is_same
        else _STATUS.get(entry.status, Status.MODIFIED),
        mode=mode,
        old_mode=entry.old_mode if both and entry.old_mode != mode else None,
        hunks=hunks,
        kind=kind,
        reason=reason,
    )


def _section(entry: RawEntry, sections: Iterator[Section]) -> Section:
    section = next(sections, None)
    if section is None:
        raise DiffError(f"{entry.path!r} differs, but git diff shows no text for it")
    old, new = section.paths()
    if new not in (entry.path, None) or old not in (entry.old_path, None):
        raise DiffError(f"git diff lists {entry.path!r}, but its text on line {section.line} is about {new or old!r}")
    return section
