"""The git range as a source."""

import json
import subprocess
from pathlib import Path

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Side
from hunkwise.core.ports import Loaded, Request, Source, Workspace
from hunkwise.plugins.manager import load_plugins
from hunkwise.plugins.sources.git_range import GitRange

DATA = Path(__file__).parents[4] / "shared/data"


def load(request: Request) -> Loaded:
    loaded = GitRange().load(request)
    assert loaded is not None
    return loaded


def test_the_built_in_sources_are_registered() -> None:
    """The pull request is asked first, the git range last."""
    plugins = load_plugins(environ={"HUNKWISE_LOAD_PLUGINS": ""})
    sources: list[Source] = sorted(plugins.sources(), key=lambda source: source.order)
    assert [(source.name, source.order) for source in sources] == [
        ("github", 50),
        ("patch", 100),
        ("git", 1000),
    ]


def test_patches_and_pull_requests_are_for_others() -> None:
    """A request with a patch or a URL is not for the git range."""
    assert GitRange().load(Request(diff="x.patch")) is None
    assert GitRange().load(Request(pr="https://github.com/o/r/pull/1")) is None


def test_a_change_comes_with_its_files_and_workspace(repo) -> None:
    """Base, head, files and both ends of the tree are those of the range."""
    repo.write("x.py", "a\n")
    base = repo.commit()
    repo.write("x.py", "b\n")
    head = repo.commit()
    loaded = load(Request(directory=str(repo.path), base=base))
    change, workspace = loaded.change, loaded.workspace
    assert (change.base, change.head, [file.path for file in change.files]) == (base, head, ["x.py"])
    assert (workspace.read("x.py"), workspace.read("x.py", Side.BASE)) == (b"b\n", b"a\n")
    assert (loaded.is_checked_out, workspace.is_complete, workspace.directory()) == (True, True, str(repo.path))
    assert loaded.description == f"{base} … working tree: 1 file"
    checked: Workspace = workspace
    checked.close()


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (Request(staged=True, working=True), "exclude each other"),
        (Request(staged=True, base="main"), "--staged compares with HEAD"),
        (Request(working=True, head="main"), "--working compares with HEAD"),
    ],
)
def test_options_that_contradict_each_other_are_refused(request_: Request, message: str) -> None:
    """One clear line says which options do not go together."""
    with pytest.raises(UsageError, match=message):
        GitRange().load(request_)


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.skipif(not DATA.is_dir(), reason="the review data does not lie beside the checkout")
def test_real_pull_requests_have_the_lines_that_were_counted() -> None:
    """Each recorded pull request, read from its tree, has the added and removed lines of its record."""
    for row in map(json.loads, (DATA / "pr_dev.jsonl").read_text(encoding="utf-8").splitlines()):
        trees = DATA / "trees" / f"{row['repo'].replace('/', '+')}.git"
        refs = [f"refs/pull/{row['pr']}/{end}" for end in ("base", "head")]
        loaded = load(Request(directory=str(trees), base=refs[0], head=refs[1]))
        loaded.workspace.close()
        assert not loaded.is_checked_out
        call = ["git", f"--git-dir={trees}", "diff", "--numstat", "-M", *refs]
        counted = [line.split("\t")[:2] for line in subprocess.check_output(call, text=True).splitlines()]
        expected = [sum(int(row[side]) for row in counted if row[side] != "-") for side in (0, 1)]
        lines = [line for file in loaded.change.files for line in file.changed_lines()]
        assert [sum(line.is_added for line in lines), sum(line.is_removed for line in lines)] == expected
        if row["language"] == "python":
            lines = [line for file in loaded.change.files if file.path.endswith(".py") for line in file.changed_lines()]
        found = (sum(line.is_added for line in lines), sum(line.is_removed for line in lines))
        assert found == (row["added"], row["removed"]), row["id"]
