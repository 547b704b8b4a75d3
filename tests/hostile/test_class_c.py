"""Hostile trees and histories: nothing is written outside, run or fetched, and the harmless file is reviewed."""

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from code_recipes import SECRET
from confined import SOMEBODY, as_somebody, open_folder, ran
from objects import DIRECTORY, LINK, MODULE, REGULAR, Objects
from trap import TIERS, by_id
from tree_recipes import FINE, REFUSED, TREES, WRITTEN

from hunkwise.core.errors import DiffError
from hunkwise.core.model import Sha
from hunkwise.workspace.git import open_repository
from hunkwise.workspace.sandbox.system import is_root
from hunkwise.workspace.tree_diff import diff_trees
from hunkwise.workspace.trees import GitWorkspace

ACCEPTED = [name for name in TREES if name not in REFUSED]


class Place:
    """A bare repository, and beside it what hostile names, links and settings aim at."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.objects = Objects(folder / "bare.git")
        for name in ("open", "home"):
            (folder / name).mkdir()
            (folder / name).chmod(0o777)
        (folder / "secret").write_text(SECRET)
        os.mkfifo(folder / "pipe")
        run = folder / "run"
        run.write_text(f"#!/bin/sh\ntouch {folder}/open/marker\ncat\n")
        run.chmod(0o755)
        self.facts = {name: str(folder / name) for name in ("open", "secret", "pipe", "run")}
        self.empty = self.objects.commit(self.objects.tree())

    def head(self, *names):
        """Return a commit of `fine.py` and of what these recipes have beside it."""
        entries = [one for name in names for one in TREES[name](self.objects, self.facts)]
        fine = (REGULAR, b"fine.py", self.objects.blob(FINE))
        return self.objects.commit(self.objects.tree(fine, *entries), self.empty)

    def untouched(self):
        """Require that nothing was written beside the repository."""
        assert list((self.folder / "open").iterdir()) == []
        assert {one.name for one in self.folder.iterdir()} == {"bare.git", "home", "open", "pipe", "run", "secret"}


@pytest.fixture
def place():
    """Return such a place."""
    with open_folder() as folder:
        yield Place(folder)


def found_in(root):
    """Return all that is not a directory below a root, and require that it is a regular file."""
    found = {}
    for path in Path(root).rglob("*"):
        mode = path.lstat().st_mode
        assert stat.S_ISREG(mode) or stat.S_ISDIR(mode), path
        if stat.S_ISREG(mode):
            found[str(path.relative_to(root))] = path.read_bytes()
    return found


@pytest.mark.parametrize("name", TREES)
def test_only_what_is_harmless_is_written(place, name, tmp_path, monkeypatch):
    """The files for the tools are regular ones below their root; what is not written is named, with a reason."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    base, head = Sha(place.empty), Sha(place.head(name))
    repository = open_repository(str(place.objects.path))
    workspace = GitWorkspace(repository, base, head)
    try:
        root = Path(workspace.directory(private=True))
        found = found_in(root)
        assert found.pop("fine.py") == FINE.encode()
        assert set(found) == WRITTEN.get(name, set())
        assert SECRET.encode() not in b"".join(found.values())
        if name in REFUSED:
            with pytest.raises(DiffError):
                diff_trees(repository, base, head)
        else:
            assert "fine.py" in {file.path for file in diff_trees(repository, base, head)}
        unwritten = {path for path in workspace.paths() if not path.startswith(tuple(found)) and path != "fine.py"}
        links = {path for path in unwritten if path not in workspace.left_out}
        assert all(workspace.left_out[path] for path in unwritten - links)
        assert links == set() or "link" in name
        assert list(tmp_path.iterdir()) == [root]
    finally:
        workspace.close()
    place.untouched()


def review(hunkwise, place, head, *args, base=None, **more):
    """Review a commit of the bare repository as a foreign change, by ruff."""
    call = ("review", "-C", place.objects.path, "--base", base or place.empty, "--head", head, "--only", "ruff")
    return hunkwise(*call, "--format", "json", *args, **more)


@pytest.mark.tools
@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", [*(pytest.param(one, marks=pytest.mark.slow) for one in ACCEPTED), "all"])
def test_the_harmless_file_is_reviewed(hunkwise, place, name, tier):
    """A review of the tree finds what is wrong in `fine.py`, runs nothing of the tree's and says no secret."""
    names = [one for one in ACCEPTED if not one.startswith("C16")] if name == "all" else [name]
    code, out, err = review(hunkwise, place, place.head(*names), HUNKWISE_SANDBOX=tier)
    assert code in (0, 1, 3), err
    report = json.loads(out)
    assert ("fine.py", "ruff", "reviewed") in {(one["path"], one["reviewer"], one["state"]) for one in report["cover"]}
    assert SECRET not in out + err
    place.untouched()


@pytest.mark.parametrize("name", REFUSED)
def test_a_tree_that_no_server_takes_is_refused(hunkwise, place, name):
    """A path that leads out ends the review before any tool runs: one line names it, and the exit code is 2."""
    code, out, err = review(hunkwise, place, place.head(name))
    assert (code, out) == (2, "")
    assert "is not a path inside a repository" in err or "its text on line" in err
    assert "Traceback" not in err
    place.untouched()


def git_as_somebody(place, folder, *call):
    """Run git as an ordinary user, to whom the folder belongs, as anybody would."""
    if is_root():
        for path in (folder, *folder.rglob("*")):
            os.lchown(path, SOMEBODY, SOMEBODY)
    env = {"PATH": os.environ["PATH"], "HOME": str(place.folder / "home"), "GIT_CONFIG_NOSYSTEM": "1"}
    return ran(as_somebody((shutil.which("git"), *call), reach=[place.folder], env=env), cwd=folder, env=env)


def test_an_embedded_repository_fires_outside(place):
    """C13, the control: `git status` in the directory of the embedded repository runs its program."""
    folder = place.folder / "home" / "work"
    head = place.head("C13-embedded-repository")
    subprocess.run(["git", "clone", "-q", "--no-checkout", str(place.objects.path), str(folder)], check=True)
    for name in ("HEAD", "config", "objects/x", "refs/x"):
        (folder / "embedded" / name).parent.mkdir(parents=True, exist_ok=True)
        show = ["git", "-C", str(place.objects.path), "show", f"{head}:embedded/{name}"]
        (folder / "embedded" / name).write_bytes(subprocess.run(show, check=True, capture_output=True).stdout)
    done = git_as_somebody(place, folder / "embedded", "status")
    assert (place.folder / "open" / "marker").exists(), done.stderr


def test_filters_fire_outside(place):
    """C14, the control: where a user's configuration defines the filters that the tree names, a checkout runs them."""
    folder = place.folder / "home" / "work"
    head = place.head("C14-attributes")
    subprocess.run(["git", "clone", "-q", "--no-checkout", "--no-hardlinks", place.objects.path, folder], check=True)
    shutil.copytree(place.objects.path / "objects", folder / ".git" / "objects", dirs_exist_ok=True)
    evil = ("-c", f"filter.evil.smudge={place.facts['run']}")
    done = git_as_somebody(place, folder, *evil, "checkout", "-q", head)
    assert (place.folder / "open" / "marker").exists(), done.stderr


@pytest.mark.tools
@pytest.mark.parametrize("name", ["C14-filters-of-the-user"])
def test_filters_of_the_user_do_not_run(hunkwise, place, name):
    """C14: with the same configuration of the user's, LFS's included, a review runs none of them."""
    run = place.facts["run"]
    filters = f"\tsmudge = {run}\n\tprocess = {run}\n\trequired = true\n"
    lines = [f'[filter "{one}"]\n{filters}' for one in ("evil", "lfs")]
    lines.append(f'[diff "evil"]\n\ttextconv = {run}\n\tcommand = {run}\n')
    (place.folder / "home" / ".gitconfig").write_text("".join(lines))
    head = place.head("C14-attributes", "C15-lfs-pointer")
    code, out, err = review(hunkwise, place, head, HOME=str(place.folder / "home"))
    assert code in (0, 1, 3), err
    assert {file["path"] for file in json.loads(out)["change"]["files"]} >= {"fine.py", "big.py"}
    assert list((place.folder / "open").iterdir()) == []


@pytest.mark.parametrize("name", ["C17-git-bomb"])
def test_a_bomb_ends_in_words(hunkwise, place, name):
    """C17: ten million paths in a tiny store end the review in time, with a sentence and exit code 2."""
    oid, mode = place.objects.blob("x"), REGULAR
    for _ in range(7):
        oid, mode = place.objects.tree(*((mode, b"f%d" % number, oid) for number in range(10))), DIRECTORY
    code, out, err = review(hunkwise, place, place.objects.commit(oid, place.empty))
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert "too many to review" in err


CHANGES = {
    "C19-mode-only": ({b"a.py": (REGULAR, FINE)}, {b"a.py": (b"100755", FINE)}),
    "C19-rename-only": ({b"a.py": (REGULAR, FINE * 5)}, {b"b.py": (REGULAR, FINE * 5)}),
    "C19-copy": ({b"a.py": (REGULAR, FINE * 5)}, {b"a.py": (REGULAR, FINE * 5), b"b.py": (REGULAR, FINE * 5)}),
    "C19-delete-only": ({b"a.py": (REGULAR, "x = 1\n")}, {}),
    "C19-binary": ({b"a.py": (REGULAR, FINE)}, {b"a.py": (REGULAR, "\0\1\2" * 99)}),
    "C19-file-to-link": ({b"a.py": (REGULAR, FINE)}, {b"a.py": (LINK, "/etc/passwd")}),
    "C19-link-to-file": ({b"a.py": (LINK, "/etc/passwd")}, {b"a.py": (REGULAR, FINE)}),
    "C19-file-to-submodule": ({b"a.py": (REGULAR, FINE)}, {b"a.py": (MODULE, "")}),
}


def commit_of(place, files, *parents):
    """Return a commit of these files and `fine.py`."""
    entries = [
        (mode, name, "1" * 40 if mode == b"160000" else place.objects.blob(text))
        for name, (mode, text) in files.items()
    ]
    return place.objects.commit(place.objects.tree(*entries), *parents)


@pytest.mark.tools
@pytest.mark.parametrize("name", by_id(CHANGES))
def test_every_kind_of_change_is_reviewed(hunkwise, place, name):
    """Whatever happens to one file of a change, the review ends, and the other file is reviewed."""
    before, after = CHANGES[name]
    base = commit_of(place, before)
    head = commit_of(place, {**after, b"fine.py": (REGULAR, FINE)}, base)
    code, out, err = review(hunkwise, place, head, base=base)
    assert code in (0, 1, 3), err
    report = json.loads(out)
    assert ("fine.py", "reviewed") in {(one["path"], one["state"]) for one in report["cover"]}
    assert any(comment["location"]["path"] == "fine.py" for comment in report["comments"])


ENDS = {
    "C20-no-newline": (b"x = 1\ny = 2", b"x = 1\ny = 2\nimport os", {3}),
    "C20-newline-added": (b"x = 1\nimport os", b"x = 1\nimport os\n", {2}),
    "C20-lf-to-crlf": (b"x = 1\nimport os\n", b"x = 1\r\nimport os\r\n", {2}),
    "C20-crlf-to-lf": (b"x = 1\r\nimport os\r\n", b"x = 1\nimport os\n", {2}),
    "C20-mixed": (b"x = 1\n", b"x = 1\r\ny = 1\nimport os\r\n", {3}),
    "C20-cr-only": (b"x = 1\n", b"x = 1\ry = 1\rimport os\r", set()),
}


@pytest.mark.tools
@pytest.mark.parametrize("name", by_id(ENDS))
def test_line_numbers_stay_right(hunkwise, place, name):
    """The finding is on its line as git counts lines; where a tool counts others, nothing is said on a wrong one."""
    before, after, lines = ENDS[name]
    base = place.objects.commit(place.objects.tree((REGULAR, b"a.py", place.objects.blob(before))))
    head = place.objects.commit(place.objects.tree((REGULAR, b"a.py", place.objects.blob(after))), base)
    code, out, err = review(hunkwise, place, head, base=base)
    assert code in (0, 1, 3), err
    comments = json.loads(out)["comments"]
    assert {one["location"]["start"] for one in comments if one["verdict"]["decision"] == "kept"} == lines


HISTORIES = {
    "C21-merge": 2,
    "C21-octopus": 3,
    "C21-unrelated": 0,
    "C21-base-gone": None,
    "C21-head-gone": None,
    "C21-parent-gone": 0,
}
"""How many commits the head merges; None where a commit is not there."""


@pytest.mark.tools
@pytest.mark.parametrize("name", by_id(HISTORIES))
def test_odd_histories_end_in_words_or_a_review(hunkwise, place, name):
    """A head is reviewed whatever it merges; where a commit is missing or unrelated, one line says so."""
    sides = [commit_of(place, {b"%d.py" % number: (REGULAR, "x = 1\n")}, place.empty) for number in range(3)]
    parents = ["3" * 40] if name == "C21-parent-gone" else sides[: HISTORIES[name] or 0]
    head = commit_of(place, {b"fine.py": (REGULAR, FINE)}, *parents)
    base, head = {"C21-base-gone": ("1" * 40, head), "C21-head-gone": (sides[0], "2" * 40)}.get(name, (sides[0], head))
    code, out, err = review(hunkwise, place, head, base=base)
    assert "Traceback" not in err
    if code == 2:
        assert not HISTORIES[name]
        assert out == ""
        assert len(err.strip().splitlines()) == 1
    else:
        assert HISTORIES[name] is not None
        assert "fine.py" in {comment["location"]["path"] for comment in json.loads(out)["comments"]}


@pytest.mark.tools
@pytest.mark.parametrize("name", by_id(["C22-replaced-blob", "C22-replaced-commit", "C22-graft"]))
def test_replacements_are_ignored(hunkwise, place, name):
    """What is reviewed is the commit itself, whatever `refs/replace` or `info/grafts` put in its place."""
    head = place.head()
    harmless = commit_of(place, {b"fine.py": (REGULAR, "x = 1\n")}, place.empty)
    if name.endswith("blob"):
        place.objects.ref(f"refs/replace/{place.objects.blob(FINE)}", place.objects.blob("x = 1\n"))
    elif name.endswith("commit"):
        place.objects.ref(f"refs/replace/{head}", harmless)
    else:
        (place.objects.path / "info").mkdir(exist_ok=True)
        (place.objects.path / "info" / "grafts").write_text(f"{head}\n")
    _, out, err = review(hunkwise, place, head)
    assert [comment["location"]["path"] for comment in json.loads(out)["comments"]] == ["fine.py"], err
