"""Two trees compared, checked against what git itself counts."""

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunkwise.core.diff import parse_diff
from hunkwise.core.errors import DiffError
from hunkwise.core.model import FileDiff, Kind, RepoPath, Sha, Status
from hunkwise.workspace.git import Repository, open_repository
from hunkwise.workspace.tree_diff import diff_trees

Tree = Mapping[bytes, bytes | tuple[str, bytes]]
LINES = b"".join(b"line %d\n" % number for number in range(40))
CASES: dict[str, tuple[Tree, Tree]] = {
    "add": ({}, {b"x.py": b"a\nb\n"}),
    "delete": ({b"x.py": b"a\nb\n"}, {}),
    "modify": ({b"x.py": LINES}, {b"x.py": LINES.replace(b"line 3\n", b"new\n").replace(b"line 30\n", b"")}),
    "rename": ({b"old.py": LINES}, {b"dir/new.py": LINES}),
    "rename with edits": ({b"old.py": LINES}, {b"dir/new.py": LINES.replace(b"line 7\n", b"seven\n")}),
    "mode only": ({b"x.sh": b"a\n"}, {b"x.sh": ("755", b"a\n")}),
    "mode and content": ({b"x.sh": b"a\n"}, {b"x.sh": ("755", b"b\n")}),
    "binary": ({b"x.bin": b"\0\1\2"}, {b"x.bin": b"\0\1\3", b"y.bin": b"\0"}),
    "symlink": ({b"l": ("link", b"here")}, {b"l": ("link", b"there"), b"m": ("link", b"x")}),
    "file to symlink": ({b"l": b"a\nb\n", b"m.py": b"x\n"}, {b"l": ("link", b"there"), b"m.py": b"y\n"}),
    "symlink to file": ({b"l": ("link", b"there")}, {b"l": b"a\nb\n"}),
    "symlink to binary": ({b"l": ("link", b"there")}, {b"l": b"\0\1"}),
    "submodule": ({b"s": ("sub", b"1" * 40)}, {b"s": ("sub", b"2" * 40), b"t": ("sub", b"3" * 40)}),
    "file to submodule": ({b"s": b"a\n"}, {b"s": ("sub", b"2" * 40)}),
    "empty file": ({b"gone": b""}, {b"new": b"", b"x.py": b"a\n"}),
    "emptied file": ({b"x.py": b"a\n"}, {b"x.py": b""}),
    "no newline at end": ({b"x": b"a\nb", b"y": b"a\n"}, {b"x": b"a\nb\n", b"y": b"a\nb"}),
    "CRLF": ({b"x": b"a\r\nb\r\n"}, {b"x": b"a\nb\r\nc\r\n"}),
    "CR in lines": ({b"x": b"a\rb\nc\n"}, {b"x": b"a\rB\nc\n\rd\r\r\n"}),
    "form feed, vertical tab, U+2028, U+0085": (
        {b"x": "a\f\vb\u2028c\u0085d\nend\n".encode()},
        {b"x": "a\f\vb\u2028c\u0085D\nend\n\f\n\u2028\n".encode()},
    ),
    "latin-1": ({b"x": b"caf\xe9\n"}, {b"x": b"caf\xe9s\nna\xefve\n"}),
    "NUL late in the file": ({b"x": LINES * 400}, {b"x": LINES * 400 + b"a\0b\n"}),
    "quoted names": ({b'"q".py': b"a\n", b"back\\slash": b"a\n"}, {b'"q".py': b"b\n", b"back\\slash": b"b\n"}),
    "unicode names": ({"ä/日本.py".encode(): b"a\n"}, {"ä/日本.py".encode(): b"b\n", "é.py".encode(): b"a\n"}),
    "non-UTF-8 names": ({b"lat\xe9.py": b"a\n"}, {b"lat\xe9.py": b"b\n", b"\xff": b"a\n"}),
    "spaces": ({b" a b .py": b"a\n", b"b b/x": b"a\n"}, {b" a b .py": b"b\n", b"b b/x": b"b\n"}),
    "tabs": ({b"t\tab.py": b"a\n"}, {b"t\tab.py": b"b\n"}),
    "newlines": ({b"n\nl.py": b"a\n", b"cr\r": b"a\n"}, {b"n\nl.py": b"b\n", b"cr\r": b"b\n"}),
    "renamed odd names": ({b"t\ta b": LINES}, {b"\xe9\n b/x": LINES}),
    "directories called a and b": ({b"a/x": b"a\n", b"b/x": b"c\n"}, {b"a/x": b"b\n", b"b/x": b"d\n"}),
    "content like headers": (
        {b"x": b"-- a/x\n++ b/x\n- \n@@ -1 +1 @@\n"},
        {b"x": b"++ b/x\n-- a/x\n\\ No newline at end of file\ndiff --git a/x b/x\n-- \n2.39.5\n"},
    ),
    "added content like headers": (
        {b"a": b"-- x\n", b"b": b"1\n"},
        {b"a": b"++ x\n--- a/b\n+++ b/b\n@@ -1 +1 @@\n-1\n+2\n", b"b": b"2\n"},
    ),
    "file to directory": ({b"x": b"a\n"}, {b"x/y": b"b\n"}),
    "dev null in names": ({b"dev/null": b"a\n"}, {b"dev/null": b"b\n", b"x/dev/null": b"a\n"}),
}
USER_CONFIGS = {
    "noprefix": "[diff]\n\tnoprefix = true\n",
    "mnemonicPrefix": "[diff]\n\tmnemonicPrefix = true\n",
    "renames": "[diff]\n\trenames = false\n",
    "algorithm": "[diff]\n\talgorithm = patience\n\tcontext = 0\n\tinterHunkContext = 50\n\tindentHeuristic = false\n",
    "color": "[color]\n\tui = always\n\tdiff = always\n[diff]\n\tcolorMoved = zebra\n",
    "external": "[diff]\n\texternal = false\n\tsuppressBlankEmpty = true\n\torderFile = /nowhere\n",
    "quotePath": "[core]\n\tquotePath = false\n\tautocrlf = true\n[diff]\n\trelative = true\n\tsubmodule = log\n",
}


def write_tree(git_dir: Path, tree: Tree) -> Sha:
    """Write a tree into a bare repository, without a file system in between."""
    environment = {**os.environ, "GIT_INDEX_FILE": str(git_dir / "test-index"), "GIT_DIR": str(git_dir)}

    def git(*args: str, stdin: bytes = b"") -> bytes:
        return subprocess.run(["git", *args], env=environment, input=stdin, check=True, capture_output=True).stdout

    git("read-tree", "--empty")
    rows = b""
    for name, value in tree.items():
        kind, content = value if isinstance(value, tuple) else ("644", value)
        mode = {"link": b"120000", "sub": b"160000"}.get(kind, b"100" + kind.encode())
        oid = content if kind == "sub" else git("hash-object", "-w", "--stdin", stdin=content).strip()
        rows += mode + b" " + oid + b"\t" + name + b"\0"
    git("update-index", "-z", "--index-info", stdin=rows)
    return Sha(git("write-tree").decode().strip())


def count_by_git(git_dir: Path, base: str, head: str) -> dict[bytes, tuple[bytes, bytes]]:
    """Return what `git diff --numstat -z` says: added and removed lines by path."""
    call = ["git", f"--git-dir={git_dir}", "diff", "--numstat", "-z", "-M", base, head]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    fields = subprocess.run(call, env=environment, check=True, capture_output=True).stdout.split(b"\0")
    counted = {}
    while len(fields) > 1:
        added, removed, name = fields.pop(0).split(b"\t", 2)
        if not name:
            fields.pop(0)
            name = fields.pop(0)
        counted[name] = (added, removed)
    return counted


def count(files: tuple[FileDiff, ...]) -> dict[bytes, tuple[bytes, bytes]]:
    """Count our lines the way git does."""
    counted = {}
    for file in files:
        lines = file.changed_lines()
        added, removed = sum(line.is_added for line in lines), sum(line.is_removed for line in lines)
        counted[os.fsencode(file.path)] = (b"-", b"-") if file.kind is Kind.BINARY else (b"%d" % added, b"%d" % removed)
    return counted


def assert_lines_are_in_the_head(files: tuple[FileDiff, ...], head: Tree) -> None:
    """Each line of a hunk with a number at the head is that line of the file."""
    for file in files:
        value = head.get(os.fsencode(file.path), b"")
        content = value[1] if isinstance(value, tuple) else value
        lines = content.split(b"\n")
        for hunk in file.hunks:
            for line in hunk.lines:
                if line.new is not None and file.kind is not Kind.SUBMODULE:
                    raw = lines[line.new - 1]
                    assert line.text in (raw.decode("utf-8", "replace"), raw.decode("latin-1"))


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A bare repository without a user's configuration."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "bare")], check=True)
    return open_repository(str(tmp_path / "bare"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.replace(" ", "-"))
def test_counts_and_names_are_those_of_git(bare: Repository, case: str) -> None:
    """Our files and their added and removed lines equal `git diff --numstat -z`, and a patch of it reads the same."""
    before, after = CASES[case]
    base, head = write_tree(bare.git_dir, before), write_tree(bare.git_dir, after)
    files = diff_trees(bare, base, head)
    counted = count_by_git(bare.git_dir, base, head)
    assert count(files) == counted
    assert counted
    assert_lines_are_in_the_head(files, after)
    call = ["git", f"--git-dir={bare.git_dir}", "diff", "-M", "--full-index", base, head]
    patch = subprocess.run(call, check=True, capture_output=True).stdout
    assert parse_diff(patch) == files


@pytest.mark.parametrize("config", USER_CONFIGS)
def test_the_users_configuration_does_not_matter(bare: Repository, tmp_path: Path, config: str) -> None:
    """No setting of git's that changes how it shows a diff changes what is read."""
    before, after = CASES["rename with edits"]
    trees = [write_tree(bare.git_dir, {**tree, b"s": ("sub", b"%d" % number * 40)}) for number, tree in
             enumerate((before, after), 1)]  # fmt: skip
    plain = diff_trees(bare, *trees)
    (tmp_path / "gitconfig").write_text(USER_CONFIGS[config])
    assert diff_trees(bare, *trees) == plain


@pytest.mark.parametrize("config", ["noprefix", "mnemonicPrefix", "renames", "algorithm"])
def test_a_patch_made_under_another_configuration_is_read(bare: Repository, tmp_path: Path, config: str) -> None:
    """What `git diff` writes with other prefixes, contexts or renames gives the same names."""
    base, head = (write_tree(bare.git_dir, {b"a/x y.py": text, b"b/z.py": text}) for text in (LINES, LINES[6:]))
    (tmp_path / "gitconfig").write_text(USER_CONFIGS[config])
    call = ["git", f"--git-dir={bare.git_dir}", "diff", base, head]
    patch = subprocess.run(call, check=True, capture_output=True).stdout
    assert count(parse_diff(patch)) == count_by_git(bare.git_dir, base, head)


def test_statuses_and_modes_are_those_of_git(bare: Repository) -> None:
    """Status, kind, old path and both modes come from `git diff --raw`."""
    found = {}
    for case in ("add", "delete", "rename", "mode only", "file to symlink", "submodule", "binary"):
        base, head = (write_tree(bare.git_dir, tree) for tree in CASES[case])
        file = diff_trees(bare, base, head)[0]
        found[case] = (file.status, file.kind, file.old_path, file.old_mode, file.mode)
    assert found == {
        "add": (Status.ADDED, Kind.CODE, None, None, "100644"),
        "delete": (Status.DELETED, Kind.CODE, None, None, "100644"),
        "rename": (Status.RENAMED, Kind.CODE, "old.py", None, "100644"),
        "mode only": (Status.MODE_CHANGED, Kind.CODE, None, "100644", "100755"),
        "file to symlink": (Status.TYPE_CHANGED, Kind.SYMLINK, None, "100644", "120000"),
        "submodule": (Status.MODIFIED, Kind.SUBMODULE, None, None, "160000"),
        "binary": (Status.MODIFIED, Kind.BINARY, None, None, "100644"),
    }


def test_equal_trees_do_not_differ(bare: Repository) -> None:
    """The same tree twice is an empty change."""
    tree = write_tree(bare.git_dir, {b"x": b"a\n"})
    assert diff_trees(bare, tree, tree) == ()


def test_attributes_cannot_hide_text(bare: Repository) -> None:
    """A change that marks its own code `-diff` is read all the same."""
    base = write_tree(bare.git_dir, {b"x.py": b"a\n"})
    head = write_tree(bare.git_dir, {b"x.py": b"b\n", b".gitattributes": b"*.py -diff\n"})
    (bare.git_dir / "index").write_bytes((bare.git_dir / "test-index").read_bytes())
    assert len(diff_trees(bare, base, head)[1].changed_lines()) == 2


def test_a_large_difference_is_refused(bare: Repository) -> None:
    """Beyond the cap git is stopped and the error names the way out."""
    base, head = write_tree(bare.git_dir, {}), write_tree(bare.git_dir, {b"x": b"a\n" * 1000})
    with pytest.raises(DiffError, match=r"smaller range|nearer --base"):
        diff_trees(bare, base, head, max_bytes=500)


LINE = st.one_of(
    st.sampled_from([b"", b"a", b"b", b" ", b"-- a/x", b"++ b/x", b"@@ -1 +1 @@", b"\r", b"\f", b"caf\xe9", b"\\ No"]),
    st.binary(max_size=6).map(lambda raw: raw.replace(b"\n", b"").replace(b"\0", b"")),
)
CONTENT = st.tuples(st.lists(LINE, max_size=30), st.booleans()).map(
    lambda both: b"\n".join(both[0]) + (b"\n" if both[0] and both[1] else b"")
)
NAME = st.sampled_from([b"x.py", b"y y.py", b"d/z.py", b"t\tab", b"\xe9.py", "ü\n.py".encode(), b'"q"'])
TREES: Any = st.dictionaries(NAME, st.one_of(CONTENT, CONTENT.map(lambda text: ("755", text))), max_size=4)


@given(before=TREES, after=TREES)
@settings(max_examples=60, deadline=None)
def test_any_two_trees_are_read_as_git_counts_them(before: Tree, after: Tree) -> None:
    """For random files, counts and names equal git's and each line is the head's line of its number."""
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["git", "init", "-q", "--bare", directory], check=True)
        repository = open_repository(directory)
        base, head = write_tree(repository.git_dir, before), write_tree(repository.git_dir, after)
        files = diff_trees(repository, base, head)
        assert count(files) == count_by_git(repository.git_dir, base, head)
        assert_lines_are_in_the_head(files, after)
        assert all(hunk.path == file.path for file in files for hunk in file.hunks)
        assert len({hunk.id for file in files for hunk in file.hunks}) == sum(len(file.hunks) for file in files)


def test_200_000_lines_are_read(bare: Repository) -> None:
    """A large diff has all its lines."""
    base = write_tree(bare.git_dir, {b"x": b"".join(b"old %d\n" % number for number in range(100_000))})
    head = write_tree(bare.git_dir, {b"x": b"".join(b"new %d\n" % number for number in range(100_000))})
    (file,) = diff_trees(bare, base, head)
    assert len(file.changed_lines()) == 200_000
    assert file.path == RepoPath("x")
