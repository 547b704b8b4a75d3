"""Make cases from a clone that has the refs of pull requests and an export of their review comments."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from hunkwise.core.diff import parse_diff
from hunkwise.core.errors import DiffError, HunkwiseError, ToolError, UsageError
from hunkwise.core.kinds import language_of
from hunkwise.core.model import Change, RepoPath
from hunkwise.evaluation.github_export import Pull, ReviewComment, read_export
from hunkwise.workspace.git import Repository, open_repository

HEADS = (
    "refs/pull/{}/head",
    "refs/remotes/origin/pull/{}/head",
    "refs/remotes/origin/pr/{}",
    "refs/pull-requests/{}/from",
)
"""Where a clone may keep the heads of pull requests."""


class Converted(NamedTuple):
    """Rows of cases as JSON lines, and what was left out, in words."""

    rows: tuple[bytes, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """The clone, the tip of what is merged into, and the folder that gets a repository of the cases' refs."""

    repository: Repository
    tip: str
    trees: Path | None


def convert_github(clone: Path, comments: Path, pulls: Path | None = None, trees: Path | None = None) -> Converted:
    """Return a case for each pull request that somebody commented on, as it stood at the first comment.

    Comments of later rounds are on other commits and are left out. pulls: an export of the pull requests, which tells
    authors, so that their own comments do not count, and bases. trees: where repositories OWNER+NAME.git are made,
    which take their objects from the clone. Raises UsageError where no case can be made.
    """
    said, problems = read_export(comments, ReviewComment)
    known, more = read_export(pulls, Pull) if pulls is not None else ((), ())
    by_number = {pull.number: pull for pull in known}
    repository = open_repository(str(clone))
    place = Clone(repository=repository, tip=_tip(repository), trees=trees)
    grouped: dict[tuple[str, int], list[ReviewComment]] = defaultdict(list)
    for one in said:
        if one.pull is not None and one.in_reply_to_id is None:
            grouped[one.pull].append(one)
    rows, wrong = [], [*problems, *more]
    for (name, number), found in sorted(grouped.items()):
        row = _case(name, number, found, by_number.get(number), place)
        if isinstance(row, str):
            wrong.append(f"{name}#{number}: {row}")
        else:
            rows.append(json.dumps(row, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n")
    if not rows:
        why = f": {wrong[0]}" if wrong else ": the export holds no review comment"
        raise UsageError(f"no case could be made from {comments}{why}")
    return Converted(tuple(rows), tuple(wrong))


def _case(
    name: str, number: int, found: Sequence[ReviewComment], pull: Pull | None, clone: Clone
) -> Mapping[str, object] | str:
    author = pull.user.login if pull and pull.user else None
    others = [one for one in found if one.user and not one.user.is_bot and one.user.login != author]
    if not others:
        return "nobody but its author and bots commented on it"
    head = min(others, key=lambda one: one.created_at).original_commit_id
    try:
        base = _base(head, pull, clone)
        diff = clone.repository.run("diff", "-U3", "-M", "--no-color", "--no-ext-diff", base, head)
        text = diff.decode("utf-8", "surrogateescape")
        change = Change(id=f"{name}#{number}", files=parse_diff(diff))
    except ToolError:
        return f"the clone does not have the commit {head[:12]} that was reviewed"
    except (DiffError, UsageError) as error:
        return str(error)
    if clone.trees is not None:
        _keep(name, number, base, head, clone)
    here = [one for one in found if one.original_commit_id == head]
    return {
        "id": f"{name}#{number}",
        "repo": name,
        "pr": number,
        "base": base,
        "commit": head,
        "language": _language(change),
        "scope": "",
        "diff": text,
        "comments": [_comment(one, author, change) for one in here],
    }


def _comment(one: ReviewComment, author: str | None, change: Change) -> Mapping[str, object]:
    is_left = one.side == "LEFT"
    line = None if is_left else one.original_line
    anchor = _anchor(change, one.path, one.original_line) if is_left and one.original_line else line
    return {
        "path": one.path,
        "side": one.side,
        "line": line,
        "old_line": one.original_line if is_left else None,
        "start_line": None if is_left else one.original_start_line,
        "anchor_line": anchor,
        "comment": one.body or "",
        "is_bot": bool(one.user and one.user.is_bot),
        "self_comment_likely": bool(one.user and author and one.user.login == author),
    }


def _anchor(change: Change, path: str, old: int) -> int | None:
    """Return the head's line beside a line of the base: the next one of its hunk that the head has."""
    for file in change.files:
        for hunk in file.hunks if path in (file.path, file.old_path) else ():
            numbers = [line.old for line in hunk.lines]
            if old in numbers:
                after = hunk.lines[numbers.index(old) :]
                return next((line.new for line in after if line.new is not None), None)
    return None


def _base(head: str, pull: Pull | None, clone: Clone) -> str:
    run = clone.repository.run
    if pull is not None and pull.base is not None:
        try:
            return run("merge-base", pull.base.sha, head).decode().strip()
        except ToolError:
            pass
    base = run("merge-base", clone.tip, head).decode().strip()
    if base != run("rev-parse", f"{head}^{{commit}}").decode().strip():
        return base
    # it was merged: what it was made against is the first parent of the merge that brought it
    line = run("rev-list", "--first-parent", "--reverse", clone.tip, f"^{head}").decode().split()
    children = set(run("rev-list", "--ancestry-path", f"{head}..{clone.tip}").decode().split())
    merges = [commit for commit in line if commit in children]
    if not merges:
        raise UsageError(
            "it is a part of the default branch and no merge brought it; an export of pull requests tells its base"
        )
    return run("merge-base", f"{merges[0]}^1", head).decode().strip()


def _keep(name: str, number: int, base: str, head: str, clone: Clone) -> None:
    """Write the refs of a case into its repository, whose objects are those of the clone."""
    folder = (clone.trees or Path()) / f"{name.replace('/', '+')}.git"
    if not folder.is_dir():
        folder.mkdir(parents=True)
        clone.repository.run("init", "--quiet", "--bare", str(folder))
        objects = (clone.repository.common_dir / "objects").resolve()
        (folder / "objects" / "info").mkdir(parents=True, exist_ok=True)
        (folder / "objects" / "info" / "alternates").write_text(f"{objects}\n", encoding="utf-8")
    trees = open_repository(str(folder))
    ends = {"base": base, "head": head}
    final = _first_ref(clone.repository, [ref.format(number) for ref in HEADS])
    if final is not None and final != head:
        ends["final"] = final
    for end, commit in ends.items():
        trees.run("update-ref", f"refs/pull/{number}/{end}", commit)


def _tip(repository: Repository) -> str:
    names = ("refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master", "HEAD")
    found = _first_ref(repository, names)
    if found is None:
        raise UsageError(f"{repository.name} has no commits")
    return found


def _first_ref(repository: Repository, names: Iterable[str]) -> str | None:
    for name in names:
        try:
            return repository.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
        except HunkwiseError:
            continue
    return None


def _language(change: Change) -> str:
    counts: dict[str, int] = defaultdict(int)
    for file in change.files:
        if language := language_of(RepoPath(file.path)):
            counts[language] += sum(line.is_added for line in file.changed_lines())
    return max(sorted(counts), key=lambda name: counts[name], default="")
