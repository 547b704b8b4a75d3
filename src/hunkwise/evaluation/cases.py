"""Real pull requests with the comments that people made on them: read from JSON lines, checked once, then values."""

import hashlib
import json
import lzma
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hunkwise.core.diff import parse_diff
from hunkwise.core.errors import DiffError, UsageError
from hunkwise.core.model import Change, RepoPath
from hunkwise.core.ports import Request
from hunkwise.evaluation.tree import Tree, find_tree

if TYPE_CHECKING:
    from hunkwise.evaluation.case_row import Row

NOWHERE = "/"
"""The directory of a case without a tree: no patch is placed on a repository that happens to be around."""


class CaseKind(StrEnum):
    """What people did about a case: said something, nothing, or it is only known what was changed afterwards."""

    COMMENTED = "commented"
    SILENT = "silent"
    REVISED = "revised"


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanComment:
    """What somebody wrote; `line` is the head's number, None where there is none.

    is_scored: neither a bot's, nor its author's on their own work; only these count.
    """

    path: RepoPath
    line: int | None
    text: str = ""
    start: int | None = None
    is_scored: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One pull request as its reviewers saw it.

    scope: which files comments were collected for, as git's pathspec, empty for all. revised: the added lines that
    were changed again before it ended. tree: the files at both ends, where they are at hand. diff: as git wrote it.
    """

    id: str
    repository: str
    number: int
    diff: str
    language: str = ""
    scope: str = ""
    kind: CaseKind = CaseKind.COMMENTED
    comments: tuple[HumanComment, ...] = ()
    revised: tuple[tuple[RepoPath, int], ...] = ()
    tree: Tree | None = None

    @property
    def scored(self) -> tuple[HumanComment, ...]:
        """Return the comments that count."""
        return tuple(comment for comment in self.comments if comment.is_scored)

    @property
    def commented_lines(self) -> frozenset[tuple[RepoPath, int]]:
        """Return where people commented."""
        return frozenset((comment.path, comment.line) for comment in self.scored if comment.line is not None)

    def change(self) -> Change:
        """Return the change that the diff describes; its files are not classified."""
        return Change(id=self.id, files=parse_diff(self.diff.encode("utf-8", "surrogateescape")))

    def request(self) -> Request:
        """Return what to ask of a session to review it: its tree if it has one, else the bare patch."""
        if self.tree is None:
            return Request(directory=NOWHERE, diff="-", stdin=self.diff.encode("utf-8", "surrogateescape"))
        return Request(directory=str(self.tree.directory), base=self.tree.base, head=self.tree.head)


class Cases(NamedTuple):
    """Cases in the order of their files; a line in `problems` for each that could not be read; a hash of the files."""

    cases: tuple[Case, ...]
    problems: tuple[str, ...]
    digest: str


def read_cases(paths: Sequence[Path], trees: Path | None = None) -> Cases:
    """Read cases from files of JSON lines, which may be compressed with xz; a broken line is named and left out.

    trees: holds a repository OWNER+NAME.git, or OWNER+NAME, for each repository, with refs/pull/N/base and head.
    Raises UsageError for a file that cannot be read, for trees that are not there, and where no case is left.
    """
    if trees is not None and not trees.is_dir():
        raise UsageError(f"there is no directory of trees {trees}")
    digest = hashlib.sha256()
    cases: list[Case] = []
    problems: list[str] = []
    seen: dict[str, str] = {}
    for path in paths:
        data = _read(path)
        digest.update(data)
        for number, line in enumerate(data.split(b"\n"), start=1):
            where = f"{path.name}, line {number}"
            if not line.strip():
                continue
            row = _row(line)
            case = row if isinstance(row, str) else _case(row, trees)
            if isinstance(case, str):
                problems.append(f"{where}: {case}")
            elif case.id in seen:
                problems.append(f"{where}: {case.id} is there already, in {seen[case.id]}")
            else:
                seen[case.id] = where
                cases.append(case)
    if not cases:
        why = f": {problems[0]}" if problems else ", they are empty"
        raise UsageError(f"no case could be read from {', '.join(str(path) for path in paths)}{why}")
    return Cases(tuple(cases), tuple(problems), digest.hexdigest())


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        return lzma.decompress(data) if path.suffix == ".xz" else data
    except (OSError, lzma.LZMAError) as error:
        raise UsageError(f"cannot read the cases {path}: {getattr(error, 'strerror', None) or error}") from error


def _row(line: bytes) -> "Row | str":
    from pydantic import ValidationError

    from hunkwise.evaluation.case_row import Row

    try:
        # surrogates that JSON spells out stay as they are: a path may not be UTF-8
        return Row.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        return f"{where}: {first['msg']}"
    except (ValueError, RecursionError) as error:
        return f"it is not JSON: {error}"


def _case(row: "Row", trees: Path | None) -> Case | str:
    comments = tuple(comment.value() for comment in row.comments)
    tree = find_tree(trees, row.repo, row.pr) if trees is not None else None
    case = Case(
        id=row.id or f"{row.repo}#{row.pr}",
        repository=row.repo,
        number=row.pr,
        diff=row.diff,
        language=row.language,
        scope=row.scope,
        kind=_kind(comments, row.revised is not None),
        comments=comments,
        revised=tuple((RepoPath(path), line) for path, line in row.revised or ()),
        tree=tree,
    )
    try:
        case.change()
    except DiffError as error:
        return f"diff: {error}"
    return case


def _kind(comments: Iterable[HumanComment], has_revised: bool) -> CaseKind:
    if any(comment.is_scored for comment in comments):
        return CaseKind.COMMENTED
    return CaseKind.REVISED if has_revised else CaseKind.SILENT
