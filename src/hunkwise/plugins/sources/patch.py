"""A patch from a file or standard input, placed on the repository at hand where it fits."""

from pathlib import Path

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Change, FileDiff
from hunkwise.core.ports import Loaded, Request


class Patch:
    """Takes requests with `--diff`; whoever wrote the patch, it is never what is checked out."""

    name = "patch"
    order = 100

    def load(self, request: Request) -> Loaded | None:
        """Read the patch; with a repository that it fits, whole files can be read around it."""
        if request.diff is None:
            return None
        if request.base or request.head or request.staged or request.working:
            raise UsageError("--diff brings its own change: leave out --base, --head, --staged and --working")
        from hunkwise.core.diff import parse_diff, rebuild_added
        from hunkwise.workspace.patched import PatchWorkspace

        data = _read(request)
        name = "patch on standard input" if request.diff == "-" else Path(request.diff).name
        files = parse_diff(data)
        if not files:
            workspace = PatchWorkspace({})
            return Loaded(change=Change(id=name), workspace=workspace, description=f"{name}: it is empty")
        placed, why = _place(request, name, data, files)
        if placed is not None:
            return placed
        count = "1 file" if len(files) == 1 else f"{len(files)} files"
        return Loaded(
            change=Change(id=name, files=files, notes=(why,)),
            workspace=PatchWorkspace(rebuild_added(data)),
            description=f"{name}: {count}, without the files around it",
        )


def _place(request: Request, name: str, data: bytes, files: tuple[FileDiff, ...]) -> tuple[Loaded | None, str]:
    from hunkwise.workspace.comparison import look
    from hunkwise.workspace.placing import place_patch

    try:
        here = look(request.directory)
        placed = place_patch(here, data, files)
    except UsageError as error:
        return None, f"only the patch itself was read, and the files that it adds: {error}"
    if placed is None:
        return None, (
            f"the patch fits neither HEAD nor the working tree of {here.repository.name}, so only the patch itself was "
            "read, and the files that it adds; check out the commit that it was made for"
        )
    comparison, placed_files = placed
    return (
        Loaded(
            change=Change(
                id=name,
                base=comparison.base.commit,
                head=comparison.head.commit,
                files=placed_files,
                notes=comparison.notes,
            ),
            workspace=comparison.workspace(),
            description=f"{name}, {comparison.describe(placed_files)}",
        ),
        "",
    )


def _read(request: Request) -> bytes:
    if request.diff == "-":
        if request.stdin is None:
            raise UsageError("--diff - reads a patch from standard input, and there is none")
        return request.stdin
    path = Path(request.diff or "")
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read the patch {path}: {error.strerror}") from error
