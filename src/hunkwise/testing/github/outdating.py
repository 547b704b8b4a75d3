"""Where the lines of earlier comments are after a push."""

from hunkwise.testing.github.diffs import ChangedFile, changed_files
from hunkwise.testing.github.state import Pull, Repository, ReviewComment
from hunkwise.testing.github.world import World


def move_comments(world: World, repository: Repository, pull: Pull) -> None:
    """Give each line comment its line in the new diff; it is outdated where that line changed or left the diff."""
    files = {file.path: file for file in world.files(repository, pull)} if pull.comments else {}
    for comment in pull.comments.values():
        if comment.subject_type != "line":
            comment.commit = pull.head_sha
            continue
        file = files.get(comment.path)
        since = _changes_since(world, repository, pull, comment)
        line = _moved(since, comment.original_line, comment.side)
        start = _moved(since, comment.original_start_line, comment.start_side or comment.side)
        found = file.find(line, comment.side) if file and line else None
        lost_start = comment.original_start_line is not None and start is None
        if found is None or lost_start:
            comment.line = comment.start_line = comment.position = None
            continue
        comment.line, comment.start_line, comment.position = line, start, found.position
        comment.commit = pull.head_sha


def _changes_since(world: World, repository: Repository, pull: Pull, comment: ReviewComment) -> ChangedFile | None:
    changed = changed_files(world.path(repository), comment.original_commit, pull.head_sha)
    return next((file for file in changed if file.path == comment.path), None)


def _moved(file: ChangedFile | None, line: int | None, side: str) -> int | None:
    if file is None or line is None or side == "LEFT":
        return line
    shift = 0
    for one in file.lines:
        if one.left == line:
            return one.right
        if one.left is not None and one.left > line:
            break
        if one.left is not None and one.right is not None:
            shift = one.right - one.left
    return line + shift
