"""The files around a change in a repository: two trees, read from git's objects and never checked out."""

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from hunkwise.core.model import Location, RepoPath, Sha, Side
from hunkwise.workspace.git import Repository
from hunkwise.workspace.listing import Entry, list_tree
from hunkwise.workspace.objects import BlobReader
from hunkwise.workspace.private_tree import Limits, PrivateTree, private_directory, reason_to_refuse

ATTRIBUTES = ("linguist-generated", "linguist-vendored")
_SET = {b"set": "", b"true": "", b"unset": "-", b"false": "-"}


class GitWorkspace:
    """Two trees of a repository.

    checkout: the directory on disk that holds exactly the head's files, if there is one.
    temporary: a directory of ours that the trees' objects need; `close` removes it.
    absent: why the content of some files may not be there; empty if all of it must be.
    """

    is_complete = True

    def __init__(
        self,
        repository: Repository,
        base: Sha,
        head: Sha,
        *,
        checkout: Path | None = None,
        temporary: Path | None = None,
        limits: Limits | None = None,
        absent: str = "",
    ) -> None:
        self._absent = absent
        self._repository = repository
        self._trees = {Side.BASE: base, Side.HEAD: head}
        self._checkout = checkout
        self._temporary = [temporary] if temporary else []
        self._limits = limits or Limits()
        self._listed: dict[Sha, dict[RepoPath, Entry]] = {}
        self._blobs = BlobReader(repository)
        self._private: Path | None = None
        self.left_out: Mapping[RepoPath, str] = {}
        """Files of the head that `directory` does not hold, with the reason."""

    def read(self, path: RepoPath, side: Side = Side.HEAD) -> bytes:
        """Return a file's bytes; raise FileNotFoundError where the tree has no such file."""
        entry = self._list(side).get(path)
        if entry is None or entry.mode == "160000":
            raise FileNotFoundError(f"{path} is not a file at the {side.value}")
        if self._absent and entry.oid not in self._blobs.sizes((entry.oid,), may_miss=True):
            raise FileNotFoundError(f"{path}: {self._absent}")
        return self._blobs.read(entry.oid)

    def paths(self, side: Side = Side.HEAD) -> tuple[RepoPath, ...]:
        """Return the paths of all files, sorted; submodules are none."""
        return tuple(path for path, entry in self._list(side).items() if entry.mode != "160000")

    def grep(self, text: str, side: Side = Side.HEAD) -> tuple[Location, ...]:
        """Return the lines that contain the fixed text, by path and line; binary files are left out."""
        if not text or "\n" in text or "\0" in text:
            return ()
        tree = self._trees[side]
        output = self._repository.run(
            *("grep", "-z", "-n", "-I", "-F", "--full-name", "--no-color", "--no-textconv", "--no-recurse-submodules"),
            *("-e", text, tree, "--"),
            ok=(0, 1),
        )
        start = len(tree) + 1
        return tuple(
            Location(path=RepoPath(path.decode("utf-8", "surrogateescape")[start:]), side=side, start=line, end=line)
            for path, line in sorted(
                (match[1], int(match[2])) for match in re.finditer(rb"([^\0]+)\0(\d+)\0[^\n]*(?:\n|\Z)", output)
            )
        )

    def attributes(self, paths: Sequence[RepoPath], side: Side) -> Mapping[RepoPath, frozenset[str]]:
        """Return linguist's attributes of the paths; a leading `-` says that one is unset."""
        sources = {path: entry for path, entry in self._list(side).items() if _is_attributes(path, entry)}
        paths = [path for path in paths if not reason_to_refuse(path, self._limits)]
        if not paths or not (sources or (self._repository.common_dir / "info" / "attributes").is_file()):
            return {}
        directory = Path(tempfile.mkdtemp(prefix="hunkwise-"))
        try:
            index = directory / "index"
            lines = [f"{entry.mode} {entry.oid}\t{path}\0" for path, entry in sources.items()]
            self._repository.run(
                *("update-index", "-z", "--index-info"),
                stdin="".join(lines).encode("utf-8", "surrogateescape"),
                index=index,
            )
            names = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
            output = self._repository.run(
                "check-attr", "--cached", "-z", "--stdin", *ATTRIBUTES, stdin=names, index=index
            )
        finally:
            shutil.rmtree(directory, ignore_errors=True)
        found: dict[RepoPath, set[str]] = {}
        fields = output.split(b"\0")
        for path, name, value in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
            if value in _SET:
                mark = _SET[value] + name.decode("ascii")
                found.setdefault(RepoPath(path.decode("utf-8", "surrogateescape")), set()).add(mark)
        return {path: frozenset(marks) for path, marks in found.items()}

    def directory(self, *, private: bool = False) -> str:
        """Return the checkout if it holds just the head's files, else a private directory with them.

        private: never the checkout, whose `.git` may hold credentials and whose links may lead anywhere.
        """
        if self._checkout is not None and not private:
            return str(self._checkout)
        if self._private is None:
            self._private = private_directory("hunkwise-tree-")
            self._temporary.append(self._private)
            self._materialise(self._private)
        return str(self._private)

    def close(self) -> None:
        """End git and remove what was made on disk."""
        self._blobs.close()
        while self._temporary:
            shutil.rmtree(self._temporary.pop(), ignore_errors=True)
        self._private = None

    def _list(self, side: Side) -> dict[RepoPath, Entry]:
        tree = self._trees[side]
        if tree not in self._listed:
            self._listed[tree] = list_tree(self._repository, tree)
        return self._listed[tree]

    def _materialise(self, root: Path) -> None:
        entries = {path: entry for path, entry in self._list(Side.HEAD).items() if entry.is_regular}
        tree = PrivateTree(root, self._limits)
        sizes = self._blobs.sizes((entry.oid for entry in entries.values()), may_miss=bool(self._absent))
        tree.left_out |= {path: self._absent for path, entry in entries.items() if entry.oid not in sizes}
        accepted = tree.accept({path: sizes[entry.oid] for path, entry in entries.items() if entry.oid in sizes})
        contents = self._blobs.read_all(entries[path].oid for path in accepted)
        for path, content in zip(accepted, contents, strict=True):
            tree.write(path, content, is_executable=entries[path].mode == "100755")
        self.left_out = tree.left_out


def _is_attributes(path: RepoPath, entry: Entry) -> bool:
    return entry.is_regular and path.rpartition("/")[2] == ".gitattributes" and not reason_to_refuse(path, Limits())
