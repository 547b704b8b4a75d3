"""A run on disk: a line about the run, then each case with what every contestant said about it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hunkwise.core.diff import parse_diff
from hunkwise.core.errors import HunkwiseError, UsageError
from hunkwise.core.model import Change, RepoPath
from hunkwise.evaluation.cases import Case
from hunkwise.evaluation.review_row import Cost, Reviewed
from hunkwise.evaluation.ruler import Pointer
from hunkwise.evaluation.tree import changed_later

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA = 1
COSTS = ".costs.jsonl"
"""What a run took lies beside it under this name, as it differs each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """A comment that counts: its last line, the first one of its range, its text."""

    path: RepoPath
    line: int | None
    start: int | None = None
    text: str = ""

    @property
    def pointer(self) -> Pointer:
        return Pointer(self.path, self.line, self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCase:
    """A case, with all that scoring needs. later: lines of the head that were changed before it ended, by path."""

    id: str
    repo: str
    number: int
    language: str
    kind: str
    has_tree: bool
    diff: str
    human: tuple[Human, ...] = ()
    later: Mapping[RepoPath, tuple[int, ...]] | None = None

    def change(self) -> Change:
        """Return the change that the diff describes."""
        return Change(id=self.id, files=parse_diff(self.diff.encode("utf-8", "surrogateescape")))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHead:
    """What a run is of. data: the hash of the cases' files. tools: their versions. problems: lines left out, named."""

    data: str
    contestants: tuple[str, ...]
    hunkwise: str
    tools: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it was read. costs: by case and contestant. is_cut: whether its last line is not whole."""

    name: str
    head: RunHead
    cases: Mapping[str, RunCase]
    reviews: tuple[Reviewed, ...]
    costs: Mapping[tuple[str, str], Cost] = field(default_factory=dict)
    is_cut: bool = False


def run_case(case: Case) -> RunCase:
    """Return what a run keeps of a case; of one whose tree is broken it is not known how it went on."""
    inside = {file.path for file in case.change().files}
    try:
        later = changed_later(case.tree) if case.tree is not None else None
    except HunkwiseError:
        later = None
    return RunCase(
        id=case.id,
        repo=case.repository,
        number=case.number,
        language=case.language,
        kind=case.kind.value,
        has_tree=case.tree is not None,
        diff=case.diff,
        human=tuple(Human(path=one.path, line=one.line, start=one.start, text=one.text) for one in case.scored),
        later=None
        if later is None
        else {path: tuple(sorted(lines)) for path, lines in sorted(later.items()) if path in inside},
    )


def line_of(value: RunHead | RunCase | Reviewed | Cost) -> bytes:
    """Return a value as one line: the same bytes for the same value."""
    table = {"row": _KINDS[type(value)], **{one.name: _plain(getattr(value, one.name)) for one in fields(value)}}
    return json.dumps(table, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def read_run(path: Path) -> Run:
    """Return a run; raise UsageError, which names the line, where it is none.

    One that was cut in its last line is taken as far as it goes.
    """
    head: RunHead | None = None
    cases: dict[str, RunCase] = {}
    reviews: list[Reviewed] = []
    data = _bytes(path)
    lines = data.split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        value = _value(line, f"{path}, line {number}", lenient=number == len(lines))
        if isinstance(value, RunHead):
            head = value
        elif isinstance(value, RunCase):
            cases[value.id] = value
        elif isinstance(value, Reviewed):
            reviews.append(value)
    if head is None:
        raise UsageError(f"{path} is no run of `hunkwise bench run`: its first line does not say so")
    return Run(
        name=path.stem,
        head=head,
        cases=cases,
        reviews=tuple(reviews),
        costs=read_costs(path),
        is_cut=bool(data) and not data.endswith(b"\n"),
    )


def read_costs(path: Path) -> dict[tuple[str, str], Cost]:
    """Return what lies beside a run about its costs; nothing where there is no such file."""
    beside = costs_path(path)
    if not beside.is_file():
        return {}
    values = (_value(line, str(beside), lenient=True) for line in _bytes(beside).split(b"\n") if line)
    return {(one.case, one.contestant): one for one in values if isinstance(one, Cost)}


def costs_path(path: Path) -> Path:
    """Return where the costs of a run lie."""
    return path.with_name(path.name.removesuffix(".jsonl") + COSTS)


def write_lines(path: Path, values: Iterable[RunHead | RunCase | Reviewed | Cost]) -> None:
    """Write a whole file of lines."""
    path.write_bytes(b"".join(line_of(value) for value in values))


_KINDS: Mapping[type, str] = {RunHead: "run", RunCase: "case", Reviewed: "review", Cost: "cost"}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(one) for name, one in value._asdict().items()}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read the run {path}: {error.strerror}") from error


def parse_line(line: bytes) -> RunHead | RunCase | Reviewed | Cost:
    """Return what a line says; raise ValueError where it is no line of a run."""
    try:
        table = json.loads(line)
        kind = table.pop("row", None) if isinstance(table, dict) else None
        found: RunHead | RunCase | Reviewed | Cost = dict(_adapters())[str(kind)].validate_python(table)
    except (KeyError, RecursionError) as error:
        raise ValueError(f"there is no row {error}") from error
    return found


def _value(line: bytes, where: str, *, lenient: bool) -> RunHead | RunCase | Reviewed | Cost | None:
    try:
        found = parse_line(line)
    except ValueError as error:
        if lenient:
            return None
        raise UsageError(f"{where}: it is no line of a run: {str(error).splitlines()[0]}") from error
    if isinstance(found, RunHead) and found.schema != SCHEMA:
        raise UsageError(f"{where}: a run of schema {found.schema}; this version reads {SCHEMA}")
    return found


@cache
def _adapters() -> "tuple[tuple[str, TypeAdapter[Any]], ...]":
    from pydantic import TypeAdapter

    return tuple((kind, TypeAdapter(type_)) for type_, kind in _KINDS.items())
