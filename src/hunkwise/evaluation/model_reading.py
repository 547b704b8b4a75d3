"""Let a model read the commented hunks of cases, once each: what was read is on disk and is not read again."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from hunkwise.core.model import RepoPath
from hunkwise.core.reader_ports import LanguageModel
from hunkwise.core.reading import HunkTask
from hunkwise.evaluation.auc import HunkLines
from hunkwise.evaluation.cases import Case
from hunkwise.evaluation.known import Known
from hunkwise.evaluation.lines import Spot, hunk_lines, telling_hunks
from hunkwise.evaluation.row_file import RowFile

TaskMaker = Callable[[Known, Sequence[str]], Sequence[HunkTask]]
"""Makes the tasks of the hunks with these ids, as a review does."""
Joiner = Callable[[Sequence[HunkTask], Sequence[Sequence[float]]], Mapping[Spot, float]]
"""Joins the windows of big hunks: P(line | hunk) by place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReading:
    """The telling hunks of a case with P(line) as their scores, and what reading them took."""

    case: str
    hunks: tuple[HunkLines, ...]
    tokens: int = 0
    seconds: float = 0.0
    is_new: bool = False


def read_case(
    case: Case, known: Known, model: LanguageModel, make_tasks: TaskMaker, join: Joiner, kept: RowFile, setting: str
) -> CaseReading:
    """Return what the model says of the case's telling hunks.

    setting: what else changes the answer, such as the hash of the prompts; a part of the key under which it is kept.
    """
    commented = case.commented_lines
    hunks = telling_hunks(known.places, commented)
    key = _key(case, model.identity, setting)
    row = kept.get(key)
    is_new = row is None
    if row is None:
        started = time.perf_counter()
        tasks = tuple(make_tasks(known, hunks)) if hunks else ()
        readings = tuple(model.locate(tasks)) if tasks else ()
        joined = join(tasks, [reading.probabilities for reading in readings])
        row = kept.add(
            key,
            {
                "case": case.id,
                "lines": [[path, line, probability] for (path, line), probability in sorted(joined.items())],
                "tokens": sum(reading.tokens for reading in readings),
                "seconds": round(time.perf_counter() - started, 3),
            },
        )
    lines = cast("list[tuple[str, int, float]]", row["lines"])
    return CaseReading(
        case=case.id,
        hunks=hunk_lines(
            case.id,
            case.repository,
            known.places,
            commented,
            {(RepoPath(path), line): probability for path, line, probability in lines},
        ),
        tokens=cast("int", row["tokens"]),
        seconds=cast("float", row["seconds"]),
        is_new=is_new,
    )


def _key(case: Case, identity: str, setting: str) -> str:
    parts = [case.id, case.diff, sorted(case.commented_lines), identity, setting]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
