"""Patches as a source, with and without a repository that they fit."""

import json
from pathlib import Path

import pytest

from hunkwise.core.diff import parse_diff
from hunkwise.core.errors import DiffError, UsageError
from hunkwise.core.model import Side
from hunkwise.core.ports import Loaded, Request
from hunkwise.plugins.sources.patch import Patch

DATA = Path(__file__).parents[4] / "shared/data"
TEXT = "".join(f"line {number}\n" for number in range(30))


def load(directory: Path, patch: bytes) -> Loaded:
    loaded = Patch().load(Request(directory=str(directory), diff="-", stdin=patch))
    assert loaded is not None
    loaded.workspace.close()
    loaded = Patch().load(Request(directory=str(directory), diff="-", stdin=patch))
    assert loaded is not None
    return loaded


@pytest.fixture
def patched(repo):
    """A repository at its first commit, with the patch that leads to the second."""
    repo.write("x.py", TEXT)
    repo.write("old.py", TEXT + "old\n")
    repo.first = repo.commit()
    repo.write("x.py", TEXT.replace("line 3\n", "three\n"))
    repo.write("new.py", "a\n")
    repo.git("mv", "old.py", "moved.py")
    repo.write("p.png", b"\0\1")
    repo.second = repo.commit()
    repo.patch = repo.git("diff", "-M", repo.first, repo.second)
    repo.git("checkout", "-q", repo.first)
    return repo


NAMES = ["moved.py", "new.py", "p.png", "x.py"]


def test_a_patch_that_fits_head_is_read_with_its_tree(patched) -> None:
    """The head is the patched tree: whole files can be read at both ends, and the checkout is not touched."""
    loaded = load(patched.path, patched.patch)
    assert sorted(file.path for file in loaded.change.files) == NAMES
    assert loaded.workspace.is_complete
    assert loaded.workspace.read("x.py") == TEXT.replace("line 3\n", "three\n").encode()
    assert loaded.workspace.read("x.py", Side.BASE) == TEXT.encode()
    assert loaded.workspace.directory() != str(patched.path)
    assert not loaded.is_checked_out
    assert (loaded.change.base, loaded.change.head, loaded.change.notes) == (patched.first, None, ())
    assert loaded.description == f"patch on standard input, applied to HEAD ({patched.first[:7]}): 4 files"
    assert patched.git("status", "--porcelain") == b""
    loaded.workspace.close()


def test_a_patch_that_is_in_head_already_is_read_with_its_tree(patched) -> None:
    """The head is HEAD, the base the tree without the patch."""
    patched.git("checkout", "-q", patched.second)
    loaded = load(patched.path, patched.patch)
    assert sorted(file.path for file in loaded.change.files) == NAMES
    assert loaded.workspace.read("x.py", Side.BASE) == TEXT.encode()
    assert (loaded.change.head, loaded.is_checked_out) == (patched.second, False)
    assert loaded.workspace.directory() == str(patched.path)
    assert "already in HEAD" in loaded.description
    loaded.workspace.close()


def test_a_patch_of_uncommitted_work_is_found_in_the_working_tree(patched) -> None:
    """`git diff | hunkwise review --diff -` is the commonest call: the working tree has the patch."""
    patched.write("x.py", TEXT.replace("line 9\n", "nine\n"))
    patched.write("x.py", TEXT.replace("line 9\n", "nine\n").replace("line 10\n", "ten\n"))
    diff = patched.git("diff")
    loaded = load(patched.path, diff)
    assert loaded.description.startswith("patch on standard input, applied to HEAD")
    patched.git("add", "-A")
    patched.write("untracked.py", "a\n")
    patched.write("x.py", TEXT.replace("line 9\n", "nine\n").replace("line 10\n", "10\n"))
    loaded.workspace.close()
    loaded = load(patched.path, patched.git("diff"))
    assert "already in the working tree" in loaded.description
    assert loaded.workspace.read("untracked.py") == b"a\n"
    assert loaded.workspace.directory() == str(patched.path)
    assert not loaded.is_checked_out
    loaded.workspace.close()


def test_line_numbers_are_those_of_the_tree(patched) -> None:
    """A patch whose line numbers have moved is placed where it fits, and its lines are the file's."""
    diff = patched.git("diff", patched.first, patched.second, "--", "x.py").replace(
        b"@@ -1,7 +1,7 @@", b"@@ -3,7 +3,7 @@"
    )
    loaded = load(patched.path, diff)
    (file,) = loaded.change.files
    assert [(line.old, line.new, line.text) for line in file.changed_lines()] == [
        (4, None, "line 3"),
        (None, 4, "three"),
    ]
    loaded.workspace.close()


def test_a_plain_diff_finds_its_files(patched) -> None:
    """The output of `diff -u` needs no prefixes."""
    diff = b"--- x.py\t2024-01-01 00:00:00\n+++ x.py\t2024-01-02 00:00:00\n@@ -1,2 +1,2 @@\n-line 0\n+zero\n line 1\n"
    loaded = load(patched.path, diff)
    assert loaded.workspace.is_complete
    assert loaded.workspace.read("x.py").startswith(b"zero\n")
    loaded.workspace.close()


@pytest.mark.parametrize("where", ["repository", "elsewhere"])
def test_a_patch_that_fits_nowhere_is_read_alone(patched, tmp_path: Path, where: str) -> None:
    """Only added files can be read then, and a note says why and what to do."""
    (tmp_path / "elsewhere").mkdir()
    patched.write("x.py", "all new\n")
    patched.commit()
    loaded = load(patched.path if where == "repository" else tmp_path / "elsewhere", patched.patch)
    assert sorted(file.path for file in loaded.change.files) == NAMES
    assert not loaded.workspace.is_complete
    assert loaded.workspace.paths() == ("new.py",)
    assert loaded.workspace.read("new.py") == b"a\n"
    expected = "fits neither HEAD nor the working tree" if where == "repository" else "is not in a git repository"
    assert expected in loaded.change.notes[0]
    assert loaded.description == "patch on standard input: 4 files, without the files around it"
    loaded.workspace.close()


def test_a_patch_fits_before_the_first_commit(repo) -> None:
    """In a repository without commits, additions apply to the empty tree."""
    diff = b"diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n"
    loaded = load(repo.path, diff)
    assert loaded.workspace.read("n") == b"x\n"
    loaded.workspace.close()


def test_a_bare_repository_without_commits_fits_nothing(make_repo) -> None:
    """There is no tree to place a patch on; the note says so and the patch is read alone."""
    diff = b"diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n"
    loaded = load(make_repo("bare", "--bare").path, diff)
    assert not loaded.workspace.is_complete
    assert "has no commits yet" in loaded.change.notes[0]
    loaded.workspace.close()


def test_binary_files_without_content_stay_in_the_change(patched) -> None:
    """A patch that only says that binary files differ fits all the same, alone or beside text."""
    loaded = load(patched.path, patched.git("diff", patched.first, patched.second, "--", "p.png"))
    assert [(file.path, file.kind.value) for file in loaded.change.files] == [("p.png", "binary")]
    assert loaded.workspace.is_complete
    loaded.workspace.close()


def test_binary_files_with_content_are_in_the_tree(patched) -> None:
    """`git diff --binary` carries what is needed to write the new file."""
    loaded = load(patched.path, patched.git("diff", "--binary", patched.first, patched.second))
    assert sorted(file.path for file in loaded.change.files) == NAMES
    assert loaded.workspace.read("p.png") == b"\0\1"
    loaded.workspace.close()


def test_a_patch_fits_a_bare_repository(patched, tmp_path: Path) -> None:
    """A clone without a working tree serves as well."""
    patched.git("branch", "-f", "main", patched.first)
    patched.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    loaded = load(tmp_path / "bare", patched.patch)
    assert loaded.workspace.is_complete
    loaded.workspace.close()


def test_a_file_names_the_change(patched, tmp_path: Path) -> None:
    """A patch from a file is called by the file's name."""
    (tmp_path / "fix.patch").write_bytes(patched.patch)
    loaded = Patch().load(Request(directory=str(patched.path), diff=str(tmp_path / "fix.patch")))
    assert loaded is not None
    assert loaded.change.id == "fix.patch"
    loaded.workspace.close()


def test_an_empty_patch_is_an_empty_change(tmp_path: Path) -> None:
    """`git diff` of no difference is no error, and says that it is empty."""
    loaded = load(tmp_path, b"")
    assert (loaded.change.files, loaded.description) == ((), "patch on standard input: it is empty")


def test_a_request_without_a_patch_is_for_others() -> None:
    """Only `--diff` is for this source."""
    assert Patch().load(Request(base="main")) is None


def test_bad_requests_are_one_clear_line(tmp_path: Path) -> None:
    """A missing file, no standard input, a contradiction and an unreadable patch are named."""
    for request, message in (
        (Request(diff=str(tmp_path / "no.patch")), r"cannot read the patch .*no\.patch: No such file"),
        (Request(diff=str(tmp_path)), "cannot read the patch .*: Is a directory"),
        (Request(diff="-"), "standard input, and there is none"),
        (Request(diff="-", stdin=b"", staged=True), "leave out --base"),
    ):
        with pytest.raises(UsageError, match=message):
            Patch().load(request)
    with pytest.raises(DiffError, match="no unified diff"):
        load(tmp_path, b"garbage\n")


@pytest.mark.shared
@pytest.mark.skipif(not DATA.is_dir(), reason="the review data does not lie beside the checkout")
def test_real_diffs_have_the_lines_that_were_counted() -> None:
    """Each recorded pull request's diff has the added and removed lines of its record."""
    for row in map(json.loads, (DATA / "pr_dev.jsonl").read_text(encoding="utf-8").splitlines()):
        lines = [line for file in parse_diff(row["diff"].encode()) for line in file.changed_lines()]
        found = (sum(line.is_added for line in lines), sum(line.is_removed for line in lines))
        assert found == (row["added"], row["removed"]), row["id"]
