"""Find commits by the names that people give them, the default branch, and where two lines of work parted."""

import difflib
from typing import NamedTuple

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Sha
from hunkwise.workspace.git import Repository


class Revision(NamedTuple):
    """What the user calls it, its commit if it is one, and the tree (or the commit, which stands for its tree)."""

    name: str
    commit: Sha | None
    tree: Sha


class Ancestor(NamedTuple):
    """Where two lines parted; `note` says why it is not known, and `revision` then is the base itself."""

    revision: Revision
    note: str = ""


def resolve(repository: Repository, *names: str) -> list[Revision]:
    """Return the commits or trees that the names stand for; raise UsageError for an unknown one, with near names."""
    for name in names:
        if not name or "\n" in name or "\0" in name:
            raise UsageError(f"{name!r} is not the name of a revision")
    questions = "".join(f"{name}^{{commit}}\n{name}^{{tree}}\n" for name in names)
    answer = repository.run(
        "cat-file", "--batch-check=%(objectname)", stdin=questions.encode("utf-8", "surrogateescape")
    )
    lines = answer.decode("utf-8", "replace").split("\n")
    found = []
    for name, commit, tree in zip(names, lines[::2], lines[1::2], strict=False):
        if not _is_oid(tree):
            raise _unknown(repository, name)
        found.append(commit_revision(name, Sha(commit)) if _is_oid(commit) else Revision(name, None, Sha(tree)))
    return found


def commit_revision(name: str, commit: Sha) -> Revision:
    """Return a commit under a name."""
    return Revision(name, commit, commit)


def empty_revision(repository: Repository) -> Revision:
    """Return the tree without files, in the repository's kind of hash."""
    output = repository.run("hash-object", "-t", "tree", "--stdin")
    return Revision("an empty tree", None, Sha(output.decode("ascii").strip()))


def common_ancestor(repository: Repository, base: Revision, head: Revision) -> Ancestor:
    """Return the merge-base of two revisions, or the base itself with a note where there is none."""
    if base.commit is None or head.commit is None or base.commit == head.commit:
        return Ancestor(base)
    output = repository.run("merge-base", base.commit, head.commit, ok=(0, 1)).decode("ascii").split()
    if output:
        return Ancestor(commit_revision(base.name, Sha(output[0])))
    if repository.is_shallow:
        note = (
            f"no common ancestor of {base.name} and {head.name} in this shallow clone, so {base.name} itself is "
            "compared, and what is newer there shows as removed; `git fetch --unshallow` (or `--deepen=100`) mends it"
        )
    else:
        note = f"{base.name} and {head.name} have no common ancestor, so they are compared directly"
    return Ancestor(base, note)


def default_base(repository: Repository, branch: str | None, upstream: str | None) -> Revision | None:
    """Return the branch that work is measured against; None where there is no other than `branch` itself.

    It is the default branch of the upstream's remote, else of `origin`; then the upstream if it has another name;
    then the local `main` or `master`; then any upstream.
    """
    pattern = "--format=%(refname)%00%(symref)%00%(objectname)"
    names = [f"refs/remotes/*/{name}" for name in ("HEAD", "main", "master")] + ["refs/heads/main", "refs/heads/master"]
    if upstream:
        names.append(f"refs/remotes/{upstream}")
    output = repository.run("for-each-ref", pattern, *names).decode("utf-8", "surrogateescape")
    refs = {name: (target or name, Sha(oid)) for name, target, oid in (row.split("\0") for row in output.splitlines())}
    remote = upstream.split("/")[0] if upstream else "origin"
    wanted = [
        f"refs/remotes/{one}/{name}" for one in dict.fromkeys((remote, "origin")) for name in ("HEAD", "main", "master")
    ]
    if upstream and upstream.partition("/")[2] != branch:
        wanted.append(f"refs/remotes/{upstream}")
    wanted += [f"refs/heads/{name}" for name in ("main", "master") if branch not in ("main", "master")]
    wanted.append(f"refs/remotes/{upstream}")
    for name in wanted:
        if name in refs:
            full, oid = refs[name]
            return commit_revision(full.removeprefix("refs/heads/").removeprefix("refs/remotes/"), oid)
    return None


def _is_oid(answer: str) -> bool:
    return len(answer) in (40, 64) and all(character in "0123456789abcdef" for character in answer)


def _unknown(repository: Repository, name: str) -> UsageError:
    output = repository.run("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags")
    names = output.decode("utf-8", "replace").splitlines()
    if not names and name == "HEAD":
        return UsageError(f"{repository.name} has no commits yet")
    tails = [one for one in names if one.partition("/")[2] == name]
    near = tails or difflib.get_close_matches(name, names, n=3)
    hint = (
        f"did you mean {' or '.join(near)}?" if near else "`git branch -a` lists branches, `git fetch` brings new ones"
    )
    return UsageError(f"unknown revision {name!r} in {repository.name}; {hint}")
