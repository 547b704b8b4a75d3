"""Check that a source keeps its contract."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Change, FileDiff, Side, Status
from hunkwise.core.ports import Loaded, Request, Source, Workspace
from hunkwise.testing.words import called, require, require_shape

STRANGE = Request(directory="/nowhere-at-all", pr="no-such-host://nobody/nothing/1")


def check_source(source: Source, request: Request | None = None) -> None:
    """Require that it leaves alone what is not for it, and brings a sound change for the request, if one is given.

    Raises AssertionError in words.
    """
    name = require_shape("hunkwise_sources", source)
    require(_load(source, STRANGE, "a request for a strange pull request") is None, f"{name} takes what is not for it")
    if request is None:
        return
    loaded = _load(source, request, "the request")
    require(loaded is not None, f"{name} does not take the request {request}")
    assert loaded is not None
    try:
        require(isinstance(loaded, Loaded), f"{name}.load returned {loaded!r}; return a Loaded")
        require(bool(loaded.description), f"{name} does not say what is compared with what; fill in `description`")
        check_change(loaded.change, loaded.workspace)
    finally:
        loaded.workspace.close()


def check_change(change: Change, workspace: Workspace | None = None) -> None:
    """Require that a change is sound in itself and agrees with the files around it."""
    paths = Counter(file.path for file in change.files)
    require(all(count == 1 for count in paths.values()), f"the change names a file twice: {_twice(paths)}")
    ids = Counter(hunk.id for file in change.files for hunk in file.hunks)
    require(all(count == 1 for count in ids.values()), f"the change names a hunk twice: {_twice(ids)}")
    for file in change.files:
        _check_hunks(file)
        if workspace is not None and file.status is not Status.DELETED and file.hunks:
            _check_lines(file, workspace)


def _check_hunks(file: FileDiff) -> None:
    for hunk in file.hunks:
        what = f"hunk {hunk.id} of {file.path}"
        require(hunk.path == file.path, f"{what} says it is of {hunk.path}")
        old = [line.old for line in hunk.lines if line.old is not None]
        new = [line.new for line in hunk.lines if line.new is not None]
        sizes = (len(old), len(new))
        require(sizes == (hunk.old_length, hunk.new_length), f"{what} has {sizes} lines, not what its header says")
        for start, numbers, side in ((hunk.old_start, old, "old"), (hunk.new_start, new, "new")):
            good = numbers == list(range(start, start + len(numbers)))
            require(good, f"{what}: its {side} lines do not count up from {start}")
        require(all("\n" not in line.text for line in hunk.lines), f"{what} has a line with a newline in it")


def _check_lines(file: FileDiff, workspace: Workspace) -> None:
    if file.path not in workspace.paths(Side.HEAD):
        require(not workspace.is_complete, f"{file.path} is in the change but not in the workspace's head")
        return
    texts = workspace.read(file.path).decode("utf-8", "surrogateescape").split("\n")
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.new is not None:
                same = line.new <= len(texts) and texts[line.new - 1].rstrip("\r") == line.text.rstrip("\r")
                require(same, f"line {line.new} of {file.path} is not the same in the change and in the workspace")


def _load(source: Source, request: Request, case: str) -> Loaded | None:
    def load() -> Loaded | None:
        try:
            return source.load(request)
        except UsageError:
            if request is STRANGE:
                return None
            raise

    return called(f"{source.name}.load", case, load)


def _twice(counts: Mapping[Any, int]) -> str:
    return ", ".join(sorted(str(one) for one, count in counts.items() if count > 1))
