"""The files at both ends of a change in a repository."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.model import Location, RepoPath, Sha, Side
from hunkwise.workspace.git import open_repository
from hunkwise.workspace.listing import list_tree
from hunkwise.workspace.objects import BlobReader
from hunkwise.workspace.private_tree import Limits
from hunkwise.workspace.trees import GitWorkspace

ODD = [b"n\nl.py", b"t\tab.py", b"lat\xe9.py", b" lead", b"a b/c d.py", b"HEAD", b":x", b"-e", b'"q"']


def names_in(directory: str | Path) -> list[str]:
    return sorted(path.name for path in Path(directory).iterdir())


@pytest.fixture
def workspace(repo, request: pytest.FixtureRequest) -> GitWorkspace:
    """A workspace over two commits with odd names, a link and a submodule."""
    repo.write("x.py", "needle old\n")
    base = repo.commit()
    for name in ODD:
        repo.write(name, b"content of " + name.replace(b"\n", b"?") + b"\nneedle\n")
    repo.write("x.py", "one\nneedle.new [x]*\n\xe9\n")
    repo.write("bin/run", "#!/bin/sh\n", executable=True)
    repo.link("link", "/etc/passwd")
    repo.write("b.bin", b"\0needle\n")
    repo.git("add", "-A")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    repo.git("commit", "-qm", "two")
    head = repo.git("rev-parse", "HEAD").decode().strip()
    found = GitWorkspace(open_repository(str(repo.path)), Sha(base), Sha(head))
    request.addfinalizer(found.close)
    return found


def test_files_are_read_by_any_name(workspace: GitWorkspace) -> None:
    """Whatever bytes a name has, its own content comes back; both sides are at hand."""
    for name in ODD:
        assert workspace.read(RepoPath(os.fsdecode(name))).startswith(b"content of " + name.replace(b"\n", b"?"))
    assert workspace.read(RepoPath("x.py"), Side.BASE) == b"needle old\n"


@pytest.mark.parametrize("path", ["nope.py", "sub", "a b", "../x", "", "x.py\n"])
def test_what_is_no_file_is_not_found(workspace: GitWorkspace, path: str) -> None:
    """Directories, submodules and strangers raise FileNotFoundError."""
    with pytest.raises(FileNotFoundError):
        workspace.read(RepoPath(path))


def test_paths_are_sorted_and_without_submodules(workspace: GitWorkspace) -> None:
    """All files of a side are listed once."""
    found = workspace.paths()
    assert list(found) == sorted([*map(os.fsdecode, ODD), "x.py", "bin/run", "link", "b.bin"])
    assert workspace.paths(Side.BASE) == ("x.py",)


def test_grep_finds_fixed_text(workspace: GitWorkspace) -> None:
    """The text is no pattern, each line is found once, and binary files are left out."""
    assert workspace.grep("needle.new [x]*") == (Location(path=RepoPath("x.py"), start=2, end=2),)
    found = workspace.grep("needle")
    assert {location.path for location in found} == {*map(os.fsdecode, ODD), "x.py"}
    assert all(location.start == location.end == 2 for location in found)
    assert workspace.grep("-needle") == workspace.grep("") == workspace.grep("two\nlines") == ()
    assert workspace.grep("old", Side.BASE)[0].side is Side.BASE


def test_threads_may_share_a_workspace(workspace: GitWorkspace) -> None:
    """Many readers at once each get their own file."""
    names = [RepoPath(os.fsdecode(name)) for name in ODD] * 50
    with ThreadPoolExecutor(8) as pool:
        contents = list(pool.map(workspace.read, names))
    assert contents == [workspace.read(name) for name in names]


def test_the_head_is_written_without_links_and_submodules(workspace: GitWorkspace) -> None:
    """The private directory holds the regular files, the executable bit included, and goes away on close."""
    root = Path(workspace.directory())
    found = {os.fsdecode(os.path.relpath(path, root)) for path in root.rglob("*") if not path.is_dir()}
    assert found == {*map(os.fsdecode, ODD), "x.py", "bin/run", "b.bin"}
    assert os.access(root / "bin/run", os.X_OK)
    assert not os.access(root / "x.py", os.X_OK)
    assert all((root / path).read_bytes() == workspace.read(RepoPath(path)) for path in found)
    assert workspace.directory() == str(root)
    workspace.close()
    assert not root.exists()


def test_a_checkout_is_used_as_it_lies(repo) -> None:
    """Where the head is on disk, nothing is written, and closing leaves it alone."""
    repo.write("x.py", "a\n")
    head = Sha(repo.commit())
    workspace = GitWorkspace(open_repository(str(repo.path)), head, head, checkout=repo.path)
    assert workspace.directory() == str(repo.path)
    workspace.close()
    assert (repo.path / "x.py").exists()


def test_files_beyond_the_limits_are_named(repo) -> None:
    """What the private directory does not hold is in `left_out`, and is not even read."""
    repo.write("big", b"x" * 100)
    repo.write("small", b"x")
    head = Sha(repo.commit())
    workspace = GitWorkspace(open_repository(str(repo.path)), head, head, limits=Limits(file_size=10))
    assert names_in(workspace.directory()) == ["small"]
    assert list(workspace.left_out) == ["big"]
    workspace.close()


def test_attributes_are_those_of_the_side(repo) -> None:
    """Each side's own `.gitattributes` counts, nested ones included, and not what lies on disk."""
    repo.write(".gitattributes", "*.py linguist-generated\nn.py linguist-vendored=true\n")
    base = Sha(repo.commit())
    repo.write(".gitattributes", "*.py linguist-generated=false\n")
    repo.write("d/.gitattributes", "x.py -linguist-vendored linguist-generated=true\n")
    head = Sha(repo.commit())
    repo.write(".gitattributes", "* linguist-vendored\n")
    workspace = GitWorkspace(open_repository(str(repo.path)), base, head)
    paths = [RepoPath(path) for path in ("x.py", "n.py", "d/x.py", "y\nz.py", "other.js")]
    assert workspace.attributes(paths, Side.BASE) == {
        "x.py": {"linguist-generated"},
        "n.py": {"linguist-generated", "linguist-vendored"},
        "d/x.py": {"linguist-generated"},
        "y\nz.py": {"linguist-generated"},
    }
    assert workspace.attributes(paths, Side.HEAD) == {
        "x.py": {"-linguist-generated"},
        "n.py": {"-linguist-generated"},
        "d/x.py": {"linguist-generated", "-linguist-vendored"},
        "y\nz.py": {"-linguist-generated"},
    }
    workspace.close()


def test_without_attribute_files_there_are_none(workspace: GitWorkspace) -> None:
    """A tree without `.gitattributes` sets nothing."""
    assert workspace.attributes([RepoPath("x.py")], Side.HEAD) == {}


def test_a_bare_repository_has_attributes_too(repo, tmp_path: Path) -> None:
    """No working tree is needed for any question."""
    repo.write(".gitattributes", "*.py linguist-generated\n")
    head = Sha(repo.commit())
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    workspace = GitWorkspace(open_repository(str(tmp_path / "bare")), head, head)
    assert workspace.attributes([RepoPath("x.py")], Side.HEAD) == {"x.py": {"linguist-generated"}}
    assert workspace.grep("linguist")[0].path == ".gitattributes"
    assert names_in(workspace.directory()) == [".gitattributes"]
    workspace.close()


def test_a_missing_object_is_an_error(repo) -> None:
    """An object that is not there is named, and never read as empty."""
    repo.commit()
    with BlobReader(open_repository(str(repo.path))) as reader, pytest.raises(ToolError, match="1111111 is not in the"):
        reader.read("1" * 40)


def test_a_bomb_of_trees_is_stopped(repo) -> None:
    """A tiny store that unfolds to ten million paths is refused in time."""
    oid = repo.git("hash-object", "-w", "--stdin", stdin=b"x").decode().strip()
    kind, mode = "blob", "100644"
    for _ in range(7):
        rows = "".join(f"{mode} {kind} {oid}\tf{number}\0" for number in range(10))
        oid = repo.git("mktree", "-z", stdin=rows.encode()).decode().strip()
        kind, mode = "tree", "040000"
    with pytest.raises(UsageError, match="more than 1000 files"):
        list_tree(open_repository(str(repo.path)), Sha(oid), max_entries=1000)


def test_a_hostile_tree_writes_nothing_outside(repo, tmp_path: Path) -> None:
    """A tree with `..`, `.git` and its disguises is read, and only its harmless files are written."""

    def entry(mode: bytes, name: bytes, oid: str) -> bytes:
        return mode + b" " + name + b"\0" + bytes.fromhex(oid)

    def tree(*entries: bytes) -> str:
        call = ["hash-object", "-w", "-t", "tree", "--literally", "--stdin"]
        return repo.git(*call, stdin=b"".join(entries)).decode().strip()

    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"evil\n").decode().strip()
    rules = repo.git("hash-object", "-w", "--stdin", stdin=b"good* linguist-generated\n").decode().strip()
    config = tree(entry(b"100644", b".gitattributes", rules), entry(b"100644", b"config", blob))
    names = [b"..", b".GiT", b".git", b".g\xe2\x80\x8cit", b"git~1"]
    files = [
        entry(b"100644", b".gitattributes", rules),
        entry(b"100644", b"good.py", blob),
        entry(b"120000", b"link", blob),
        entry(b"100644", b"x/y", blob),
    ]
    head = Sha(tree(*(entry(b"40000", name, config) for name in names), *files))
    workspace = GitWorkspace(open_repository(str(repo.path)), head, head)
    root = Path(workspace.directory())
    assert names_in(root) == [".gitattributes", "good.py", "x"]
    assert workspace.attributes(workspace.paths(), Side.HEAD) == {"good.py": {"linguist-generated"}}
    assert len(workspace.left_out) == 2 * len(names)
    assert not (root.parent / "config").exists()
    workspace.close()


def test_reading_many_files_is_one_process(repo) -> None:
    """A tree of a thousand files is written in about the time that git needs to print it."""
    for number in range(1000):
        repo.write(f"d{number % 10}/f{number}.py", f"line {number}\n" * 50)
    head = Sha(repo.commit())
    workspace = GitWorkspace(open_repository(str(repo.path)), head, head)
    root = Path(workspace.directory())
    call = ["git", "-C", str(repo.path), "ls-files"]
    names = subprocess.run(call, check=True, capture_output=True, text=True).stdout.split()
    assert all((root / name).read_bytes() == (repo.path / name).read_bytes() for name in names)
    workspace.close()
