"""Changes in a git repository: two revisions, what is staged, or the work since the default branch."""

from hunkwise.core.errors import UsageError
from hunkwise.core.model import Change
from hunkwise.core.ports import Loaded, Request


class GitRange:
    """Takes every request that names no patch and no pull request."""

    name = "git"
    order = 1000

    def load(self, request: Request) -> Loaded | None:
        """Compare what the request names; without a name, all work since the merge-base with the default branch."""
        if request.diff is not None or request.pr is not None:
            return None
        _check(request)
        from hunkwise.workspace.comparison import compare, look

        comparison = compare(
            look(request.directory), request.base, request.head, staged=request.staged, working=request.working
        )
        workspace = comparison.workspace()
        try:
            files = comparison.files()
        except BaseException:
            workspace.close()
            raise
        return Loaded(
            change=Change(
                id=comparison.id,
                base=comparison.base.commit,
                head=comparison.head.commit,
                files=files,
                notes=comparison.notes,
            ),
            workspace=workspace,
            description=comparison.describe(files),
            is_checked_out=comparison.is_checked_out,
        )


def _check(request: Request) -> None:
    chosen = [f"--{name}" for name in ("staged", "working") if getattr(request, name)]
    if len(chosen) > 1:
        raise UsageError("--staged and --working exclude each other")
    if chosen and (request.base or request.head):
        raise UsageError(f"{chosen[0]} compares with HEAD: leave out --base and --head")
