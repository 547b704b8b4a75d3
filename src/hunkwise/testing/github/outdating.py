"""Where the lines of earlier comments are after a push."""

from difflib import SequenceMatcher

from hunkwise.testing.github import bare_git
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
        line = _moved(world, repository, pull, comment, comment.original_line)
        start = _moved(world, repository, pull, comment, comment.original_start_line)
        found = file.find(line, comment.side) if file and line else None
        lost_start = comment.original_start_line is not None and start is None
        if found is None or lost_start:
            comment.line = comment.start_line = comment.position = None
            continue
        comment.line, comment.start_line, comment.position = line, start, found.position
        comment.commit = pull.head_sha


def _moved(world: World, repository: Repository, pull: Pull, comment: ReviewComment, line: int | None) -> int | None:
    if line is None or comment.side == "LEFT":
        return line
    path = world.path(repository)
    before = bare_git.file_at(path, comment.original_commit, comment.path)
    after = bare_git.file_at(path, pull.head_sha, comment.path)
    if before is None or after is None:
        return None
    old, new = before.split(b"\n"), after.split(b"\n")
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        if block.a <= line - 1 < block.a + block.size:
            return line - block.a + block.b
    return None
