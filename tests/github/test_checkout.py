"""What git brings of a pull request: shallow, bounded, and with the token in no file."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from hunkwise.core.model import Sha
from hunkwise.github.checkout import ABSENT, Bounds, Checkout, Unreachable, full_diff
from hunkwise.github.tokens import Token
from hunkwise.plugins.github.port import GitHubError, Target
from hunkwise.workspace.tree_diff import diff_trees
from hunkwise.workspace.trees import GitWorkspace


@pytest.fixture
def target(fake):
    return Target(server=fake.url, repository="o/r", number=1)


@pytest.fixture
def checkout(target, token):
    made = Checkout(target, token)
    yield made
    made.close()
    assert not made.directory.exists()


def test_head_and_base_are_fetched(pull, repository, checkout):
    """The merge-base too where the base has moved on; the diff is that of the pull request."""
    repository.commit({"later.py": "x\n"})
    moved = repository.git("rev-parse", "main").decode().strip()
    assert pull.head == checkout.fetch_head()
    base, note = checkout.merge_base(moved, "main")
    assert (pull.base, "") == (base, note)
    checkout.fetch_trees(base, pull.head)
    assert ["a.py", "b.py", "gone.py"] == [file.path for file in diff_trees(checkout.repository, base, pull.head)]
    assert "later.py" not in GitWorkspace(checkout.repository, base, pull.head).paths()


def test_a_private_pull_request_needs_the_token(pull, target):
    """Each refusal says the way out; neither names a password."""
    for token, way in ((None, "set HUNKWISE_GITHUB_TOKEN"), (Token(value="b4d-t0ken", origin="x"), "contents: read")):
        checkout = Checkout(target, token)
        with pytest.raises(GitHubError, match=f"o/r#1: git may not read o/r .*{way}") as caught:
            checkout.fetch_head()
        assert "b4d-t0ken" not in str(caught.value)
        checkout.close()


def test_the_token_is_in_no_file(pull, checkout, token, fake):
    """Nor in an address that git asks; it is in the header alone."""
    checkout.fetch_trees(pull.base, checkout.fetch_head())
    for path in checkout.directory.rglob("*"):
        if path.is_file():
            assert token.value.encode() not in path.read_bytes()
    assert not any(entry.leaked for entry in fake.log.entries)


def test_the_token_is_in_no_argument(pull, checkout, token, monkeypatch):
    """Every user of the machine can read those."""
    from hunkwise.github import checkout as module

    seen = []
    run = module.run_process

    def watched(argv, **more):
        seen.append([*argv, *(value for name, value in more["env"].items() if not name.startswith("GIT_CONFIG"))])
        return run(argv, **more)

    monkeypatch.setattr(module, "run_process", watched)
    monkeypatch.setenv("GITHUB_TOKEN", token.value)
    checkout.fetch_head()
    assert seen and not any(token.value in word for call in seen for word in call)


def test_the_users_configuration_is_not_read(pull, checkout, tmp_path, monkeypatch):
    """It may send the token elsewhere, or ask for a password."""
    config = tmp_path / "gitconfig"
    config.write_text('[url "http://127.0.0.1:1/"]\n\tinsteadOf = http://\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "http.proxy")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "http://127.0.0.1:1/")
    assert pull.head == checkout.fetch_head()


def test_git_follows_no_redirect(pull, checkout, fake):
    """The header would go along."""
    fake.faults.add("/o/r.git/info/refs", "redirect", to=f"{fake.url}/o/other.git/info/refs?service=git-upload-pack")
    with pytest.raises(GitHubError, match=r"o/r has moved .*; give its new address"):
        checkout.fetch_head()


def test_a_commit_that_is_gone_is_told_apart(pull, checkout):
    """Such as one that was pushed over long ago."""
    with pytest.raises(Unreachable, match="not there any more"):
        checkout.fetch_trees("1" * 40, pull.head)


def test_a_missing_pull_request_is_named(pull, target, token):
    """By its number."""
    checkout = Checkout(replace(target, number=99), token)
    with pytest.raises(Unreachable, match="o/r#99"):
        checkout.fetch_head()
    checkout.close()


def test_large_files_are_left_out_unless_they_changed(repository, target, token):
    """No tool gets them anyway; what is missing is named, and does not stop the others."""
    noise = os.urandom(21 * 2**20)
    pull = repository.open_pull(
        base_files={"big.bin": noise, "moved.bin": noise[1:], "a.py": "1\n"},
        head_files={"a.py": "2\n", "moved.bin": b"\0"},
    )
    checkout = Checkout(target, token)
    checkout.fetch_trees(pull.base, pull.head)
    assert ["a.py", "moved.bin"] == [file.path for file in diff_trees(checkout.repository, pull.base, pull.head)]
    workspace = GitWorkspace(checkout.repository, pull.base, pull.head, temporary=checkout.directory, absent=ABSENT)
    root = workspace.directory(private=True)
    assert {"big.bin": "larger than 20 MB, and not fetched"} == dict(workspace.left_out)
    assert {"a.py", "moved.bin"} == {path.name for path in Path(root).iterdir()}
    assert 1 == len(workspace.grep("2"))
    with pytest.raises(FileNotFoundError, match=r"big\.bin: larger than 20 MB"):
        workspace.read("big.bin")
    workspace.close()
    assert not checkout.directory.exists()


def test_a_pack_has_a_largest_size(repository, target, token):
    """A repository does not fill the disk."""
    pull = repository.open_pull(base_files={"a.bin": os.urandom(3 * 2**20)}, head_files={"a.py": "2\n"})
    checkout = Checkout(target, token, Bounds(pack=2**20))
    with pytest.raises(GitHubError, match="larger than"):
        checkout.fetch_trees(pull.base, pull.head)
    checkout.close()


def test_a_fetch_has_a_longest_time(pull, target, token, fake):
    """A server that says nothing is given up."""
    fake.faults.add("/o/r.git/info/refs", "delay", seconds=3.0)
    checkout = Checkout(target, token, Bounds(seconds=1.0))
    with pytest.raises(GitHubError, match="git fetched for 1 s and is not done"):
        checkout.fetch_head()
    checkout.close()


def test_no_common_ancestor_is_a_note(repository, checkout):
    """The two are compared directly."""
    repository.open_pull(base_files={"a.py": "1\n"}, head_files={"a.py": "2\n"})
    blob = repository.git("hash-object", "-w", "--stdin", stdin=b"other\n").decode().strip()
    tree = repository.git("mktree", stdin=f"100644 blob {blob}\tz.py\n".encode()).decode().strip()
    environment = {
        "GIT_AUTHOR_NAME": "x",
        "GIT_AUTHOR_EMAIL": "x@x",
        "GIT_COMMITTER_NAME": "x",
        "GIT_COMMITTER_EMAIL": "x@x",
    }
    orphan = subprocess.run(
        ["git", "commit-tree", tree, "-m", "orphan"],
        cwd=repository.path,
        env={**os.environ, **environment, "GIT_DIR": str(repository.path)},
        capture_output=True,
        check=True,
        text=True,
    ).stdout.strip()
    repository.git("update-ref", "refs/heads/orphan", orphan)
    checkout.fetch_head()
    base, note = checkout.merge_base(orphan, "main")
    assert orphan == base
    assert "no common ancestor" in note


def test_an_ancestor_far_back_is_found(repository, checkout):
    """The history is deepened until it shows."""
    for number in range(80):
        repository.commit({"a.py": f"{number}\n"})
    start = repository.git("rev-parse", "main").decode().strip()
    repository.open_pull(head_files={"b.py": "x\n"})
    for number in range(70):
        repository.commit({"a.py": f"again {number}\n"})
    checkout.fetch_head()
    assert (start, "") == checkout.merge_base(repository.git("rev-parse", "main").decode().strip(), "main")


def test_hostile_attributes_run_nothing(repository, checkout, tmp_path):
    """Filters, drivers and submodules are names alone."""
    mark = tmp_path / "mark"
    files = {
        ".gitattributes": "* filter=evil diff=evil\n",
        ".gitmodules": f'[submodule "x"]\n\tpath = x\n\turl = file://{tmp_path}/evil\n\tupdate = !touch {mark}\n',
        ".gitconfig": f"[core]\n\tfsmonitor = touch {mark}\n",
        "a.py": "1\n",
    }
    pull = repository.open_pull(base_files={"a.py": "0\n"}, head_files=files)
    checkout.fetch_trees(pull.base, pull.head)
    GitWorkspace(checkout.repository, pull.base, pull.head).attributes(["a.py"], "head")
    assert not mark.exists()


def test_the_whole_diff_is_gits(pull, client, token, fake):
    """For where GitHub does not list it."""
    fake.limits.patch_lines = 1
    assert client.files() is None
    assert ["a.py", "b.py", "gone.py"] == [file.path for file in full_diff(client.pull(), token)]


def test_the_whole_diff_is_found_though_the_base_was_pushed_over(pull, client, token):
    """The base's branch is compared instead, as for a review."""
    gone = replace(client.pull(), base=Sha("1" * 40))
    assert ["a.py", "b.py", "gone.py"] == [file.path for file in full_diff(gone, token)]
