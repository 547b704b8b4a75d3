"""Find the tree that a patch fits: HEAD or the working tree, before the patch or after it."""

import re
from collections.abc import Iterator

from hunkwise.core.errors import ToolError
from hunkwise.core.model import FileDiff, Kind, Sha
from hunkwise.workspace.comparison import WORKING_TREE, Comparison, Here
from hunkwise.workspace.revisions import Revision
from hunkwise.workspace.snapshot import Store
from hunkwise.workspace.tree_diff import diff_trees

_GLOB = re.compile(r"([*?\[\]\\])")


def place_patch(
    here: Here, patch: bytes, files: tuple[FileDiff, ...]
) -> tuple[Comparison, tuple[FileDiff, ...]] | None:
    """Return the two trees before and after the patch and what git says differs, or None where it fits nowhere.

    Binary files whose content the patch does not carry are left as they are in the trees, and kept in the files.
    """
    original = here.repository
    try:
        store = here.store()
        for tree, where, is_worked in _trees(here, store):
            for reverse in (False, True) if not is_worked else (True, False):
                other = _apply(store, tree.tree, patch, files, reverse)
                found = _agreed(store, tree.tree, other, files, reverse) if other else None
                if found is None or other is None:
                    continue
                patched = Revision("patch", None, other)
                on_disk = (
                    original.work_tree if reverse and (is_worked or (here.status and here.status.is_clean)) else None
                )
                return Comparison(
                    repository=store.repository,
                    id="patch",
                    base=patched if reverse else tree,
                    head=tree if reverse else patched,
                    between=f"already in {where}" if reverse else f"applied to {where}",
                    checkout=on_disk,
                    temporary=here.temporary,
                ), found
    except BaseException:
        here.discard()
        raise
    here.discard()
    return None


def _trees(here: Here, store: Store) -> Iterator[tuple[Revision, str, bool]]:
    head = here.head()
    yield head, "HEAD" if head.commit is None else f"HEAD ({head.commit[:7]})", False
    if here.status is not None and not here.status.is_clean:
        tree, _ = store.work_tree(here.status)
        yield Revision(WORKING_TREE, None, tree), f"the {WORKING_TREE}", True


def _apply(store: Store, tree: Sha, patch: bytes, files: tuple[FileDiff, ...], reverse: bool) -> Sha | None:
    excluded = ["--exclude=" + _GLOB.sub(r"\\\1", file.path) for file in files if file.kind is Kind.BINARY]
    without_data = excluded if b"\nGIT binary patch\n" not in patch else []
    for strip in ("-p1", "-p0"):
        store.index.unlink(missing_ok=True)
        store.repository.run("read-tree", tree, index=store.index)
        try:
            store.repository.run(
                *("apply", "--cached", "--whitespace=nowarn", strip, *without_data),
                *(("--reverse",) if reverse else ()),
                stdin=patch,
                index=store.index,
            )
        except ToolError:
            continue
        return store.write_tree()
    return None


def _agreed(
    store: Store, tree: Sha, other: Sha, files: tuple[FileDiff, ...], reverse: bool
) -> tuple[FileDiff, ...] | None:
    found = diff_trees(store.repository, other, tree) if reverse else diff_trees(store.repository, tree, other)
    named = {path for file in files for path in (file.path, file.old_path)}
    if any(file.path not in named for file in found):
        return None
    seen = {file.path for file in found}
    rest = tuple(file for file in files if file.kind is Kind.BINARY and file.path not in seen)
    return (*found, *rest) if found or rest else None
